"""Who waits for reviewers comes back when they have decided, when the time is over, and when the gateway ends."""

import asyncio

import pytest

from tidegate.services.reviews.waiting import Waiting

LONG_S = 60


def story(work):
    return asyncio.run(asyncio.wait_for(work, 5))


async def yes():
    return True


async def no():
    return False


async def begun(waiting, review, wait_s=LONG_S):
    task = asyncio.ensure_future(waiting.decided(review, wait_s, yes))
    while review not in waiting.reviews:
        await asyncio.sleep(0)
    return task


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param(lambda waiting: waiting.wake("r", "another"), id="decided"),
        pytest.param(lambda waiting: waiting.end(), id="the gateway goes down"),
    ],
)
def test_all_who_wait_for_it_come_back_and_nobody_is_left(ends):
    async def work():
        waiting = Waiting()
        tasks = [await begun(waiting, "r") for _ in range(3)]
        await asyncio.sleep(0)
        ends(waiting)
        await asyncio.gather(*tasks)
        return list(waiting.reviews)

    assert story(work()) == []


def test_of_two_reviews_one_wakes_its_own():
    async def work():
        waiting = Waiting()
        one, other = await begun(waiting, "one"), await begun(waiting, "other")
        waiting.wake("one")
        await one
        left = list(waiting.reviews), other.done()
        waiting.end()
        await other
        return left

    assert story(work()) == (["other"], False)


def test_nobody_waits_for_what_is_decided_nor_after_the_end_nor_for_no_time():
    async def never():
        raise AssertionError("there is nothing to look at")

    async def work():
        waiting = Waiting()
        await waiting.decided("r", LONG_S, no)
        await waiting.decided("r", 0, never)
        waiting.end()
        await waiting.decided("r", LONG_S, never)
        return list(waiting.reviews)

    assert story(work()) == []


def test_the_time_ends():
    async def work():
        waiting = Waiting()
        await waiting.decided("r", 0.001, yes)
        return list(waiting.reviews)

    assert story(work()) == []


def test_a_word_while_whoever_waits_looks_wakes_them():
    async def work():
        waiting = Waiting()

        async def looks():
            waiting.wake("r")
            return True

        await waiting.decided("r", LONG_S, looks)
        return list(waiting.reviews)

    assert story(work()) == []


def test_a_client_that_leaves_is_forgotten():
    async def work():
        waiting = Waiting()
        task = await begun(waiting, "r")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return list(waiting.reviews)

    assert story(work()) == []
