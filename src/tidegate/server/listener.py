"""Serves the data plane on a socket that the supervisor has bound, and drains it."""

import asyncio
import contextlib
import socket

from uvicorn.config import Config
from uvicorn.server import ServerState

from tidegate.server.data_plane import DataPlane
from tidegate.server.protocol import BoundedProtocol, Bounds


class Listener:
    """start, serve, drain. Every connection that it accepted is closed when `drain` returns."""

    def __init__(self, app: DataPlane, bounds: Bounds) -> None:
        self._bounds = bounds
        self._config = Config(
            app,
            http=BoundedProtocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=int(bounds.idle_seconds),
        )
        self._config.load()
        self._state = ServerState()
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None

    async def start(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: BoundedProtocol(self._config, self._state, self._bounds), sock=listening, backlog=2048
        )
        self._sweeper = loop.create_task(self._sweep())

    async def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(1.0)
            for connection in list(self._state.connections):
                if isinstance(connection, BoundedProtocol):
                    connection.expire(loop.time())

    async def drain(self, seconds: float) -> None:
        """Accepts nobody, lets requests end for at most `seconds`, then cancels the rest and sees them settled."""
        if self._server:
            self._server.close()
        for connection in list(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            await asyncio.wait(self._state.tasks, timeout=seconds)
        for task in list(self._state.tasks):
            task.cancel()
        if self._state.tasks:
            await asyncio.wait(self._state.tasks, timeout=2.0)
        if self._sweeper:
            self._sweeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sweeper
