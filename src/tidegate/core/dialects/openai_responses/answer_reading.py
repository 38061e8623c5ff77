"""What a response says, whole or streamed, as events."""

from collections.abc import Generator, Iterator, Sequence
from typing import Any

import orjson

from tidegate.core.dialects import sse
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral.problems import problem
from tidegate.core.dialects.openai_chat.answer_meaning import read_problem
from tidegate.core.dialects.openai_responses.answer import usage_of
from tidegate.core.dialects.openai_responses.stream import ENDS
from tidegate.core.dialects.openai_responses.texts import MOST_TEXTS
from tidegate.core.values.errors import UpstreamError

__all__ = ["open_reader", "read_answer", "read_problem"]

_REASONS: dict[object, e.Reason] = {
    "max_output_tokens": "length",
    "max_tokens": "length",
    "content_filter": "content_filter",
}
_CALLS = {"function_call": "arguments", "custom_tool_call": "input"}
_SPOKEN: dict[str, e.BlockKind] = {
    "response.output_text": "text",
    "response.refusal": "refusal",
    "response.reasoning_summary_text": "thinking",
    "response.reasoning_text": "thinking",
}
_CALLED = ("response.function_call_arguments", "response.custom_tool_call_input")
_SILENT = frozenset(("web_search_call", "mcp_list_tools"))
"""Items that show nothing of an answer's content."""
_MOST_PIECES = 4 * MOST_TEXTS
_STATUS = {"rate_limit_exceeded": 429, "invalid_prompt": 400, "context_length_exceeded": 400, "insufficient_quota": 429}


def read_answer(body: bytes) -> Sequence[e.Event]:
    """Raises UpstreamError `protocol` for what is no response."""
    tree = _object(body)
    if not isinstance(tree.get("output"), list):
        raise UpstreamError("protocol", "its answer is no response.")
    reading = _Reading()
    return [*reading.begin(tree), *reading.all_of(tree), *reading.end(tree)]


def open_reader() -> "EventReader":
    return EventReader()


class EventReader:
    """Events of a stream to events (a `Reader`)."""

    __slots__ = ("_events", "_reading")

    def __init__(self) -> None:
        self._events = sse.EventReader()
        self._reading = _Reading()

    def feed(self, chunk: bytes) -> Iterator[e.Event]:
        for event in self._events.feed(chunk):
            yield from self._read(event.data)

    def close(self) -> Iterator[e.Event]:
        for event in self._events.close():
            yield from self._read(event.data)

    def _read(self, data: bytes | None) -> Iterator[e.Event]:
        if data is None or data == b"[DONE]":
            return
        tree = _object(data, before_first_byte=False)
        kind = tree.get("type")
        if not isinstance(kind, str):
            if "error" in tree:
                yield e.Failed(_failure(tree["error"]))
            return
        yield from self._reading.event(kind, tree)


class _Reading:
    """The blocks of one response: prose one after another, and calls, which may stay open side by side."""

    __slots__ = ("_began", "_called", "_calls", "_ended", "_lost", "_next", "_parts", "_prose", "_said", "_thinks_by")

    def __init__(self) -> None:
        self._next = 0
        self._prose: tuple[object, e.BlockKind, int] | None = None
        """Which item's, of which kind, and its block."""
        self._calls: dict[object, int] = {}
        self._said: set[object] = set()
        """Items of which something has been said."""
        self._thinks_by: dict[object, str] = {}
        self._parts: dict[object, object] = {}
        self._called = self._began = self._ended = False

    def begin(self, response: dict[str, Any]) -> Iterator[e.Event]:
        if not self._began:
            self._began = True
            yield e.Began(_text(response.get("id")), _text(response.get("model")))

    def event(self, kind: str, tree: dict[str, Any]) -> Iterator[e.Event]:
        if len(self._said) > _MOST_PIECES:
            message = "it sent an answer of more pieces than anybody reads."
            raise UpstreamError("protocol", message, before_first_byte=False)
        family, _, step = kind.rpartition(".")
        response = tree.get("response")
        if kind == "error":
            yield e.Failed(_failure(tree))
        elif isinstance(response, dict):
            yield from self.begin(response)
            if kind in ENDS:
                yield from self._rest(response)
                yield from self.end(response)
        elif family in _SPOKEN and step in ("delta", "done"):
            yield from self._spoken(family, step, tree)
        elif family in _CALLED and step in ("delta", "done"):
            yield from self._arguments(step, tree)
        elif kind == "response.output_item.added" and isinstance(tree.get("item"), dict):
            yield from self._added(_index(tree), tree["item"])
        elif kind == "response.output_item.done" and isinstance(tree.get("item"), dict):
            yield from self._item(_index(tree), tree["item"])

    # -- pieces -------------------------------------------------------------------------------------------

    def _spoken(self, family: str, step: str, tree: dict[str, Any]) -> Iterator[e.Event]:
        item, kind = _index(tree), _SPOKEN[family]
        part = item, family, _place(tree)
        if kind == "thinking" and self._thinks_by.setdefault(item, family) != family:
            return  # whoever sends thoughts and their summary says the same twice
        if step == "delta":
            self._said.add(part)
            yield from self._say(item, kind, _text(tree.get("delta")), part)
        elif part not in self._said:
            self._said.add(part)
            yield from self._say(item, kind, _text(tree.get("text")) or _text(tree.get("refusal")), part)

    def _say(self, item: object, kind: e.BlockKind, text: str, part: object) -> Iterator[e.Event]:
        self._said.add(item)
        if not text:
            return
        where = item if kind == "thinking" else part
        block = self._standing(where, kind)
        if block is None:
            block = yield from self._open_prose(where, kind)
        elif self._parts.get(where) != part:
            text = "\n\n" + text  # the next paragraph of a summary
        self._parts[where] = part
        yield e.Delta(block, text)

    def _standing(self, where: object, kind: e.BlockKind) -> int | None:
        """The block that is open, where it is that one."""
        return self._prose[2] if self._prose is not None and self._prose[:2] == (where, kind) else None

    def _open_prose(self, where: object, kind: e.BlockKind) -> Generator[e.Event, None, int]:
        yield from self._close_prose()
        block = self._take()
        self._prose = where, kind, block
        yield e.Opened(block, kind)
        return block

    def _close_prose(self) -> Iterator[e.Event]:
        if self._prose is not None:
            yield e.Closed(self._prose[2])
            self._prose = None

    def _added(self, item: object, tree: dict[str, Any]) -> Iterator[e.Event]:
        if _text(tree.get("type")) in _CALLS and item not in self._calls:
            yield from self._open_call(item, tree)

    def _open_call(self, item: object, tree: dict[str, Any]) -> Iterator[e.Event]:
        yield from self._close_prose()
        self._called = True
        self._calls[item] = self._take()
        name, space = _text(tree.get("name")), _text(tree.get("namespace"))
        free = tree.get("type") == "custom_tool_call"
        call_id = _text(tree.get("call_id")) or _text(tree.get("id"))
        yield e.Opened(self._calls[item], "tool", id=call_id, name=f"{space}__{name}" if space else name, free=free)

    def _arguments(self, step: str, tree: dict[str, Any]) -> Iterator[e.Event]:
        item = _index(tree)
        if item not in self._calls:
            return  # its item was never announced, and comes whole
        if step == "delta" and (text := _text(tree.get("delta"))):
            self._said.add(item)
            yield e.Delta(self._calls[item], text)

    def _item(self, item: object, tree: dict[str, Any]) -> Iterator[e.Event]:
        """A whole item: what of it has not been said yet, and its end."""
        kind = _text(tree.get("type"))
        self._thinks_by.setdefault(item, "")
        if kind in _CALLS:
            yield from self._call(item, tree, _CALLS[kind])
        elif kind == "message":
            yield from self._message(item, tree)
        elif kind == "reasoning":
            yield from self._thoughts(item, tree)
        elif item not in self._said:
            yield e.Lost(f"answer.{kind}", unseen=kind not in _SILENT)
        self._said.add(item)

    def _call(self, item: object, tree: dict[str, Any], key: str) -> Iterator[e.Event]:
        if item in self._said and item not in self._calls:
            return
        if item not in self._calls:
            yield from self._open_call(item, tree)
        if item not in self._said and (text := _text(tree.get(key))):
            yield e.Delta(self._calls[item], text)
        yield e.Closed(self._calls.pop(item))

    def _message(self, item: object, tree: dict[str, Any]) -> Iterator[e.Event]:
        pieces = tree.get("content")
        for number, piece in enumerate(pieces if isinstance(pieces, list) else ()):
            if not isinstance(piece, dict):
                continue
            kind: e.BlockKind = "refusal" if piece.get("type") == "refusal" else "text"
            family = f"response.{'refusal' if kind == 'refusal' else 'output_text'}"
            part = item, family, number
            if part not in self._said:
                self._said.add(part)
                yield from self._say(item, kind, _text(piece.get("refusal")) or _text(piece.get("text")), part)
            if piece.get("annotations"):
                yield e.Lost("answer.annotations")
        yield from self._close_prose()

    def _thoughts(self, item: object, tree: dict[str, Any]) -> Iterator[e.Event]:
        if item not in self._said:
            pieces = tree.get("content") or tree.get("summary")
            texts = [_text(p.get("text")) for p in pieces if isinstance(p, dict)] if isinstance(pieces, list) else []
            yield from self._say(item, "thinking", "\n\n".join(text for text in texts if text), item)
        if sealed := _text(tree.get("encrypted_content")):
            block = self._standing(item, "thinking")
            if block is None:
                block = yield from self._open_prose(item, "thinking")
            yield e.Sealed(block, sealed=sealed)
        yield from self._close_prose()

    # -- the end ------------------------------------------------------------------------------------------

    def all_of(self, response: dict[str, Any]) -> Iterator[e.Event]:
        output = response.get("output")
        for number, item in enumerate(output if isinstance(output, list) else ()):
            if isinstance(item, dict):
                yield from self._item(number, item)

    def _rest(self, response: dict[str, Any]) -> Iterator[e.Event]:
        """Of a server that shows its items in the last event alone."""
        if not self._said and not self._calls:
            yield from self.all_of(response)

    def end(self, response: dict[str, Any]) -> Iterator[e.Event]:
        if self._ended:
            return
        self._ended = True
        yield from self._close_prose()
        for block in self._calls.values():
            yield e.Closed(block)
        if response.get("status") == "failed":
            yield e.Failed(_failure(response.get("error")))
            return
        details = response.get("incomplete_details")
        reason = details.get("reason") if isinstance(details, dict) else None
        yield e.Ended(self._reason(response.get("status"), reason))
        yield e.Used(usage_of(response))

    def _reason(self, status: object, reason: object) -> e.Reason:
        if reason or status == "incomplete":
            return _REASONS.get(reason, "other") if isinstance(reason, str) else "other"
        if status in ("cancelled", "queued", "in_progress"):
            return "other"
        return "tool_calls" if self._called else "stop"

    def _take(self) -> int:
        self._next += 1
        return self._next - 1


def _failure(error: object) -> e.Problem:
    if not isinstance(error, dict):
        return problem(502, _text(error))
    inner = error.get("error")
    if isinstance(inner, dict):
        error = inner
    code = _text(error.get("code"))
    return problem(_STATUS.get(code, 502), _text(error.get("message")), code=code, param=_text(error.get("param")))


def _object(body: bytes, *, before_first_byte: bool = True) -> dict[str, Any]:
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        tree = None
    if not isinstance(tree, dict):
        message = "it sent something that is no JSON object."
        raise UpstreamError("protocol", message, before_first_byte=before_first_byte)
    return tree


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _place(tree: dict[str, Any]) -> int:
    """Which piece of its item."""
    found = [tree.get(key) for key in ("content_index", "summary_index")]
    return next((each for each in found if isinstance(each, int)), 0)


def _index(tree: dict[str, Any]) -> object:
    """Which item: by its id where it has one, because some servers give all of them the same place."""
    item = tree.get("item")
    found = (item.get("id") if isinstance(item, dict) else None) or tree.get("item_id")
    if isinstance(found, str) and found:
        return found
    place = tree.get("output_index")
    return place if isinstance(place, int) else 0
