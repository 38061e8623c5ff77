"""One request over ASGI, as the pipeline sees it."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from tidegate.core.values.errors import BadRequest

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class AsgiDownstream:
    """ports.Downstream. Made by the data plane after it has looked at the request's head."""

    __slots__ = ("_receive", "_send", "headers", "path", "started")

    def __init__(self, path: str, headers: Mapping[str, str], receive: Receive, send: Send) -> None:
        self.path, self.headers, self._receive, self._send = path, headers, receive, send
        self.started = False

    async def body(self, limit_bytes: int) -> bytes:
        self._check_form()
        announced = self.headers.get("content-length", "0")
        if announced.isdecimal() and int(announced) > limit_bytes:
            raise _too_large(limit_bytes)
        message = await self._receive()
        if not message.get("more_body") and message["type"] == "http.request":
            body = message["body"]
            if len(body) > limit_bytes:
                raise _too_large(limit_bytes)
            return bytes(body)
        pieces, size = [], 0
        while True:
            if message["type"] == "http.disconnect":
                raise BadRequest("incomplete_body", "The body ended before its announced length.")
            pieces.append(message.get("body", b""))
            size += len(pieces[-1])
            if size > limit_bytes:
                raise _too_large(limit_bytes)
            if not message.get("more_body"):
                return b"".join(pieces)
            message = await self._receive()

    def _check_form(self) -> None:
        if self.headers.get("content-encoding", "identity") != "identity":
            raise BadRequest(
                "unsupported_encoding", "Send the body uncompressed: content-encoding is not supported.", status=415
            )
        kind = self.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
        if kind != "application/json" and not kind.endswith("+json"):
            raise BadRequest("unsupported_media_type", "Send JSON with content-type: application/json.", status=415)

    async def respond(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        pairs = _pairs(headers)
        pairs.append((b"content-length", b"%d" % len(body)))
        self.started = True
        await self._send({"type": "http.response.start", "status": status, "headers": pairs})
        await self._send({"type": "http.response.body", "body": body})

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        self.started = True
        await self._send({"type": "http.response.start", "status": status, "headers": _pairs(headers)})

    async def write(self, chunk: bytes) -> None:
        await self._send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def finish(self) -> None:
        await self._send({"type": "http.response.body", "body": b""})


def _pairs(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers.items()]


def _too_large(limit_bytes: int) -> BadRequest:
    return BadRequest("body_too_large", f"The body is larger than {limit_bytes} bytes (server.body_bytes).", status=413)
