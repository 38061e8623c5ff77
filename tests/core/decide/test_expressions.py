import pytest

from tests.core.decide.facts import request, target
from tidegate.core.decide.expressions import (
    FALSE,
    TRUE,
    And,
    Beyond,
    Const,
    Flag,
    Meets,
    Not,
    OneOf,
    Or,
    Same,
    atoms,
    attributes,
    both,
    either,
    holds,
    negation,
)
from tidegate.core.decide.vocabulary import ATTRIBUTES, LABELS

BAA, KIND = ATTRIBUTES["resource.baa"], ATTRIBUTES["resource.kind"]
REGION, RESIDENCY = ATTRIBUTES["resource.region"], ATTRIBUTES["context.residency"]
A, B, C = Flag(BAA), OneOf(KIND, frozenset({"cloud"})), Same(REGION, RESIDENCY)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (both([]), TRUE),
        (either([]), FALSE),
        (both([A]), A),
        (both([A, TRUE, A]), A),
        (both([A, FALSE]), FALSE),
        (either([A, TRUE]), TRUE),
        (either([A, FALSE, A]), A),
        (both([A, both([B, C])]), And((A, B, C))),
        (either([either([A, B]), C]), Or((A, B, C))),
        (negation(negation(A)), A),
        (negation(TRUE), FALSE),
        (negation(A), Not(A)),
    ],
)
def test_expressions_are_made_flat_and_without_constants(made, expected):
    assert made == expected


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        (Const(True), True),
        (A, True),
        (Not(A), False),
        (B, True),
        (OneOf(KIND, frozenset()), False),
        (C, False),
        (Meets(LABELS, frozenset({"pii", "phi"})), True),
        (Meets(LABELS, frozenset({"phi"})), False),
        (Beyond(LABELS, frozenset()), True),
        (Beyond(LABELS, frozenset({"pii", "pii.email"})), False),
        (Beyond(LABELS, frozenset({"pii"})), True),
        (And((A, B)), True),
        (And((A, C)), False),
        (Or((C, A)), True),
        (Or((C,)), False),
    ],
)
def test_an_expression_reads_the_facts_it_names(expression, answer):
    assert holds(expression, request("pii.email", residency="us"), target("cloud", region="eu")) is answer


def test_every_test_of_a_fact_is_listed():
    expression = both([A, negation(either([B, C])), TRUE])

    assert list(atoms(expression)) == [A, B, C]
    assert list(attributes(expression)) == [BAA, KIND, REGION, RESIDENCY]
