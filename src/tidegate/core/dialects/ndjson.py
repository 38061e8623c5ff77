"""Lines of JSON, cut out of a byte stream however it was split (github.com/ndjson/ndjson-spec)."""

from typing import NamedTuple

from tidegate.core.values.errors import UpstreamError

MAX_LINE_BYTES = 4 * 1024 * 1024


class Line(NamedTuple):
    """`raw`: the bytes as they came, with the line feed. `data`: what stands in the line; None for a blank one."""

    raw: bytes
    data: bytes | None


class LineReader:
    """Fed with bytes, gives whole lines. What is no line yet is held, up to MAX_LINE_BYTES."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, chunk: bytes) -> list[Line]:
        """Raises UpstreamError `too_large`."""
        end = chunk.rfind(b"\n") + 1
        if not end:
            self._hold(chunk)
            return []
        whole = bytes(self._held) + chunk[:end]
        self._held.clear()
        self._hold(chunk[end:])
        # Not `splitlines`: a carriage return ends no line by itself.
        return [_line(raw + b"\n") for raw in whole[:-1].split(b"\n")]

    def close(self) -> list[Line]:
        """What is left when the stream ends; a last line that lacks its line feed still counts."""
        held = bytes(self._held)
        self._held.clear()
        return [_line(held)] if held.strip() else []

    def _hold(self, piece: bytes) -> None:
        self._held += piece
        if len(self._held) > MAX_LINE_BYTES:
            raise UpstreamError("too_large", "The upstream sent a line of more than 4 MiB.", before_first_byte=False)


def _line(raw: bytes) -> Line:
    return Line(raw, raw.strip() or None)


def render(data: bytes) -> bytes:
    """`data` holds no line break (compact JSON never does)."""
    return data + b"\n"
