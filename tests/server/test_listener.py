"""A listener on a real socket: it serves, and when it has drained nobody is connected."""

import asyncio
import contextlib
import socket
from dataclasses import replace

from tidegate.server.connection import Bounds
from tidegate.server.listener import Listener

BOUNDS = Bounds(
    head_bytes=2000, head_seconds=10, body_bytes=1000, body_seconds=20, idle_seconds=60, write_seconds=30, connections=9
)
REQUEST = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"


class Running:
    """`async with Running(serve) as running`: `link()` connects to it."""

    def __init__(self, serve, bounds=BOUNDS):
        self.listener = Listener(serve, bounds)

    async def __aenter__(self):
        listening = socket.create_server(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        await self.listener.start(listening)
        return self

    async def __aexit__(self, *_):
        await self.listener.drain(0)

    async def link(self, sent=b""):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(sent)
        return reader, writer


async def ok(downstream):
    await downstream.respond(200, {}, b"{}")


def run(story):
    return asyncio.run(asyncio.wait_for(story(), 20))


def test_it_serves_and_lets_idle_connections_go_when_it_drains():
    async def story():
        async with Running(ok) as running:
            reader, writer = await running.link(REQUEST)
            assert (await reader.readuntil(b"{}")).startswith(b"HTTP/1.1 200")
            await running.listener.drain(5)
            assert await reader.read() == b""
            writer.close()

    run(story)


def test_draining_waits_for_what_is_under_way_and_takes_nobody_in():
    async def story():
        begun, go = asyncio.Event(), asyncio.Event()

        async def serve(downstream):
            begun.set()
            await go.wait()
            await ok(downstream)

        async with Running(serve) as running:
            reader, writer = await running.link(REQUEST)
            await begun.wait()
            draining = asyncio.ensure_future(running.listener.drain(10))
            await asyncio.sleep(0.01)
            refused = await asyncio.gather(running.link(), return_exceptions=True)
            assert isinstance(refused[0], OSError)
            assert not draining.done()
            go.set()
            await draining
            assert (await reader.read()).startswith(b"HTTP/1.1 200")
            writer.close()

    run(story)


def test_what_does_not_end_in_time_is_cancelled_and_seen_to_its_end():
    async def story():
        begun, ends = asyncio.Event(), []

        async def serve(_):
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0.01)  # settling takes its time
                ends.append("settled")

        async with Running(serve) as running:
            _, writer = await running.link(REQUEST)
            await begun.wait()
            await running.listener.drain(0.01)
            assert ends == ["settled"]
            writer.close()

    run(story)


def test_a_connection_that_says_nothing_is_swept_away():
    async def story():
        async with Running(ok, replace(BOUNDS, head_seconds=0.05)) as running:
            reader, writer = await running.link(b"GET / HT")
            with contextlib.suppress(ConnectionResetError):
                assert await reader.read() == b""
            assert reader.at_eof() or reader.exception()
            writer.close()

    run(story)
