"""Where text stands in an answer: in content blocks, whole ones and those that a stream opens."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from tidegate.core.dialects.anthropic_messages.words import CALLS, OPAQUE
from tidegate.core.dialects.document import dumps, loads
from tidegate.core.values.answer import AnswerNotes

NAMELESS = "?"
"""Stands for a tool whose name has not come: nobody can say that it stays inside."""

# The API's own words and ids, which are no text.
_API_WORDS = frozenset(
    (
        "type", "id", "role", "model", "name", "tool_use_id", "tool_id", "file_id", "media_type", "error_code",
        "server_name", "toolset_name", "tool_name", "retrieved_at", "page_age", "file_type", "category",
    )
)  # fmt: skip
_DEPTH = 12
_ZEROS = bytes(ord("0") if chr(code) in "0123456789" else ord(" ") for code in range(256))
_LONG_NUMBER = b"0" * 17


class Text(NamedTuple):
    """`holder[key]` is text; of a call, the input that it is called with, which is a tree. `tool`: whose it is."""

    holder: Any
    key: Any
    tool: str = ""
    is_input: bool = False
    own: bool = False
    """The client said it."""


def load(body: bytes) -> Any:
    """JSON with its numbers as they are. Raises ValueError."""
    # Each digit a nought, everything else a blank: found ten times as fast as by a pattern.
    return json.loads(body) if _LONG_NUMBER in body.translate(_ZEROS) else loads(body)


dump = dumps


def texts(block: dict[str, Any], notes: AnswerNotes) -> Iterator[Text]:
    """In order. What is no text is noted."""
    is_call = bool(tool_of(block))
    for key, value in block.items():
        if key == "input" and is_call:
            if value:
                yield Text(block, key, tool_of(block), is_input=True)
        else:
            yield from _in(block, key, value, notes, _DEPTH)


def tool_of(block: dict[str, Any]) -> str:
    """Whose input a block brings; empty for a block that brings none."""
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in CALLS:
        return ""
    name = block.get("name")
    return name if isinstance(name, str) and name else NAMELESS


def beside(holder: dict[str, Any]) -> Iterator[Text]:
    """Texts that an answer says beside its content, of a message or of the delta that ends one."""
    if isinstance(holder.get("stop_sequence"), str):
        yield Text(holder, "stop_sequence", own=True)
    details = holder.get("stop_details")
    if isinstance(details, dict) and isinstance(details.get("explanation"), str):
        yield Text(details, "explanation")


def _in(holder: Any, key: Any, value: Any, notes: AnswerNotes, depth: int) -> Iterator[Text]:
    if isinstance(value, str):
        if key == "data" and value and isinstance(holder, dict) and holder.get("type") == "base64":
            notes.unscannable = True
        elif key not in _API_WORDS and not (key in OPAQUE and not _is_plain(holder)):
            yield Text(holder, key)
    elif value and isinstance(value, list | dict):
        if depth == 0:
            notes.unscannable = True
            return
        for inner, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _in(value, inner, each, notes, depth - 1)


def _is_plain(holder: Any) -> bool:
    """A document's source whose data are its text."""
    return isinstance(holder, dict) and holder.get("type") == "text"
