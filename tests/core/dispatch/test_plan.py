"""Order, fallback and the facts of a target on a given day."""

from datetime import date

import pytest

from tidegate.core.dispatch import plan
from tidegate.core.values.decision import Decision, Effect, TargetDecision
from tidegate.core.values.target import Boundary, Contract, Target

TODAY = date(2026, 11, 21)


def target(contract=None, kind="cloud", region="", allow=frozenset()):
    boundary = Boundary("there", kind, region)
    return Target(
        name="t",
        provider="openai",
        url="https://x/v1",
        model="m",
        boundary=boundary,
        contract=contract,
        allow_fields=allow,
    )


def test_only_permitted_targets_are_tried_in_candidate_order():
    effects = (Effect.NONE, Effect.REDACTED, Effect.REVIEWED, Effect.RAW)
    decision = Decision(tuple(TargetDecision(f"t{n}", "b", e, ()) for n, e in enumerate(effects)), "p")
    assert [t.target for t in plan.attempts(decision)] == ["t1", "t3"]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_an_unwell_target_may_be_followed_by_the_next(status):
    assert plan.may_fall_back(status)


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 413, 422, 451])
def test_an_answer_to_this_request_never_moves_on_to_another_boundary(status):
    assert not plan.may_fall_back(status)


CONTRACTS = [
    ("none stated", None, False),
    ("no date", Contract(retention="zero"), False),
    ("expired yesterday", Contract(retention="zero", expires=date(2026, 11, 20)), False),
    ("its last day", Contract(retention="zero", expires=TODAY), True),
    ("years ahead", Contract(retention="zero", expires=date(2099, 1, 1)), True),
]


@pytest.mark.parametrize(("contract", "holds"), [c[1:] for c in CONTRACTS], ids=[c[0] for c in CONTRACTS])
def test_a_contract_that_is_not_in_force_reads_as_the_worst(contract, holds):
    facts = plan.facts_of(target(contract), rest=frozenset(), today=TODAY)
    assert facts.contract is holds
    assert facts.retention == ("zero" if holds else "unknown")


def test_a_field_is_known_when_the_target_allows_it():
    rest = frozenset({"novel"})
    assert not plan.facts_of(target(), rest=rest, today=TODAY).fields_known
    assert plan.facts_of(target(allow=frozenset({"novel"})), rest=rest, today=TODAY).fields_known
    assert plan.facts_of(target(), rest=frozenset(), today=TODAY).fields_known
