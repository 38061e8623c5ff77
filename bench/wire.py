"""The path's measurement, raw asyncio ends: `upstream PORT`, `proxy PORT UPSTREAM`, `load PORT COUNT CONNECTIONS KIND`.

The proxy is the floor that the gateway is held against: it cuts messages by content-length or chunks, parses the JSON
body once, and passes the request on over kept connections. Nothing else.
"""

import asyncio
import json
import sys
import time
from typing import ClassVar

PROSE = (
    "The harbour master counted seven barges before noon, and the clerk wrote their cargo into the long green book. "
    "Nobody on the quay could say why the price of rope had doubled since the spring fair. "
)
PROMPT = (PROSE * 14)[:2000]
CHUNKS = 60


def _answer(model: str = "m") -> bytes:
    message = {"role": "assistant", "content": "word " * 80}
    body = json.dumps(
        {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": model,
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 500, "completion_tokens": 80, "total_tokens": 580},
        }
    ).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)


ANSWER = _answer()


def _event(delta: dict[str, str], reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    tree = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    data = b"data: " + json.dumps(tree).encode() + b"\n\n"
    return b"%x\r\n%b\r\n" % (len(data), data)


STREAM_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
STREAM_END = _event({}, "stop") + b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"


def _request(body: bytes) -> bytes:
    return (
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer none\r\n"
        b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
    )


def request(number: int, kind: str) -> bytes:
    """Every request has its own words, the same length, so that nothing anywhere can be cached."""
    word = "".join("bcdfghklmn"[int(digit)] for digit in f"{number:07d}")
    text = PROMPT.replace("harbour", word).replace("barges", word[:6][::-1])
    if kind == "restored":
        text += f" Write to {word}@example.com about it."
    body: dict[str, object] = {"model": "auto", "messages": [{"role": "user", "content": text}]}
    if kind != "whole":
        body["stream"] = True
    return _request(json.dumps(body).encode())


class Messages(asyncio.Protocol):
    """Cuts a byte stream into HTTP messages."""

    def __init__(self) -> None:
        self.buffer = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self._end()) > 0:
            message, self.buffer = self.buffer[:end], self.buffer[end:]
            self.message(message)

    def _end(self) -> int:
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return 0
        low = self.buffer[:head].lower()
        at = low.find(b"content-length:")
        if at < 0:
            end = self.buffer.find(b"\r\n0\r\n\r\n", head) if b"transfer-encoding: chunked" in low else -1
            return end + 7 if end >= 0 else 0
        line = low.find(b"\r\n", at)
        end = head + 4 + int(low[at + 15 : line if line > 0 else None])
        return end if len(self.buffer) >= end else 0

    def message(self, message: bytes) -> None:
        raise NotImplementedError(message)


class Upstream(Messages):
    def message(self, message: bytes) -> None:
        if b'"stream": true' not in message and b'"stream":true' not in message:
            self.transport.write(ANSWER)
            return
        text = json.loads(message.split(b"\r\n\r\n", 1)[1])["messages"][-1]["content"]
        tag = text[text.find("\u27e6") : text.find("\u27e7") + 1] if "\u27e6" in text else "nobody"
        words = f"Dear {tag}, " + "word " * CHUNKS
        size = -(-len(words) // CHUNKS)
        self.transport.write(STREAM_HEAD)
        asyncio.get_running_loop().create_task(self.stream([words[i : i + size] for i in range(0, len(words), size)]))

    async def stream(self, pieces: list[str]) -> None:
        for piece in pieces:
            self.transport.write(_event({"content": piece}))
            await asyncio.sleep(0)
        self.transport.write(STREAM_END)


class Link(Messages):
    """A client's side: one message out, one in. `passed`: whoever gets the pieces of an answer as they come."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: asyncio.Future[bytes]
        self.passed: asyncio.Transport | None = None
        self.first = 0.0

    def data_received(self, data: bytes) -> None:
        if not self.buffer:
            self.first = time.perf_counter()
        if self.passed:
            self.passed.write(data)
        super().data_received(data)

    def ask(self, message: bytes) -> "asyncio.Future[bytes]":
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(message)
        return self.waiting

    def message(self, message: bytes) -> None:
        self.waiting.set_result(message)


async def link_to(port: int) -> Link:
    _, link = await asyncio.get_running_loop().create_connection(Link, "127.0.0.1", port)
    return link


class Proxy(Messages):
    pool: ClassVar[list[Link]] = []
    target = 0

    def message(self, message: bytes) -> None:
        asyncio.get_running_loop().create_task(self.forward(message))

    async def forward(self, message: bytes) -> None:
        link = self.pool.pop() if self.pool else await link_to(self.target)
        assert json.loads(message[message.find(b"\r\n\r\n") + 4 :])["messages"]
        link.passed = self.transport
        await link.ask(message)
        link.passed = None
        self.pool.append(link)


async def load(port: int, count: int, connections: int, kind: str, number: int) -> dict[str, float]:
    """`number`: that of the first request. What was asked once is never asked again, or memory would answer for it."""
    left, bad = count, 0
    whole: list[float] = []
    first: list[float] = []

    async def client() -> None:
        nonlocal left, bad
        link = await link_to(port)
        while left > 0:
            left -= 1
            began = time.perf_counter()
            answer = await link.ask(request(number + left, kind))
            whole.append(time.perf_counter() - began)
            first.append(link.first - began)
            bad += not answer.startswith(b"HTTP/1.1 200")
        link.transport.close()

    await asyncio.wait_for(asyncio.gather(*(client() for _ in range(connections))), 120)
    whole.sort()
    first.sort()
    return {
        "n": len(whole),
        "bad": bad,
        "p50_us": whole[len(whole) // 2] * 1e6,
        "p99_us": whole[int(len(whole) * 0.99)] * 1e6,
        "first_p50_us": first[len(first) // 2] * 1e6,
    }


async def main(role: str, port: int, *rest: str) -> None:
    loop = asyncio.get_running_loop()
    if role == "load":
        print(json.dumps(await load(port, int(rest[0]), int(rest[1]), rest[2], int(rest[3]))))
        return
    if role == "proxy":
        Proxy.target = int(rest[0])
    server = await loop.create_server(Upstream if role == "upstream" else Proxy, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]))
