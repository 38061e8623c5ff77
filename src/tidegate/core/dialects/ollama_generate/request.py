"""A request to go on with a prompt, as an envelope."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tidegate.core.dialects.ollama import parsing
from tidegate.core.values.envelope import Envelope, Position
from tidegate.core.values.errors import BadRequest

NAME = "ollama.generate"
OPERATION = "chat"

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_TEXTS = {
    "prompt": Position.USER,
    "suffix": Position.USER,
    "system": Position.SYSTEM,
    "template": Position.SYSTEM,
}
_KNOWN = frozenset(("model", "stream", "raw", "format", "options", "keep_alive", "think", "truncate", "shift",
                    "logprobs", "top_logprobs"))  # fmt: skip
_SKIP = frozenset(("model", "stream", "context", "images", *_TEXTS))


def parse_request(body: bytes, headers: Mapping[str, str] = _NO_HEADERS) -> Envelope:  # noqa: ARG001 - it has none
    """Raises BadRequest with the field's name; the rest of validation is the target's own."""
    reading = parsing.begin(body, _KNOWN)
    stream, tree = parsing.streams(reading.tree), reading.tree
    try:
        for key, position in _TEXTS.items():
            _text(reading, key, position)
        if tree.get("images") is not None:
            reading.images(tree["images"], ("images",), Position.USER)
        _context(reading, tree.get("context"))
        reading.top(_SKIP)
    except RecursionError:
        raise parsing.too_deep() from None
    if not tree.get("prompt") and not tree.get("images"):
        reading.rest.add(parsing.LOADING)
    return reading.envelope(dialect=NAME, operation=OPERATION, body=body, stream=stream)


def _text(reading: parsing.Reading, key: str, position: Position) -> None:
    value = reading.tree.get(key)
    if value is None:
        return
    if not isinstance(value, str):
        raise BadRequest("invalid_type", f"{key} must be a string.", param=key)
    if key == "prompt":
        reading.conversation = value
    reading.text(value, (key,), position)


def _context(reading: parsing.Reading, context: Any) -> None:
    """Token ids of the turns before: text that only the model can read, so nobody has looked."""
    if context is None:
        return
    if context:
        reading.unscannable.append(("context",))
        reading.has_history = True
    if not isinstance(context, list) or not all(isinstance(each, int) for each in context):
        reading.walk(context, ("context",), Position.USER)
