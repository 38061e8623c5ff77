"""The body's side of a response: what has arrived and is not read yet, and whoever waits for more of it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType
from typing import Protocol

from tidegate.core.values.errors import UpstreamError

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Source(Protocol):
    """Where the rest of a body comes from."""

    def resume(self) -> None: ...

    def drop(self) -> None: ...


class Http1Answer:
    """An `Answer`. The connection fills it and leaves when the body is complete, so that it is free for the next
    request before this one's last piece is read. One reader at a time.

    What the answer holds is bounded: by the limit that `read` was given, else by the connection's `unread_bytes` plus
    what one read of the socket brings.
    """

    __slots__ = (
        "_loop",
        "_passed_on",
        "_pieces",
        "_source",
        "_waiter",
        "error",
        "headers",
        "limit",
        "status",
        "unread",
    )

    def __init__(self, source: Source, loop: asyncio.AbstractEventLoop) -> None:
        self.status = 0
        """0 until the head has arrived."""
        self.headers = _NO_HEADERS
        self.error: UpstreamError | None = None
        self.limit: int | None = None
        """Set when the body is wanted whole: nobody is woken before its end, and no back-pressure is applied."""
        self.unread = 0
        self._passed_on = False
        self._pieces: list[bytes] = []
        self._source: Source | None = source
        self._loop = loop  # asked for once: finding the running one is a system call each time
        self._waiter: asyncio.Future[None] | None = None

    # -- the connection's side ---------------------------------------------------------------------------

    def feed(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self.unread += len(piece)

    def wake(self) -> None:
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def end(self, error: UpstreamError | None = None) -> None:
        """The connection has left: nothing will be fed any more."""
        self._source, self.error = None, error
        self.wake()

    # -- the reader's side -------------------------------------------------------------------------------

    async def arrived(self) -> "Http1Answer":
        """Itself, once its head is here. Raises UpstreamError."""
        if self.status == 0 and self.error is None:
            await self._more()
        if self.status == 0:
            self._raise()
        return self

    async def read(self, limit_bytes: int) -> bytes:
        self.limit = limit_bytes
        while self._source is not None and max(self._declared(), self.unread) <= limit_bytes:
            self._source.resume()
            await self._more()
        if self.unread > limit_bytes or (self.error is None and self._source is not None):
            self._leave()
            self.error = UpstreamError("too_large", f"its answer is larger than {limit_bytes} bytes.")
        self._raise()
        return self._take()

    def chunks(self) -> AsyncIterator[bytes]:
        return self  # rather than an async generator: left half-way, it leaves nothing to a garbage collector

    async def aclose(self) -> None:
        self.abandon()

    def abandon(self) -> None:
        """What `aclose` does, for those who cannot wait."""
        if self._source is not None:
            self._leave()
        if self._pieces:
            self.error = self.error or _given_up()
            self._pieces.clear()
            self.unread = 0

    def __aiter__(self) -> "Http1Answer":
        return self

    async def __anext__(self) -> bytes:
        """All that has arrived, at least one byte. Raises UpstreamError, at the end StopAsyncIteration."""
        while not self._pieces:
            if self._source is None:
                self._raise()
                raise StopAsyncIteration
            self._source.resume()
            await self._more()
        self._passed_on = True
        return self._take()

    def _raise(self) -> None:
        """Raises the error if there is one. Another target may be tried as long as nothing was taken from this one."""
        if self.error is not None:
            self.error.before_first_byte = not self._passed_on
            raise self.error

    def _take(self) -> bytes:
        pieces = self._pieces
        taken = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self.unread = 0
        return taken

    def _declared(self) -> int:
        return int(self.headers.get("content-length", "0"))  # the parser lets only digits of 64 bits through

    async def _more(self) -> None:
        waiter = self._waiter = self._loop.create_future()
        try:
            await waiter
        except asyncio.CancelledError:
            self._leave()
            raise

    def _leave(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            self.error = _given_up()
            source.drop()


def _given_up() -> UpstreamError:
    return UpstreamError("cut", "its answer was given up before its end.")
