"""`ports.Downstream`: one request, whole, and the way back to whoever sent it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Protocol

from tidegate.core.values.errors import BadRequest

STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}" for status in HTTPStatus}


class Client(Protocol):
    """The other end."""

    def send(self, data: bytes) -> None: ...

    @property
    def is_full(self) -> bool: ...

    async def drained(self) -> None:
        """Returns when it has room for more."""
        ...

    def end(self) -> None:
        """Nothing follows the answer that has been sent."""
        ...


class Exchanged:
    """`fault`: why this is no request that could be served, found while it arrived; `keep_alive`: whether others may
    follow it; `chunked`: whether its client knows what chunks are.
    """

    __slots__ = ("_body", "_chunked", "_client", "_fault", "_keep_alive", "headers", "method", "path", "started")

    def __init__(
        self,
        client: Client,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        keep_alive: bool,
        chunked: bool = True,
        fault: BadRequest | None = None,
    ) -> None:
        self._client, self._body, self._fault = client, body, fault
        self._keep_alive, self._chunked = keep_alive, chunked
        self.method, self.path, self.headers = method, path, headers
        self.started = False

    async def body(self, limit_bytes: int) -> bytes:
        if self._fault:
            raise self._fault
        if len(self._body) > limit_bytes:
            raise too_large(limit_bytes)
        if "content-encoding" in self.headers and self.headers["content-encoding"] != "identity":
            raise BadRequest(
                "unsupported_encoding", "Send the body uncompressed: content-encoding is not supported.", status=415
            )
        kind = self.headers.get("content-type", "application/json")
        if kind != "application/json" and not _is_json(kind):
            raise BadRequest("unsupported_media_type", "Send JSON with content-type: application/json.", status=415)
        return self._body

    async def respond(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        head = self._head(status, headers, f"content-length: {len(body)}")
        self._client.send(head if self.method == "HEAD" else head + body)
        if not self._keep_alive:
            self._client.end()

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        # HTTP/1.0 knows no chunks: there the end of the connection is the end of the body.
        self._keep_alive = self._keep_alive and self._chunked
        self._client.send(self._head(status, headers, "transfer-encoding: chunked" if self._chunked else ""))

    async def write(self, chunk: bytes) -> None:
        self._client.send(b"%x\r\n%b\r\n" % (len(chunk), chunk) if self._chunked else chunk)
        if self._client.is_full:
            await self._client.drained()

    async def finish(self) -> None:
        if self._chunked:
            self._client.send(b"0\r\n\r\n")
        if not self._keep_alive:
            self._client.end()

    def _head(self, status: int, headers: Mapping[str, str], framing: str) -> bytes:
        lines = [f"{name}: {value}" for name, value in headers.items()]
        said = "".join(lines)
        if "\n" in said or "\r" in said:
            raise ValueError("a response header holds a line break")
        self.started = True  # not before: whoever is told of the mistake answers with a head of their own
        if framing:
            lines.append(framing)
        if not self._keep_alive:
            lines.append("connection: close")
        return "\r\n".join([STATUS_LINES[status], *lines, "\r\n"]).encode("latin-1", "replace")


def too_large(limit_bytes: int) -> BadRequest:
    return BadRequest("body_too_large", f"The body is larger than {limit_bytes} bytes (server.body_bytes).", status=413)


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")
