"""What an answer says, whole or streamed, as events."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from tidegate.core.dialects import sse
from tidegate.core.dialects.anthropic_messages.answer import usage_of
from tidegate.core.dialects.anthropic_messages.errors import KINDS
from tidegate.core.dialects.anthropic_messages.texts import dump, load
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral.problems import problem
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import NOT_SAID

_REASONS: Mapping[str, e.Reason] = MappingProxyType(
    {
        "end_turn": "stop",
        "stop_sequence": "stop",
        "max_tokens": "length",
        "model_context_window_exceeded": "length",
        "tool_use": "tool_calls",
        "refusal": "refusal",
        "pause_turn": "pause",
    }
)
_STATUS = {kind: status for status, kind in KINDS.items()} | {"api_error": 500, "timeout_error": 504}
_KINDS: Mapping[str, e.BlockKind] = MappingProxyType(
    {"text": "text", "thinking": "thinking", "redacted_thinking": "thinking", "tool_use": "tool"}
)
_OF_DELTA: Mapping[str, e.BlockKind] = MappingProxyType(
    {"text_delta": "text", "thinking_delta": "thinking", "signature_delta": "thinking", "input_json_delta": "tool"}
)
_TEXT = {"text_delta": "text", "thinking_delta": "thinking", "input_json_delta": "partial_json"}


def read_answer(body: bytes) -> Sequence[e.Event]:
    """Raises UpstreamError `protocol` for what is no message."""
    tree = _object(body)
    if tree.get("type") == "error":
        return [e.Failed(_problem(tree.get("error"), 0))]
    content = tree.get("content")
    if not isinstance(content, list):
        raise UpstreamError("protocol", "its answer is no message.")
    found: list[e.Event] = [e.Began(_text(tree.get("id")), _text(tree.get("model")))]
    blocks = _Blocks()
    for index, block in enumerate(content):
        if isinstance(block, dict):
            found += blocks.start(index, block)
            found += blocks.stop(index)
    found.append(_ended(tree))
    usage = tree.get("usage")
    found.append(e.Used(usage_of(usage) if isinstance(usage, dict) else NOT_SAID))
    return found


def read_problem(status: int, body: bytes) -> e.Problem:
    try:
        tree = load(body)
    except ValueError:
        tree = None
    return _problem(tree.get("error", tree) if isinstance(tree, dict) else None, status)


def open_reader() -> "EventReader":
    return EventReader()


class EventReader:
    """A stream's events to the neutral ones (a `Reader`)."""

    __slots__ = ("_blocks", "_ended", "_events", "_usage")

    def __init__(self) -> None:
        self._events = sse.EventReader()
        self._blocks = _Blocks()
        self._ended: e.Ended | None = None
        self._usage = NOT_SAID

    def feed(self, chunk: bytes) -> Iterator[e.Event]:
        for event in self._events.feed(chunk):
            yield from self._read(event.data)

    def close(self) -> Iterator[e.Event]:
        for event in self._events.close():
            yield from self._read(event.data)

    def _read(self, data: bytes | None) -> Iterator[e.Event]:
        if data is None:
            return
        tree = _object(data, before_first_byte=False)
        kind, index = tree.get("type"), _index(tree)
        if kind == "content_block_delta":
            yield from self._blocks.delta(index, _dict(tree.get("delta")))
        elif kind == "content_block_start":
            yield from self._blocks.start(index, _dict(tree.get("content_block")))
        elif kind == "content_block_stop":
            yield from self._blocks.stop(index)
        elif kind == "message_start":
            yield from self._began(_dict(tree.get("message")))
        elif kind == "message_delta":
            self._ended = _ended(_dict(tree.get("delta")))
            self._usage = usage_of(_dict(tree.get("usage")), self._usage)
        elif kind == "message_stop":
            yield from self._blocks.rest()
            yield self._ended or e.Ended("stop")
            yield e.Used(self._usage)
        elif kind == "error":
            yield e.Failed(_problem(tree.get("error"), 0))

    def _began(self, message: dict[str, Any]) -> Iterator[e.Event]:
        self._usage = usage_of(_dict(message.get("usage")))
        yield e.Began(_text(message.get("id")), _text(message.get("model")))


class _Open:
    __slots__ = ("has_text", "kind", "number")

    def __init__(self, kind: e.BlockKind, number: int) -> None:
        self.kind, self.number, self.has_text = kind, number, False


class _Blocks:
    """The blocks of an answer, numbered anew: some of them say nothing that others could."""

    __slots__ = ("_lost", "_next", "_open")

    def __init__(self) -> None:
        self._next = 0
        self._lost: set[int] = set()
        self._open: dict[int, _Open] = {}

    def start(self, index: int, block: dict[str, Any]) -> Iterator[e.Event]:
        yield from self.stop(index)  # one that nobody closed
        kind = block.get("type")
        meant = _KINDS.get(kind) if isinstance(kind, str) else None
        if meant is None:
            self._lost = {index}  # blocks of this dialect come one after another
            yield e.Lost(f"answer.{kind if isinstance(kind, str) else 'content'}"[:80], unseen=True)
            return
        self._lost.discard(index)
        yield from self._opened(index, meant, block)
        if block.get("citations"):
            yield e.Lost("answer.citations")
        first = dump(block["input"]).decode() if meant == "tool" and block.get("input") else ""
        yield from self._said(index, first or _text(block.get("thinking" if meant == "thinking" else "text")))
        signature, sealed = _text(block.get("signature")), _text(block.get("data"))
        if signature or sealed:
            yield e.Sealed(self._open[index].number, signature, sealed)

    def delta(self, index: int, delta: dict[str, Any]) -> Iterator[e.Event]:
        if index in self._lost:
            return
        kind = delta.get("type")
        meant = _OF_DELTA.get(kind) if isinstance(kind, str) else None
        if meant is None:
            yield e.Lost("answer.citations") if kind == "citations_delta" else e.Lost("answer.delta", unseen=True)
            return
        if index not in self._open:  # some servers begin no blocks
            yield from self._opened(index, meant, {})
        if kind == "signature_delta":
            if signature := _text(delta.get("signature")):
                yield e.Sealed(self._open[index].number, signature)
        else:
            yield from self._said(index, _text(delta.get(_TEXT[str(kind)])))

    def stop(self, index: int) -> Iterator[e.Event]:
        found = self._open.pop(index, None)
        if found is None:
            return
        if found.kind == "tool" and not found.has_text:
            yield e.Delta(found.number, "{}")  # a call without arguments is still called with an object
        yield e.Closed(found.number)

    def rest(self) -> Iterator[e.Event]:
        for index in list(self._open):
            yield from self.stop(index)

    def _opened(self, index: int, kind: e.BlockKind, block: dict[str, Any]) -> Iterator[e.Event]:
        for other, found in list(self._open.items()):
            if kind != "tool" and found.kind != "tool":
                yield from self.stop(other)
        self._open[index] = _Open(kind, self._next)
        self._next += 1
        call_id, name = (_text(block.get("id")), _text(block.get("name"))) if kind == "tool" else ("", "")
        yield e.Opened(self._open[index].number, kind, id=call_id, name=name)

    def _said(self, index: int, text: str) -> Iterator[e.Event]:
        if text:
            found = self._open[index]
            found.has_text = True
            yield e.Delta(found.number, text)


def _ended(holder: dict[str, Any]) -> e.Ended:
    return e.Ended(_REASONS.get(_text(holder.get("stop_reason")), "other"), sequence=_text(holder.get("stop_sequence")))


def _problem(error: object, status: int) -> e.Problem:
    """`status`: 0 where the error came inside an answer."""
    told = _dict(error)
    kind = _text(told.get("type"))
    return problem(status or _STATUS.get(kind, 502), _text(told.get("message") or error), code=kind)


def _object(body: bytes, *, before_first_byte: bool = True) -> dict[str, Any]:
    try:
        tree = load(body)
    except ValueError:
        tree = None
    if not isinstance(tree, dict):
        raise UpstreamError(
            "protocol", "it sent something that is no JSON object.", before_first_byte=before_first_byte
        )
    return tree


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _index(tree: dict[str, Any]) -> int:
    index = tree.get("index")
    return index if isinstance(index, int) and not isinstance(index, bool) else 0
