"""What an answer says, whole or line by line, as events."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from tidegate.core.dialects import ndjson
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.ollama.errors import problem_in
from tidegate.core.dialects.ollama.texts import relayed, usage_of
from tidegate.core.values.errors import UpstreamError

_REASONS: dict[str, e.Reason] = {"stop": "stop", "length": "length", "": "stop"}
_PROSE: tuple[tuple[str, e.BlockKind], ...] = (("thinking", "thinking"), ("content", "text"), ("response", "text"))
_KNOWN = frozenset((
    "model", "created_at", "message", "done", "done_reason", "remote_model", "remote_host", "total_duration",
    "load_duration", "prompt_eval_count", "prompt_eval_duration", "eval_count", "eval_duration", "context", "role",
    "content", "thinking", "response", "tool_calls", "tool_name", "tool_call_id", "error",
))  # fmt: skip
_EMBEDDED = frozenset(("image", "images"))


def read_answer(body: bytes) -> Sequence[e.Event]:
    """Raises UpstreamError `protocol` for what is no answer."""
    tree = _object(body)
    if "error" in tree:
        return [e.Failed(problem_in(tree, 502))]
    if not isinstance(_said(tree), dict):
        raise UpstreamError("protocol", "its answer is none of Ollama's.")
    return [*_Lines().read(tree, whole=True)]


def open_reader() -> "LineMeaning":
    return LineMeaning()


class LineMeaning:
    """Lines of a stream to events (a `Reader`)."""

    __slots__ = ("_lines", "_meaning")

    def __init__(self) -> None:
        self._lines, self._meaning = ndjson.LineReader(), _Lines()

    def feed(self, chunk: bytes) -> Iterator[e.Event]:
        for line in self._lines.feed(chunk):
            yield from self._read(line)

    def close(self) -> Iterator[e.Event]:
        for line in self._lines.close():
            yield from self._read(line)

    def _read(self, line: ndjson.Line) -> Iterator[e.Event]:
        if line.data is not None:
            tree = _object(line.data, before_first_byte=False)
            if "error" in tree:
                yield e.Failed(problem_in(tree, 502))
            else:
                yield from self._meaning.read(tree)


class _Lines:
    """The blocks of one answer: text of one kind after another, calls each in one piece."""

    __slots__ = ("_began", "_called", "_next", "_prose")

    def __init__(self) -> None:
        self._began = self._called = False
        self._next = 0
        self._prose: tuple[e.BlockKind, int] | None = None

    def read(self, tree: dict[str, Any], *, whole: bool = False) -> Iterator[e.Event]:
        """`whole`: it is all of an answer, whatever it says of being done."""
        if not self._began:
            self._began = True
            yield e.Began("", _text(tree.get("model")))
        if relay := relayed(tree):
            yield e.Relayed(relay)
        said = _said(tree)
        if isinstance(said, dict):
            yield from self._pieces(said)
        for holder in (tree, said) if said is not tree else (tree,):
            yield from _lost(holder)
        if whole or tree.get("done") is True:
            yield from self._close_prose()
            reason = _REASONS.get(_text(tree.get("done_reason")), "other")
            yield e.Ended("tool_calls" if self._called and reason == "stop" else reason)
            yield e.Used(usage_of(tree))

    def _pieces(self, said: dict[str, Any]) -> Iterator[e.Event]:
        for key, kind in _PROSE:
            if text := _text(said.get(key)):
                yield from self._say(kind, text)
        calls = said.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            function = call.get("function") if isinstance(call, dict) else None
            if isinstance(function, dict):
                yield from self._call(_text(call.get("id")), function)

    def _say(self, kind: e.BlockKind, text: str) -> Iterator[e.Event]:
        if self._prose is None or self._prose[0] != kind:
            yield from self._close_prose()
            self._prose = kind, self._take()
            yield e.Opened(self._prose[1], kind)
        yield e.Delta(self._prose[1], text)

    def _call(self, call_id: str, function: dict[str, Any]) -> Iterator[e.Event]:
        self._called = True
        yield from self._close_prose()
        block, arguments = self._take(), function.get("arguments")
        yield e.Opened(block, "tool", id=call_id, name=_text(function.get("name")))
        yield e.Delta(block, arguments if isinstance(arguments, str) else orjson.dumps(arguments or {}).decode())
        yield e.Closed(block)

    def _close_prose(self) -> Iterator[e.Event]:
        if self._prose is not None:
            yield e.Closed(self._prose[1])
            self._prose = None

    def _take(self) -> int:
        self._next += 1
        return self._next - 1


def _said(tree: dict[str, Any]) -> Any:
    return tree.get("message") if "message" in tree else tree if "response" in tree else None


def _lost(holder: Any) -> Iterator[e.Event]:
    for key, value in holder.items() if isinstance(holder, dict) else ():
        if value and key not in _KNOWN:
            yield e.Lost(f"answer.{key}", unseen=key in _EMBEDDED)


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
