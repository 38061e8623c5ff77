import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.decide import drawn
from tests.core.decide.facts import LOCAL, invariant, policy, rule
from tests.core.decide.quotient import Quotient
from tidegate.core.decide.expressions import holds
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.prove import prove
from tidegate.core.decide.rules import Rule
from tidegate.core.decide.vocabulary import ACTIONS
from tidegate.core.values.decision import Effect
from tidegate.core.values.facts import RequestFacts, TargetFacts

CLOUD = rule('resource.kind == "cloud"', name="cloud", effect="permit")
NO_PII = rule('resource.kind == "cloud" && context.labels.contains("pii")', name="no-pii")
PII = invariant('context.labels.contains("pii") && resource.kind == "cloud"', name="pii")


def effect_of(rules: Sequence[Rule], request: RequestFacts, target: TargetFacts) -> Effect:
    """The rules read once more, by the definition: strongest action that is permitted and not forbidden."""
    hits = [rule for rule in rules if holds(rule.condition, request, target)]
    for action, effect in ACTIONS.items():
        kinds = {rule.effect for rule in hits if action in rule.actions}
        if kinds == {"permit"}:
            return effect
    return Effect.NONE


def exhausted(policy: Policy) -> dict:
    """The whole report, by trying every class of facts."""
    wanted = [rule.condition for rule in policy.rules] + [one.when for one in policy.invariants]
    points = [(r, t) for requests, targets in Quotient(wanted).blocks() for r in requests for t in targets]
    without = {rule.id: [other for other in policy.rules if other is not rule] for rule in policy.rules}

    def broken(rules, invariants):
        return {
            one.id
            for r, t in points
            for one in invariants
            if effect_of(rules, r, t) in one.never and holds(one.when, r, t)
        }

    failing = broken(policy.rules, policy.invariants)
    held = [one for one in policy.invariants if one.id not in failing]
    applying = {rule.id for rule in policy.rules for r, t in points if holds(rule.condition, r, t)}
    return {
        "failing": failing,
        "unpinned": {r.id for r in policy.rules if r.effect == "forbid" and not broken(without[r.id], held)},
        "unsatisfiable": {rule.id for rule in policy.rules} - applying,
        "redundant": {
            name
            for name, rules in without.items()
            if name in applying and all(effect_of(rules, r, t) is effect_of(policy.rules, r, t) for r, t in points)
        },
        "vacuous": {one.id for one in policy.invariants if not any(holds(one.when, r, t) for r, t in points)},
    }


@settings(max_examples=60, deadline=None)
@given(
    drawn.policies(max_rules=4),
    st.lists(
        st.tuples(drawn.conditions, st.sampled_from(['["raw"]', '["raw", "redacted"]', '["reviewed"]'])),
        min_size=1,
        max_size=2,
    ),
)
def test_a_proof_says_what_trying_every_class_of_facts_says(rules, wanted):
    invariants = "".join(invariant(when, name=f"i{place}", never=never) for place, (when, never) in enumerate(wanted))
    compiled = policy(rules, invariants)
    report = prove(compiled)

    assert exhausted(compiled) == {
        "failing": {one.id for one in report.invariants if not one.proved},
        "unpinned": set(report.unpinned),
        "unsatisfiable": set(report.unsatisfiable),
        "redundant": set(report.redundant),
        "vacuous": set(report.vacuous),
    }
    forbids = [one for one in compiled.rules if one.effect == "forbid"]
    assert report.coverage == pytest.approx(1 - len(report.unpinned) / len(forbids) if forbids else 1.0)
    for one in report.invariants:
        assert (one.counterexample is None) is one.proved


def test_a_policy_that_keeps_its_promise_is_proven():
    report = prove(policy(CLOUD + NO_PII, PII))

    assert report.ok
    assert report.coverage == pytest.approx(1.0)
    assert report.mistakes() == ()
    assert report.space == 6 * 2  # six sets of labels, a cloud or another kind


def test_a_missing_forbid_is_shown_by_the_smallest_request():
    report = prove(policy(LOCAL + CLOUD, PII))
    (failed,) = report.invariants

    assert not report.ok
    assert failed.counterexample.request.labels == {"pii"}
    assert failed.counterexample.effect is Effect.RAW
    (sentence,) = report.mistakes()
    assert sentence.startswith(
        "invariants.toml:1: the invariant pii does not hold: a request with pii (level confidential) goes raw to a "
    )
    assert sentence.endswith("cloud target, permitted by cloud; tighten that rule or add a forbid")


def test_rules_that_contradict_each_other_are_named():
    report = prove(policy(LOCAL + CLOUD + rule('resource.kind == "cloud"', name="no-cloud"), PII))

    assert report.ok
    assert (report.redundant, report.overruled) == (("cloud",), ("cloud",))
    assert "rules.cedar:4: the permit cloud lets nothing through: forbids overrule it" in " ".join(report.remarks())


def test_a_permit_that_another_covers_is_not_overruled():
    again = CLOUD.replace('"cloud")', '"again")', 1)
    report = prove(policy(LOCAL + CLOUD + again + NO_PII, PII))

    assert (report.redundant, report.overruled) == (("cloud", "again"), ())
    assert "rules.cedar:7: the rule again changes no decision" in report.remarks()


def test_a_rule_that_repeats_another_is_redundant_and_unpinned():
    report = prove(policy(CLOUD + NO_PII + NO_PII.replace("no-pii", "again"), PII))

    assert report.redundant == ("no-pii", "again")
    assert report.unpinned == ("no-pii", "again")
    assert report.coverage == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("rules", "invariants", "sentence"),
    [
        (LOCAL, "", "invariants.toml states nothing that must never happen"),
        (LOCAL + rule("resource.baa && !resource.baa"), PII, "rules.cedar:4: the rule the-rule can never apply"),
        (
            LOCAL,
            invariant('context.labels.contains("pii.email") && !context.labels.contains("pii")'),
            "invariants.toml:1: the invariant never is about nothing",
        ),
    ],
)
def test_what_promises_in_vain_is_not_ok(rules, invariants, sentence):
    report = prove(policy(rules, invariants))

    assert not report.ok
    assert any(sentence in one for one in report.mistakes())


def test_other_invariants_than_the_policys_own_can_be_asked():
    strict = policy(LOCAL, PII).invariants

    assert not prove(policy(CLOUD), strict).ok
    assert prove(policy(LOCAL), strict).ok


def test_a_solver_that_gives_up_has_proven_nothing(monkeypatch):
    import z3

    monkeypatch.setattr(z3.Solver, "check", lambda self, *terms: z3.unknown)
    report = prove(policy(CLOUD + NO_PII, PII))

    assert not report.ok
    assert report.invariants[0].undecided
    assert report.coverage == pytest.approx(0.0)
    assert report.mistakes() == (
        "invariants.toml:1: the invariant pii could not be decided in time; simplify the rules that it is about",
    )
    assert json.dumps(report.as_json())
