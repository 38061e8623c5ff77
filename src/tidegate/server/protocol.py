"""uvicorn's HTTP/1.1 protocol with the bounds that a gateway needs.

The library reads and writes the wire. Added here: a request's head is bounded in size and time, its body in time, a
client that stops reading is dropped, and the task that serves a request is cancelled when its client leaves, so that
the upstream is cancelled too.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from tidegate.core.dialects import openai_chat
from tidegate.core.values.errors import BadRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one connection, and all of them together, may ask for. Seconds are kept to about one second."""

    head_bytes: int
    head_seconds: float
    body_seconds: float
    idle_seconds: float
    write_seconds: float
    connections: int


_BAD_HTTP = BadRequest("invalid_http", "This is not HTTP/1.1 as RFC 9112 defines it.")
_TOO_MANY = BadRequest("too_many_connections", "All connections are taken (server.connections).", status=503)


class BoundedProtocol(HttpToolsProtocol):
    """One connection. Between requests `_arriving_since` is 0, and uvicorn's own idle timer runs."""

    def __init__(self, config: Config, state: ServerState, bounds: Bounds) -> None:
        super().__init__(config, state, {})
        self._bounds = bounds
        self._arriving_since = 0.0
        self._stuck_since = 0.0
        self._in_body = False
        self._head_bytes = 0
        self._serving: asyncio.Task[Any] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self._arriving_since = self.loop.time()
        if len(self.connections) > self._bounds.connections:
            self._refuse(_TOO_MANY)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._arriving_since == 0.0:
            self._arriving_since = self.loop.time()
        if not self._in_body:
            self._head_bytes += len(data)
        try:
            super().data_received(data)
        except httptools.HttpParserCallbackError:
            self._refuse(_BAD_HTTP)
        if not self._in_body and self._head_bytes > self._bounds.head_bytes:
            message = f"The request's head is larger than {self._bounds.head_bytes} bytes (server.head_bytes)."
            self._refuse(BadRequest("headers_too_large", message, status=431))

    def on_headers_complete(self) -> None:
        self._in_body, self._head_bytes = True, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_body, self._arriving_since = False, 0.0

    def pause_writing(self) -> None:
        self._stuck_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._stuck_since = 0.0
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the library's own words are not the dialect's
        self._refuse(_BAD_HTTP)

    def _refuse(self, refusal: BadRequest) -> None:
        if self.transport.is_closing():
            return
        body = openai_chat.render_error(refusal)
        head = (
            b"HTTP/1.1 %d Refused\r\ncontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head % (refusal.status, len(body)) + body)
        self.transport.close()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._serving = task = self.loop.create_task(cycle.run_asgi(app))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def connection_lost(self, exc: Exception | None) -> None:
        cycle: RequestResponseCycle | None = self.cycle  # None until the first request; the library's type denies it
        left_early = cycle is not None and not cycle.response_complete
        super().connection_lost(exc)
        if left_early and self._serving is not None:
            self._serving.cancel()

    def expire(self, now: float) -> None:
        """Called about once a second: drops a client that sends too slowly, or reads nothing of what it asked for."""
        bounds = self._bounds
        allowed = bounds.body_seconds if self._in_body else bounds.head_seconds
        if self._arriving_since and now - self._arriving_since > allowed:
            self.transport.abort()
        elif self._stuck_since and now - self._stuck_since > bounds.write_seconds:
            self.transport.abort()
