import asyncio
import random

import pytest

from tests.adapters.providers.http1.wire import Transport
from tests.adapters.providers.outgoing import run
from tidegate.adapters.providers.http1 import Connection, Limits, Pool, Timeouts
from tidegate.core.values.errors import UpstreamError


class Dialer:
    """Opens connections without sockets, when the test says so."""

    def __init__(self, timeouts: Timeouts, limits: Limits) -> None:
        self.timeouts, self.limits = timeouts, limits
        self.dialled: list[Connection] = []
        self.ready = asyncio.Event()
        self.ready.set()
        self.failure: Exception | None = None
        self.stillborn = False

    async def dial(self, owner):
        await self.ready.wait()
        if self.failure:
            raise self.failure
        connection = Connection(owner, self.timeouts, self.limits)
        connection.connection_made(Transport())
        if self.stillborn:
            close(connection)
        self.dialled.append(connection)
        return connection

    def close(self):
        pass


def close(connection: Connection) -> None:
    """The peer closes."""
    connection.eof_received()
    connection.connection_lost(None)


def settle(dialer: Dialer) -> None:
    """Sockets that were dropped are lost a moment later, as with real ones."""
    for connection in dialer.dialled:
        if connection._transport.aborted and not connection.gone:
            connection.connection_lost(None)


async def made(*, connections: int = 2, queue: int = 100, **times: float) -> tuple[Pool, Dialer]:
    timeouts, limits = Timeouts(**times), Limits(connections=connections, queue=queue)
    dialer = Dialer(timeouts, limits)
    return Pool(dialer, timeouts=timeouts, limits=limits), dialer


async def shut(pool: Pool, dialer: Dialer) -> None:
    closing = asyncio.ensure_future(pool.aclose())
    await asyncio.sleep(0)
    settle(dialer)
    await closing


async def in_line(pool: Pool) -> asyncio.Task:
    waiting = asyncio.ensure_future(pool.acquire())
    await asyncio.sleep(0)
    assert not waiting.done()
    return waiting


def test_a_released_connection_is_taken_again_the_latest_first():
    async def story():
        pool, dialer = await made()
        first, second = await pool.acquire(), await pool.acquire()
        pool.released(first)
        pool.released(second)
        assert await pool.acquire() is second
        assert await pool.acquire() is first
        assert len(dialer.dialled) == 2
        await shut(pool, dialer)

    run(story())


def test_a_closed_connection_is_not_handed_out():
    async def story():
        pool, dialer = await made()
        first = await pool.acquire()
        pool.released(first)
        close(first)
        assert await pool.acquire() is not first
        await shut(pool, dialer)

    run(story())


def test_an_overdue_connection_is_not_handed_out_even_before_the_sweep():
    async def story():
        pool, dialer = await made()
        first = await pool.acquire()
        pool.released(first)
        first.deadline = asyncio.get_running_loop().time() - 1
        assert await pool.acquire() is not first
        assert first._transport.aborted
        await shut(pool, dialer)

    run(story())


def test_the_line_is_served_in_turn():
    async def story():
        pool, dialer = await made(connections=1)
        held = await pool.acquire()
        order = []

        async def one(name):
            connection = await pool.acquire()
            order.append(name)
            await asyncio.sleep(0)
            pool.released(connection)

        line = [asyncio.ensure_future(one(name)) for name in range(5)]
        await asyncio.sleep(0)
        pool.released(held)
        late = asyncio.ensure_future(one("late"))
        await asyncio.gather(*line, late)
        assert order == [0, 1, 2, 3, 4, "late"]
        assert len(dialer.dialled) == 1
        await shut(pool, dialer)

    run(story())


def test_a_lost_connection_gives_its_slot_to_the_first_in_line():
    async def story():
        pool, dialer = await made(connections=1)
        held = await pool.acquire()
        waiting = await in_line(pool)
        held.drop()
        settle(dialer)
        fresh = await waiting
        assert fresh is not held
        assert pool._slots == 1
        await shut(pool, dialer)

    run(story())


def test_a_failed_dial_gives_its_slot_to_the_first_in_line():
    async def story():
        pool, dialer = await made(connections=1)
        dialer.ready.clear()
        dialler = asyncio.ensure_future(pool.acquire())
        await asyncio.sleep(0)
        waiting = await in_line(pool)
        dialer.failure = UpstreamError("connect", "refused")
        dialer.ready.set()
        with pytest.raises(UpstreamError):
            await dialler
        with pytest.raises(UpstreamError):
            await waiting
        assert pool._slots == 0

    run(story())


# Who leaves the line takes nothing with it: (when the caller leaves, what was on offer).
@pytest.mark.parametrize("when", ["while waiting", "just served"])
@pytest.mark.parametrize("offer", ["connection", "slot"])
def test_a_caller_that_leaves_passes_its_turn_on(when, offer):
    async def story():
        pool, dialer = await made(connections=1)
        held = await pool.acquire()
        leaving, staying = await in_line(pool), await in_line(pool)
        if when == "while waiting":
            leaving.cancel()
            await asyncio.sleep(0)
        if offer == "connection":
            pool.released(held)
        else:
            held.drop()
            settle(dialer)
        if when == "just served":
            leaving.cancel()
        assert (await staying is held) is (offer == "connection")
        with pytest.raises(asyncio.CancelledError):
            await leaving
        assert pool._slots == 1
        await shut(pool, dialer)

    run(story())


def test_a_caller_that_leaves_while_dialling_frees_its_slot():
    async def story():
        pool, dialer = await made(connections=1)
        dialer.ready.clear()
        leaving = asyncio.ensure_future(pool.acquire())
        await asyncio.sleep(0)
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        assert pool._slots == 0

    run(story())


def test_a_connection_handed_over_that_dies_on_the_way_is_replaced():
    async def story():
        pool, dialer = await made(connections=1)
        held = await pool.acquire()
        waiting = await in_line(pool)
        pool.released(held)
        close(held)
        assert await waiting is not held
        assert pool._slots == 1
        await shut(pool, dialer)

    run(story())


def test_a_connection_that_is_closed_as_soon_as_it_is_open_is_a_failed_connect():
    async def story():
        pool, dialer = await made()
        dialer.stillborn = True
        with pytest.raises(UpstreamError) as caught:
            await pool.acquire()
        assert caught.value.kind == "connect"
        assert pool._slots == 0

    run(story())


def test_the_line_has_a_bound():
    async def story():
        pool, dialer = await made(connections=1, queue=1)
        await pool.acquire()
        waiting = await in_line(pool)
        with pytest.raises(UpstreamError) as caught:
            await pool.acquire()
        assert (caught.value.kind, "1 requests wait already" in caught.value.message) == ("crowded", True)
        await shut(pool, dialer)
        with pytest.raises(UpstreamError):
            await waiting

    run(story())


def test_waiting_in_line_has_a_bound():
    async def story():
        pool, dialer = await made(connections=1, queue_s=0.02)
        await pool.acquire()
        with pytest.raises(UpstreamError) as caught:
            await pool.acquire()
        assert (caught.value.kind, "none came free" in caught.value.message) == ("crowded", True)
        await shut(pool, dialer)

    run(story())


def test_the_sweep_closes_idle_connections_and_then_rests():
    async def story():
        pool, dialer = await made(idle_s=0.02)
        first = await pool.acquire()
        pool.released(first)
        while not first._transport.aborted:
            await asyncio.sleep(0.01)
        settle(dialer)
        while pool._sweeper:
            await asyncio.sleep(0.01)
        assert pool._slots == 0
        assert not pool._live

    run(story())


def test_the_sweep_ends_exchanges_that_take_too_long():
    async def story():
        pool, dialer = await made(head_s=0.02)
        connection = await pool.acquire()
        with pytest.raises(UpstreamError) as caught:
            await connection.ask(b"GET / HTTP/1.1\r\n\r\n", b"").arrived()
        assert caught.value.kind == "timeout"
        settle(dialer)
        assert pool._slots == 0

    run(story())


def test_what_is_given_back_closed_or_too_late_is_not_kept():
    async def story():
        pool, dialer = await made()
        dead, late = await pool.acquire(), await pool.acquire()
        close(dead)
        pool.released(dead)
        assert pool._idle == []
        closing = asyncio.ensure_future(pool.aclose())
        await asyncio.sleep(0)
        late.open = True  # as if its exchange had ended in this moment
        pool.released(late)
        assert pool._idle == []
        settle(dialer)
        await closing

    run(story())


def test_forgetting_drops_what_is_kept_and_nothing_that_is_used():
    async def story():
        pool, dialer = await made(connections=3)
        used, *kept = [await pool.acquire() for _ in range(3)]
        for connection in kept:
            pool.released(connection)
        pool.forget_idle()
        assert [connection._transport.aborted for connection in (used, *kept)] == [False, True, True]
        settle(dialer)
        assert pool._slots == 1
        await shut(pool, dialer)

    run(story())


def test_closing_ends_everything_and_nothing_begins_after_it():
    async def story():
        pool, dialer = await made(connections=2)
        busy, _ = await pool.acquire(), await pool.acquire()
        exchange = asyncio.ensure_future(busy.ask(b"GET / HTTP/1.1\r\n\r\n", b"").arrived())
        waiting = await in_line(pool)
        await shut(pool, dialer)
        for task, kind in ((exchange, "cut"), (waiting, "connect")):
            with pytest.raises(UpstreamError) as caught:
                await task
            assert (caught.value.kind, "shutting down" in caught.value.message) == (kind, True)
        with pytest.raises(UpstreamError):
            await pool.acquire()
        assert pool._sweeper is None
        await pool.aclose()

    run(story())


def test_closing_waits_for_a_dial_that_is_under_way():
    async def story():
        pool, dialer = await made()
        dialer.ready.clear()
        dialling = asyncio.ensure_future(pool.acquire())
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(pool.aclose())
        await asyncio.sleep(0)
        assert not closing.done()
        dialer.ready.set()
        with pytest.raises(UpstreamError):
            await dialling
        settle(dialer)
        await closing
        assert dialer.dialled[0]._transport.aborted

    run(story())


async def caller(pool: Pool, chance: random.Random) -> None:
    """Takes a connection and does one of the things that can happen to it."""
    try:
        connection = await pool.acquire()
    except UpstreamError:
        return
    try:
        await asyncio.sleep(0)
    except asyncio.CancelledError:
        connection.drop()  # as an exchange does
        raise
    what = chance.choice(("answered", "answered", "dropped", "closed"))
    if what == "answered":
        pool.released(connection)
    elif what == "dropped":
        connection.drop()
    elif not connection.gone:
        close(connection)


async def disturb(dialer: Dialer, callers: list[asyncio.Task], chance: random.Random) -> None:
    dialer.failure = UpstreamError("connect", "refused") if chance.random() < 0.1 else None
    dialer.stillborn = chance.random() < 0.1
    if chance.random() < 0.3:
        chance.choice(callers).cancel()
    if chance.random() < 0.8:
        await asyncio.sleep(0)
        settle(dialer)


@pytest.mark.parametrize("seed", range(5))
def test_no_slot_is_ever_lost_or_gained(seed):
    """A long random walk of everything that callers and peers do; at the end every slot is back."""

    async def story():
        chance = random.Random(seed)
        pool, dialer = await made(connections=3, queue=8)
        callers: list[asyncio.Task] = []
        for _ in range(1000):
            callers.append(asyncio.ensure_future(caller(pool, chance)))
            await disturb(dialer, callers, chance)
            assert pool._slots <= 3
        while not all(one.done() for one in callers):
            await asyncio.sleep(0)
            settle(dialer)
        settle(dialer)
        assert pool._slots == len(pool._live) == len(pool._idle)
        await shut(pool, dialer)
        assert pool._slots == 0

    run(story())
