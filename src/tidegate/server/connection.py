"""One HTTP/1.1 connection of a client: httptools parses, this keeps order, bounds and back-pressure.

A request is served when it has arrived whole: a JSON API can do nothing with half a body, and nothing then has to wait
for input on the path. Requests that come while one is served wait their turn. When the client leaves, the task that
serves it is cancelled, and with it the upstream. Why no server library does this here: docs/decisions/0012-server.md.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

import httptools

from tidegate.core.dialects import openai_chat
from tidegate.core.values.errors import BadRequest
from tidegate.ports import Downstream

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
_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}


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


class Exchanged:
    """`ports.Downstream`: one request, whole, and the way back."""

    __slots__ = (
        "_body",
        "_chunked",
        "_connection",
        "_keep_alive",
        "_size",
        "fault",
        "headers",
        "method",
        "path",
        "started",
    )

    def __init__(self, connection: "ClientConnection") -> None:
        self._connection = connection
        self._body: list[bytes] = []
        self._size = 0
        self._keep_alive = True
        self._chunked = True
        self.fault: BadRequest | None = None
        """Why this is no request that could be served, found while it arrived."""
        self.method, self.path, self.started = "", "", False
        self.headers: Mapping[str, str] = {}

    # -- arriving ---------------------------------------------------------------------------------------------------

    def head(self, method: bytes, url: bytes, *, keep_alive: bool, http_1_0: bool) -> None:
        self.method, self.path = method.decode("ascii"), url.partition(b"?")[0].decode("latin-1")
        self._keep_alive, self._chunked = keep_alive, not http_1_0

    def piece(self, body: bytes, limit_bytes: int) -> None:
        self._size += len(body)
        if self._size > limit_bytes:
            self._body.clear()
            self.fault = _too_large(limit_bytes)
        else:
            self._body.append(body)

    # -- ports.Downstream -------------------------------------------------------------------------------------------

    async def body(self, limit_bytes: int) -> bytes:
        if self.fault:
            raise self.fault
        if self._size > limit_bytes:
            raise _too_large(limit_bytes)
        if "content-encoding" in self.headers and self.headers["content-encoding"] != "identity":
            raise BadRequest(
                "unsupported_encoding", "Send the body uncompressed: content-encoding is not supported.", status=415
            )
        kind = self.headers.get("content-type", "application/json")
        if kind != "application/json" and not _is_json(kind):
            raise BadRequest("unsupported_media_type", "Send JSON with content-type: application/json.", status=415)
        return self._body[0] if len(self._body) == 1 else b"".join(self._body)

    async def respond(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        head = self._head(status, headers, f"content-length: {len(body)}\r\n")
        self._connection.send(head if self.method == "HEAD" else head + body)
        self._connection.done(keep_alive=self._keep_alive)

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        # HTTP/1.0 knows no chunks: there the end of the connection is the end of the body.
        self._keep_alive = self._keep_alive and self._chunked
        self._connection.send(self._head(status, headers, "transfer-encoding: chunked\r\n" if self._chunked else ""))

    async def write(self, chunk: bytes) -> None:
        self._connection.send(b"%x\r\n%b\r\n" % (len(chunk), chunk) if self._chunked else chunk)
        if self._connection.is_full:
            await self._connection.drained()

    async def finish(self) -> None:
        if self._chunked:
            self._connection.send(b"0\r\n\r\n")
        self._connection.done(keep_alive=self._keep_alive)

    def _head(self, status: int, headers: Mapping[str, str], framing: str) -> bytes:
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        if lines.count("\n") != len(headers) or lines.count("\r") != len(headers):
            raise ValueError("a response header holds a line break")
        self.started = True  # not before: whoever is told of the mistake answers with a head of their own
        close = "" if self._keep_alive else "connection: close\r\n"
        return f"{_STATUS_LINES[status]}{lines}{framing}{close}\r\n".encode("latin-1", "replace")


class ClientConnection(asyncio.Protocol):
    """`connections`: those that are open, this one added while it is. `tasks`: those that serve a request."""

    def __init__(
        self, serve: Serve, bounds: Bounds, connections: "set[ClientConnection]", tasks: "set[asyncio.Task[None]]"
    ) -> None:
        self._serve, self._bounds, self._connections, self._tasks = serve, bounds, connections, tasks
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport
        self._arriving: Exchanged | None = None
        self._waiting: deque[Exchanged] = deque()
        self._task: asyncio.Task[None] | None = None
        self._url = b""
        self._head_bytes = 0
        self._in_body = False
        self._was_used = False
        self._ending = False
        self._unread = False
        self._since = self._loop.time()
        self._stuck_since = 0.0
        self._drained: asyncio.Future[None] | None = None

    # -- asyncio.Protocol -------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one by shape only
        self._connections.add(self)
        if len(self._connections) > self._bounds.connections:
            self._refuse(
                BadRequest("too_many_connections", "All connections are taken (server.connections).", status=503)
            )

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - how it was lost makes no difference
        self._connections.discard(self)
        self._ending = True
        self._waiting.clear()
        if self._task:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        if self._ending:
            return  # not worth reading any more, but read: a reset would take the answer away from its reader
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
        self._headers: dict[str, str] = {}
        self._field_bytes = 0
        self._arriving, self._url = Exchanged(self), b""
        self._arriving.headers = self._headers
        if self._task is None:
            self._since = self._loop.time()

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._field_bytes += len(name) + len(value) + 4
        headers, key = self._headers, _NAMES.get(name) or name.decode("latin-1").lower()
        # Joined as RFC 9110 5.3 says, so that a second Host or Origin is never overlooked.
        headers[key] = f"{headers[key]}, {value.decode('latin-1')}" if key in headers else value.decode("latin-1")

    def on_headers_complete(self) -> None:
        arriving, parser, bounds = self._arriving, self._parser, self._bounds
        assert arriving
        if len(self._url) + self._field_bytes > bounds.head_bytes:
            raise self._head_too_large()
        self._in_body, self._head_bytes = True, 0
        arriving.head(
            parser.get_method(),
            self._url,
            keep_alive=parser.should_keep_alive(),
            http_1_0=parser.get_http_version() == "1.0",
        )
        announced = arriving.headers.get("content-length", "0")
        if announced.isdecimal() and int(announced) > bounds.body_bytes:
            # Answered at once; what is still to come is not worth reading.
            arriving.fault = _too_large(bounds.body_bytes)
            arriving.head(parser.get_method(), self._url, keep_alive=False, http_1_0=False)
            self._arrived()
            self._ending = self._unread = True
        elif "expect" in arriving.headers and self._task is None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        if self._arriving:
            self._arriving.piece(body, self._bounds.body_bytes)

    def on_message_complete(self) -> None:
        self._in_body = False
        if self._arriving:
            self._arrived()

    def _arrived(self) -> None:
        assert self._arriving
        arrived, self._arriving = self._arriving, None
        if self._task is None:
            self._start(arrived)
        else:
            self._waiting.append(arrived)
            if len(self._waiting) >= _MAX_WAITING:
                self._transport.pause_reading()

    # -- serving ----------------------------------------------------------------------------------------------------

    def _start(self, exchanged: Exchanged) -> None:
        self._was_used = True
        self._task = task = self._loop.create_task(self._serve_all(exchanged))
        self._tasks.add(task)

    async def _serve_all(self, exchanged: Exchanged) -> None:
        """One request and those that wait behind it, in order."""
        task = self._task
        assert task
        try:
            await self._serve(exchanged)
            while self._waiting:
                if len(self._waiting) == _MAX_WAITING:
                    self._transport.resume_reading()
                await self._serve(self._waiting.popleft())
        except BaseException as error:
            self._transport.abort()  # the response is not whole, and nobody may take it for one
            if not isinstance(error, Exception):
                raise
            _log.error("defect %s while an answer was under way", type(error).__name__)
        finally:
            self._tasks.discard(task)
            self._task = None
            self._since = self._loop.time()
        if self._ending and not self._transport.is_closing():
            self._close()

    def _close(self) -> None:
        """Says that nothing more comes and lets the client finish: closing over unread bytes would reset the answer."""
        self._since = self._loop.time()
        if self._unread and self._transport.can_write_eof():
            self._transport.write_eof()
        else:
            self._transport.close()

    def send(self, data: bytes) -> None:
        self._transport.write(data)

    @property
    def is_full(self) -> bool:
        return self._drained is not None

    async def drained(self) -> None:
        if self._drained:
            await self._drained

    def done(self, *, keep_alive: bool) -> None:
        if not keep_alive:
            self._ending = True
            self._waiting.clear()

    # -- bounds -----------------------------------------------------------------------------------------------------

    def expire(self, now: float) -> None:
        """Called about once a second: lets go of a client that sends too slowly, says nothing, or reads nothing."""
        if self._stuck_since:
            late = now - self._stuck_since > self._bounds.write_seconds
        else:
            late = self._task is None and now - self._since > self._allowed()
        if late:
            self._transport.abort()

    def _allowed(self) -> float:
        if self._ending:
            return _LINGER_S
        if self._in_body:
            return self._bounds.body_seconds
        is_idle = self._was_used and self._arriving is None and self._head_bytes == 0
        return self._bounds.idle_seconds if is_idle else self._bounds.head_seconds

    def drain(self) -> None:
        """The request under way is answered, then the connection is closed; one that is idle closes now."""
        self._ending = True
        self._waiting.clear()
        if self._task is None:
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
        if self._task is None and not self._transport.is_closing():
            body = openai_chat.render_error(refusal)
            framing = f"content-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
            self._transport.write(f"{_STATUS_LINES[refusal.status]}{framing}".encode() + body)
            self._unread = True
            self._close()


_TOO_MANY = BadRequest("too_many_connections", "All connections are taken (server.connections).", status=503)
_BAD_HTTP = BadRequest("invalid_http", "This is not HTTP/1.1 as RFC 9112 defines it.")


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _too_large(limit_bytes: int) -> BadRequest:
    return BadRequest("body_too_large", f"The body is larger than {limit_bytes} bytes (server.body_bytes).", status=413)
