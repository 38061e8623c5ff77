"""uvicorn's HTTP/1.1 protocol with the bounds that a gateway needs.

The library reads and writes the wire. Added here: a request's head is bounded in size and time, its body in time, and
the task that serves a request is cancelled when its client leaves, so that the upstream is cancelled too.
"""

import asyncio
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from tidegate.core.dialects import openai_chat
from tidegate.core.values.errors import BadRequest

MAX_HEAD_BYTES = 64 * 1024
REQUEST_SECONDS = 30.0
"""From a request's first byte to its last. A connection that dawdles longer is closed."""

_BAD_HTTP = BadRequest("invalid_http", "This is not HTTP/1.1 as RFC 9112 defines it.")
_HEAD_TOO_LARGE = BadRequest("headers_too_large", f"The head is larger than {MAX_HEAD_BYTES} bytes.", status=431)


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `reading_since`: when the request that is still arriving began (loop time), else 0."""

    reading_since = 0.0
    _head_bytes = 0
    _serving: "asyncio.Task[Any] | None" = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self.reading_since = self.loop.time()

    def data_received(self, data: bytes) -> None:
        if self.reading_since == 0.0:
            self.reading_since = self.loop.time()
        self._head_bytes += len(data)
        try:
            super().data_received(data)
        except httptools.HttpParserCallbackError:
            self.send_400_response("")
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(_HEAD_TOO_LARGE)

    def on_headers_complete(self) -> None:
        # Counted from here on is the body, which the pipeline bounds. What came in the same piece is forgiven.
        self._head_bytes = -(2**62)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._head_bytes = 0
        self.reading_since = 0.0

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
        left_early = self.cycle is not None and not self.cycle.response_complete
        super().connection_lost(exc)
        if left_early and self._serving is not None:
            self._serving.cancel()

    def expire(self, now: float) -> None:
        """Called about once a second: closes the connection when its request has been arriving for too long."""
        if self.reading_since and now - self.reading_since > REQUEST_SECONDS:
            self.transport.close()
