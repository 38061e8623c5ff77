"""Twins that race: who is slow is outrun, who has lost is cancelled and closed, and nothing else is ever doubled."""

import asyncio

import pytest

from tests.services.journeys import CLOUD, OK, OTHER, Answered, Tour, busy_then, fails, target
from tidegate.core.values.errors import SealBroken
from tidegate.core.values.route import Route

HEDGED = Route(hedged=frozenset({"embeddings"}), hedge_after_s=0.02)


async def never(tour):
    await asyncio.Event().wait()


def test_a_slow_one_is_outrun_and_cancelled():
    story = Tour([CLOUD, OTHER], {"cloud": never, "other": OK}, route=HEDGED)
    assert story.tell(operation="embeddings") == ("other", 200, [("cloud", "outrun"), ("other", "")])
    assert story.in_flight == 0


def test_a_quick_one_is_not_hedged():
    story = Tour([CLOUD, OTHER], {"cloud": OK, "other": OK}, route=HEDGED)
    assert story.tell(operation="embeddings") == ("cloud", 200, [("cloud", "")])
    assert story.sent == ["cloud"]


NOT_HEDGED = [
    ("a chat", {}),
    ("what acts or is kept", {"operation": "embeddings", "capabilities": ["web-search"]}),
]


@pytest.mark.parametrize("more", [n[1] for n in NOT_HEDGED], ids=[n[0] for n in NOT_HEDGED])
def test_what_is_not_hedged(more):
    async def story():
        one = Tour([CLOUD, OTHER], {"cloud": never, "other": OK}, route=HEDGED)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(one.ask(**more), 0.1)
        return one

    one = asyncio.run(story())
    assert (one.sent, one.in_flight) == (["cloud"], 0)


def test_another_model_would_give_another_answer_so_it_is_no_twin():
    async def story():
        one = Tour([CLOUD, target("other", model="x")], {"cloud": never, "other": OK}, route=HEDGED)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(one.ask(operation="embeddings"), 0.1)
        return one.sent

    assert asyncio.run(story()) == ["cloud"]


def test_where_the_first_fails_the_second_is_asked_once():
    story = Tour([CLOUD, OTHER], {"cloud": fails("connect"), "other": OK}, route=HEDGED)
    assert story.tell(operation="embeddings") == ("other", 200, [("cloud", "connect"), ("other", "")])


def test_two_that_answer_in_the_same_moment_give_one_answer_and_the_other_is_closed():
    async def story():
        release = asyncio.Event()
        one = Tour([CLOUD, OTHER], {"cloud": busy_then(release), "other": busy_then(release)}, route=HEDGED)
        task = asyncio.ensure_future(one.ask(operation="embeddings"))
        await asyncio.sleep(0.05)
        release.set()
        return await task, one

    (who, _, told), one = asyncio.run(story())
    assert sorted(error for _, error in told) == ["", "outrun"]
    assert dict(told)[who] == ""
    assert [answer.closed for answer in one.answers] == [1, 1]
    assert one.in_flight == 0


def test_one_that_answers_in_vain_of_a_broken_seal_is_closed():
    async def breaks(tour):
        await asyncio.sleep(0.04)
        raise SealBroken("x")

    async def story():
        one = Tour([CLOUD, OTHER], {"cloud": breaks, "other": never}, route=HEDGED)
        with pytest.raises(SealBroken):
            await one.go(operation="embeddings")
        return one

    one = asyncio.run(story())
    assert (one.sent, one.in_flight) == (["cloud", "other"], 0)


def test_who_had_failed_already_is_not_said_to_have_been_outrun():
    story = Tour([CLOUD, OTHER], {"cloud": [Answered(500)], "other": never_then(0.03)}, route=HEDGED)
    assert story.tell(operation="embeddings") == ("other", 200, [("cloud", "status"), ("other", "")])


def never_then(seconds):
    async def act(tour):
        await asyncio.sleep(seconds)
        return Answered()

    return act
