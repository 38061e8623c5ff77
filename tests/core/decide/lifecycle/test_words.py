import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.decide import drawn
from tests.core.decide.facts import policy, rule
from tests.core.decide.lifecycle.kit import facts
from tidegate.core.decide.expressions import atoms, holds
from tidegate.core.decide.lifecycle.words import (
    atom_text,
    deciding,
    read_by,
    situation,
    specialities,
    value_of,
    value_text,
)


def condition(text):
    return policy(rule(text)).rules[0].condition


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("resource.baa", None),
        ('resource.tier == "enterprise"', None),
        ('["ch", "eu"].contains(resource.region)', None),
        ("context.residency == resource.region", None),
        ('context.labels.contains("pii")', None),
        ('context.labels.containsAny(["bank", "pci"])', None),
        ('!["pii"].containsAll(context.labels)', None),
        ("!principal.roles.isEmpty()", None),
        ('resource.tier != "enterprise"', 'resource.tier == "enterprise"'),
    ],
)
def test_a_test_reads_as_a_rule_would_write_it(written, told):
    (atom,) = set(atoms(condition(written)))
    assert atom_text(atom) == (told or written)


@given(drawn.conditions)
def test_whatever_is_told_reads_back_as_the_same_test(text):
    for atom in set(atoms(condition(text))):
        assert set(atoms(condition(atom_text(atom)))) == {atom}


@pytest.mark.parametrize(
    ("text", "decide"),
    [
        ('resource.kind == "cloud" && resource.baa', {"resource.baa"}),
        ('resource.kind == "cloud" && resource.contract && resource.baa', {"resource.contract", "resource.baa"}),
        ('resource.kind == "cloud" || resource.baa', {'resource.kind == "cloud"'}),
        ("resource.contract || resource.baa", {"resource.contract", "resource.baa"}),
        ('!(resource.kind == "local" || resource.baa)', {'resource.kind == "local"', "resource.baa"}),
        ("true", set()),
    ],
)
def test_the_tests_that_decide_are_those_without_which_it_could_have_come_out_otherwise(text, decide):
    assert {atom_text(atom) for atom in deciding(condition(text), *facts())} == decide


@given(
    drawn.conditions, st.lists(drawn.requests, min_size=2, max_size=2), st.lists(drawn.targets, min_size=2, max_size=2)
)
def test_where_all_deciding_tests_come_out_the_same_so_does_the_condition(text, requests, targets):
    expression = condition(text)
    one, other = zip(requests, targets, strict=True)
    because = list(deciding(expression, *one))
    if all(holds(atom, *one) == holds(atom, *other) for atom in because):
        assert holds(expression, *one) == holds(expression, *other)


def test_a_situation_tells_what_is_special_and_nothing_else():
    plain = {"contract": True, "retention": "zero", "training": "never", "tier": "enterprise", "baa": True, "dpa": True}
    known = {name: value for name, value in plain.items() if hasattr(facts()[1], name)}
    assert situation(*facts(known)) == "a request with no label (level public) to a cloud target"
    told = situation(*facts({**known, "baa": False}, labels=["phi.mrn"], residency="eu", roles=["admin"]))
    assert told.startswith("a request with phi.mrn (level restricted) to a cloud target, where ")
    for part in ('principal.roles is ["admin"]', "resource.baa is false", 'context.residency is "eu"'):
        assert part in told
    assert specialities(*facts(known)) == 0 < specialities(*facts({**known, "baa": False}))


def test_values_read_as_a_rule_would_write_them():
    request, target = facts({"region": "eu"}, labels=["pii.email"])
    told = {
        path: value_text(one, value_of(one, request, target))
        for text in ("context.labels.isEmpty()", "resource.region == context.residency", "resource.baa")
        for atom in atoms(condition(text))
        for one in read_by(atom)
        for path in [one.path]
    }
    assert told == {
        "context.labels": '["pii.email"]',
        "resource.region": '"eu"',
        "context.residency": '""',
        "resource.baa": "false",
    }
