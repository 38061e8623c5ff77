import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.decide import drawn
from tests.core.decide.facts import policy, rule
from tests.core.decide.quotient import Quotient
from tidegate.core.decide.expressions import Beyond, Expression, Flag, Meets, OneOf, Same, both, either, holds, negation
from tidegate.core.decide.vocabulary import ATTRIBUTES, LABELS, LEVEL
from tidegate.core.decide.ways import search, solver
from tidegate.core.decide.ways.search import Undecided, example

REGION, RESIDENCY, TEAM = (ATTRIBUTES[name] for name in ("resource.region", "context.residency", "principal.team"))
ROLES, BAA = ATTRIBUTES["principal.roles"], Flag(ATTRIBUTES["resource.baa"])


def one_of(attribute, *values):
    return OneOf(attribute, frozenset(values))


def meets(*labels):
    return Meets(LABELS, frozenset(labels))


def within(*labels):
    return negation(Beyond(LABELS, frozenset(labels)))


def condition(text: str) -> Expression:
    return policy(rule(text)).rules[0].condition


def brute(question: Expression) -> bool:
    return any(
        holds(question, request, target)
        for requests, targets in Quotient([question]).blocks()
        for request in requests
        for target in targets
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(drawn.conditions, min_size=1, max_size=4))
def test_facts_are_found_exactly_where_trying_everything_finds_some(texts):
    question = both(condition(text) for text in texts)
    found = example(question)

    assert (found is not None) == brute(question)
    assert found is None or holds(question, *found)


@settings(max_examples=60, deadline=None)
@given(st.lists(drawn.conditions, min_size=1, max_size=4))
def test_the_solver_says_the_same(texts):
    question = both(condition(text) for text in texts)
    found, proven = example(question), solver.example(question)

    assert (found is None) == (proven is None)
    assert proven is None or holds(question, *proven)


@pytest.mark.parametrize(
    ("tests", "possible"),
    [
        ((), True),
        ((BAA,), True),
        ((BAA, negation(BAA)), False),
        ((one_of(REGION, "eu", "us"), negation(one_of(REGION, "eu"))), True),
        ((one_of(REGION, "eu", "us"), negation(one_of(REGION, "eu")), negation(one_of(REGION, "us"))), False),
        ((one_of(REGION, "eu"), Same(REGION, RESIDENCY), one_of(RESIDENCY, "eu", "us")), True),
        ((one_of(REGION, "eu"), Same(REGION, RESIDENCY), one_of(RESIDENCY, "us")), False),
        ((Same(REGION, RESIDENCY), Same(RESIDENCY, TEAM), negation(Same(REGION, TEAM))), False),
        ((negation(Same(REGION, RESIDENCY)), negation(one_of(RESIDENCY, "")), one_of(REGION, "")), True),
        # sets: whatever nothing rules out may be there together
        ((Meets(ROLES, frozenset(("a",))), negation(Beyond(ROLES, frozenset(("b",))))), False),
        ((Beyond(ROLES, frozenset(("a",))), negation(Meets(ROLES, frozenset(("b",))))), True),
        ((Beyond(ROLES, frozenset()), negation(Beyond(ROLES, frozenset()))), False),
        # labels bring their parents, and stay away with them
        ((meets("pii.email"), negation(meets("pii"))), False),
        ((meets("pii"), negation(meets("pii.email"))), True),
        ((meets("pii.email"), within("pii.email")), False),
        ((meets("pii.email"), within("pii", "pii.email")), True),
        # the level is that of the labels below which there is nothing
        ((one_of(LEVEL, "public"), Beyond(LABELS, frozenset())), False),
        ((one_of(LEVEL, "internal"), meets("pii")), True),
        ((one_of(LEVEL, "internal"), meets("pii"), negation(meets("pii.email", "pii.phone"))), False),
        ((one_of(LEVEL, "confidential"), within("pii", "pii.email"), meets("pii")), True),
        ((one_of(LEVEL, "confidential"), within("pii", "pii.email"), meets("pii.email")), False),
        ((one_of(LEVEL, "restricted"), within("pii", "pii.email")), False),
        ((negation(one_of(LEVEL, "public", "internal", "confidential", "restricted")),), False),
    ],
)
def test_what_can_be_so_together(tests, possible):
    question = both(tests)

    found = example(question)
    assert (found is not None) is possible
    assert brute(question) is possible
    assert found is None or holds(question, *found)


def test_what_is_found_is_as_plain_as_can_be():
    request, target = example(both((meets("pii.email", "phi"), negation(one_of(REGION, "us")))))

    assert len(request.labels) <= 2
    assert (request.residency, request.tools, target.kind, target.retention) == ("", frozenset(), "cloud", "zero")


def test_who_has_to_try_too_much_gives_up(monkeypatch):
    some = [Meets(ROLES, frozenset((one,))) for one in "abcd"]
    unlike = [either((negation(one), negation(other))) for one in some for other in some if one != other]
    question = both((either(some), either((some[0], BAA)), either((some[1], negation(BAA))), *unlike))

    assert (example(question) is not None) is brute(question) is True
    monkeypatch.setattr(search, "MOST_TRIED", 0)
    with pytest.raises(Undecided):
        example(question)
