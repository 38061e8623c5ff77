"""What is left of a review, wherever the machine stops; and what each change owes."""

import asyncio
import json

import pytest

from tests.core.review.kit import BEN, NOW, TEXT, note, question
from tests.fakes.reviews import Stopped
from tests.services.reviews.machine import Machine, approved, run
from tidegate.core.values.decision import Effect
from tidegate.core.values.review import State, Verdict


def test_webhooks_are_owed_each_change_and_none_of_them_holds_text():
    machine, review = approved()
    machine.use(review)
    events = {owed.number: json.loads(owed.content)["event"] for owed in machine.told}
    assert [events[number] for number in sorted(events)] == ["review.held", "review.approved", "review.used"]
    assert TEXT not in b"".join(owed.content for owed in machine.told).decode()


# -- where the machine stops -----------------------------------------------------------------------------------------

POINTS = [
    *(("store", when, method) for when in ("before", "after") for method in ("hold_review", "change_review")),
    *(("store", "before", method) for method in ("review", "debts")),
    *(("store", when, "settle_debts") for when in ("before", "after")),
    *(("log", when, "") for when in ("before", "after")),
]


def stopping(machine, point):
    where, when, method = point
    if where == "store":
        setattr(machine.store, f"stop_{when}", method)
    else:
        setattr(machine.log, f"stop_{when}", True)


def recovered(machine):
    machine.store.stop_before = machine.store.stop_after = None
    machine.log.stop_before = machine.log.stop_after = False
    machine.start()
    machine.look()
    return machine


def stops(work):
    try:
        work()
    except Stopped:
        return True
    return False


@pytest.mark.parametrize("point", POINTS, ids=" ".join)
def test_a_stop_while_it_is_used_never_uses_it_twice_nor_for_more(point):
    machine, review = approved()
    found = []
    stopping(machine, point)
    stopped = stops(lambda: found.append(machine.use(review)))
    recovered(machine)
    found += [machine.use(review, request_id=f"again{n}") for n in range(3)]
    effects = [one for one in found if isinstance(one, dict)]
    assert len(effects) <= 1
    assert all(one == {"cloud": Effect.RAW, "other": Effect.RAW} for one in effects)
    used = [json.loads(entry) for entry in machine.log.entries if b'"act":"review.used"' in entry]
    assert used, "it is used in the end, and the log says by which request"
    assert {one["request_id"] for one in used} == {machine.read(review).used_by}
    assert len(used) == 1 or stopped, "only a stop between record and settling writes it twice"
    assert machine.read(review).state is State.USED


@pytest.mark.parametrize("point", POINTS, ids=" ".join)
def test_a_stop_while_a_reviewer_speaks_loses_no_record_of_what_they_said(point):
    machine = Machine()
    review = machine.hold()
    said = note(BEN, machine.read(review), Verdict.RAW, at=NOW)
    stopping(machine, point)
    stops(lambda: machine.send(said))
    recovered(machine)
    state = machine.read(review).state
    assert ("review.approved" in machine.log.acts()) is (state is State.APPROVED)
    assert state in (State.WAITING, State.APPROVED)


@pytest.mark.parametrize("point", POINTS, ids=" ".join)
def test_a_stop_while_it_is_held_leaves_it_held_and_recorded_or_not_at_all(point):
    machine = Machine()
    stopping(machine, point)
    stops(machine.hold)
    recovered(machine)
    assert ("review.held" in machine.log.acts()) is bool(machine.store.rows)


def test_a_client_that_leaves_in_the_middle_leaves_a_whole_record():
    machine, review = approved()

    async def story():
        task = asyncio.ensure_future(machine.queue.use(review, question(request_id="r2")))
        while not machine.log.entries[2:]:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0.01)

    run(story())
    assert machine.log.acts().count("review.used") == 1
    assert [owed for owed in machine.store.owed.values() if not owed.to] == []
