"""The connections to one target: kept, counted, handed out in turn."""

import asyncio
from collections import deque
from enum import Enum
from math import inf
from typing import NamedTuple

from tidegate.adapters.providers.http1.bounds import Limits, Timeouts
from tidegate.adapters.providers.http1.connection import Connection
from tidegate.adapters.providers.http1.dial import Dialer
from tidegate.core.values.errors import UpstreamError


class _Grant(Enum):
    SLOT = "the right to open a connection"
    EXPIRED = "waited too long"
    SHUT = "the pool is closed"


class _Waiting(NamedTuple):
    future: asyncio.Future[Connection | _Grant]
    deadline: float


class Pool:
    """At most `limits.connections` are open or being opened. Who finds none free waits in a line that nobody jumps:
    a connection or a slot that comes free goes to its first.

    A slot belongs to a connection from before it is dialled until it is lost; then it passes to the next in line.
    All time limits but connecting are kept by one sweep, which runs only while there is something to sweep.
    """

    def __init__(self, dialer: Dialer, *, timeouts: Timeouts, limits: Limits) -> None:
        self._dialer, self._timeouts, self._limits = dialer, timeouts, limits
        self._live: set[Connection] = set()
        self._idle: list[Connection] = []  # the one used last is taken first: the others may grow old and go
        self._line: deque[_Waiting] = deque()
        self._slots = 0
        self._closed = False
        self._sweeper: asyncio.TimerHandle | None = None
        self._emptied: asyncio.Event | None = None

    # -- taking ------------------------------------------------------------------------------------------

    def take(self) -> Connection | None:
        """A kept connection if there is one that is not overdue."""
        while self._idle:
            connection = self._idle.pop()
            if connection.open and connection.deadline > connection.loop.time():
                connection.deadline = inf
                return connection
            connection.drop()
        return None

    async def acquire(self) -> Connection:
        """A connection on which nothing was awaited since: write at once, or give it back by `released`.

        Raises UpstreamError `connect`, or `crowded` where all that there may be are in use.
        """
        while True:
            if self._closed:
                raise _shut()
            connection = self.take() or await self._dial_or_wait()
            if connection.open:
                return connection

    async def _dial_or_wait(self) -> Connection:
        if self._slots < self._limits.connections:
            self._slots += 1
            return await self._dial()
        granted = await self._in_line()
        if isinstance(granted, Connection):
            return granted
        if granted is _Grant.SLOT:
            return await self._dial()
        raise _shut() if granted is _Grant.SHUT else self._crowded(f"none came free in {self._timeouts.queue_s:g} s")

    async def _dial(self) -> Connection:
        """Uses up the slot that the caller holds."""
        try:
            connection = await self._dialer.dial(self)
        except BaseException:
            self._free_slot()
            raise
        if connection.gone:
            self._free_slot()
        else:
            self._live.add(connection)
            self._sweep_soon()
        if self._closed:
            connection.drop()
            raise _shut()
        if not connection.open:
            raise UpstreamError("connect", "it closed the connection as soon as it was open.")
        return connection

    async def _in_line(self) -> Connection | _Grant:
        if len(self._line) >= self._limits.queue:
            raise self._crowded(f"{len(self._line)} requests wait already")
        loop = asyncio.get_running_loop()
        waiting = _Waiting(loop.create_future(), loop.time() + self._timeouts.queue_s)
        self._line.append(waiting)
        self._sweep_soon()
        try:
            return await waiting.future
        except asyncio.CancelledError:
            self._decline(waiting.future)
            raise

    def _decline(self, future: asyncio.Future[Connection | _Grant]) -> None:
        """What was granted in the same moment in which its caller left goes to the next in line."""
        if not future.done() or future.cancelled():
            return
        granted = future.result()
        if isinstance(granted, Connection):
            self.released(granted)
        elif granted is _Grant.SLOT:
            self._free_slot()

    # -- giving back -------------------------------------------------------------------------------------

    def released(self, connection: Connection) -> None:
        if not connection.open:
            return
        if self._closed:
            connection.drop()
        elif not (self._line and self._grant(connection)):
            connection.deadline = connection.loop.time() + connection.kept_s
            self._idle.append(connection)

    def lost(self, connection: Connection) -> None:
        if connection not in self._live:
            return  # it broke while it was opened: whoever dials still holds the slot
        self._live.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        self._free_slot()

    def forget_idle(self) -> None:
        """One kept connection was stale: its neighbours most likely are."""
        for connection in self._idle:
            connection.drop()
        self._idle.clear()

    def _free_slot(self) -> None:
        if not self._grant(_Grant.SLOT):
            self._slots -= 1
            if self._slots == 0 and self._emptied:
                self._emptied.set()

    def _grant(self, what: Connection | _Grant) -> bool:
        while self._line:
            future = self._line.popleft().future
            if not future.done():
                future.set_result(what)
                return True
        return False

    # -- time --------------------------------------------------------------------------------------------

    def _sweep_soon(self) -> None:
        if self._sweeper is None:
            self._sweeper = asyncio.get_running_loop().call_later(self._timeouts.sweep_s, self._sweep)

    def _sweep(self) -> None:
        self._sweeper = None
        now = asyncio.get_running_loop().time()
        for connection in [one for one in self._live if one.deadline <= now]:
            connection.expire()
        while self._line and self._line[0].deadline <= now:
            future = self._line.popleft().future
            if not future.done():
                future.set_result(_Grant.EXPIRED)
        if self._live or self._line:
            self._sweep_soon()

    async def aclose(self) -> None:
        """Drops every connection, also in use, and returns when their sockets are closed. Idempotent."""
        self._closed = True
        self._dialer.close()
        while self._grant(_Grant.SHUT):
            pass
        for connection in self._live:
            connection.shut()
        self._idle.clear()
        if self._slots:
            self._emptied = self._emptied or asyncio.Event()
            await self._emptied.wait()
        if self._sweeper:
            self._sweeper.cancel()
            self._sweeper = None

    def _crowded(self, why: str) -> UpstreamError:
        return UpstreamError("crowded", f"all {self._limits.connections} connections to it are in use: {why}.")


def _shut() -> UpstreamError:
    return UpstreamError("connect", "the gateway is shutting down.")
