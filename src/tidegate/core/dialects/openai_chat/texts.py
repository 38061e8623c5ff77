"""Where text stands in an answer: in a whole message, or in the pieces of one that a stream brings."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from tidegate.core.values.answer import AnswerNotes

NAMELESS = "?"
"""Stands for a tool whose name has not come: nobody can say that it stays inside."""

Where = tuple[str | int, ...]

# The API's own words, and what only its provider can read: neither is text.
_API_WORDS = frozenset(("role", "id", "type", "name", "format", "object", "status", "mime_type", "call_id"))
_OPAQUE = frozenset(("signature", "thought_signature", "encrypted_content", "data", "b64_json"))
_EMBEDDED = frozenset(("data", "b64_json"))
_COMPLETE = frozenset(("annotations", "citations", "images"))
"""Fields whose elements come in one piece each, with nothing to tell one from the next."""
_CALLS = {"function": "arguments", "custom": "input"}
_DEPTH = 8
_BESIDE = ("index", "type")


class Text(NamedTuple):
    """`holder[key]` is text. `where` leads to it: keys, and of a list's element its `index`, or else its place.

    `tool`: whose argument it is, empty for prose. `whole`: nothing of it follows in a later piece.
    """

    where: Where
    holder: Any
    key: Any
    tool: str
    whole: bool


def texts(message: dict[str, Any], notes: AnswerNotes, tools: Mapping[Where, str]) -> list[Text]:
    """In order. `tools`: names that came with earlier pieces, by where their calls stand. What is no text is noted."""
    found: list[Text] = []
    for key, value in message.items():
        if isinstance(value, str):
            if key not in _API_WORDS and key not in _OPAQUE:
                found.append(Text((key,), message, key, "", whole=False))
        elif value and isinstance(value, list | dict):
            if key == "tool_calls":
                found += _in_calls(value, tools)
            elif key == "function_call":
                found += _in_call(value, "arguments", (key,), tools, whole=False)
            else:
                _walk(value, (key,), found, notes, whole=key in _COMPLETE)
    return found


def names(message: dict[str, Any]) -> Iterable[tuple[Where, str]]:
    """Where the calls of a piece stand, and what they are named there."""
    if isinstance(function := message.get("function_call"), dict) and (name := _name(function)):
        yield ("function_call",), name
    for where, call in _calls(message.get("tool_calls")):
        for kind in _CALLS:
            if isinstance(function := call.get(kind), dict) and (name := _name(function)):
                yield (*where, kind), name


def alone(piece: Any, where: Where, text: str) -> Any:
    """A piece shaped like `piece` that holds nothing but `text`, at `where`."""
    if not where:
        return text
    step = where[0]
    if isinstance(step, str):
        holder = piece if isinstance(piece, dict) else {}
        beside = {key: holder[key] for key in _BESIDE if key in holder}
        return {**beside, step: alone(holder.get(step), where[1:], text)}
    return [alone(_element(piece, step), where[1:], text)]


def _element(elements: Any, number: int) -> Any:
    """The first object of that number: what stands at the place of a number may be nothing, or have another one."""
    numbered = enumerate(elements if isinstance(elements, list) else ())
    return next((each for place, each in numbered if isinstance(each, dict) and _number(each, place) == number), None)


def _number(element: Any, place: int) -> int:
    index = element.get("index") if isinstance(element, dict) else None
    return index if isinstance(index, int) else place


def _name(function: dict[str, Any]) -> str:
    name = function.get("name")
    return name if isinstance(name, str) else ""


def _calls(calls: object) -> Iterable[tuple[Where, dict[str, Any]]]:
    for place, call in enumerate(calls if isinstance(calls, list) else ()):
        if isinstance(call, dict):
            yield ("tool_calls", _number(call, place)), call


def _in_calls(calls: object, tools: Mapping[Where, str]) -> Iterable[Text]:
    for where, call in _calls(calls):
        # A call with an id and no index is one of those that come in one piece; the next one has the same place.
        whole = "index" not in call and "id" in call
        for kind, key in _CALLS.items():
            yield from _in_call(call.get(kind), key, (*where, kind), tools, whole=whole)


def _in_call(function: object, key: str, where: Where, tools: Mapping[Where, str], *, whole: bool) -> Iterable[Text]:
    if isinstance(function, dict) and isinstance(function.get(key), str):
        yield Text((*where, key), function, key, _name(function) or tools.get(where, NAMELESS), whole=whole)


def _walk(holder: Any, where: Where, found: list[Text], notes: AnswerNotes, *, whole: bool) -> None:
    """What the dialect does not model: parts of content, details of reasoning, annotations, a sound's transcript."""
    if len(where) > _DEPTH:
        notes.unscannable = True
        return
    numbered = holder.items() if isinstance(holder, dict) else enumerate(holder)
    for key, value in numbered:
        at = (*where, key if isinstance(holder, dict) else _number(value, key))
        if isinstance(value, str):
            if (key in _EMBEDDED and value) or (value.startswith("data:") and ";base64," in value[:128]):
                notes.unscannable = True
            elif key not in _API_WORDS and key not in _OPAQUE:
                found.append(Text(at, holder, key, "", whole=whole))
        elif value and isinstance(value, list | dict):
            _walk(value, at, found, notes, whole=whole)
