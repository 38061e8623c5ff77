"""What follows from what is known, and the plainest facts for it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.decide import drawn
from tests.core.decide.facts import policy, rule
from tidegate.core.decide.expressions import Beyond, Flag, Meets, OneOf, Same, atoms, both, holds, negation
from tidegate.core.decide.space import space_of
from tidegate.core.decide.vocabulary import ATTRIBUTES, LABELS, LEVEL
from tidegate.core.decide.ways.possible import Possible

REGION, RESIDENCY, ROLES = (ATTRIBUTES[name] for name in ("resource.region", "context.residency", "principal.roles"))


def one_of(attribute, *values):
    return OneOf(attribute, frozenset(values))


def meets(*labels):
    return Meets(LABELS, frozenset(labels))


@pytest.mark.parametrize(
    ("known", "asked", "outcome"),
    [
        ({one_of(REGION, "eu"): True}, one_of(REGION, "eu"), True),
        ({one_of(REGION, "eu"): True}, one_of(REGION, "eu", "us"), True),
        ({one_of(REGION, "eu"): True}, one_of(REGION, "us"), False),
        ({one_of(REGION, "eu", "us"): True}, one_of(REGION, "us"), None),
        ({one_of(REGION, "eu", "us"): True, one_of(REGION, "us"): False}, one_of(REGION, "eu"), True),
        ({one_of(REGION, "eu", "us"): False}, one_of(REGION, "us"), False),
        ({one_of(REGION, "eu"): False}, one_of(REGION, "eu", "us"), None),
        ({one_of(REGION, "eu"): True, one_of(RESIDENCY, "eu"): True}, Same(REGION, RESIDENCY), True),
        ({one_of(REGION, "eu"): True, one_of(RESIDENCY, "us", "in"): True}, Same(REGION, RESIDENCY), False),
        ({one_of(REGION, "eu", "us"): True, one_of(RESIDENCY, "us"): True}, Same(REGION, RESIDENCY), None),
        ({one_of(REGION, "eu"): True}, Same(REGION, RESIDENCY), None),
        ({meets("pii"): False}, meets("pii.email"), False),
        ({meets("pii.email"): True}, meets("pii"), True),
        ({meets("pii"): True}, meets("pii.email"), None),
        ({meets("pii.email", "phi"): True}, meets("pii", "phi"), True),
        ({meets("pii.email", "phi"): True}, meets("pii"), None),
        ({Beyond(ROLES, frozenset("ab")): False}, Beyond(ROLES, frozenset("abc")), False),
        ({Beyond(ROLES, frozenset("ab")): False}, Beyond(ROLES, frozenset("a")), None),
        ({}, Flag(ATTRIBUTES["resource.baa"]), None),
    ],
)
def test_what_follows(known, asked, outcome):
    possible = Possible(space_of([*known, asked]))

    assert possible.together(known, known)
    assert possible.follows(asked, known) is outcome


@settings(max_examples=300, deadline=None)
@given(st.lists(drawn.conditions, min_size=1, max_size=3), st.data())
def test_what_is_possible_together_is_shown_by_facts_and_what_follows_is_so_in_them(texts, data):
    tests = list(dict.fromkeys(one for text in texts for one in atoms(policy(rule(text)).rules[0].condition)))
    known = {one: data.draw(st.booleans()) for one in tests if data.draw(st.booleans())}
    possible = Possible(space_of([both(tests), *tests]))
    if not possible.together(known, known):
        return

    request, target = possible.facts(known)
    assert all(holds(one, request, target) is is_so for one, is_so in known.items())
    for one in tests:
        assert possible.follows(one, known) in (None, holds(one, request, target))


def test_the_plainest_facts_are_chosen():
    level = one_of(LEVEL, "restricted")
    possible = Possible(space_of([level, meets("phi"), meets("pii.email")]))

    request, target = possible.facts({meets("phi"): True})
    assert (request.labels, target.kind, request.residency) == ({"phi"}, "cloud", "")
    request, _ = possible.facts({level: True, meets("phi"): False})
    assert (request.level, "phi" in request.labels) == ("restricted", False)
    assert negation(level) != level
