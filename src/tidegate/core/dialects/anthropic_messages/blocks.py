"""Content blocks to parts: texts and their positions, what nobody can look into, and what a block asks for."""

from typing import Any

from tidegate.core.dialects.anthropic_messages import words
from tidegate.core.dialects.asked import CAPABILITY_OF_FIELD, capabilities_in_piece, name_in
from tidegate.core.dialects.tool_names import is_plain_name
from tidegate.core.dialects.walk import walk
from tidegate.core.values import capabilities as known
from tidegate.core.values.envelope import Part, Path, Position
from tidegate.core.values.errors import BadRequest


class Blocks:
    """What is collected of one request, all of it in the order of the document."""

    __slots__ = ("called", "capabilities", "conversation", "parts", "rest", "unscannable")

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.unscannable: list[Path] = []
        self.rest: set[str] = set()
        self.capabilities: set[str] = set()
        self.called: set[str] = set()
        self.conversation = ""
        """The first text of a user's."""

    def content(self, path: Path, position: Position, content: Any, where: str) -> None:
        """A string or an array of blocks. `where`: as people write the path. Raises BadRequest for anything else."""
        if isinstance(content, str):
            self._text(path, position, content)
        elif isinstance(content, list):
            for n, block in enumerate(content):
                self.block((*path, n), position, block)
        elif content is not None:
            raise BadRequest("invalid_type", f"{where} must be a string or an array of blocks.", param=where)

    def block(self, path: Path, position: Position, block: Any) -> None:
        kind = block.get("type") if isinstance(block, dict) else None
        fields = words.BLOCKS.get(kind) if isinstance(kind, str) else None
        if fields is None or not isinstance(kind, str):
            self._strange(path, position, block)
            return
        if kind in words.CALLS:
            position = Position.TOOL_CALL
            self.called.add(name_in({"name": block.get("name")}))
        elif kind.endswith("tool_result"):
            position = Position.TOOL_RESULT
        elif _is_sealed(kind, block):
            self.capabilities.add(known.SEALED_REASONING)
        elif kind == "container_upload":
            self.unscannable.append(path)
            self.capabilities |= {known.FILES, known.CONTAINERS}
        for key, value in block.items():
            if key != "type" and value is not None:
                self._field((*path, key), position, kind, value, known=key in fields)

    def unknown(self, key: str, name: str) -> None:
        """A field that the dialect does not model: it may ask for anything, and of some it is known for what."""
        self.rest.add(name)
        if key in CAPABILITY_OF_FIELD:
            self.capabilities.add(CAPABILITY_OF_FIELD[key])

    def cache(self, path: Path, position: Position, control: Any) -> None:
        """A hint that what stands before be kept."""
        self.asks_of_cache(control)
        if control is not None and not _is_plain_cache(control):
            walk(control, path, position, self.parts, self.unscannable)

    def asks_of_cache(self, control: Any) -> None:
        """Minutes are the usual; an hour is a capability; what else it says, nobody knows."""
        if control is None or _is_plain_cache(control):
            return
        if isinstance(control, dict) and control.get("ttl") == "1h":
            self.capabilities.add(known.LONG_CACHES)
        elif not isinstance(control, dict) or control.get("ttl") not in (None, "5m"):
            self.rest.add("cache_control.ttl")
        if isinstance(control, dict):
            self.rest.update(f"cache_control.{key}" for key in control if key not in words.CACHE)
            if control.get("type") != "ephemeral":
                self.rest.add("cache_control.type")

    # -- one field of a block ---------------------------------------------------------------------------------------

    def _field(self, path: Path, position: Position, kind: str, value: Any, *, known: bool) -> None:
        key = str(path[-1])
        if key == "cache_control":
            self.cache(path, position, value)
        elif not known:
            self.unknown(key, f"messages.content.{key}")
            self.parts.append(Part(position, path, key, is_key=True))
            walk(value, path, position, self.parts, self.unscannable)
        elif key == "source" and kind != "search_result":
            self._source(path, position, value)
        elif key == "content":
            self._inner(path, position, value)
        elif key == "name" and kind in words.CALLS and is_plain_name(value):
            return
        elif key == "text" and isinstance(value, str):
            self._text(path, position, value)
        else:
            walk(value, path, position, self.parts, self.unscannable)

    def _inner(self, path: Path, position: Position, content: Any) -> None:
        """What a result or a document holds: a string, blocks, or a block alone."""
        if isinstance(content, dict):
            self.block(path, position, content)
        elif isinstance(content, list):
            for n, block in enumerate(content):
                self.block((*path, n), position, block)
        else:
            walk(content, path, position, self.parts, self.unscannable)

    def _source(self, path: Path, position: Position, source: Any) -> None:
        kind = source.get("type") if isinstance(source, dict) else None
        fields = words.SEEN_SOURCES.get(kind) if isinstance(kind, str) else None
        if fields is None or not fields.issuperset(source):
            self._strange(path, position, source)
        elif kind == "text":
            walk(source.get("data"), (*path, "data"), position, self.parts, self.unscannable)
            walk(source.get("media_type"), (*path, "media_type"), position, self.parts, self.unscannable)
        else:
            self._inner((*path, "content"), position, source.get("content"))

    def _strange(self, path: Path, position: Position, block: Any) -> None:
        """An image, a file, an address that a provider would fetch, or something newer: nobody has looked."""
        self.unscannable.append(path)
        self.capabilities |= capabilities_in_piece(block)
        walk(block, path, position, self.parts, self.unscannable)

    def _text(self, path: Path, position: Position, text: str) -> None:
        if not self.conversation and position is Position.USER:
            self.conversation = text
        if text:
            self.parts.append(Part(position, path, text))


def _is_sealed(kind: str, block: dict[str, Any]) -> bool:
    """Whether it is thinking of an earlier turn that only its provider can read."""
    if kind == "thinking":
        return not block.get("thinking")
    return kind == "redacted_thinking" or (kind == "compaction" and bool(block.get("encrypted_content")))


def _is_plain_cache(control: Any) -> bool:
    return control in ({"type": "ephemeral"}, {"type": "ephemeral", "ttl": "5m"})
