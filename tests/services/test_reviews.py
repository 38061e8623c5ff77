"""The queue of held requests: who is told what, and what is left of it wherever the machine stops."""

import asyncio
import json
from dataclasses import replace

import orjson
import pytest

from tests.core.review.kit import ANNA, BEN, CALLER, ID, KEYS, NOW, REVIEWERS, TEXT, S, note, question, waiting
from tests.fakes.reviews import HeldInMemory, Stopped
from tidegate.core.ledger.notes import Signer
from tidegate.core.review import keeping
from tidegate.core.review.hearing import Terms
from tidegate.core.review.signed import order_note
from tidegate.core.values.decision import Effect
from tidegate.core.values.errors import LedgerError, Refusal, Unavailable
from tidegate.core.values.review import State, Verdict
from tidegate.services.reviews import KEPT_AFTER_NS, Effects, ReviewQueue, Rules


class Clock:
    ns = NOW

    def now_ns(self):
        return self.ns


class Log:
    def __init__(self):
        self.entries, self.down, self.stop_before, self.stop_after = [], False, False, False

    async def record(self, entry):
        if self.down:
            raise LedgerError("scripted")
        if self.stop_before:
            raise Stopped
        self.entries.append(entry)
        await asyncio.sleep(0)
        if self.stop_after:
            raise Stopped
        return len(self.entries) - 1

    def acts(self):
        return [json.loads(entry)["act"] for entry in self.entries]


class Machine:
    """What outlives a process: the store and the log. `start` begins a process on them."""

    def __init__(self, **rules):
        self.store, self.log, self.clock, self.ids, self.told = HeldInMemory(), Log(), Clock(), 0, []
        self.rules = Rules(**{"reviewers": REVIEWERS, "wait_s": 5, "hooks": ("chat",), **rules})
        self.queue = self.start()

    def start(self):
        effects = Effects(record=self.log.record, new_id=self.new_id, tell=lambda owed, paid: self.told.append(owed))
        self.queue = ReviewQueue(self.store, self.clock, KEYS, self.rules, effects)
        return self.queue

    def new_id(self):
        self.ids += 1
        return f"0190abcd-0000-7000-8000-{self.ids:012x}"

    def hold(self, **more):
        return run(self.queue.wait(question(**more)))

    def use(self, review, **more):
        return run(self.queue.use(review, question(review=review, **{"request_id": "r2", **more})))

    def say(self, review, signer=BEN, verdict=Verdict.RAW, **more):
        said = note(signer, self.read(review), verdict, at=self.clock.ns, **more)
        return self.send(said)

    def send(self, said):
        return run(self.queue.answer(orjson.dumps({"note": said})))

    def order(self, do, review="", signer=BEN):
        return self.send(order_note(signer, do, at=keeping.moment(self.clock.ns), review=review))

    def read(self, review):
        return keeping.read(self.store.rows[review])

    def look(self):
        run(self.queue._look())


def run(work):
    return asyncio.run(work)


def approved(**rules):
    machine = Machine(**rules)
    review = machine.hold()
    machine.say(review)
    return machine, review


# -- holding and using -----------------------------------------------------------------------------------------------


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


# -- what reviewers ask ----------------------------------------------------------------------------------------------


def test_by_role_they_see_places_or_also_the_text():
    machine = Machine()
    review = machine.hold()
    for signer, sees in ((BEN, False), (ANNA, True)):
        contents = machine.order("show", review, signer)["contents"]
        assert [one["label"] for one in contents["findings"]] == ["pii.person", "phi.mrn"]
        assert ("context" in contents) is sees
        assert (TEXT in json.dumps(contents)) is sees
    shown = [one for one in map(json.loads, machine.log.entries) if one["act"] == "review.shown"]
    assert [(one["reviewer"], one["to"]) for one in shown] == [("ben", "findings"), ("anna", "context")]


def test_nobody_sees_before_the_log_says_that_they_did():
    machine = Machine()
    review = machine.hold()
    machine.log.down = True
    with pytest.raises(Unavailable):
        machine.order("show", review, ANNA)


@pytest.mark.parametrize("end", ["approved", "refused", "expired", "forgotten"])
def test_text_is_gone_as_soon_as_nobody_has_to_look_at_it(end):
    machine = Machine()
    review = machine.hold()
    if end == "expired":
        machine.clock.ns += 8 * 3600 * S
        machine.look()
    elif end == "forgotten":
        assert run(machine.queue.forget(review, "root")) == "forgotten"
    else:
        machine.say(review, verdict=Verdict.RAW if end == "approved" else Verdict.REFUSE)
    assert machine.read(review).state == end
    assert machine.store.rows[review].sealed == b""
    assert machine.order("show", review, ANNA)["contents"] is None


def test_lists_tell_what_is_open_without_its_text():
    machine = Machine()
    first, second, third = (machine.hold(body=b"%d" % n) for n in range(3))
    machine.say(second)
    machine.say(third, verdict=Verdict.REFUSE)
    found = machine.order("list")["reviews"]
    assert [(one["review"], one["state"]) for one in found] == [(first, "waiting"), (second, "approved")]
    assert found == run(machine.queue.open())
    assert TEXT not in json.dumps(found)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{}", 400, "missing_note"),
        (b'{"note": 7}', 400, "missing_note"),
        (b"no", 400, "invalid_json"),
        (b'{"note": "hello"}', 403, "not_a_reviewer"),
        (
            orjson.dumps({"note": order_note(Signer("anna", b"x" * 32), "list", at=keeping.moment(NOW))}),
            403,
            "not_a_reviewer",
        ),
        (orjson.dumps({"note": order_note(ANNA, "erase", at=keeping.moment(NOW))}), 400, "unknown_order"),
        (orjson.dumps({"note": order_note(ANNA, "show", at=keeping.moment(NOW), review=ID)}), 404, "review_not_found"),
        (orjson.dumps({"note": order_note(ANNA, "about", at=keeping.moment(NOW), review=ID)}), 404, "review_not_found"),
        (orjson.dumps({"note": note(ANNA, waiting())}), 404, "review_not_found"),
    ],
)
def test_whoever_sends_something_else_is_told_what_to_send(body, status, code):
    with pytest.raises(Refusal) as refused:
        run(Machine().queue.answer(body))
    assert (refused.value.status, refused.value.code) == (status, code)


def test_a_word_that_changes_nothing_says_so():
    machine, review = approved()
    with pytest.raises(Refusal, match="Nothing has changed: it is approved already") as refused:
        machine.say(review, ANNA)
    assert refused.value.status == 409


def test_the_same_note_again_changes_nothing():
    machine = Machine()
    review = machine.hold()
    said = note(BEN, machine.read(review), Verdict.RAW, at=NOW)
    machine.send(said)
    with pytest.raises(Refusal, match="Nothing has changed"):
        machine.send(said)


@pytest.mark.parametrize("broken", ["store", "log"])
def test_where_nothing_can_be_kept_a_reviewer_is_told_and_nothing_goes(broken):
    machine = Machine()
    review = machine.hold()
    said = note(BEN, machine.read(review), Verdict.RAW, at=NOW)
    (machine.store if broken == "store" else machine.log).down = True
    with pytest.raises(Unavailable):
        machine.send(said)


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
        while not machine.queue._waiting:
            await asyncio.sleep(0)
        (review,) = machine.store.rows
        beside = ReviewQueue(machine.store, machine.clock, KEYS, machine.rules, machine.queue._effects)
        assert await beside.forget(review, "root") == "forgotten"
        await machine.queue._look()
        return await asyncio.wait_for(task, 2)

    review = run(story())
    assert machine.use(review).code == "review_expired"
    assert json.loads(machine.log.entries[-1])["actor"] == "root"


def test_the_loop_goes_on_whatever_happens():
    machine = Machine()
    machine.queue._every_s = 0.001

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


def test_other_keys_open_nothing_and_approve_nothing():
    machine, review = approved()
    machine.queue._keys = replace(KEYS, commitments=b"x" * 32, detection=b"y" * 32)
    assert machine.use(review).code == "review_differs"
    held = machine.hold(body=b"2")
    machine.queue._keys = KEYS
    assert machine.order("show", held, ANNA)["contents"] is None
