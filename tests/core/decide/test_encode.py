import pytest
import z3
from hypothesis import given, settings

from tests.core.decide import drawn
from tests.core.decide.facts import policy, rule
from tests.core.decide.quotient import Quotient
from tidegate.core.decide.encode import World
from tidegate.core.decide.expressions import holds
from tidegate.core.decide.space import space_of


def possible(condition: str) -> bool:
    expression = policy(rule(condition)).rules[0].condition
    world = World(space_of([expression]))
    solver = z3.Solver()
    solver.add(*world.constraints, world.term(expression))
    return solver.check() == z3.sat


@settings(max_examples=150, deadline=None)
@given(drawn.conditions)
def test_the_solver_finds_a_condition_possible_exactly_if_some_class_of_facts_meets_it(condition):
    expression = policy(rule(condition)).rules[0].condition
    met = any(
        holds(expression, request, target)
        for requests, targets in Quotient([expression]).blocks()
        for request in requests
        for target in targets
    )

    assert possible(condition) is met


@pytest.mark.parametrize(
    "condition",
    [
        'context.labels.contains("pii.email") && !context.labels.contains("pii")',
        'context.labels.contains("a.b.c") && !context.labels.containsAll(["a", "a.b"])',
        'context.labels.contains("pii") && context.labels.isEmpty()',
        'context.level == "public" && !context.labels.isEmpty()',
        'context.level == "restricted" && context.labels.isEmpty()',
        'context.labels.contains("gov") && context.level != "restricted"',
        'context.labels.contains("unheard.of") && context.level != "restricted"',
        'context.labels.contains("pii.person") && context.level == "internal"',
        'resource.kind == "cloud" && resource.kind == "local"',
        'resource.region == context.residency && context.residency == "eu" && resource.region == "us"',
        "resource.region == resource.tier && resource.tier == resource.name && resource.name != resource.region",
    ],
)
def test_what_no_request_can_be_is_impossible(condition):
    assert not possible(condition)


@pytest.mark.parametrize(
    "condition",
    [
        # Two strings that nobody names may differ, and may be equal.
        '!["", "eu"].contains(context.residency) && resource.region != "" && resource.region != context.residency',
        '!["", "eu"].contains(context.residency) && resource.region == context.residency && resource.region != "us"',
        '!["local", "private", "cloud"].contains(resource.kind)',
        # Labels that nobody names exist, at the root and below those that are named.
        '!["pii", "pii.email"].containsAll(context.labels) && !context.labels.contains("phi")',
        '!["pii"].containsAll(context.labels) && context.level == "confidential" && context.labels.contains("pii")',
        'context.level == "restricted" && !context.labels.containsAny(["gov", "phi", "pci", "secret", "unknown"])',
        'context.labels.contains("pii") && context.level == "internal"',
        'context.labels.contains("code") && context.level == "restricted" && ["code"].containsAll(context.labels)',
        '!["admin"].containsAll(principal.roles)',
    ],
)
def test_the_world_is_open(condition):
    assert possible(condition)
