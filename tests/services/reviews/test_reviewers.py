"""What reviewers ask, see and say."""

import json

import orjson
import pytest

from tests.core.review.kit import ANNA, BEN, ID, NOW, TEXT, S, note, waiting
from tests.services.reviews.machine import Machine, approved, run
from tidegate.core.ledger.notes import Signer
from tidegate.core.review import keeping
from tidegate.core.review.signed import order_note
from tidegate.core.values.errors import Refusal, Unavailable
from tidegate.core.values.review import Verdict


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
