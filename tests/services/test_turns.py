"""Turns at one target: bounded, fair between keys, and never lost."""

import asyncio

import pytest

from tidegate.core.dispatch.standing import Standing
from tidegate.core.values.route import Lane
from tidegate.services.turns import NoTurn, Turns

ANN, BEN = ("t", "ann"), ("t", "ben")


def turns(most, **lane):
    standing = Standing("t", "local", most)
    return Turns(Lane(most=most, **lane), standing), standing


async def wanting(gate, key, who, called, within_s=5.0):
    try:
        await gate.wait(key, within_s)
    except NoTurn as error:
        called.append(f"{who} {error.reason}")
    else:
        called.append(who)


def test_without_a_limit_everybody_has_a_turn():
    gate, standing = turns(0)
    assert all(gate.enter() for _ in range(1000))
    assert standing.in_flight == 1000


def test_with_one_the_others_wait_round_the_keys():
    async def story():
        gate, standing = turns(1)
        called = []
        assert gate.enter()
        assert not gate.enter()
        tasks = []
        for key, who in ((ANN, "a1"), (ANN, "a2"), (ANN, "a3"), (BEN, "b1")):
            tasks.append(asyncio.ensure_future(wanting(gate, key, who, called)))
            await asyncio.sleep(0)
        assert standing.waiting == 4
        for _ in tasks:
            gate.leave()
            await asyncio.sleep(0.001)
            assert standing.in_flight == 1
        gate.leave()
        return called, standing

    called, standing = asyncio.run(story())
    assert called == ["a1", "b1", "a2", "a3"]
    assert (standing.in_flight, standing.waiting) == (0, 0)


def test_nobody_jumps_a_queue():
    async def story():
        gate, _ = turns(1)
        called = []
        gate.enter()
        waiting = asyncio.ensure_future(wanting(gate, ANN, "a1", called))
        await asyncio.sleep(0)
        gate.leave()
        jumped = gate.enter()
        await waiting
        return jumped, called

    assert asyncio.run(story()) == (False, ["a1"])


def test_a_full_queue_and_a_long_wait_have_their_names():
    async def story():
        gate, standing = turns(1, queue=1, queue_s=0.02)
        called = []
        gate.enter()
        first = asyncio.ensure_future(wanting(gate, ANN, "a1", called))
        await asyncio.sleep(0)
        await wanting(gate, ANN, "a2", called)
        await first
        return called, standing

    called, standing = asyncio.run(story())
    assert called == ["a2 queue_full", "a1 queue_late"]
    assert (standing.in_flight, standing.waiting) == (1, 0)


def test_somebody_else_takes_the_place_of_whoever_holds_most():
    async def story():
        gate, _ = turns(1, queue=2)
        called = []
        gate.enter()
        tasks = []
        for key, who in ((ANN, "a1"), (ANN, "a2"), (BEN, "b1")):
            tasks.append(asyncio.ensure_future(wanting(gate, key, who, called)))
            await asyncio.sleep(0)
        for _ in range(2):
            gate.leave()
            await asyncio.sleep(0.001)
        await asyncio.gather(*tasks)
        return called

    assert asyncio.run(story()) == ["a2 queue_full", "a1", "b1"]


@pytest.mark.parametrize("granted_first", [False, True])
def test_whoever_is_cancelled_leaves_no_turn_behind(granted_first):
    async def story():
        gate, standing = turns(1)
        called = []
        gate.enter()
        leaving = asyncio.ensure_future(wanting(gate, ANN, "a1", called))
        staying = asyncio.ensure_future(wanting(gate, BEN, "b1", called))
        await asyncio.sleep(0)
        if granted_first:  # the turn and the cancellation meet
            gate.leave()
            leaving.cancel()
        else:
            leaving.cancel()
            await asyncio.sleep(0.001)
            gate.leave()
        await staying
        gate.leave()
        return called, standing.in_flight, standing.waiting

    assert asyncio.run(story()) == (["b1"], 0, 0)
