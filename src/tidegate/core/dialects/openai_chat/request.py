"""A chat request to an envelope: every text that a model would see becomes a part with its position."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tidegate.core.dialects import document
from tidegate.core.dialects.asked import (
    CAPABILITY_OF_FIELD,
    MOST_TOOLS,
    capabilities_in_piece,
    capabilities_in_tools,
    name_in,
    names_in,
    tool_name,
)
from tidegate.core.dialects.tool_names import is_plain_name, without_plain_names
from tidegate.core.dialects.walk import walk
from tidegate.core.values.envelope import Envelope, Part, Path, Position
from tidegate.core.values.errors import BadRequest

NAME = "openai.chat"
OPERATION = "chat"

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})

# Fields whose values are numbers, flags or words of the API, which a provider needs and which keep or move nothing.
_PLAIN = frozenset(
    (
        "model",
        "messages",
        "stream",
        "stream_options",
        "temperature",
        "top_p",
        "n",
        "stop",
        "max_tokens",
        "max_completion_tokens",
        "presence_penalty",
        "frequency_penalty",
        "logit_bias",
        "logprobs",
        "top_logprobs",
        "response_format",
        "seed",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "user",
        "metadata",
        "functions",
        "function_call",
        "reasoning_effort",
        "verbosity",
    )
)
_MESSAGE = frozenset(
    (
        "role",
        "content",
        "name",
        "tool_calls",
        "tool_call_id",
        "function_call",
        "refusal",
    )
)
_CONTENT = frozenset(
    (
        "type",
        "text",
        "refusal",
    )
)
_CALL = frozenset(("id", "type", "function", "index"))
_FUNCTION = frozenset(("name", "arguments"))
_USER, _ASSISTANT = Position.USER, Position.ASSISTANT
_ROLES = {
    "system": Position.SYSTEM,
    "developer": Position.SYSTEM,
    "user": Position.USER,
    "assistant": Position.ASSISTANT,
    "tool": Position.TOOL_RESULT,
    "function": Position.TOOL_RESULT,
}
_TOP = {
    "tools": Position.TOOL_DEFINITION,
    "functions": Position.TOOL_DEFINITION,
    "tool_choice": Position.TOOL_DEFINITION,
    "function_call": Position.TOOL_DEFINITION,
    "response_format": Position.SCHEMA,
    "metadata": Position.METADATA,
    "user": Position.METADATA,
}
_NAMED = frozenset(("tools", "functions", "tool_choice", "function_call"))
_SKIP = frozenset(("model", "messages", "stream"))


class _Reader:
    """Collects the parts of one request; lives no longer than the parse."""

    __slots__ = (
        "called",
        "capabilities",
        "conversation",
        "has_history",
        "offered",
        "parts",
        "rest",
        "unscannable",
    )

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.unscannable: list[Path] = []
        self.rest: set[str] = set()
        self.conversation = ""
        self.has_history = False
        self.offered: set[str] = set()
        self.called: set[str] = set()
        self.capabilities: set[str] = set()

    def message(self, index: int, message: Any) -> None:
        if not isinstance(message, dict):
            raise BadRequest("invalid_type", f"messages[{index}] must be an object.", param=f"messages[{index}]")
        role = message.get("role")
        position = _ROLES.get(role) if isinstance(role, str) else None
        if position is None:
            known = ", ".join(_ROLES)
            raise BadRequest(
                "invalid_value", f"messages[{index}].role must be one of {known}.", param=f"messages[{index}].role"
            )
        self.has_history = self.has_history or position is _ASSISTANT
        for key, value in message.items():
            if key == "content":
                self._content(index, position, value)
            elif key == "tool_calls" and isinstance(value, list):
                for n, call in enumerate(value):
                    self._tool_call(("messages", index, "tool_calls", n), call)
            elif key == "function_call" and isinstance(value, dict):
                self._function(("messages", index, "function_call"), value)
            elif key != "role" and value is not None:
                self._more(index, position, key, value)
            elif key not in _MESSAGE:  # it asks for nothing, and its name may say anything
                self._named(("messages", index, key), Position.REST, key)

    def _more(self, index: int, position: Position, key: str, value: Any) -> None:
        """Any other field of a message."""
        if key not in _MESSAGE:
            self._unknown(key, f"messages.{key}")
            self.parts.append(Part(Position.REST, ("messages", index, key), key, is_key=True))
        if key == "name" and position is Position.TOOL_RESULT and is_plain_name(value):
            return  # the tool's
        walk(value, ("messages", index, key), position, self.parts, self.unscannable)

    def _unknown(self, key: str, path: str) -> None:
        """A field that the dialect does not model: it may ask for anything, and of some it is known for what."""
        self.rest.add(path)
        if key in CAPABILITY_OF_FIELD:
            self.capabilities.add(CAPABILITY_OF_FIELD[key])

    def _content(self, index: int, position: Position, content: Any) -> None:
        path: Path = ("messages", index, "content")
        if isinstance(content, str):
            if not self.conversation and position is _USER:
                self.conversation = content
            if content:
                self.parts.append(Part(position, path, content))
        elif isinstance(content, list):
            for n, piece in enumerate(content):
                self._piece((*path, n), position, piece)
        elif content is not None:
            raise BadRequest(
                "invalid_type",
                f"messages[{index}].content must be a string, an array or null.",
                param=f"messages[{index}].content",
            )

    def _piece(self, path: Path, position: Position, piece: Any) -> None:
        kind = piece.get("type") if isinstance(piece, dict) else None
        if kind not in ("text", "refusal"):
            # An image, a sound, a file, a link that a provider would fetch, or something newer: nobody has looked.
            self.unscannable.append(path)
            self.capabilities |= capabilities_in_piece(piece)
            walk(piece, path, position, self.parts, self.unscannable)
            return
        for key, value in piece.items():
            if key == "text" and isinstance(value, str) and not self.conversation and position is _USER:
                self.conversation = value
            if key == "type":
                continue
            if key not in _CONTENT:
                self._unknown(key, f"messages.content.{key}")
                self._named((*path, key), position, key)
            walk(value, (*path, key), position, self.parts, self.unscannable)

    def _tool_call(self, path: Path, call: Any) -> None:
        if not isinstance(call, dict) or not isinstance(call.get("function"), dict):
            self.called.add(name_in(call))
            walk(without_plain_names(call), path, Position.TOOL_CALL, self.parts, self.unscannable)
            return
        for key, value in call.items():
            if key == "function":
                self._function((*path, "function"), value)
            else:
                if key not in _CALL:
                    self._named((*path, key), Position.TOOL_CALL, key)
                walk(value, (*path, key), Position.TOOL_CALL, self.parts, self.unscannable)

    def _function(self, path: Path, function: dict[str, Any]) -> None:
        self.called.add(tool_name(function.get("name")))
        for key, value in function.items():
            if key == "arguments" and isinstance(value, str):
                self.parts.append(Part(Position.TOOL_CALL, (*path, key), value, is_json=True))
            elif key != "name" or not is_plain_name(value):
                if key not in _FUNCTION:
                    self._named((*path, key), Position.TOOL_CALL, key)
                walk(value, (*path, key), Position.TOOL_CALL, self.parts, self.unscannable)

    def _named(self, path: Path, position: Position, key: str) -> None:
        """A key that the dialect does not know may say anything."""
        self.parts.append(Part(position, path, key, is_key=True))

    def top(self, tree: dict[str, Any]) -> None:
        for key, value in tree.items():
            # `store: false` asks for what the gateway wants anyway; null is whatever the provider does by default.
            if key in _SKIP or (value is None and key != "store"):
                if key not in _PLAIN:
                    self._named((key,), Position.REST, key)
                continue
            if key in ("tools", "functions"):
                self.offered |= names_in(value)
                self.capabilities |= capabilities_in_tools(value)
            elif key not in _PLAIN and not (key == "store" and value is False):
                self._unknown(key, key)
                self.parts.append(Part(Position.REST, (key,), key, is_key=True))
            text = without_plain_names(value) if key in _NAMED else value
            walk(text, (key,), _TOP.get(key, Position.REST), self.parts, self.unscannable)


def parse_request(body: bytes, headers: Mapping[str, str] = _NO_HEADERS) -> Envelope:  # noqa: ARG001 - it has none
    """Raises BadRequest with the field's name; the rest of validation is the provider's own."""
    tree = document.parse(body)
    model, messages = tree.get("model"), tree.get("messages")
    if not isinstance(model, str) or not model:
        raise BadRequest("missing_model", "model must be a non-empty string.", param="model")
    if not isinstance(messages, list) or not messages:
        raise BadRequest("invalid_type", "messages must be a non-empty array.", param="messages")
    stream = tree.get("stream")
    if stream is not None and not isinstance(stream, bool):
        raise BadRequest("invalid_type", "stream must be true or false.", param="stream")
    reader = _Reader()
    try:
        for index, message in enumerate(messages):
            reader.message(index, message)
        if len(tree) > 2:
            reader.top(tree)
    except RecursionError:
        raise BadRequest("too_deep", "The body is nested too deeply. Send a flatter document.") from None
    if len(reader.called) > MOST_TOOLS:
        raise BadRequest("too_many_tools", f"A history may show calls of at most {MOST_TOOLS} tools.", param="messages")
    return Envelope(
        dialect=NAME,
        operation=OPERATION,
        body=body,
        document=tree,
        original_model=model,
        stream=bool(stream),
        parts=tuple(reader.parts),
        unscannable=tuple(reader.unscannable),
        rest=frozenset(reader.rest),
        tools_offered=bool(tree.get("tools") or tree.get("functions")),
        tools=frozenset(reader.offered),
        tools_called=frozenset(reader.called),
        capabilities=frozenset(reader.capabilities),
        structured=_asks_for_json(tree.get("response_format")),
        conversation=reader.conversation,
        has_history=reader.has_history,
    )


def _asks_for_json(response_format: Any) -> bool:
    return isinstance(response_format, dict) and response_format.get("type") in ("json_object", "json_schema")


def unstored(body: bytes) -> bytes:
    """`body`, which says nothing about `store`, with the demand that nothing be stored."""
    begun = body.index(b"{") + 1
    return body[:begun] + b'"store":false,' + body[begun:]


def with_model(body: bytes, model: str) -> bytes:
    """The client's own bytes with another model's name."""
    return document.splice_string(body, "model", model)
