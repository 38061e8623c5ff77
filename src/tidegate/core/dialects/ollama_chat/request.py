"""A chat request to an envelope: every text that a model would see becomes a part with its position."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tidegate.core.dialects.asked import name_in
from tidegate.core.dialects.ollama import parsing
from tidegate.core.dialects.tool_names import is_plain_name
from tidegate.core.values.envelope import Envelope, Part, Path, Position
from tidegate.core.values.errors import BadRequest

NAME = "ollama.chat"
OPERATION = "chat"

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_KNOWN = frozenset(("model", "messages", "stream", "format", "options", "keep_alive", "think", "tools", "truncate",
                    "shift", "logprobs", "top_logprobs"))  # fmt: skip
_SKIP = frozenset(("model", "messages", "stream"))
_MESSAGE = frozenset(("content", "thinking", "images", "tool_calls", "tool_name", "tool_call_id"))
_CALL = frozenset(("id", "type", "function"))
_FUNCTION = frozenset(("index", "name", "arguments"))
_ROLES = {
    "system": Position.SYSTEM,
    "user": Position.USER,
    "assistant": Position.ASSISTANT,
    "tool": Position.TOOL_RESULT,
}


def parse_request(body: bytes, headers: Mapping[str, str] = _NO_HEADERS) -> Envelope:  # noqa: ARG001 - it has none
    """Raises BadRequest with the field's name; the rest of validation is the target's own."""
    reading = parsing.begin(body, _KNOWN)
    stream, messages = parsing.streams(reading.tree), reading.tree.get("messages")
    if messages is not None and not isinstance(messages, list):
        raise BadRequest("invalid_type", "messages must be an array.", param="messages")
    if not messages:
        reading.rest.add(parsing.LOADING)
    try:
        for index, message in enumerate(messages or ()):
            _message(reading, index, message)
        reading.top(_SKIP)
    except RecursionError:
        raise parsing.too_deep() from None
    return reading.envelope(dialect=NAME, operation=OPERATION, body=body, stream=stream)


def _message(reading: parsing.Reading, index: int, message: Any) -> None:
    if not isinstance(message, dict):
        raise BadRequest("invalid_type", f"messages[{index}] must be an object.", param=f"messages[{index}]")
    role = message.get("role")
    position = _ROLES.get(role) if isinstance(role, str) else None
    if position is None:
        where = f"messages[{index}].role"
        raise BadRequest("invalid_value", f"{where} must be one of {', '.join(_ROLES)}.", param=where)
    reading.has_history = reading.has_history or position is Position.ASSISTANT
    for key, value in message.items():
        if value is None:
            reading.named(key, ("messages", index, key), _MESSAGE)
        elif key != "role":
            _field(reading, index, position, key, value)


def _field(reading: parsing.Reading, index: int, position: Position, key: str, value: Any) -> None:
    path: Path = ("messages", index, key)
    if key in ("content", "thinking"):
        if not isinstance(value, str):
            where = f"messages[{index}].{key}"
            raise BadRequest("invalid_type", f"{where} must be a string.", param=where)
        if key == "content" and position is Position.USER and not reading.conversation:
            reading.conversation = value
        reading.text(value, path, position)
    elif key == "images":
        reading.images(value, path, position)
    elif key == "tool_calls" and isinstance(value, list):
        for n, call in enumerate(value):
            _call(reading, (*path, n), call)
    elif key != "tool_name" or not is_plain_name(value):
        if key not in _MESSAGE:
            reading.unknown(key, path, Position.REST, f"messages.{key}")
        reading.walk(value, path, position)


def _call(reading: parsing.Reading, path: Path, call: Any) -> None:
    """Arguments are an object here: each key and each text of it is a part."""
    reading.called.add(name_in(call))
    if not isinstance(call, dict):
        reading.walk(call, path, Position.TOOL_CALL)
        return
    _known_or_named(reading, path, call, _CALL)
    function = call.get("function")
    if isinstance(function, dict):
        _known_or_named(reading, (*path, "function"), function, _FUNCTION)


def _known_or_named(reading: parsing.Reading, path: Path, tree: dict[str, Any], known: frozenset[str]) -> None:
    for key, value in tree.items():
        if (key == "function" and isinstance(value, dict)) or (key == "name" and is_plain_name(value)):
            continue
        if key not in known:
            reading.parts.append(Part(Position.TOOL_CALL, (*path, key), key, is_key=True))
        reading.walk(value, (*path, key), Position.TOOL_CALL)
