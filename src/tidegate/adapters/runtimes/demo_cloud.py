"""A server that plays a cloud, for demonstrations without a network. `python -m tidegate.adapters.runtimes.demo_cloud`

Order (see `child.py`): host, port, api_key, model; engine_url and engine_key of a running embedded engine. Answer: url,
model.

Each answer opens with what arrived, word for word, so that anyone can see whether a value was replaced before it left:

    This reached the cloud: "Write to ⟦pii.email:k7f2q9m3⟧"

then the embedded engine goes on, tool calls included. When it does not, the quotation is the whole answer. Nothing is
kept or logged.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import socket
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import uvicorn

from tidegate.adapters.runtimes.child import Lifeline, Order, StartRefused, url_of
from tidegate.adapters.runtimes.demo_answer import answer_chunks, completion
from tidegate.adapters.runtimes.engine_client import EngineClient

BODY_LIMIT_BYTES = 1_000_000
BODY_TIMEOUT_S = 10.0
CONNECTIONS_LIMIT = 64

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Refusal(Exception):  # noqa: N818 - an answer to the client
    """Answered as OpenAI's error object."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class CloudOrder:
    host: str
    port: int
    api_key: str
    model: str
    engine_url: str
    engine_key: str

    @classmethod
    def of(cls, order: Order) -> CloudOrder:
        order.refuse_others(frozenset(cls.__slots__))
        return cls(
            host=order.loopback("host"),
            port=order.port("port"),
            api_key=order.key("api_key"),
            model=order.text("model"),
            engine_url=order.text("engine_url"),
            engine_key=order.key("engine_key"),
        )


class DemoCloud:
    """ASGI application: `/v1/chat/completions` and `/v1/models`, for one key."""

    def __init__(self, order: CloudOrder) -> None:
        self._authorization = f"Bearer {order.api_key}".encode()
        self._model = order.model
        self._engine = EngineClient(order.engine_url, order.engine_key)
        self._started = int(time.time())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            await self._answer(scope, receive, send)
        except Refusal as refusal:
            kind = "authentication_error" if refusal.status == 401 else "invalid_request_error"
            error = {"message": str(refusal), "type": kind, "param": None, "code": None}
            await send_json(send, {"error": error}, refusal.status)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = dict(scope["headers"]).get(b"authorization", b"")
        if not hmac.compare_digest(given, self._authorization):
            raise Refusal(401, "the API key is wrong or missing")
        match scope["method"], scope["path"]:
            case "GET", "/v1/models":
                model = {"id": self._model, "object": "model", "created": self._started, "owned_by": "tidegate-demo"}
                await send_json(send, {"object": "list", "data": [model]})
            case "POST", "/v1/chat/completions":
                await self._chat(await read_request(receive), receive, send)
            case method, path:
                raise Refusal(404, f"no {method} {path} here; there are GET /v1/models and POST /v1/chat/completions")

    async def _chat(self, request: dict[str, Any], receive: Receive, send: Send) -> None:
        head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": self._model}
        chunks = answer_chunks(head, request, self._engine)
        if request.get("stream") is True:
            await stream_until_gone(chunks, request, receive, send)
        else:
            await send_json(send, await completion(chunks))


async def stream_until_gone(
    chunks: AsyncIterator[dict[str, Any]], request: dict[str, Any], receive: Receive, send: Send
) -> None:
    """Server-sent events. A client that leaves cancels the engine's work."""
    gone = asyncio.ensure_future(disconnected(receive))
    writing = asyncio.ensure_future(write_events(chunks, request, send))
    try:
        await asyncio.wait({gone, writing}, return_when=asyncio.FIRST_COMPLETED)
        if writing.done():
            writing.result()
    finally:
        for task in (gone, writing):
            task.cancel()
        await asyncio.gather(gone, writing, return_exceptions=True)


async def write_events(chunks: AsyncIterator[dict[str, Any]], request: dict[str, Any], send: Send) -> None:
    options = request.get("stream_options")
    with_usage = isinstance(options, dict) and options.get("include_usage") is True
    await send_start(send, 200, b"text/event-stream")
    async for chunk in chunks:
        if chunk["choices"] or with_usage:
            await send_event(send, encoded(chunk))
    await send_event(send, b"[DONE]")
    await send({"type": "http.response.body", "body": b""})


async def disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def read_request(receive: Receive) -> dict[str, Any]:
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            body = await read_body(receive)
    except TimeoutError as slow:
        raise Refusal(408, f"the body did not arrive within {BODY_TIMEOUT_S:.0f} s") from slow
    try:
        request = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise Refusal(400, "the body is not JSON") from broken
    if not isinstance(request, dict) or not isinstance(request.get("messages"), list) or not request["messages"]:
        raise Refusal(400, "messages: a list with at least one message is needed")
    return request


async def read_body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise Refusal(400, "the client left before its request was complete")
        body += event.get("body", b"")
        if len(body) > BODY_LIMIT_BYTES:
            raise Refusal(413, f"the body is larger than {BODY_LIMIT_BYTES} bytes")
        if not event.get("more_body"):
            return bytes(body)


def encoded(answer: dict[str, Any]) -> bytes:
    """UTF-8, as clouds send it. Half a surrogate pair, which JSON can spell and UTF-8 cannot, becomes a `?`."""
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")


async def send_json(send: Send, answer: dict[str, Any], status: int = 200) -> None:
    await send_start(send, status, b"application/json")
    await send({"type": "http.response.body", "body": encoded(answer)})


async def send_start(send: Send, status: int, content_type: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", content_type)]})


async def send_event(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": b"data: " + data + b"\n\n", "more_body": True})


def listen(order: CloudOrder) -> socket.socket:
    family = socket.AF_INET6 if ":" in order.host else socket.AF_INET
    try:
        return socket.create_server((order.host, order.port), family=family)
    except OSError as failure:
        raise StartRefused(
            f"cannot listen on {order.host}:{order.port}: {failure.strerror}; choose another port"
        ) from failure


class Server(uvicorn.Server):
    """uvicorn that says when it listens, and leaves signals to the lifeline."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_started()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def main() -> None:
    logging.disable()  # a library's message about a request could quote it
    lifeline = Lifeline()
    with lifeline.starting():
        order = CloudOrder.of(lifeline.order())
        listener = listen(order)
    url = url_of(order.host, listener.getsockname()[1])
    config = uvicorn.Config(
        DemoCloud(order), lifespan="off", log_config=None, access_log=False, ws="none", server_header=False,
        limit_concurrency=CONNECTIONS_LIMIT,
    )  # fmt: skip
    lifeline.end_in_background()
    server = Server(config, on_started=lambda: lifeline.ready(url=url, model=order.model))
    asyncio.run(server.serve(sockets=[listener]))


if __name__ == "__main__":
    main()
