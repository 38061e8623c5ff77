"""What a message says: a text, or an array of pieces; as blocks, and blocks as what a message says."""

from collections.abc import Iterable
from typing import Any

from tidegate.core.dialects.neutral.chat import Block, Left, Media, MediaKind, Refused, Text, Thinking
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.neutral.media import as_data_url, of_url


def read_content(message: Fields, lost: list[Left]) -> list[Block]:
    """Raises BadRequest with the field's path."""
    content = message.raw("content")
    if isinstance(content, str):
        return [Text(content)] if content else []
    blocks: list[Block] = []
    for piece in message.objects("content"):
        blocks += _read(piece, lost)
        lost += piece.left()
    return blocks


def _read(piece: Fields, lost: list[Left]) -> Iterable[Block]:
    kind = piece.text("type")
    if kind == "text":
        return (Text(piece.text("text")),)
    if kind == "refusal":
        return (Refused(piece.text("refusal")),)
    if kind == "thinking":  # Mistral's
        return [Thinking(thought.text("text")) for thought in piece.objects("thinking")]
    media = _read_media(kind, piece)
    if media is None:
        piece.ignore((kind,))
        lost.append(Left(f"messages.content.{kind}", essential=True))
        return ()
    return (media,)


def _read_media(kind: str, piece: Fields) -> Media | None:
    if kind in ("image_url", "video_url"):
        return _at_url("image" if kind == "image_url" else "video", piece, kind)
    if kind == "input_audio" and (audio := piece.object("input_audio")):
        return Media("audio", f"audio/{audio.text('format')}", data=audio.text("data"))
    if kind == "file" and (file := piece.object("file")):
        found = of_url("file", file.text("file_data"), name=file.text("filename"))
        return found._replace(file_id=file.text("file_id"))
    return None


def _at_url(media: MediaKind, piece: Fields, key: str) -> Media:
    """The address stands in an object, or by itself."""
    if isinstance(url := piece.raw(key), str):
        return of_url(media, url)
    inner = piece.object(key)
    if inner is None:
        raise piece.wrong(key, "an object with a url")
    return of_url(media, inner.text("url"), detail=inner.text("detail"))


def written_content(blocks: Iterable[Block]) -> str | list[dict[str, Any]] | None:
    """A text alone is a string; what has no place here is left out."""
    pieces = [piece for block in blocks if (piece := _written(block))]
    if not pieces:
        return None
    return pieces if len(pieces) > 1 or "text" not in pieces[0] else str(pieces[0]["text"])


def _written(block: Block) -> dict[str, Any] | None:
    if isinstance(block, Text):
        return {"type": "text", "text": block.text}
    if isinstance(block, Refused):
        return {"type": "refusal", "refusal": block.text}
    return _written_media(block) if isinstance(block, Media) else None


def _written_media(media: Media) -> dict[str, Any]:
    if media.file_id:
        return {"type": "file", "file": {"file_id": media.file_id}}
    if media.kind == "image":
        image = {"url": as_data_url(media)} | ({"detail": media.detail} if media.detail else {})
        return {"type": "image_url", "image_url": image}
    if media.kind == "audio":
        form = media.media_type.removeprefix("audio/")
        return {"type": "input_audio", "input_audio": {"data": media.data, "format": form}}
    file = {"file_data": as_data_url(media)} | ({"filename": media.name} if media.name else {})
    return {"type": "file", "file": file}
