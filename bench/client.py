"""What the way out costs: CPU per request of the HTTP client alone, against an upstream in another process.

    python -m bench.client [--requests 20000] [--with aiohttp]

Prints one row a client and load: CPU µs of this process a request (2 KB asked, 0.7 KB answered), with 1 and with 32 in
flight, and CPU µs a stream of 60 events. Each figure is the median of five rounds. `floor` writes prepared bytes
and counts bytes until an answer's length is there: no client can be cheaper.
"""

import argparse
import asyncio
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from tidegate.adapters.providers.http import HttpProvider
from tidegate.adapters.providers.http1 import Timeouts
from tidegate.core.values.permit import Permit

_ROUNDS = 5
_TEXT = ("Rain fell on the harbour while the ferries waited for the tide and nobody spoke of the bridge. " * 22)[:2000]
_BODY = json.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": "tide " * 110}}]}).encode()
_ANSWER = b"HTTP/1.1 200 OK\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\nserver: bench\r\n" + (
    b"content-type: application/json\r\nx-request-id: 0123456789abcdef\r\ncontent-length: %d\r\n\r\n" % len(_BODY)
    + _BODY
)
_EVENT = b'data: {"choices":[{"index":0,"delta":{"content":"tide "}}]}\n\n'
_CHUNK = b"%x\r\n%b\r\n" % (len(_EVENT), _EVENT)
_STREAM_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"

Ask = Callable[[int], Awaitable[int]]
"""Sends the request of that number, returns the size of the answer's body."""


def body(number: int) -> bytes:
    """Every request has a text of its own, of one length."""
    return json.dumps({"model": "m", "messages": [{"role": "user", "content": f"{number:08d} {_TEXT}"}]}).encode()


# -- the upstream, in a process of its own -----------------------------------------------------------------------


class Answering(asyncio.Protocol):
    """Answers by the path: /stream sends 60 events, each in a write of its own, anything else a whole body."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self.buffer.lower().find(b"content-length:", 0, head) + 15
        size = int(self.buffer[at : self.buffer.find(b"\r\n", at)])
        if len(self.buffer) < head + 4 + size:
            return
        streamed = self.buffer.startswith(b"POST /v1/stream")
        self.buffer = b""
        if streamed:
            self.transport.write(_STREAM_HEAD)
            asyncio.get_running_loop().call_soon(self.event, 60)
        else:
            self.transport.write(_ANSWER)

    def event(self, left: int) -> None:
        self.transport.write(_CHUNK if left else b"0\r\n\r\n")
        if left:
            asyncio.get_running_loop().call_later(0.0002, self.event, left - 1)


async def upstream() -> None:
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until the parent goes away


# -- the clients ---------------------------------------------------------------------------------------------------


@asynccontextmanager
async def own(url: str, path: str) -> AsyncIterator[Ask]:
    provider = HttpProvider(base_url=url, credential="bench", seal=lambda *_, **__: None, timeouts=Timeouts())
    permit = Permit(
        request_id="bench",
        intent=0,
        target="bench",
        boundary="here",
        kind="local",
        method="POST",
        url=url + path,
        headers=(
            ("content-type", "application/json"),
            ("accept", "application/json"),
            ("accept-encoding", "identity"),
            ("user-agent", "bench"),
        ),
        body=b"",
    )

    async def whole(number: int) -> int:
        answer = await provider.send(permit, BODIES[number])
        try:
            return len(await answer.read(1 << 20))
        finally:
            await answer.aclose()

    async def streamed(number: int) -> int:
        answer, size = await provider.send(permit, BODIES[number]), 0
        try:
            async for chunk in answer.chunks():
                size += len(chunk)
        finally:
            await answer.aclose()
        return size

    yield streamed if "stream" in path else whole
    await provider.aclose()


class Counting(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.left = transport, 0

    def ask(self, data: bytes, size: int) -> asyncio.Future[None]:
        self.left, self.done = size, asyncio.get_running_loop().create_future()
        self.transport.write(data)
        return self.done

    def data_received(self, data: bytes) -> None:
        self.left -= len(data)
        if self.left == 0:
            self.done.set_result(None)


@asynccontextmanager
async def floor(url: str, path: str) -> AsyncIterator[Ask]:
    port, idle = urlsplit(url).port, []
    size = len(_STREAM_HEAD) + 60 * len(_CHUNK) + 5 if "stream" in path else len(_ANSWER)
    head = f"POST /v1{path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: "

    async def ask(number: int) -> int:
        if idle:
            connection = idle.pop()
        else:
            _, connection = await asyncio.get_running_loop().create_connection(Counting, "127.0.0.1", port)
        await connection.ask(f"{head}{len(BODIES[number])}\r\n\r\n".encode() + BODIES[number], size)
        idle.append(connection)
        return size

    yield ask
    for connection in idle:
        connection.transport.close()


@asynccontextmanager
async def aiohttp(url: str, path: str) -> AsyncIterator[Ask]:
    import aiohttp as library

    headers = {"content-type": "application/json", "accept-encoding": "identity", "authorization": "Bearer bench"}
    async with library.ClientSession(connector=library.TCPConnector(limit=256)) as session:

        async def ask(number: int) -> int:
            async with session.post(url + path, data=BODIES[number], headers=headers) as response:
                if "stream" not in path:
                    return len(await response.read())
                return sum([len(chunk) async for chunk in response.content.iter_any()])

        yield ask


CLIENTS = {"floor": floor, "tidegate": own, "aiohttp": aiohttp}
BODIES: list[bytes] = []


# -- measuring -----------------------------------------------------------------------------------------------------


async def cpu_us(ask: Ask, requests: int, in_flight: int) -> float:
    """CPU µs of this process a request."""
    numbers = iter(range(requests))

    async def one() -> None:
        for number in numbers:
            if await ask(number) < 100:
                raise SystemExit("The upstream of the bench did not answer as it should.")

    began = time.process_time()
    await asyncio.gather(*(one() for _ in range(in_flight)))
    return (time.process_time() - began) / requests * 1e6


async def measure(names: Sequence[str], url: str, requests: int) -> None:
    """Clients take turns in every round, so that a busy machine is unfair to all of them alike."""
    loads = (("c1", "/chat/completions", requests // 4, 1), ("c32", "/chat/completions", requests, 32))
    loads = (*loads, ("stream c8", "/stream", max(requests // 60, 8), 8))
    figures: dict[tuple[str, str], list[float]] = {}
    for _ in range(_ROUNDS):
        for name in names:
            for load, path, count, in_flight in loads:
                async with CLIENTS[name](url, path) as ask:
                    await cpu_us(ask, in_flight * 4, in_flight)
                    figures.setdefault((name, load), []).append(await cpu_us(ask, count, in_flight))
    print(f"{'CPU µs a request':18}" + "".join(f"{load:>12}" for load, *_ in loads))
    for name in names:
        print(f"{name:18}" + "".join(f"{statistics.median(figures[name, load]):12.1f}" for load, *_ in loads))


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU of the HTTP client alone")
    parser.add_argument("--requests", type=int, default=20000)
    parser.add_argument("--with", dest="others", nargs="*", default=[], choices=["aiohttp"])
    parser.add_argument("--upstream", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.upstream:
        uvloop.run(upstream())
        return
    missing = [name for name in args.others if not importlib.util.find_spec(name)]
    if missing:
        raise SystemExit(f"Not installed: {', '.join(missing)}.")
    BODIES.extend(body(number) for number in range(args.requests))
    command = [sys.executable, str(Path(__file__).resolve()), "--upstream"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
            os.sched_setaffinity(0, {0})
            os.sched_setaffinity(child.pid, {1})
        url = f"http://127.0.0.1:{child.stdout.readline().strip()}/v1"
        uvloop.run(measure(("floor", "tidegate", *args.others), url, args.requests))
        child.stdin.close()


if __name__ == "__main__":
    main()
