"""Serves the data plane on a socket that the supervisor has bound, and drains it."""

import asyncio
import contextlib
import socket

from tidegate.server.connection import Bounds, ClientConnection, Serve


class Listener:
    """start, serve, drain. Every connection that it accepted is closed when `drain` returns."""

    def __init__(self, serve: Serve, bounds: Bounds) -> None:
        self._serve, self._bounds = serve, bounds
        self._connections: set[ClientConnection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None

    async def start(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: ClientConnection(self._serve, self._bounds, self._connections, self._tasks),
            sock=listening,
            backlog=2048,
        )
        self._sweeper = loop.create_task(self._sweep())

    async def _sweep(self) -> None:
        """One timer for all: a timer a request would cost more than the requests that it protects from."""
        loop = asyncio.get_running_loop()
        pause = min(1.0, self._bounds.head_seconds / 2, self._bounds.body_seconds / 2)
        while True:
            await asyncio.sleep(pause)
            for connection in list(self._connections):
                connection.expire(loop.time())

    async def drain(self, seconds: float) -> None:
        """Accepts nobody, lets requests end for at most `seconds`, then cancels the rest and sees them settled."""
        if self._server:
            self._server.close()
        for connection in list(self._connections):
            connection.drain()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2.0)
        if self._sweeper:
            self._sweeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sweeper
