"""What ConverseStream says, as events."""

from collections.abc import Iterator
from typing import Any

import orjson

from tidegate.core.dialects.bedrock_converse.answer import ended, is_the_clients, text, usage_of
from tidegate.core.dialects.bedrock_converse.errors import problem_in_stream
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.eventstream import Message, MessageReader
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.errors import UpstreamError


def open_reader() -> "StreamReader":
    return StreamReader()


class StreamReader:
    """Messages of a stream to events (a `Reader`). Text and thoughts have no start but their first piece."""

    __slots__ = ("_messages", "_open", "_silent", "_untold")

    def __init__(self) -> None:
        self._messages = MessageReader()
        self._open: dict[int, e.BlockKind] = {}
        self._untold: set[int] = set()
        """Calls of which no argument has come."""
        self._silent: set[int] = set()
        """Blocks that the neutral form has no word for."""

    def feed(self, chunk: bytes) -> Iterator[e.Event]:
        for message in self._messages.feed(chunk):
            yield from self._read(message)

    def close(self) -> Iterator[e.Event]:
        """What was cut off inside a message is no message."""
        return iter(())

    def _read(self, message: Message) -> Iterator[e.Event]:
        kind = message.text(":message-type")
        if kind == "exception":
            yield e.Failed(problem_in_stream(message.text(":exception-type"), message.payload))
        elif kind == "error":  # what no model of the service describes
            told = orjson.dumps({"message": message.text(":error-message")})
            yield e.Failed(problem_in_stream(message.text(":error-code"), told))
        elif kind == "event":
            yield from self._event(message.text(":event-type"), _object(message.payload))

    def _event(self, kind: str, tree: dict[str, Any]) -> Iterator[e.Event]:
        if kind == "messageStart":
            yield e.Began()
        elif kind == "contentBlockStart":
            yield from self._start(_number(tree), tree.get("start"))
        elif kind == "contentBlockDelta":
            yield from self._delta(_number(tree), tree.get("delta"))
        elif kind == "contentBlockStop":
            yield from self._stop(_number(tree))
        elif kind == "messageStop":
            for number in list(self._open):
                yield from self._stop(number)
            yield from ended(tree)
        elif kind == "metadata":
            yield e.Used(usage_of(tree))

    def _start(self, number: int, start: object) -> Iterator[e.Event]:
        call = start.get("toolUse") if isinstance(start, dict) else None
        if isinstance(call, dict) and is_the_clients(call):
            self._open[number] = "tool"
            self._untold.add(number)
            yield e.Opened(number, "tool", id=text(call.get("toolUseId")), name=text(call.get("name")))
        elif isinstance(start, dict) and start:
            self._silent.add(number)
            for key in start:
                yield e.Lost(f"answer.{key}", unseen=True)

    def _delta(self, number: int, delta: object) -> Iterator[e.Event]:
        if not isinstance(delta, dict) or number in self._silent:
            return
        for key, value in delta.items():
            if key == "text" and isinstance(value, str):
                yield from self._say(number, "text", value)
            elif key == "toolUse" and isinstance(value, dict):
                yield from self._say(number, "tool", text(value.get("input")))
            elif key == "reasoningContent" and isinstance(value, dict):
                yield from self._think(number, value)
            elif key == "citation":
                yield e.Lost("answer.citations")
            else:
                yield e.Lost(f"answer.{key}", unseen=True)

    def _think(self, number: int, piece: dict[str, Any]) -> Iterator[e.Event]:
        yield from self._say(number, "thinking", text(piece.get("text")))
        signature, sealed = text(piece.get("signature")), text(piece.get("redactedContent"))
        if (signature or sealed) and self._open.get(number) == "thinking":
            yield e.Sealed(number, signature, sealed)

    def _say(self, number: int, kind: e.BlockKind, said: str) -> Iterator[e.Event]:
        if number not in self._open and kind != "tool":
            self._open[number] = kind
            yield e.Opened(number, kind)
        if said:
            if self._open.get(number) != kind:
                raise UpstreamError("protocol", "a block of its answer changes its kind.", before_first_byte=False)
            self._untold.discard(number)
            yield e.Delta(number, said)

    def _stop(self, number: int) -> Iterator[e.Event]:
        if self._open.pop(number, None):
            if number in self._untold:  # a call without arguments is an empty object to everybody else
                yield e.Delta(number, "{}")
            yield e.Closed(number)


def _number(tree: dict[str, Any]) -> int:
    number = tree.get("contentBlockIndex")
    return number if isinstance(number, int) and not isinstance(number, bool) else 0


def _object(payload: bytes) -> dict[str, Any]:
    try:
        tree = loads(payload)
    except orjson.JSONDecodeError:
        tree = None
    if not isinstance(tree, dict):
        raise UpstreamError("protocol", "an event of its stream is no JSON object.", before_first_byte=False)
    return tree
