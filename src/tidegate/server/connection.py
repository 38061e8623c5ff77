"""One HTTP/1.1 connection of a client: httptools parses, this keeps order, bounds and back-pressure.

A request is served when it has arrived whole: a JSON API can do nothing with half a body, and nothing then has to wait
for input on the path. Requests that come while one is served wait their turn. When the client leaves, the task that
serves it is cancelled, and with it the upstream. Why no server library does this here: docs/decisions/0012-server.md.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, cast

import httptools

from tidegate.core.dialects import openai_chat
from tidegate.core.values.errors import BadRequest
from tidegate.ports import Downstream
from tidegate.server.exchanged import STATUS_LINES, Exchanged, too_large

_log = logging.getLogger("tidegate.server")

Serve = Callable[[Downstream], Coroutine[Any, Any, None]]

_LINGER_S = 5.0  # for a client that was refused and is still sending
_MAX_WAITING = 8  # requests that a client may send ahead before it is no longer read
# What most clients send; decoding the same few names for every request costs more than a look-up.
_NAMES = {
    spelling.encode(): name
    for name in (
        "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "host",
        "user-agent", "x-stainless-arch", "x-stainless-async", "x-stainless-lang", "x-stainless-os",
        "x-stainless-package-version", "x-stainless-read-timeout", "x-stainless-retry-count", "x-stainless-runtime",
        "x-stainless-runtime-version",
    )
    for spelling in (name, name.title())
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one connection, and all of them together, may ask for. Seconds are kept to about one second."""

    head_bytes: int
    head_seconds: float
    body_bytes: int
    body_seconds: float
    idle_seconds: float
    write_seconds: float
    connections: int


class ClientConnection(asyncio.Protocol):
    """`connections`: those that are open, this one added while it is. `tasks`: those that serve a request."""

    def __init__(
        self, serve: Serve, bounds: Bounds, connections: "set[ClientConnection]", tasks: "set[asyncio.Task[None]]"
    ) -> None:
        self._serve, self._bounds, self._connections, self._tasks = serve, bounds, connections, tasks
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport
        self._waiting: deque[Exchanged] = deque()
        self._task: asyncio.Task[None] | None = None
        self._awaited: asyncio.Future[Exchanged] | None = None
        self._is_serving = False
        self._in_head = self._in_body = False
        self._head_bytes = self._fed_bytes = 0
        self._ending = False
        self._unread = False
        self._since = self._loop.time()
        self._stuck_since = 0.0
        self._drained: asyncio.Future[None] | None = None
        self._next()

    def _next(self) -> None:
        """Nothing has arrived of the next request."""
        self._url = b""
        self._headers: dict[str, str] = {}
        self._repeated_bytes = 0
        self._body: list[bytes] = []
        self._body_bytes = 0

    # -- asyncio.Protocol -------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one by shape only
        self.send = self._transport.write
        self._connections.add(self)
        if len(self._connections) > self._bounds.connections:
            self._refuse(_TOO_MANY)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - how it was lost makes no difference
        self._connections.discard(self)
        self._ending = True
        self._waiting.clear()
        if self._task:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        if self._ending:
            return  # not worth reading any more, but read: a reset would take the answer away from its reader
        self._fed_bytes = len(data)
        if not self._in_body:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._ending = True  # we speak nothing else; the request is answered as plain HTTP, then it is over
        except httptools.HttpParserCallbackError as error:
            refusal = error.__context__
            self._refuse(refusal if isinstance(refusal, BadRequest) else _BAD_HTTP)
        except httptools.HttpParserError:
            self._refuse(_BAD_HTTP)
        if not self._in_body and self._head_bytes > self._bounds.head_bytes:
            self._refuse(self._head_too_large())

    def eof_received(self) -> bool:
        return False  # a client that half-closes has left

    def pause_writing(self) -> None:
        self._stuck_since = self._loop.time()
        self._drained = self._loop.create_future()

    def resume_writing(self) -> None:
        self._stuck_since = 0.0
        if self._drained and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None

    # -- httptools' callbacks ---------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        self._in_head = True
        if not self._is_serving:
            self._since = self._loop.time()

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        headers, key = self._headers, _NAMES.get(name) or name.decode("latin-1").lower()
        if key in headers:
            # Joined as RFC 9110 5.3 says, so that a second Host or Origin is never overlooked.
            headers[key] = f"{headers[key]}, {value.decode('latin-1')}"
            self._repeated_bytes += len(name) + 2
        else:
            headers[key] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        headers, bounds = self._headers, self._bounds
        if self._head_bytes + self._fed_bytes > bounds.head_bytes and self._size_of_head() > bounds.head_bytes:
            raise self._head_too_large()
        self._in_head, self._in_body, self._head_bytes = False, True, 0
        announced = headers.get("content-length", "0")
        if announced.isdecimal() and int(announced) > bounds.body_bytes:
            # Answered at once; what is still to come is not worth reading.
            self._arrived(keep_alive=False, fault=too_large(bounds.body_bytes))
            self._ending = self._unread = True
        elif "expect" in headers and not self._is_serving:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _size_of_head(self) -> int:
        """But for the rest of its first line and for what separates its lines from the body."""
        lines = sum([len(name) + len(value) + 4 for name, value in self._headers.items()])
        return len(self._url) + lines + self._repeated_bytes

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes <= self._bounds.body_bytes:
            self._body.append(body)
        else:
            self._body.clear()

    def on_message_complete(self) -> None:
        self._in_body = False
        if not self._ending:
            is_small = self._body_bytes <= self._bounds.body_bytes
            fault = None if is_small else too_large(self._bounds.body_bytes)
            self._arrived(keep_alive=self._parser.should_keep_alive(), fault=fault)

    def _arrived(self, *, keep_alive: bool, fault: BadRequest | None) -> None:
        parser, body = self._parser, self._body
        arrived = Exchanged(
            self,
            parser.get_method().decode("ascii"),
            self._url.partition(b"?")[0].decode("latin-1"),
            self._headers,
            body[0] if len(body) == 1 else b"".join(body),
            keep_alive=keep_alive,
            chunked=parser.get_http_version() != "1.0",
            fault=fault,
        )
        self._next()
        if self._is_serving:
            self._waiting.append(arrived)
            if len(self._waiting) >= _MAX_WAITING:
                self._transport.pause_reading()
            return
        self._is_serving = True
        if self._awaited:
            self._awaited.set_result(arrived)
        else:
            self._task = task = self._loop.create_task(self._serve_all(arrived))
            self._tasks.add(task)

    # -- serving ----------------------------------------------------------------------------------------------------

    async def _serve_all(self, exchanged: Exchanged) -> None:
        """The requests of this connection, in order. One task for all of them: between two it costs nothing to keep."""
        waiting = self._waiting
        try:
            while True:
                await self._serve(exchanged)
                if waiting:
                    if len(waiting) == _MAX_WAITING:
                        self._transport.resume_reading()
                    exchanged = waiting.popleft()
                elif self._ending:
                    break
                else:
                    exchanged = await self._arrival()
        except BaseException as error:
            self._transport.abort()  # the response is not whole, and nobody may take it for one
            if not isinstance(error, Exception):
                raise
            _log.error("defect %s while an answer was under way", type(error).__name__)
        finally:
            if self._task:
                self._tasks.discard(self._task)
            self._is_serving = False
        if not self._transport.is_closing():
            self._close()

    async def _arrival(self) -> Exchanged:
        self._is_serving, self._since = False, self._loop.time()
        self._awaited = self._loop.create_future()
        return await self._awaited

    def _close(self) -> None:
        """Says that nothing more comes and lets the client finish: closing over unread bytes would reset the answer."""
        self._since = self._loop.time()
        if self._unread and self._transport.can_write_eof():
            self._transport.write_eof()
        else:
            self._transport.close()

    @property
    def is_full(self) -> bool:
        return self._drained is not None

    async def drained(self) -> None:
        if self._drained:
            await self._drained

    def end(self) -> None:
        self._ending = True
        self._waiting.clear()

    # -- bounds -----------------------------------------------------------------------------------------------------

    def expire(self, now: float) -> None:
        """Called about once a second: lets go of a client that sends too slowly, says nothing, or reads nothing."""
        if self._stuck_since:
            late = now - self._stuck_since > self._bounds.write_seconds
        else:
            late = not self._is_serving and now - self._since > self._allowed()
        if late:
            self._transport.abort()

    def _allowed(self) -> float:
        if self._ending:
            return _LINGER_S
        if self._in_body:
            return self._bounds.body_seconds
        is_idle = self._task is not None and not self._in_head and self._head_bytes == 0
        return self._bounds.idle_seconds if is_idle else self._bounds.head_seconds

    def drain(self) -> None:
        """The request under way is answered, then the connection is closed; one that is idle closes now."""
        self._ending = True
        self._waiting.clear()
        if not self._is_serving:
            self._transport.close()

    def _head_too_large(self) -> BadRequest:
        message = f"The request's head is larger than {self._bounds.head_bytes} bytes (server.head_bytes)."
        return BadRequest("headers_too_large", message, status=431)

    def _refuse(self, refusal: BadRequest) -> None:
        """No request could be made of what came: an error object, and the end. An answer under way goes first."""
        if self._ending:
            return
        self._ending = True
        self._waiting.clear()
        if not self._is_serving and not self._transport.is_closing():
            body = openai_chat.render_error(refusal)
            framing = f"content-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
            self._transport.write(f"{STATUS_LINES[refusal.status]}\r\n{framing}".encode() + body)
            self._unread = True
            self._close()


_TOO_MANY = BadRequest("too_many_connections", "All connections are taken (server.connections).", status=503)
_BAD_HTTP = BadRequest("invalid_http", "This is not HTTP/1.1 as RFC 9112 defines it.")
