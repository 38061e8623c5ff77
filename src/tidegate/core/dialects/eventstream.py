"""AWS event streams (application/vnd.amazon.eventstream): binary messages, each with two checksums, cut out of a byte
stream however it was split.

    total length (4) | headers' length (4) | CRC of these (4) | headers | payload | CRC of all before (4)

Numbers are big-endian, checksums CRC-32 (smithy.io/2.0/aws/amazon-eventstream.html). A header is a name, a type and a
value of that type.
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from tidegate.core.values.errors import UpstreamError

MAX_MESSAGE_BYTES = 4 * 1024 * 1024
MAX_HEADERS_BYTES = 128 * 1024
"""Both less than the format's own bounds (24 MiB and 128 KiB): what comes here are pieces of texts."""

_PRELUDE = struct.Struct(">III")
_CRC = struct.Struct(">I")
_LEAST = _PRELUDE.size + _CRC.size

HeaderValue = bool | int | bytes | str


class Message(NamedTuple):
    headers: Mapping[str, HeaderValue]
    payload: bytes

    def text(self, name: str) -> str:
        """A header's text; empty where there is none, or it is no text."""
        value = self.headers.get(name)
        return value if isinstance(value, str) else ""


class MessageReader:
    """Fed with bytes, gives whole messages. What is no message yet is held, up to MAX_MESSAGE_BYTES."""

    __slots__ = ("_checked", "_held")

    def __init__(self) -> None:
        self._held = bytearray()
        self._checked = 0
        """Length of the first message, once its prelude has been checked."""

    @property
    def idle(self) -> bool:
        """Whether the stream stands between two messages."""
        return not self._held

    def feed(self, chunk: bytes) -> Iterator[Message]:
        """Raises UpstreamError: `too_large`, `protocol` for what is no message."""
        self._held += chunk
        while (size := self._first()) and len(self._held) >= size:
            message = bytes(self._held[:size])
            del self._held[:size]
            self._checked = 0
            yield _read(message)

    def _first(self) -> int:
        """The length of the message that begins here; 0 while nobody knows."""
        if not self._checked and len(self._held) >= _PRELUDE.size:
            total, headers, checksum = _PRELUDE.unpack_from(self._held)
            if zlib.crc32(self._held[:8]) != checksum:
                raise _broken("a message's head does not agree with its checksum")
            if total > MAX_MESSAGE_BYTES or headers > MAX_HEADERS_BYTES:
                raise UpstreamError("too_large", "The upstream sent a message of more than 4 MiB.", **_LATE)
            if total < _LEAST + headers:
                raise _broken("a message is shorter than its own parts")
            self._checked = total
        return self._checked


_LATE: Mapping[str, Any] = {"before_first_byte": False}


def _broken(what: str) -> UpstreamError:
    return UpstreamError("protocol", f"its event stream is broken: {what}.", **_LATE)


def _read(message: bytes) -> Message:
    if zlib.crc32(message[:-4]) != _CRC.unpack_from(message, len(message) - 4)[0]:
        raise _broken("a message does not agree with its checksum")
    _, length, _ = _PRELUDE.unpack_from(message)
    end = _PRELUDE.size + length
    try:
        headers = dict(_headers(message[_PRELUDE.size : end]))
    except (struct.error, IndexError, UnicodeDecodeError, ValueError, KeyError):
        raise _broken("a message's headers are none") from None
    return Message(headers, message[end:-4])


def _headers(raw: bytes) -> Iterator[tuple[str, HeaderValue]]:
    at = 0
    while at < len(raw):
        size = raw[at]
        name = raw[at + 1 : at + 1 + size].decode()
        value, at = _VALUES[raw[at + 1 + size]](raw, at + 2 + size)
        yield name, value


_Read = Callable[[bytes, int], tuple[HeaderValue, int]]


def _fixed(value: HeaderValue) -> _Read:
    return lambda _, at: (value, at)


def _number(form: str) -> _Read:
    shape = struct.Struct(form)
    return lambda raw, at: (shape.unpack_from(raw, at)[0], at + shape.size)


def _sized(raw: bytes, at: int) -> tuple[bytes, int]:
    size: int = struct.unpack_from(">H", raw, at)[0]
    found = raw[at + 2 : at + 2 + size]
    if len(found) != size:
        raise ValueError("cut")
    return found, at + 2 + size


def _text(raw: bytes, at: int) -> tuple[str, int]:
    found, after = _sized(raw, at)
    return found.decode(), after


def _uuid(raw: bytes, at: int) -> tuple[bytes, int]:
    return struct.unpack_from("16s", raw, at)[0], at + 16


_VALUES: Mapping[int, _Read] = {
    0: _fixed(True),
    1: _fixed(False),
    2: _number(">b"),
    3: _number(">h"),
    4: _number(">i"),
    5: _number(">q"),
    6: _sized,
    7: _text,
    8: _number(">q"),  # a moment, in milliseconds since the epoch
    9: _uuid,
}
