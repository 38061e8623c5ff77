"""What a chat completion says, whole or streamed, as events."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from tidegate.core.dialects import sse
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral.problems import problem
from tidegate.core.dialects.openai_chat.answer import usage_of
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import NOT_SAID

_REASONS: dict[str, e.Reason] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}
_THOUGHTS = ("reasoning_content", "reasoning")
_KNOWN = frozenset(("role", "content", "refusal", "tool_calls", "function_call", *_THOUGHTS))
_CONTENT = _KNOWN - {"role"}
_SILENT = frozenset(("annotations", "reasoning_details"))  # empty for most, and the receipt names them where not


def read_answer(body: bytes) -> Sequence[e.Event]:
    """Raises UpstreamError `protocol` for what is no chat completion."""
    tree = _object(body)
    choices = tree.get("choices")
    if not isinstance(choices, list):
        raise UpstreamError("protocol", "its answer is no chat completion.")
    found: list[e.Event] = [e.Began(_text(tree.get("id")), _text(tree.get("model")))]
    for place, choice in enumerate(choices):
        if isinstance(choice, dict):
            one = _Choice(_index(choice, place))
            found += one.pieces(choice.get("message"))
            found += one.end(choice.get("finish_reason") or "stop")
    found.append(e.Used(usage_of(tree)))
    return found


def read_problem(status: int, body: bytes) -> e.Problem:
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        tree = None
    return _problem(tree.get("error", tree) if isinstance(tree, dict) else None, status)


def open_reader() -> "ChunkReader":
    return ChunkReader()


class ChunkReader:
    """Chunks of a stream to events (a `Reader`)."""

    __slots__ = ("_began", "_choices", "_events")

    def __init__(self) -> None:
        self._events = sse.EventReader()
        self._choices: dict[int, _Choice] = {}
        self._began = False

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
        if "error" in tree and not tree.get("choices"):
            yield e.Failed(_problem(tree["error"], 502))
            return
        if not self._began:
            self._began = True
            yield e.Began(_text(tree.get("id")), _text(tree.get("model")))
        choices = tree.get("choices")
        for place, choice in enumerate(choices if isinstance(choices, list) else ()):
            if isinstance(choice, dict):
                yield from self._choice(choice, place)
        usage = usage_of(tree)
        if usage is not NOT_SAID:
            yield e.Used(usage)

    def _choice(self, choice: dict[str, Any], place: int) -> Iterator[e.Event]:
        index = _index(choice, place)
        one = self._choices.get(index)
        if one is None:
            one = self._choices[index] = _Choice(index)
        yield from one.pieces(choice.get("delta"))
        if isinstance(reason := choice.get("finish_reason"), str):
            yield from one.end(reason)


class _Choice:
    """The blocks of one choice: text of one kind after another, and calls, which stay open until the end."""

    __slots__ = ("_calls", "_ended", "_index", "_next", "_prose")

    def __init__(self, index: int) -> None:
        self._index, self._next, self._ended = index, 0, False
        self._prose: tuple[e.BlockKind, int] | None = None
        self._calls: dict[int, int] = {}

    def pieces(self, piece: object) -> Iterator[e.Event]:
        """Of a whole message, or of one delta. Nothing comes after the end."""
        if isinstance(piece, dict) and not self._ended:
            yield from self._pieces(piece)
        elif isinstance(piece, dict) and any(piece.get(key) for key in _CONTENT):
            yield e.Lost("answer.after_its_end")

    def _pieces(self, piece: dict[str, Any]) -> Iterator[e.Event]:
        for key in _THOUGHTS:
            if text := _text(piece.get(key)):
                yield from self._say("thinking", text)
                break  # who sends both sends the same twice
        yield from self._content(piece.get("content"))
        if text := _text(piece.get("refusal")):
            yield from self._say("refusal", text)
        calls = piece.get("tool_calls")
        for place, call in enumerate(calls if isinstance(calls, list) else ()):
            if isinstance(call, dict):
                yield from self._call(call, place)
        if isinstance(function := piece.get("function_call"), dict):
            yield from self._call({"function": function}, 0)
        for key, value in piece.items():
            if value and key not in _KNOWN:
                yield e.Lost(f"answer.{key}", unseen=key not in _SILENT)

    def end(self, reason: object) -> Iterator[e.Event]:
        if self._ended:
            return
        self._ended = True
        yield from self._close_prose()
        for block in self._calls.values():
            yield e.Closed(block, self._index)
        yield e.Ended(_REASONS.get(reason, "other") if isinstance(reason, str) else "other", self._index)

    def _content(self, content: object) -> Iterator[e.Event]:
        if isinstance(content, str):
            if content:
                yield from self._say("text", content)
        elif isinstance(content, list):  # Mistral's pieces
            for piece in content:
                yield from self._piece(piece)

    def _piece(self, piece: object) -> Iterator[e.Event]:
        kind = piece.get("type") if isinstance(piece, dict) else None
        if isinstance(piece, dict) and kind == "text":
            yield from self._say("text", _text(piece.get("text")))
        elif isinstance(piece, dict) and kind == "thinking" and isinstance(piece.get("thinking"), list):
            for inner in piece["thinking"]:
                if isinstance(inner, dict):
                    yield from self._say("thinking", _text(inner.get("text")))
        else:
            yield e.Lost("answer.content", unseen=True)

    def _say(self, kind: e.BlockKind, text: str) -> Iterator[e.Event]:
        if self._prose is None or self._prose[0] != kind:
            yield from self._close_prose()
            self._prose = kind, self._take()
            yield e.Opened(self._prose[1], kind, self._index)
        if text:
            yield e.Delta(self._prose[1], text, self._index)

    def _close_prose(self) -> Iterator[e.Event]:
        if self._prose is not None:
            yield e.Closed(self._prose[1], self._index)
            self._prose = None

    def _call(self, call: dict[str, Any], place: int) -> Iterator[e.Event]:
        free = isinstance(call.get("custom"), dict)
        inner = call.get("custom") if free else call.get("function")
        inner = inner if isinstance(inner, dict) else {}
        number = _index(call, place)
        block, name, call_id = self._calls.get(number), _text(inner.get("name")), _text(call.get("id"))
        # Some providers send whole calls without an index, or each with index 0: a second id is a second call.
        if block is None or (name and call_id and "index" not in call):
            yield from self._close_prose()
            block = self._take()
            while number in self._calls:
                number += 1
            self._calls[number] = block
            yield e.Opened(block, "tool", self._index, id=call_id, name=name, free=free)
        arguments = inner.get("input" if free else "arguments")
        if isinstance(arguments, dict):  # not the dialect's own; some local servers send objects
            arguments = orjson.dumps(arguments).decode()
        if text := _text(arguments):
            yield e.Delta(block, text, self._index)

    def _take(self) -> int:
        self._next += 1
        return self._next - 1


def _object(body: bytes, *, before_first_byte: bool = True) -> dict[str, Any]:
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        tree = None
    if not isinstance(tree, dict):
        raise UpstreamError(
            "protocol", "it sent something that is no JSON object.", before_first_byte=before_first_byte
        )
    return tree


def _problem(error: object, status: int) -> e.Problem:
    if not isinstance(error, dict):
        return problem(status, _text(error))
    code, param = error.get("code") or error.get("type"), _text(error.get("param"))
    if status == 502 and isinstance(code, int):
        status = code
    found = problem(status, _text(error.get("message")), code=code if isinstance(code, str) else "", param=param)
    return found._replace(kind="content_filter") if code == "content_filter" else found


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _index(numbered: dict[str, Any], place: int) -> int:
    index = numbered.get("index")
    return index if isinstance(index, int) and not isinstance(index, bool) else place
