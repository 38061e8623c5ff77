"""The language that can be proven: what it accepts and means, and what it refuses, where, and with which way out."""

import pytest

from tests.core.decide.facts import mistakes, policy, rule
from tidegate.core.decide.expressions import Beyond, Const, Flag, Meets, Not, OneOf, Same, both, either, negation
from tidegate.core.decide.vocabulary import ATTRIBUTES, LABELS, LEVEL

KIND, BAA, TIER = (ATTRIBUTES[f"resource.{name}"] for name in ("kind", "baa", "tier"))
CONTRACT, ROLES = ATTRIBUTES["resource.contract"], ATTRIBUTES["principal.roles"]
REGION, RESIDENCY = ATTRIBUTES["resource.region"], ATTRIBUTES["context.residency"]
CLOUD = OneOf(KIND, frozenset({"cloud"}))


@pytest.mark.parametrize(
    ("cedar", "meaning"),
    [
        ("true", Const(True)),
        ("resource.baa", Flag(BAA)),
        ("!resource.baa", Not(Flag(BAA))),
        ("resource.baa == true", Flag(BAA)),
        ("resource.baa == false", Not(Flag(BAA))),
        ('resource.kind == "cloud"', CLOUD),
        ('"cloud" == resource.kind', CLOUD),
        ('resource.kind != "cloud"', Not(CLOUD)),
        ('["cloud", "private"].contains(resource.kind)', OneOf(KIND, frozenset({"cloud", "private"}))),
        ("resource.region == context.residency", Same(RESIDENCY, REGION)),
        ("context.residency != resource.region", Not(Same(RESIDENCY, REGION))),
        ("resource.region == resource.region", Const(True)),
        ('context.level == "restricted"', OneOf(LEVEL, frozenset({"restricted"}))),
        ('context.labels.contains("pii")', Meets(LABELS, frozenset({"pii"}))),
        ('context.labels.containsAny(["pii", "phi"])', Meets(LABELS, frozenset({"pii", "phi"}))),
        ('["pii", "phi"].containsAny(context.labels)', Meets(LABELS, frozenset({"pii", "phi"}))),
        (
            'context.labels.containsAll(["pii", "phi"])',
            both([Meets(LABELS, frozenset({"phi"})), Meets(LABELS, frozenset({"pii"}))]),
        ),
        ('["pii", "phi"].containsAll(context.labels)', Not(Beyond(LABELS, frozenset({"pii", "phi"})))),
        ("principal.roles.isEmpty()", Not(Beyond(ROLES, frozenset()))),
        ("resource.baa && resource.contract", both([Flag(BAA), Flag(CONTRACT)])),
        ("resource.baa || resource.contract", either([Flag(BAA), Flag(CONTRACT)])),
        (
            "if resource.baa then resource.contract else true",
            either([both([Flag(BAA), Flag(CONTRACT)]), Not(Flag(BAA))]),
        ),
        (
            "resource.baa != resource.contract",
            negation(
                either([both([Flag(BAA), Flag(CONTRACT)]), both([Not(Flag(BAA)), Not(Flag(CONTRACT))])]),
            ),
        ),
        ('resource.tier == "a\\"b\\n"', OneOf(TIER, frozenset({'a"b\n'}))),
        ('resource.tier == "Zürich ⟦x⟧"', OneOf(TIER, frozenset({"Zürich ⟦x⟧"}))),
    ],
)
def test_a_condition_means_what_cedar_says(cedar, meaning):
    assert policy(rule(cedar)).rules[0].condition == meaning


def test_unless_is_a_negated_when_and_clauses_are_joined():
    text = rule("resource.contract").replace(";", " unless { resource.baa };")

    assert policy(text).rules[0].condition == both([Flag(CONTRACT), Not(Flag(BAA))])


REFUSED = [
    ('resource.region like "eu-*"', "`like`", "name the values"),
    ("context has level", "`has`", "every fact is always present"),
    ("context has nosuch && context.nosuch", "`has`", "every fact is always present"),
    ('principal in Actor::"alice"', "`in`", "principal.team or principal.roles"),
    ("resource is Target", "`is`", "leave the test out"),
    ("1 < 2", "`<`", "compare strings with == or !="),
    ("1 + 1 == 2", "`+`", "compare strings with == or !="),
    ('ip("10.0.0.1").isLoopback()', "`isLoopback`", "no fact has such a type"),
    ('decimal("1.0").lessThan(decimal("2.0"))', "`lessThan`", "no fact has such a type"),
    ('datetime("2026-01-01") < datetime("2027-01-01")', "`<`", "compare strings with == or !="),
    ("{a: 1} == {a: 1}", "`{`", "compare one attribute at a time"),
    ('principal.hasTag("x")', "`hasTag`", "use the attributes that the schema names"),
    ('principal == Actor::"alice"', "whole entity", "principal.id"),
    ("context == context", "whole entity", "principal.id"),
    ("1 == 1", "number", "compare attributes with strings"),
    ('"a" == "a"', "two constants", "compare a fact with a value"),
    ('context.labels == ["pii"]', "between sets", ".containsAny"),
    ("context.labels.contains(resource.kind)", "one string literal", '.contains("pii")'),
    ("context.labels.containsAll(principal.roles)", "list of string literals", '["pii", "phi"]'),
    ('[resource.kind, "x"].contains(resource.tier)', "list of string literals", '["pii", "phi"]'),
    ('["a"].contains("a")', "a value stands where a fact is needed", "resource.kind"),
    ('["a"].containsAny(["a"])', "`[`", '["a", "b"].contains(resource.tier)'),
    ('resource.kind == "coud"', 'never "coud"', 'did you mean "cloud"?'),
    ('["locl"].contains(resource.kind)', 'never "locl"', 'did you mean "local"?'),
    ('context.level == "secretive"', 'never "secretive"', "public, internal, confidential, restricted"),
    ("context.level == resource.tier", "compared with another fact", "compare it with a value"),
    ('context.labels.contains("PII")', '"PII" can never be a label', "lower-case"),
    ('context.labels.contains("pii.*")', '"pii.*" can never be a label', "covers all below"),
]


@pytest.mark.parametrize(("cedar", "what", "advice"), REFUSED)
def test_what_cannot_be_proven_is_refused_with_its_line_and_a_way_out(cedar, what, advice):
    (sentence,) = mistakes(rule("resource.contract", name="first") + rule(cedar))

    assert sentence.startswith("rules.cedar:")
    assert 4 <= int(sentence.split(":")[1]) <= 6
    assert what in sentence
    assert advice in sentence
    assert sentence.rpartition("; ")[2]


def test_a_refused_word_is_shown_on_its_own_line():
    text = rule('resource.contract &&\n  resource.baa &&\n  resource.region like "eu-*"')

    assert mistakes(text)[0].startswith("rules.cedar:5: `like`")
