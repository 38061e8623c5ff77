from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.decide import drawn
from tests.core.decide.facts import LOCAL, policy, rule
from tests.core.decide.lifecycle.kit import CLOUD, OPEN, STRICT, facts
from tidegate.core.decide.lifecycle.facts import FACTS, plain, read_receipt, request_of, target_of
from tidegate.core.decide.lifecycle.strength import STRENGTH
from tidegate.core.decide.lifecycle.worst import TooMuchMissing, WorstReader
from tidegate.core.decide.vocabulary import Side
from tidegate.core.values.decision import Effect


def lacking(request, target, *, of_request=(), of_target=()):
    given = {name: value for name, value in plain(request).items() if name not in of_request}
    return read_receipt({
        "facts": given, "targets": [{name: value for name, value in plain(target).items() if name not in of_target}],
    })  # fmt: skip


def test_with_all_facts_it_is_the_decision():
    request, target = facts(labels=["pii.email"])
    (found,) = WorstReader(STRICT).decide(lacking(request, target))
    assert (found.request, found.target, found.missed) == (request, target, ())
    assert found.decision == STRICT.decide(request, [target]).targets[0]


def test_a_missing_fact_is_read_as_what_lets_the_least_through():
    request, target = facts()
    (found,) = WorstReader(STRICT).decide(lacking(request, target, of_request=["tools_offered"]))
    assert (found.decision.effect, found.decision.rules) == (Effect.NONE, ("no-tools",))
    assert found.missed == ("context.tools_offered",)
    assert found.request.tools_offered


def test_a_missing_fact_that_no_rule_reads_is_not_missed():
    request, target = facts()
    (found,) = WorstReader(OPEN).decide(lacking(request, target, of_request=["tools_offered", "residency"]))
    assert (found.decision.effect, found.missed) == (Effect.RAW, ())


def test_each_target_is_decided_by_its_own_worst():
    other_way = rule("resource.baa && !context.tools_offered", name="odd")
    decider = policy(LOCAL + CLOUD + rule("!resource.baa && context.tools_offered", name="even") + other_way)
    request, _ = facts()
    document = lacking(request, facts({"baa": True})[1], of_request=["tools_offered"])
    both = document._replace(targets=(*document.targets, {**document.targets[0], "baa": False}))
    assert [one.decision.rules for one in WorstReader(decider).decide(both)] == [("odd",), ("even",)]


@pytest.mark.parametrize(
    ("condition", "request_lacks", "target_lacks"),
    [
        ('context.residency == "eu"', ["residency"], []),
        ('context.residency != "" && context.residency != "eu"', ["residency"], []),
        ("context.residency != resource.region", ["residency"], []),
        ("context.residency == resource.region", [], ["region"]),
        (
            "context.residency == resource.region && context.residency != resource.tier",
            ["residency"],
            ["region", "tier"],
        ),
        ('principal.roles.contains("guest")', ["roles"], []),
        ('!["admin"].containsAll(principal.roles)', ["roles"], []),
        ('principal.roles.containsAll(["a", "b"]) && !principal.roles.contains("c")', ["roles"], []),
    ],
)
def test_every_value_that_rules_can_tell_apart_is_tried(condition, request_lacks, target_lacks):
    document = lacking(*facts(residency="in"), of_request=request_lacks, of_target=target_lacks)
    (found,) = WorstReader(policy(LOCAL + CLOUD + rule(condition))).decide(document)
    assert found.decision.effect is Effect.NONE


def test_more_than_can_be_tried_is_said():
    roles = [f"r{place}" for place in range(12)]
    decider = policy(LOCAL + CLOUD + rule(f"principal.roles.containsAny({str(roles).replace(chr(39), chr(34))})"))
    with pytest.raises(TooMuchMissing):
        WorstReader(decider).decide(lacking(*facts(), of_request=["roles"]))


@settings(deadline=None, max_examples=150)
@given(drawn.policies(), drawn.requests, drawn.targets, st.data())
def test_taking_facts_away_never_lets_more_through(rules, request, target, data):
    names = [sorted(set(FACTS[side]) - {"labels", "level", "kind"}) for side in Side]
    gone = [data.draw(st.lists(st.sampled_from(some), max_size=4, unique=True)) for some in names]
    decider = policy(rules)
    if target.kind == "orbital":
        return  # no receipt holds such a target
    (found,) = WorstReader(decider).decide(lacking(request, target, of_request=gone[0], of_target=gone[1]))
    (whole,) = decider.decide(request, [target]).targets

    assert STRENGTH[found.decision.effect] <= STRENGTH[whole.effect]
    assert decider.decide(found.request, [found.target]).targets[0] == found.decision


def test_the_worst_of_several_flags_is_the_worst_of_all_their_values():
    decider = policy(LOCAL + CLOUD + rule("resource.baa != resource.contract && resource.fields_known", name="mixed"))
    names = ("baa", "contract", "fields_known")
    request, target = facts()
    (found,) = WorstReader(decider).decide(lacking(request, target, of_target=names))
    tried = [
        decider.decide(request, [target_of({**plain(target), **dict(zip(names, row, strict=True))})]).targets[0]
        for row in product((False, True), repeat=3)
    ]
    assert found.decision.effect is min(tried, key=lambda one: STRENGTH[one.effect]).effect
    assert request_of({}) == found.request
