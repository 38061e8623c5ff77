import pytest

from tests.core.decide.lifecycle.kit import CAREFUL, OPEN, STRICT, facts, newer, preferring, record
from tidegate.core.decide.lifecycle.facts import Document, WrongFact, plain
from tidegate.core.decide.lifecycle.receipt import again, decide_written


def test_a_record_decided_again_by_its_own_policy_agrees():
    found = again(CAREFUL, record(CAREFUL, labels=["pii.email"]))
    assert (found.ok, found.same_policy, found.agrees) == (True, True, True)
    assert [one.decided.effect for one in found.readings] == ["redacted", "raw"]


def test_another_policy_may_come_to_something_else_and_says_so():
    found = again(CAREFUL, record(OPEN, labels=["pii.email"]))
    assert (found.ok, found.same_policy, found.agrees) == (True, False, False)
    assert found.as_json()["recorded"]["policy"] == OPEN.digest


def test_a_record_that_its_own_policy_does_not_come_to_is_not_ok():
    forged = record(CAREFUL, labels=["pii.email"])
    forged["decision"][0]["effect"] = "raw"
    assert not again(CAREFUL, forged).ok


@pytest.mark.parametrize("why", ["not-proven", "policy-expired", "decision-in-doubt"])
def test_what_was_decided_while_only_local_targets_were_served_is_decided_so_again(why):
    found = again(CAREFUL, record(CAREFUL.only_local(why)))
    assert (found.same_policy, found.agrees) == (True, True)
    assert found.readings[0].decided.rules == (why,)


def test_facts_that_the_record_lacks_are_named():
    older = record(STRICT)
    del older["facts"]["tools_offered"]
    found = again(STRICT, older)
    assert found.missed == ("context.tools_offered",)
    assert (found.ok, found.agrees) == (True, False)


def test_facts_that_a_person_wrote_have_no_record_to_agree_with():
    request, target = facts(labels=["pii.email"])
    found = decide_written(CAREFUL, Document(plain(request) | {"labels": request.labels}, (plain(target),), ()))
    assert found.ok
    assert found.as_json()["recorded"] is None


INSIDE_FIRST = preferring('[[prefer]]\nid = "inside"\nreason = "So."\nfirst = { kind = "local" }\n')


def test_the_order_in_which_targets_are_tried_is_part_of_the_decision():
    kept = newer(record(INSIDE_FIRST), "l", "c")
    found = again(INSIDE_FIRST, kept)
    assert (found.ok, found.agrees, found.order.names, found.order.rules) == (True, True, ("l", "c"), ("inside",))
    assert found.as_json()["recorded"]["order"] == ["l", "c"]
    assert not again(INSIDE_FIRST, newer(record(INSIDE_FIRST), "c", "l")).ok
    without = again(OPEN, kept)
    assert (without.ok, without.agrees, without.order.names) == (True, False, ("c", "l"))


def test_a_record_from_before_there_was_an_order_has_none_to_agree_with():
    found = again(INSIDE_FIRST, record(INSIDE_FIRST))
    assert (found.agrees, found.as_json()["recorded"]["order"]) == (True, None)


@pytest.mark.parametrize(
    "damage",
    [
        {"decision": None},
        {"decision": [{}]},
        {"decision": [{"effect": "pink"}]},
        {"facts": 3},
        {"order": 3},
        {"order": {}},
    ],
)
def test_a_record_that_holds_too_little_is_refused(damage):
    with pytest.raises(WrongFact):
        again(CAREFUL, {**record(CAREFUL), **damage})
