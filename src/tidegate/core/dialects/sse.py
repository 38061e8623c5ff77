"""Server-sent events, cut out of a byte stream however it was split (HTML standard, section 9.2)."""

import re
from typing import NamedTuple

from tidegate.core.values.errors import UpstreamError

MAX_EVENT_BYTES = 4 * 1024 * 1024

_END = re.compile(rb"\r\n\r\n|\n\n|\r\r|\n\r\n|\r\n\n")
_LINE = re.compile(rb"\r\n|\n|\r")


class Event(NamedTuple):
    """`raw`: the bytes as they came, with the blank line. `data`: data lines joined by LF; None for comments only."""

    raw: bytes
    data: bytes | None


class EventReader:
    """Fed with bytes, gives whole events. What is no event yet is held, up to MAX_EVENT_BYTES."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held = b""

    def feed(self, chunk: bytes) -> list[Event]:
        held = self._held + chunk if self._held else chunk
        events: list[Event] = []
        start = 0
        for end in _END.finditer(held):
            # "\r\n\r" at the very end may still become "\r\n\r\n"; only "\r\r" could be cut too early.
            if end.group() == b"\r\r" and end.end() == len(held):
                break
            raw = held[start : end.end()]
            events.append(Event(raw, _data(raw)))
            start = end.end()
        self._held = held[start:]
        if len(self._held) > MAX_EVENT_BYTES:
            raise UpstreamError("too_large", "The upstream sent an event of more than 4 MiB.", before_first_byte=False)
        return events

    def close(self) -> list[Event]:
        """What is left when the stream ends; a last event that lacks its blank line still counts."""
        held, self._held = self._held, b""
        return [Event(held, _data(held))] if held.strip() else []


def _data(raw: bytes) -> bytes | None:
    if raw.startswith(b"data: ") and raw.count(b"\n") == 2 and raw.endswith(b"\n\n") and b"\r" not in raw:
        return raw[6:-2]  # the one shape that all providers send
    lines = [line[5:].removeprefix(b" ") for line in _LINE.split(raw) if line.startswith(b"data:")]
    return b"\n".join(lines) if lines else None


def render(data: bytes) -> bytes:
    """`data` holds no line break (compact JSON never does)."""
    return b"data: " + data + b"\n\n"
