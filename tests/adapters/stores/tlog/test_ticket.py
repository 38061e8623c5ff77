"""A ticket: awaited early, late, twice, or never."""

import asyncio
import gc

import pytest

from tidegate.adapters.stores.tlog.ticket import Ticket
from tidegate.core.values.errors import LedgerError


class Log:
    def __init__(self):
        self.expected = 0

    def expect(self):
        self.expected += 1
        return asyncio.get_running_loop().create_future()


def ticket(log):
    return Ticket(log, 7, b"{}", "r", -1)


async def soon(call, *arguments):
    await asyncio.sleep(0)
    call(*arguments)


def test_no_future_is_made_for_whom_nobody_waits():
    async def work():
        log = Log()
        early, late = ticket(log), ticket(log)
        early.resolve()
        late.fail("no room")
        assert await early == 7
        with pytest.raises(LedgerError, match="no room"):
            await late
        assert log.expected == 0

    asyncio.run(work())


@pytest.mark.parametrize("waiters", [1, 3])
def test_all_who_wait_are_told(waiters):
    async def work():
        log, one = Log(), None
        one = ticket(log)

        async def wait():
            return await one

        told = await asyncio.gather(*(wait() for _ in range(waiters)), soon(one.resolve))
        assert told == [7] * waiters + [None]
        assert log.expected == 1

    asyncio.run(work())


def test_a_wait_that_was_given_up_can_be_taken_up_again():
    async def work():
        one = ticket(Log())

        async def wait():
            return await one

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(wait(), 0.001)
        told = await asyncio.gather(wait(), soon(one.resolve))
        assert told[0] == 7

    asyncio.run(work())


def test_a_failure_that_nobody_hears_makes_no_noise():
    complaints = []

    async def work():
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
        one = ticket(Log())
        waiting = one.__await__()
        next(waiting)
        waiting.close()
        one.fail("nobody hears it")
        del one, waiting
        gc.collect()
        await asyncio.sleep(0)

    asyncio.run(work())
    assert complaints == []
