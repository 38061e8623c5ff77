import dataclasses

import pytest
from hypothesis import given, settings

from tests.core.decide import drawn
from tests.core.decide.facts import LOCAL, invariant, policy, rule
from tests.core.decide.lifecycle.kit import CAREFUL, CLOUD, NO_PII, OPEN, STRICT, TAGS
from tests.core.decide.quotient import Quotient
from tidegate.core.decide.lifecycle.difference import difference
from tidegate.core.decide.lifecycle.strength import STRENGTH
from tidegate.core.values.decision import Effect
from tidegate.core.values.errors import ConfigError


@settings(max_examples=60, deadline=None)
@given(drawn.policies(max_rules=4), drawn.policies(max_rules=4))
def test_what_is_said_is_what_trying_every_class_of_facts_says(one, other):
    old, new = policy(one), policy(other)
    found = difference(old, new)
    tried = set()
    for requests, targets in Quotient([one.condition for one in (*old.rules, *new.rules)]).blocks():
        for request in requests:
            decided = zip(old.decide(request, targets).targets, new.decide(request, targets).targets, strict=True)
            tried |= {(before.effect, after.effect) for before, after in decided}

    def pairs(changes):
        return {(change.before.effect, change.after.effect) for change in changes}

    assert pairs(found.looser) == {pair for pair in tried if STRENGTH[pair[0]] < STRENGTH[pair[1]]}
    assert pairs(found.stricter) == {pair for pair in tried if STRENGTH[pair[0]] > STRENGTH[pair[1]]}
    assert found.equivalent is all(before is after for before, after in tried)


def test_a_removed_forbid_is_shown_by_the_plainest_request():
    found = difference(CAREFUL, OPEN)
    (change,) = found.looser
    assert not found.nowhere_looser
    assert change.request.labels == {"pii"}
    assert change.sentence() == (
        "a request with pii (level confidential) to a cloud target: sent redacted before (tags), sent raw after (cloud)"
    )
    assert found.as_json()["looser"][0]["facts"]["labels"] == ["pii"]


def test_an_added_forbid_is_nowhere_looser_and_stricter_somewhere():
    found = difference(CAREFUL, STRICT)
    assert (found.nowhere_looser, found.nowhere_stricter, found.equivalent) == (True, False, False)
    assert {(one.before.effect, one.after.effect) for one in found.stricter} == {
        (Effect.RAW, Effect.NONE),
        (Effect.REDACTED, Effect.NONE),
    }


def test_other_rules_that_come_to_the_same_are_equivalent():
    split = LOCAL + CLOUD + TAGS + NO_PII + NO_PII.replace("no-pii", "again").replace('"pii"', '"pii.email"')
    found = difference(CAREFUL, policy(split))
    assert (found.equivalent, found.nowhere_looser, found.old == found.new) == (True, True, False)


@pytest.mark.parametrize(
    ("old", "new", "weakened"),
    [
        ('context.labels.contains("pii")', 'context.labels.contains("pii")', False),
        ('context.labels.contains("pii.email")', 'context.labels.contains("pii")', False),
        ('context.labels.contains("pii")', 'context.labels.contains("pii.email")', True),
        ('context.labels.contains("pii")', 'context.labels.contains("phi")', True),
    ],
)
def test_a_promise_that_is_not_made_any_more_counts_as_looser(old, new, weakened):
    rules = LOCAL + rule('context.labels.containsAny(["pii", "phi"])', name="none")
    found = difference(policy(rules, invariant(old, name="kept")), policy(rules, invariant(new, name="kept")))
    assert found.equivalent
    assert [one.invariant for one in found.weakened] == (["kept"] if weakened else [])
    assert found.nowhere_looser is not weakened


def test_a_promise_about_fewer_effects_is_a_weaker_one():
    when = 'resource.kind == "cloud" && context.labels.contains("pii")'
    old, new = (policy(LOCAL, invariant(when, never=never)) for never in ('["raw", "redacted"]', '["redacted"]'))
    (one,) = difference(old, new).weakened
    assert one.effect is Effect.RAW
    assert one.sentence() == (
        "the invariant never promised that a request with pii (level confidential) to a cloud target is never "
        "sent raw; no invariant of the new policy does"
    )


def test_where_solver_and_function_disagree_nothing_is_proven():
    lying = dataclasses.replace(CAREFUL, _function=OPEN._function)
    with pytest.raises(ConfigError, match="this is a defect of tidegate"):
        difference(lying, OPEN)


def test_a_question_that_is_not_answered_in_time_proves_nothing(monkeypatch):
    monkeypatch.setattr("tidegate.core.decide.lifecycle.difference._Comparison._possible", _gives_up)
    found = difference(CAREFUL, CAREFUL)
    assert (found.nowhere_looser, found.nowhere_stricter, found.equivalent) == (False, False, False)
    assert found.undecided


def _gives_up(self, term, asked):
    self._undecided.append(asked)
    return False
