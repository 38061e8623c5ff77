"""What a completion says as events, and events as a completion."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from tidegate.core.dialects import sse
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.openai_chat.answer import usage_of
from tidegate.core.dialects.openai_chat.answer_meaning import read_problem
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import NOT_SAID, Usage

_SAID = frozenset(("text", "refusal"))


def read_answer(body: bytes) -> Sequence[e.Event]:
    """Raises UpstreamError `protocol` for what is no completion."""
    tree = _object(body)
    if not isinstance(tree.get("choices"), list):
        raise UpstreamError("protocol", "its answer is no completion.")
    reading = _Reading()
    return [*reading.chunk(tree), *reading.end()]


def open_reader() -> "ChunkReader":
    return ChunkReader()


class ChunkReader:
    """Chunks of a stream to events (a `Reader`)."""

    __slots__ = ("_events", "_reading")

    def __init__(self) -> None:
        self._events, self._reading = sse.EventReader(), _Reading()

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
        if "error" in tree and "choices" not in tree:
            yield e.Failed(read_problem(502, data))
            return
        yield from self._reading.chunk(tree)


class _Reading:
    """One block a choice."""

    __slots__ = ("_began", "_open")

    def __init__(self) -> None:
        self._began = False
        self._open: set[int] = set()

    def chunk(self, tree: dict[str, Any]) -> Iterator[e.Event]:
        if not self._began:
            self._began = True
            yield e.Began(_text(tree.get("id")), _text(tree.get("model")))
        choices = tree.get("choices")
        for place, choice in enumerate(choices if isinstance(choices, list) else ()):
            if isinstance(choice, dict):
                yield from self._choice(choice, place)
        if isinstance(tree.get("usage"), dict):
            yield e.Used(usage_of(tree))

    def _choice(self, choice: dict[str, Any], place: int) -> Iterator[e.Event]:
        number = choice.get("index")
        number = number if isinstance(number, int) else place
        if text := _text(choice.get("text")):
            if number not in self._open:
                self._open.add(number)
                yield e.Opened(0, "text", number)
            yield e.Delta(0, text, number)
        if isinstance(reason := choice.get("finish_reason"), str):
            if number in self._open:
                self._open.remove(number)
                yield e.Closed(0, number)
            yield e.Ended("length" if reason == "length" else "stop" if reason == "stop" else "other", number)

    def end(self) -> Iterator[e.Event]:
        """Of a whole answer: what it left open."""
        for number in sorted(self._open):
            yield e.Closed(0, number)
            yield e.Ended("stop", number)


# -- events as a completion ------------------------------------------------------------------------------------------


def write_answer(events: Sequence[e.Event], asked: Asked) -> bytes:
    said: dict[int, list[str]] = {}
    reasons: dict[int, str] = {}
    usage, prose = NOT_SAID, _Prose()
    for event in events:
        if isinstance(event, e.Ended):
            reasons[event.choice] = _reason(event)
        elif isinstance(event, e.Used):
            usage = event.usage
        elif text := prose.of(event):
            said.setdefault(event.choice, []).append(text)  # type: ignore[union-attr]  # only deltas have text
    choices = [
        {"text": "".join(said.get(number, ())), "index": number, "logprobs": None, "finish_reason": reason}
        for number, reason in sorted(reasons.items())
    ]
    return orjson.dumps({**_head(asked), "choices": choices, "usage": _usage(usage)})


def open_writer(asked: Asked) -> "ChunkWriter":
    return ChunkWriter(asked)


class ChunkWriter:
    """Events to the chunks of a stream (a `Writer`)."""

    __slots__ = ("_head", "_prose", "_says_usage", "_usage")

    def __init__(self, asked: Asked) -> None:
        options = asked.document.get("stream_options")
        self._says_usage = isinstance(options, dict) and options.get("include_usage") is True
        self._head, self._prose, self._usage = _head(asked), _Prose(), NOT_SAID

    def feed(self, event: e.Event) -> bytes:
        if isinstance(event, e.Ended):
            return self._chunk("", event.choice, _reason(event))
        if isinstance(event, e.Used):
            self._usage = event.usage
        elif text := self._prose.of(event):
            return self._chunk(text, event.choice, None)  # type: ignore[union-attr]  # only deltas have text
        return b""

    def close(self) -> bytes:
        last = sse.render(b"[DONE]")
        if not self._says_usage:
            return last
        return sse.render(orjson.dumps({**self._head, "choices": [], "usage": _usage(self._usage)})) + last

    def _chunk(self, text: str, number: int, reason: str | None) -> bytes:
        choice = {"text": text, "index": number, "logprobs": None, "finish_reason": reason}
        return sse.render(orjson.dumps({**self._head, "choices": [choice]}))


class _Prose:
    """What an answer says aloud: a completion has no place for thoughts and calls."""

    __slots__ = ("_silent",)

    def __init__(self) -> None:
        self._silent: set[tuple[int, int]] = set()

    def of(self, event: e.Event) -> str:
        if isinstance(event, e.Opened) and event.kind not in _SAID:
            self._silent.add((event.choice, event.block))
        if isinstance(event, e.Delta) and (event.choice, event.block) not in self._silent:
            return event.text
        return ""


def _reason(event: e.Ended) -> str:
    return {"length": "length", "content_filter": "content_filter"}.get(event.reason, "stop")


def _head(asked: Asked) -> dict[str, Any]:
    return {
        "id": f"cmpl-{asked.request_id}",
        "object": "text_completion",
        "created": asked.created,
        "model": asked.model,
    }


def _usage(usage: Usage) -> dict[str, int]:
    read, written = max(usage.input_tokens, 0), max(usage.output_tokens, 0)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


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
