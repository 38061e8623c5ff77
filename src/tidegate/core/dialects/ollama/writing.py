"""Events as an answer of Ollama's, whole or line by line.

Durations are this gateway's own: until the first piece came, and from there to the end.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from tidegate.core.dialects import ndjson
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.ollama.arguments import as_object
from tidegate.core.values.usage import NOT_SAID, Usage

Pieces = dict[str, Any]
Place = Callable[[Pieces], Pieces]
"""What was said to where a dialect keeps it."""

_REASONS: dict[e.Reason, str] = {"length": "length", "content_filter": "content_filter", "refusal": "refusal"}


def in_message(pieces: Pieces) -> Pieces:
    """Chat's place."""
    return {"message": {"role": "assistant", "content": "", **pieces}}


def at_top(pieces: Pieces) -> Pieces:
    """Generate's place."""
    said = {"response" if key == "content" else key: value for key, value in pieces.items()}
    return {"response": "", **said}


def write_answer(events: Sequence[e.Event], asked: Asked, place: Place) -> bytes:
    writer = LineWriter(asked, place)
    told: Pieces = {}
    for event in events:
        for key, value in writer.pieces(event).items():
            told[key] = told[key] + value if key in told else value
    return orjson.dumps({**writer.head(), **place(told), **writer.tail()})


class LineWriter:
    """Events to lines (a `Writer`)."""

    __slots__ = ("_asked", "_calls", "_first_ns", "_kinds", "_place", "_reason", "_taken", "_usage")

    def __init__(self, asked: Asked, place: Place) -> None:
        self._asked, self._place = asked, place
        self._kinds: dict[int, e.Opened] = {}
        self._calls: dict[int, list[str]] = {}
        self._taken = 0
        self._reason, self._usage = "stop", NOT_SAID
        self._first_ns = -1

    def feed(self, event: e.Event) -> bytes:
        pieces = self.pieces(event)
        return ndjson.render(orjson.dumps({**self.head(), **self._place(pieces), "done": False})) if pieces else b""

    def close(self) -> bytes:
        return ndjson.render(orjson.dumps({**self.head(), **self._place({}), **self.tail()}))

    def pieces(self, event: e.Event) -> Pieces:
        """What an event adds; the API knows one choice."""
        if isinstance(event, e.Delta):
            return self._delta(event)
        if isinstance(event, e.Opened):
            self._open(event)
        elif isinstance(event, e.Closed):
            return self._close(event)
        elif isinstance(event, e.Ended) and event.choice == 0:
            self._reason = _REASONS.get(event.reason, "stop")
        elif isinstance(event, e.Used):
            self._usage = event.usage
        return {}

    def head(self) -> Pieces:
        return {"model": self._asked.model, "created_at": timestamp(self._asked)}

    def tail(self) -> Pieces:
        whole = self._asked.elapsed_ns()
        first = whole if self._first_ns < 0 else min(self._first_ns, whole)
        return {
            "done": True,
            "done_reason": self._reason,
            "total_duration": whole,
            "load_duration": 0,
            **counts(self._usage),
            "prompt_eval_duration": first,
            "eval_duration": whole - first,
        }

    def _open(self, event: e.Opened) -> None:
        if event.choice == 0:
            self._kinds[event.block] = event
            if event.kind == "tool":
                self._calls[event.block] = []

    def _delta(self, event: e.Delta) -> Pieces:
        opened = self._kinds.get(event.block)
        if event.choice or opened is None:
            return {}
        if self._first_ns < 0:
            self._first_ns = self._asked.elapsed_ns()
        if opened.kind == "tool":
            self._calls[event.block].append(event.text)
            return {}
        return {"thinking" if opened.kind == "thinking" else "content": event.text}

    def _close(self, event: e.Closed) -> Pieces:
        """A call is told as a whole: there is no word here for a piece of one."""
        if event.choice or event.block not in self._calls:
            return {}
        opened, text = self._kinds[event.block], "".join(self._calls.pop(event.block))
        function = {"index": self._taken, "name": opened.name, "arguments": as_object(text)}
        self._taken += 1
        return {"tool_calls": [{"id": opened.id, "function": function}]}


def timestamp(asked: Asked) -> str:
    """RFC 3339, UTC."""
    seconds, rest = divmod(asked.elapsed_ns(), 1_000_000_000)
    when = datetime.fromtimestamp(asked.created + seconds, UTC)
    return f"{when.strftime('%Y-%m-%dT%H:%M:%S')}.{rest:09d}Z"


def counts(usage: Usage) -> dict[str, int]:
    told = (("prompt_eval_count", usage.input_tokens), ("eval_count", usage.output_tokens))
    return {key: value for key, value in told if value >= 0}
