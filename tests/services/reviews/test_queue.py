"""The queue of held requests: who waits, who may use what, and what happens by itself."""

import asyncio
import json
from dataclasses import replace

import orjson
import pytest

from tests.core.review.kit import ANNA, BEN, CALLER, ID, KEYS, NOW, S, note, question
from tests.services.reviews.machine import Machine, approved, run
from tidegate.core.review.hearing import Terms
from tidegate.core.values.decision import Effect
from tidegate.core.values.errors import Refusal, Unavailable
from tidegate.core.values.review import State, Verdict
from tidegate.services.reviews import KEPT_AFTER_NS, ReviewQueue


def test_it_is_held_approved_and_used_once():
    machine, review = approved()
    assert machine.use(review) == {"cloud": Effect.RAW, "other": Effect.RAW}
    again = machine.use(review)
    assert (again.code, machine.read(review).used_by) == ("review_used", "r2")
    assert machine.log.acts() == ["review.held", "review.approved", "review.used"]
    assert machine.store.owed == {number: owed for number, owed in machine.store.owed.items() if owed.to == "chat"}, (
        "what is owed to the log is paid"
    )


@pytest.mark.parametrize(
    ("asked", "is_same"),
    [
        ({}, True),
        ({"request_id": "another"}, True),
        ({"body": b"[]"}, False),
        ({"policy": "cd" * 32}, False),
        ({"caller": CALLER._replace(key_id="k2")}, False),
    ],
)
def test_sent_again_it_waits_as_the_one_it_is(asked, is_same):
    machine = Machine()
    assert (machine.hold() == machine.hold(**asked)) is is_same


def test_one_that_has_ended_is_held_anew():
    machine = Machine()
    first = machine.hold()
    machine.say(first, verdict=Verdict.REFUSE)
    assert machine.hold() != first


def test_one_that_is_over_is_held_anew_whether_anybody_has_looked_or_not():
    machine = Machine()
    first = machine.hold()
    machine.clock.ns += 8 * 3600 * S
    assert machine.hold() != first


def test_without_reviewers_nothing_is_held_and_the_sentence_says_why():
    machine = Machine(reviewers={})
    assert machine.hold() == ""
    assert machine.use("").code == "review_required"
    assert machine.store.rows == {}


def test_many_wait_and_one_more_is_refused():
    machine = Machine(most=3)
    ids = {machine.hold(body=b"%d" % n) for n in range(3)}
    assert len(ids) == 3
    with pytest.raises(Unavailable, match="3 requests wait"):
        machine.hold(body=b"one more")
    machine.say(min(ids), verdict=Verdict.REFUSE)
    assert machine.hold(body=b"one more") not in ids


def test_many_at_once_are_as_many():
    machine = Machine(most=5)

    async def all_at_once():
        asked = [machine.queue.wait(question(body=b"%d" % (n % 8))) for n in range(40)]
        return await asyncio.gather(*asked, return_exceptions=True)

    found = run(all_at_once())
    assert len({one for one in found if isinstance(one, str)}) == 5
    assert all(isinstance(one, str | Unavailable) for one in found)


def test_of_many_that_use_one_at_once_one_does():
    machine, review = approved()

    async def all_at_once():
        return await asyncio.gather(*(machine.queue.use(review, question(request_id=f"r{n}")) for n in range(30)))

    found = run(all_at_once())
    assert len([one for one in found if isinstance(one, dict)]) == 1
    assert {one.code for one in found if isinstance(one, Refusal)} == {"review_used"}
    assert machine.log.acts().count("review.used") == 1


def test_of_two_reviewers_at_once_both_are_heard_or_told():
    machine = Machine(terms=Terms(four_eyes=("phi",)))
    review = machine.hold()
    notes = [note(signer, machine.read(review), Verdict.RAW, at=NOW) for signer in (ANNA, BEN)]

    async def both():
        answers = [machine.queue.answer(orjson.dumps({"note": said})) for said in notes]
        return await asyncio.gather(*answers, return_exceptions=True)

    found = run(both())
    late = [one for one in found if isinstance(one, Refusal)]
    assert len(machine.read(review).words) == 2 - len(late)
    assert all("faster" in one.message for one in late)


def test_an_approval_that_is_over_is_not_used():
    machine, review = approved()
    machine.clock.ns += 1800 * S
    assert machine.use(review).code == "review_expired"


def test_a_review_that_nobody_knows_is_none():
    assert Machine().use(ID).code == "review_unknown"


# -- what happens by itself ------------------------------------------------------------------------------------------


def test_time_ends_what_waits_and_what_was_approved_and_the_log_says_so():
    machine, first = approved()
    second = machine.hold(body=b"2")
    machine.clock.ns += 1800 * S
    machine.look()
    assert (machine.read(first).state, machine.read(second).state) == (State.EXPIRED, State.WAITING)
    machine.clock.ns += 8 * 3600 * S
    machine.look()
    assert machine.read(second).state is State.EXPIRED
    assert machine.log.acts().count("review.expired") == 2


def test_a_day_after_its_end_it_is_as_if_it_had_never_been():
    machine, review = approved()
    machine.use(review)
    machine.clock.ns += KEPT_AFTER_NS - S
    machine.look()
    assert machine.use(review).code == "review_used"
    machine.clock.ns += 601 * S
    machine.look()
    assert machine.use(review).code == "review_unknown"


def test_whoever_waits_learns_of_what_a_command_has_done():
    machine = Machine()

    async def story():
        task = asyncio.ensure_future(machine.queue.wait(question(wait_s=5)))
        while not machine.queue._waiting.reviews:
            await asyncio.sleep(0)
        (review,) = machine.store.rows
        beside = ReviewQueue(machine.store, machine.clock, KEYS, machine.rules, machine.effects())
        assert await beside.forget(review, "root") == "forgotten"
        await machine.queue.look()
        return await asyncio.wait_for(task, 2)

    review = run(story())
    assert machine.use(review).code == "review_expired"
    assert json.loads(machine.log.entries[-1])["actor"] == "root"


def test_the_loop_goes_on_whatever_happens():
    machine = Machine()
    machine.start(every_s=0.001)

    async def story():
        machine.store.down = True
        machine.queue.begin()
        await asyncio.sleep(0.01)
        machine.store.down = False
        review = await machine.queue.wait(question())
        machine.clock.ns += 8 * 3600 * S
        while machine.read(review).state is State.WAITING:
            await asyncio.sleep(0.001)
        await machine.queue.aclose()

    run(asyncio.wait_for(story(), 5))
    assert machine.log.acts() == ["review.held", "review.expired"]


def test_other_keys_open_nothing_and_approve_nothing():
    machine, review = approved()
    machine.start(replace(KEYS, commitments=b"x" * 32, detection=b"y" * 32))
    assert machine.use(review).code == "review_differs"
    held = machine.hold(body=b"2")
    machine.start()
    assert machine.order("show", held, ANNA)["contents"] is None
