"""A connection without a socket: the test plays the peer, byte by byte."""

import asyncio

from tidegate.adapters.providers.http1 import Connection, Limits, Timeouts


class Transport:
    """What a connection does to its socket, written down."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.reading = True
        self.aborted = False
        self.unsent_bytes = 0

    def get_extra_info(self, name):
        return ("127.0.0.1", 8080) if name == "peername" else None

    def write(self, data):
        assert not self.aborted, "nothing may be written to a dropped connection"
        self.written.append(bytes(data))

    def writelines(self, parts):
        self.write(b"".join(parts))

    def get_write_buffer_size(self):
        return self.unsent_bytes

    def pause_reading(self):
        self.reading = False

    def resume_reading(self):
        self.reading = True

    def abort(self):
        self.aborted = True


class Owner:
    def __init__(self) -> None:
        self.returned: list[Connection] = []
        self.losses: list[Connection] = []

    def released(self, connection):
        self.returned.append(connection)

    def lost(self, connection):
        self.losses.append(connection)


class Peer:
    """One connection and its other end. Make it inside a running loop."""

    def __init__(self, timeouts: Timeouts | None = None, limits: Limits | None = None) -> None:
        self.transport, self.owner = Transport(), Owner()
        self.connection = Connection(self.owner, timeouts or Timeouts(), limits or Limits())
        self.connection.connection_made(self.transport)

    def asked(self, body: bytes = b"") -> asyncio.Task:
        """The exchange as a task, its request written once the loop has turned."""

        async def exchange():
            return await self.connection.ask(b"POST / HTTP/1.1\r\n\r\n", body).arrived()

        return asyncio.ensure_future(exchange())

    async def says(self, *pieces: bytes, patient: bool = True) -> None:
        """Each piece as one read of the socket; while the connection does not read, a patient peer waits."""
        for piece in pieces:
            await asyncio.sleep(0)
            while patient and not self.transport.reading and not self.transport.aborted:
                await asyncio.sleep(0)
            if self.transport.aborted:
                return
            self.connection.data_received(piece)

    async def leaves(self, error: Exception | None = None) -> None:
        """An orderly close, or with `error` a broken connection."""
        await asyncio.sleep(0)
        if error is None and not self.transport.aborted:
            self.connection.eof_received()
        self.connection.connection_lost(error)
        await asyncio.sleep(0)
