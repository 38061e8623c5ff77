"""Order, fallback and the facts of a target on a given day."""

from datetime import date

import pytest

from tidegate.core.dispatch import plan
from tidegate.core.values.decision import Decision, Effect, TargetDecision
from tidegate.core.values.target import Boundary, Contract, Target

TODAY = date(2026, 11, 21)


def target(contract=None, kind="cloud", region="", allow=frozenset(), **more):
    boundary = Boundary("there", kind, region)
    return Target(
        name="t",
        provider="openai",
        url="https://x/v1",
        model="m",
        boundary=boundary,
        contract=contract,
        allow_fields=allow,
        **more,
    )


def test_only_permitted_targets_are_tried_in_candidate_order():
    effects = (Effect.NONE, Effect.REDACTED, Effect.REVIEWED, Effect.RAW)
    decision = Decision(tuple(TargetDecision(f"t{n}", "b", e, ()) for n, e in enumerate(effects)), "p")
    assert [t.target for t in decision.permitted] == ["t1", "t3"]


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


@pytest.mark.parametrize(
    ("agreed", "asked", "told"),
    [
        ((), (), True),
        ((), ("web-search",), False),
        (("web-search",), ("web-search",), True),
        (("web-search",), ("web-search", "files"), False),
    ],
)
def test_capabilities_are_agreed_when_the_contract_names_every_one(agreed, asked, told):
    contract = Contract(capabilities=frozenset(agreed), expires=TODAY)
    facts = plan.facts_of(target(contract), rest=frozenset(), today=TODAY, capabilities=frozenset(asked))
    assert facts.capabilities_agreed is told
    expired = plan.facts_of(target(contract), rest=frozenset(), today=date(2099, 1, 1), capabilities=frozenset(asked))
    assert expired.capabilities_agreed is (not asked)


def test_what_was_decided_of_a_model_is_a_fact_and_its_health_is_not_known():
    facts = plan.facts_of(target(Contract(dpa=True, expires=TODAY)), rest=frozenset(), today=TODAY)
    assert (facts.approval, facts.health, facts.dpa) == ("unknown", "unknown", True)
    assert plan.facts_of(target(approval="withdrawn"), rest=frozenset(), today=TODAY).approval == "withdrawn"


@pytest.mark.parametrize(
    ("ns", "told"),
    [
        (0, (date(1970, 1, 1), "thursday", "00")),
        (3_600_000_000_000 - 1, (date(1970, 1, 1), "thursday", "00")),
        (1_795_278_600_000_000_000, (date(2026, 11, 21), "saturday", "16")),
        (1_795_305_599_999_999_999, (date(2026, 11, 21), "saturday", "23")),
        (1_795_305_600_000_000_000, (date(2026, 11, 22), "sunday", "00")),
    ],
)
def test_a_moment_is_told_in_utc(ns, told):
    assert plan.moment(ns) == told
    assert plan.day(ns) == told[0]
