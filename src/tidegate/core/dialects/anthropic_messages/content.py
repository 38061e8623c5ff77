"""What a message says: a text, or blocks; in the words that all dialects share."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tidegate.core.dialects.anthropic_messages.texts import dump
from tidegate.core.dialects.neutral.chat import Block, Left, Media, Text, Thinking, ToolCall, ToolResult
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.neutral.usual import text_alone

_TEXT = ("text",)
_SHOWN = (Text, Media)
_CALL = frozenset(("type", "id", "name", "input"))
_RESULT = frozenset(("type", "tool_use_id", "content", "is_error"))


def read_content(holder: Fields, key: str, lost: list[Left]) -> list[Block]:
    content = holder.raw(key)
    if isinstance(content, str):
        return [Text(content)] if content else []
    blocks: list[Block] = []
    for place, block in enumerate(holder.items(key)):
        if usual := text_alone(block, _TEXT) or _usual(block):
            blocks.append(usual)
        else:
            blocks += _block(Fields(block, key, holder, place), lost)
    return blocks


def usual_blocks(content: object) -> Sequence[Block]:
    """Those of an array that holds usual ones alone; none of any other."""
    if type(content) is not list:
        return ()
    blocks = [found for block in content if (found := text_alone(block, _TEXT) or _usual(block))]
    return blocks if len(blocks) == len(content) else ()


def _usual(block: object) -> ToolCall | ToolResult | None:
    """A call or a result in the fields that nearly all have; None for any other, and for a wrong one."""
    if type(block) is not dict or len(block) not in (3, 4):
        return None
    kind, content = block.get("type"), block.get("content")
    if kind == "tool_use" and block.keys() == _CALL:
        call_id, name, given = block["id"], block["name"], block["input"]
        if type(call_id) is str and type(name) is str and type(given) is dict:
            return ToolCall(call_id, name, dump(given).decode())
    elif kind == "tool_result" and type(content) is str and block.keys() <= _RESULT:
        call_id, failed = block.get("tool_use_id"), block.get("is_error", False)
        if type(call_id) is str and type(failed) is bool:
            return ToolResult(call_id, "", (Text(content),) if content else (), failed)
    return None


def _block(block: Fields, lost: list[Left]) -> Iterable[Block]:
    kind = block.text("type")
    read = _READERS.get(kind)
    if read is None:
        lost.append(Left(f"messages.content.{kind}", essential=True))
        return ()
    blocks = [*read(block, lost)]
    lost += block.left()
    return blocks


def _cache(block: Fields) -> str:
    control = block.object("cache_control")
    return (control.text("ttl") or "5m") if control else ""


def _text(block: Fields, _lost: list[Left]) -> Iterable[Block]:
    if not block.raw("citations"):
        block.ignore(("citations",))
    return (Text(block.text("text"), _cache(block)),)


def _thought(block: Fields, _lost: list[Left]) -> Iterable[Block]:
    return (Thinking(block.text("thinking"), block.text("signature")),)


def _sealed_thought(block: Fields, _lost: list[Left]) -> Iterable[Block]:
    return (Thinking("", sealed=block.text("data")),)


def _image(block: Fields, _lost: list[Left]) -> Iterator[Block]:
    yield _media("image", block, "")


def _document(block: Fields, lost: list[Left]) -> Iterator[Block]:
    """One that is text already is text to everybody; its title and context come before it."""
    source = block.object("source")
    if source is None:
        raise block.wrong("source", "an object")
    kind, title = source.text("type"), block.text("title")
    citations = block.object("citations")
    if citations and citations.truth("enabled"):
        lost.append(Left(block.path("citations")))
    if kind not in ("text", "content"):
        yield _media("file", block, title)
        return
    if before := "\n".join(said for said in (title, block.text("context")) if said):
        yield Text(before)
    if kind == "text":
        yield Text(source.text("data"), _cache(block))
    else:
        yield from read_content(source, "content", lost)


def _media(kind: Any, block: Fields, title: str) -> Media:
    source = block.object("source")
    if source is None:
        raise block.wrong("source", "an object")
    form = source.text("type")
    media_type = source.text("media_type")
    if form == "base64":
        return Media(kind, media_type, data=source.text("data"), name=title)
    if form == "url":
        return Media(kind, media_type, url=source.text("url"), name=title)
    if form == "file":
        return Media(kind, media_type, file_id=source.text("file_id"), name=title)
    raise source.wrong("type", "base64, url or file (of a document also text or content)")


def _search_result(block: Fields, lost: list[Left]) -> Iterator[Block]:
    block.ignore(("citations",))
    yield Text("\n".join(said for said in (block.text("title"), block.text("source")) if said))
    yield from read_content(block, "content", lost)


def _compaction(block: Fields, _lost: list[Left]) -> Iterator[Block]:
    """A summary in the place of what it sums up. What seals it is for its own provider."""
    block.ignore(("encrypted_content", "signature", "tool_changes"))
    yield Text(block.text("content"))


def _reference(block: Fields, _lost: list[Left]) -> Iterator[Block]:
    yield Text(block.text("tool_name"))


def _call(block: Fields, _lost: list[Left]) -> Iterable[Block]:
    block.ignore(("caller",))
    return (ToolCall(block.text("id"), block.text("name"), dump(block.tree("input") or {}).decode()),)


def _result(block: Fields, lost: list[Left]) -> Iterable[Block]:
    said = tuple([each for each in read_content(block, "content", lost) if isinstance(each, _SHOWN)])
    return (ToolResult(block.text("tool_use_id"), "", said, failed=bool(block.truth("is_error"))),)


_READERS = {
    "text": _text,
    "thinking": _thought,
    "redacted_thinking": _sealed_thought,
    "image": _image,
    "document": _document,
    "search_result": _search_result,
    "compaction": _compaction,
    "tool_reference": _reference,
    "tool_use": _call,
    "tool_result": _result,
}
"""What other dialects have no word for is not here: tools that the provider ran, and files that lie there."""
