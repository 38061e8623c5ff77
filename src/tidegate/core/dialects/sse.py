"""Server-sent events, cut out of a byte stream however it was split (HTML standard, section 9.2)."""

import re
from typing import NamedTuple

from tidegate.core.values.errors import UpstreamError

MAX_EVENT_BYTES = 4 * 1024 * 1024

_END = re.compile(rb"(?:\r\n|\n|\r(?!\n)){2}")
_LONGEST_END = 4
_MARK = b"\xef\xbb\xbf"
"""A stream may begin with one, and clients skip it."""
_LINE = re.compile(rb"\r\n|\n|\r")


class Event(NamedTuple):
    """`raw`: the bytes as they came, with the blank line. `data`: data lines joined by LF; None for comments only."""

    raw: bytes
    data: bytes | None


class EventReader:
    """Fed with bytes, gives whole events. What is no event yet is held, up to MAX_EVENT_BYTES."""

    __slots__ = ("_began", "_held")

    def __init__(self) -> None:
        self._held = bytearray()
        self._began = False

    def feed(self, chunk: bytes) -> list[Event]:
        """Raises UpstreamError `too_large`."""
        if not self._held and chunk.endswith(b"\n\n") and b"\r" not in chunk and b"\n\n\n" not in chunk:
            # Whole events, as nearly all providers send them.
            return [self._event(raw + b"\n\n") for raw in chunk[:-2].split(b"\n\n")]
        # What was looked through is not looked through again: a long event in small pieces would cost its square.
        begin = max(len(self._held) - _LONGEST_END + 1, 0)
        self._held += chunk
        if not _END.search(self._held, begin):
            self._bound()
            return []
        held = bytes(self._held)
        events: list[Event] = []
        start = 0
        for end in _END.finditer(held, begin):
            # A carriage return at the very end may be the first half of a line's end.
            if end.end() == len(held) and held.endswith(b"\r"):
                break
            events.append(self._event(held[start : end.end()]))
            start = end.end()
        self._held = bytearray(held[start:])
        self._bound()
        return events

    def _bound(self) -> None:
        if len(self._held) > MAX_EVENT_BYTES:
            raise UpstreamError("too_large", "The upstream sent an event of more than 4 MiB.", before_first_byte=False)

    def _event(self, raw: bytes) -> Event:
        data = _data(raw if self._began else raw.removeprefix(_MARK))
        self._began = True
        return Event(raw, data)

    def close(self) -> list[Event]:
        """What is left when the stream ends; a last event that lacks its blank line still counts."""
        held = bytes(self._held)
        self._held.clear()
        return [self._event(held)] if held.strip() else []


def _data(raw: bytes) -> bytes | None:
    if raw.startswith(b"data: ") and raw.count(b"\n") == 2 and raw.endswith(b"\n\n") and b"\r" not in raw:
        return raw[6:-2]  # the one shape that all providers send
    if raw.startswith(b"event: ") and raw.count(b"\n") == 3 and raw.endswith(b"\n\n") and b"\r" not in raw:
        _, _, data = raw.partition(b"\n")
        if data.startswith(b"data: "):
            return data[6:-2]  # and the one of those that name their events
    lines = [line[5:].removeprefix(b" ") for line in _LINE.split(raw) if line.startswith(b"data:")]
    return b"\n".join(lines) if lines else None


def render(data: bytes) -> bytes:
    """`data` holds no line break (compact JSON never does)."""
    return b"data: " + data + b"\n\n"
