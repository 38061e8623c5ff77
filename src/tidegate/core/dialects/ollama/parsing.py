"""A request's JSON tree to parts: what chat, generate and embed have in common."""

from collections.abc import Mapping
from typing import Any

from tidegate.core.dialects import document
from tidegate.core.dialects.asked import (
    CAPABILITY_OF_FIELD,
    MOST_TOOLS,
    capabilities_in_piece,
    capabilities_in_tools,
    names_in,
)
from tidegate.core.dialects.ollama.options import OPTIONS
from tidegate.core.dialects.tool_names import without_plain_names
from tidegate.core.dialects.walk import walk
from tidegate.core.values.envelope import Envelope, Part, Path, Position
from tidegate.core.values.errors import BadRequest

LOADING = "load"
"""Stands among `rest` where a request only loads or unloads a model: no cloud is to be told of that."""

_TOP = {"tools": Position.TOOL_DEFINITION, "format": Position.SCHEMA}


class Reading:
    """Collects the parts of one request; lives no longer than the parse. `known`: fields that need no mention."""

    __slots__ = (
        "_known", "called", "capabilities", "conversation", "has_history", "offered", "parts", "rest", "tree",
        "unscannable",
    )  # fmt: skip

    def __init__(self, tree: dict[str, Any], known: frozenset[str]) -> None:
        self.tree, self._known = tree, known
        self.parts: list[Part] = []
        self.unscannable: list[Path] = []
        self.rest: set[str] = set()
        self.offered: set[str] = set()
        self.called: set[str] = set()
        self.capabilities: set[str] = set()
        self.conversation = ""
        self.has_history = False

    def top(self, skip: frozenset[str]) -> None:
        """Every field of the request but those that somebody reads by themselves."""
        for key, value in self.tree.items():
            if key in skip:
                continue
            if value is None:
                self.named(key, (key,), self._known)
                continue
            if key == "tools":
                self.offered |= names_in(value)
                self.capabilities |= capabilities_in_tools(value)
            if key == "options" and isinstance(value, dict):
                self._options(value)
                continue
            if key not in self._known:
                self.unknown(key, (key,), Position.REST)
            self.walk(without_plain_names(value) if key == "tools" else value, (key,), _TOP.get(key, Position.REST))

    def text(self, value: Any, path: Path, position: Position) -> None:
        """A text; of another type than that, whatever it holds."""
        if isinstance(value, str):
            if value:
                self.parts.append(Part(position, path, value))
        else:
            self.walk(value, path, position)

    def walk(self, value: Any, path: Path, position: Position) -> None:
        walk(value, path, position, self.parts, self.unscannable)

    def images(self, value: Any, path: Path, position: Position) -> None:
        """Nobody has looked into them."""
        for n, image in enumerate(value if isinstance(value, list) else [value]):
            if image is not None:
                self.unscannable.append((*path, n) if isinstance(value, list) else path)
                self.capabilities |= capabilities_in_piece(image)
        self.walk(value, path, position)

    def unknown(self, key: str, path: Path, position: Position, name: str = "") -> None:
        """A field that the dialect does not model: it may ask for anything, and of some it is known for what."""
        self.rest.add(name or key)
        if key in CAPABILITY_OF_FIELD:
            self.capabilities.add(CAPABILITY_OF_FIELD[key])
        self.parts.append(Part(position, path, key, is_key=True))

    def named(self, key: str, path: Path, known: frozenset[str]) -> None:
        """A null asks for nothing, and the name of its field may say anything."""
        if key not in known:
            self.parts.append(Part(Position.REST, path, key, is_key=True))

    def _options(self, options: Mapping[str, Any]) -> None:
        for key, value in options.items():
            if value is None:
                self.named(key, ("options", key), OPTIONS)
            elif key not in OPTIONS:
                self.unknown(key, ("options", key), Position.REST, f"options.{key}")
            self.walk(value, ("options", key), Position.REST)

    def envelope(self, *, dialect: str, operation: str, body: bytes, stream: bool) -> Envelope:
        if len(self.called) > MOST_TOOLS:
            message = f"A history may show calls of at most {MOST_TOOLS} tools."
            raise BadRequest("too_many_tools", message, param="messages")
        wanted = self.tree.get("format")
        return Envelope(
            dialect=dialect,
            operation=operation,
            body=body,
            document=self.tree,
            original_model=self.tree["model"],
            stream=stream,
            parts=tuple(self.parts),
            unscannable=tuple(self.unscannable),
            rest=frozenset(self.rest),
            tools_offered=bool(self.tree.get("tools")),
            tools=frozenset(self.offered),
            tools_called=frozenset(self.called),
            capabilities=frozenset(self.capabilities),
            structured=wanted == "json" or isinstance(wanted, dict),
            conversation=self.conversation,
            has_history=self.has_history,
        )


def begin(body: bytes, known: frozenset[str]) -> Reading:
    """Raises BadRequest."""
    tree = document.parse(body)
    model = tree.get("model")
    if not isinstance(model, str) or not model:
        raise BadRequest("missing_model", "model must be a non-empty string.", param="model")
    return Reading(tree, known)


def streams(tree: Mapping[str, Any]) -> bool:
    """They do unless they say no. Raises BadRequest."""
    stream = tree.get("stream")
    if stream is not None and not isinstance(stream, bool):
        raise BadRequest("invalid_type", "stream must be true or false.", param="stream")
    return stream is not False


def too_deep() -> BadRequest:
    return BadRequest("too_deep", "The body is nested too deeply. Send a flatter document.")


def with_model(body: bytes, model: str) -> bytes:
    """The client's own bytes with another model's name."""
    return document.splice_string(body, "model", model)


def unstored(body: bytes) -> bytes:
    """Ollama keeps nothing, and has no words for it."""
    return body
