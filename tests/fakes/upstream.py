"""An upstream on loopback that does what a script says, above all what no upstream should do.

    async with Upstream(answers(200, b"{}")) as upstream:
        ...speak to upstream.url...
    assert upstream.requests[0].target == "/v1/chat/completions"

A script is one behaviour for every request, or several: one a request in the order of arrival, the last one for all
further ones. A behaviour is an async function of one `Conversation`; most are made by the functions below. When it
returns, the connection waits for its next request; `then` says otherwise. A behaviour is cancelled when the client
leaves, and `upstream.left` counts those.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Self

Then = Literal["keep", "close", "reset", "hang"]


class Request(NamedTuple):
    method: str
    target: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    raw_head: bytes


@dataclass
class Conversation:
    """One request and the socket that it came on."""

    request: Request
    number: int
    """Of the request on its connection, from 1."""
    writer: asyncio.StreamWriter
    open: bool = True

    async def send(self, data: bytes) -> None:
        """Returns when the client has room for more."""
        self.writer.write(data)
        await self.writer.drain()

    async def end(self, then: Then) -> None:
        if then == "hang":
            await asyncio.Event().wait()
        self.open = then == "keep"
        if then == "reset":
            # Linger 0 turns the close into an RST.
            sock = self.writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.writer.transport.abort()


Behaviour = Callable[[Conversation], Awaitable[None]]


@dataclass
class Upstream:
    """`url` ends in /v1. `requests` are those read whole; `connections` counts accepted ones; `left` counts behaviours
    that were cut short because the client went away."""

    script: Behaviour | Iterable[Behaviour]
    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    left: int = 0
    port: int = 0
    seen: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by every request; a test may clear it."""
    departure: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by every client that leaves in the middle of a behaviour."""

    def __post_init__(self) -> None:
        self._steps = iter([self.script] if callable(self.script) else self.script)
        self._step: Behaviour = nothing
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}/v1"

    @property
    def idle(self) -> bool:
        """Whether no connection is open any more."""
        return not self._tasks

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self.host, self.port, ssl=self.tls, limit=1 << 26)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self.hang_up()
        await self._server.wait_closed()

    async def hang_up(self) -> None:
        """Closes every connection; new ones are still accepted."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        self.connections += 1
        try:
            await self._converse(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client left, or the test is over
        finally:
            self._tasks.discard(task)
            writer.transport.abort() if writer.transport.is_closing() else writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), 1)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number, talking = 0, True
        while talking:
            request = await _read(reader)
            number += 1
            self.requests.append(request)
            self.seen.set()
            self._step = next(self._steps, self._step)
            talking = await self._behave(self._step, Conversation(request, number, writer), reader)

    async def _behave(self, behaviour: Behaviour, talk: Conversation, reader: asyncio.StreamReader) -> bool:
        acting = asyncio.ensure_future(behaviour(talk))
        watching = asyncio.ensure_future(_departure(reader))
        try:
            await asyncio.wait((acting, watching), return_when=asyncio.FIRST_COMPLETED)
            cut_short = not acting.done() or isinstance(acting.exception(), OSError)
            if cut_short:
                self.left += 1
                self.departure.set()
                return False
            await acting
            return talk.open
        finally:
            for task in (acting, watching):
                task.cancel()
            await asyncio.gather(acting, watching, return_exceptions=True)


async def _departure(reader: asyncio.StreamReader) -> None:
    """Returns when the client has closed. Looks at the buffer rather than reading, so that no request is eaten."""
    while not reader.at_eof() and reader.exception() is None:
        await asyncio.sleep(0.002)


async def _read(reader: asyncio.StreamReader) -> Request:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head[:-4].decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body, head)


# -- behaviours ----------------------------------------------------------------------------------------------


async def nothing(_: Conversation) -> None:
    """Reads the request and says nothing, for ever."""
    await asyncio.Event().wait()


def sends(*pieces: bytes, pause_s: float = 0, then: Then = "keep") -> Behaviour:
    """Exactly these bytes, a pause before each piece but the first."""

    async def act(talk: Conversation) -> None:
        for index, piece in enumerate(pieces):
            if index and pause_s:
                await asyncio.sleep(pause_s)
            await talk.send(piece)
        await talk.end(then)

    return act


def response(status: int = 200, body: bytes = b"{}", headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """The bytes of a well-formed response with a content-length."""
    names = {name.lower() for name, _ in headers}
    lines = [f"{name}: {value}\r\n" for name, value in headers]
    if "content-type" not in names:
        lines.append("content-type: application/json\r\n")
    return f"HTTP/1.1 {status} Status\r\n{''.join(lines)}content-length: {len(body)}\r\n\r\n".encode() + body


def answers(
    status: int = 200, body: bytes = b"{}", headers: Iterable[tuple[str, str]] = (), *, then: Then = "keep"
) -> Behaviour:
    return sends(response(status, body, tuple(headers)), then=then)


EVENTS_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def streams(*pieces: bytes, pause_s: float = 0, then: Then = "keep", finish: bool = True) -> Behaviour:
    """An event stream, each piece its own chunk; without `finish` the last chunk is missing."""
    wire = [chunk(piece) for piece in pieces] + ([b"0\r\n\r\n"] if finish else [])
    return sends(EVENTS_HEAD, *wire, pause_s=pause_s, then=then)


def floods(size: int, piece: bytes = b"x" * 65536) -> Behaviour:
    """A body of `size` bytes, as fast as the client takes it."""

    async def act(talk: Conversation) -> None:
        await talk.send(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size)
        for _ in range(size // len(piece)):
            await talk.send(piece)
        await talk.send(piece[: size % len(piece)])

    return act


def closes() -> Behaviour:
    return sends(then="close")


def resets() -> Behaviour:
    return sends(then="reset")
