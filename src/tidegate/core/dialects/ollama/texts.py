"""Where text stands in an answer, or in one line of a stream: chat keeps it in `message`, generate at the top."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.usage import NOT_SAID, Usage, counted

PROSE = ("thinking", "content", "response")
"""Fields whose text comes in pieces, in the order in which a model says them."""
NAMELESS = "?"
"""Stands for a tool whose name is missing: nobody can say that it stays inside."""

# The API's own words and numbers: no text of a model's.
_API_WORDS = frozenset(("model", "created_at", "done_reason", "role", "remote_model", "remote_host", "tool_name",
                        "tool_call_id", "id", "name", "type"))  # fmt: skip
_SPELT_AGAIN = ("logprobs", "context")
"""The answer once more, token by token."""
_EMBEDDED = frozenset(("image", "images"))
_DEPTH = 8


class Text(NamedTuple):
    """`holder[key]` is text. `where`: the field of PROSE whose next piece it is; empty: nothing of it follows."""

    holder: Any
    key: Any
    where: str = ""


class Call(NamedTuple):
    """`function["arguments"]` is an object whose texts are a model's."""

    function: dict[str, Any]
    tool: str


def texts(tree: dict[str, Any], notes: AnswerNotes) -> Iterator[Text | Call]:
    """Of an answer or a line, in order. What is no text is noted."""
    message = tree.get("message")
    if isinstance(message, dict):
        yield from _of_message(message, notes)
    for key, value in tree.items():
        if key != "message":
            yield from _field(tree, key, value, notes)


def _of_message(message: dict[str, Any], notes: AnswerNotes) -> Iterator[Text | Call]:
    for key in PROSE:
        if key in message:
            yield from _field(message, key, message[key], notes)
    for key, value in message.items():
        if key not in PROSE:
            yield from _field(message, key, value, notes)


def _field(holder: dict[str, Any], key: str, value: Any, notes: AnswerNotes) -> Iterator[Text | Call]:
    if key in _EMBEDDED and value:
        notes.unscannable = True
    elif isinstance(value, str):
        if value and key not in _API_WORDS:
            yield Text(holder, key, key if key in PROSE else "")
    elif key == "tool_calls":
        yield from _calls(value)
    elif value and isinstance(value, list | dict) and key not in _SPELT_AGAIN:
        yield from _inside(value, notes, 0)


def _calls(calls: Any) -> Iterator[Call]:
    for call in calls if isinstance(calls, list) else ():
        function = call.get("function") if isinstance(call, dict) else None
        if isinstance(function, dict) and function.get("arguments"):
            name = function.get("name")
            yield Call(function, name if isinstance(name, str) and name else NAMELESS)


def _inside(holder: Any, notes: AnswerNotes, depth: int) -> Iterator[Text]:
    """What the dialect does not model."""
    if depth > _DEPTH:
        notes.unscannable = True
        return
    for key, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
        if isinstance(value, str):
            if value:
                yield Text(holder, key)
        elif value and isinstance(value, list | dict):
            yield from _inside(value, notes, depth + 1)


def without_probabilities(tree: dict[str, Any]) -> bool:
    """Takes out what spells the answer once more; whether there was any."""
    found = [key for key in _SPELT_AGAIN if tree.pop(key, None) is not None]
    return bool(found)


def note(tree: dict[str, Any], notes: AnswerNotes) -> None:
    if isinstance(model := tree.get("model"), str):
        notes.response_model = model
    if relay := relayed(tree):
        notes.relayed = relay
    if tree.get("done") is True:
        notes.complete = True
        notes.usage = usage_of(tree)
        if isinstance(reason := tree.get("done_reason"), str):
            notes.finished(reason)


def relayed(tree: dict[str, Any]) -> str:
    """Where another server than the one that was asked has answered, as far as it tells; empty for nowhere."""
    host, model = tree.get("remote_host"), tree.get("remote_model")
    found = host or model
    return found if isinstance(found, str) else ""


def usage_of(tree: dict[str, Any]) -> Usage:
    """What the last line says was read and written."""
    read, written = counted(tree.get("prompt_eval_count")), counted(tree.get("eval_count"))
    return NOT_SAID if read < 0 and written < 0 else Usage(input_tokens=read, output_tokens=written)
