from itertools import product

import pytest

from tests.core.decide.facts import policy, rule
from tests.core.decide.quotient import Quotient
from tidegate.core.decide.space import OTHER, ROOT, label_tree, level_of, other_than, patterns, space_of
from tidegate.core.decide.vocabulary import ATTRIBUTES
from tidegate.core.values.labels import close

REGION, RESIDENCY, TEAM = (ATTRIBUTES[path] for path in ("resource.region", "context.residency", "principal.team"))


def space(*conditions: str):
    return space_of(
        one.condition for one in policy("".join(rule(c, name=f"r{n}") for n, c in enumerate(conditions))).rules
    )


def test_a_tree_holds_every_prefix_and_one_unnamed_label_below_each():
    tree = label_tree(["pii.email", "code.source", "pii"])

    assert dict(tree.children) == {
        ROOT: ("code", "pii"),
        "code": ("code.source",),
        "code.source": (),
        "pii": ("pii.email",),
        "pii.email": (),
    }
    assert [tree.unnamed(node) for node in tree.children] == [
        OTHER,
        "code.other",
        "code.source.other",
        "pii.other",
        "pii.email.other",
    ]
    assert label_tree(["other", "other2"]).unnamed(ROOT) == "other3"


@pytest.mark.parametrize("names", [[], ["pii"], ["pii.email"], ["pii.email", "pii.phone", "code"], ["a.b.c", "a.d"]])
def test_points_count_every_closed_set_of_named_and_unnamed_labels(names):
    tree = label_tree(names)
    leaves = [*tree.names, *(tree.unnamed(node) for node in tree.children)]
    sets = {
        close(frozenset(n for n, here in zip(leaves, row, strict=True) if here))
        for row in product((0, 1), repeat=len(leaves))
    }

    assert tree.points() == len(sets)


def test_the_level_of_an_unnamed_label_is_that_of_its_place():
    tree = label_tree(["pii", "customer"])

    assert level_of(tree.unnamed(ROOT)) == "restricted"
    assert level_of(tree.unnamed("pii")) == "confidential"


@pytest.mark.parametrize(
    ("group", "values", "count"),
    [
        ([REGION], ["eu", "us"], 3),  # eu, us, other
        ([REGION, RESIDENCY], [], 2),  # equal or not
        ([REGION, RESIDENCY, TEAM], [], 5),  # the ways to split three into equals
        ([REGION, RESIDENCY], [""], 5),  # both empty, one, the other, equal others, two others
    ],
)
def test_patterns_tell_apart_what_equality_can(group, values, count):
    found = patterns(group, values)

    assert len(found) == len(set(found)) == count


def test_another_string_is_never_a_named_one():
    assert other_than([]) == "other"
    assert other_than(["other", "other-2"]) == "other-3"


def test_only_what_is_read_makes_the_space_larger():
    assert space("true").points == 1
    assert space("resource.baa").points == 2
    assert space("resource.baa", "resource.baa || resource.contract").points == 4
    assert space('resource.tier == "pro"').points == 2
    assert space('principal.roles.contains("admin")').points == 4
    assert (
        space('context.labels.contains("pii")').points == 6
    )  # an unnamed one or not, and pii: not, bare, or with one below


def test_facts_that_are_compared_share_their_values():
    found = space("resource.region == context.residency", 'context.residency == ""', 'resource.tier == "pro"')

    assert found.strings == (((RESIDENCY, REGION), ("",)), ((ATTRIBUTES["resource.tier"],), ("pro",)))


def test_the_level_brings_its_table_into_the_space():
    assert space('context.level == "public"').labels.children["pii"] == ("pii.email", "pii.phone")
    assert space('context.level == "public"').strings == ()


def test_each_class_of_the_quotient_answers_the_conditions_differently():
    conditions = [
        'context.labels.containsAny(["pii", "gov"])',
        'context.level == "restricted"',
        'resource.kind == "cloud"',
    ]
    found = Quotient(
        [one.condition for one in policy("".join(rule(c, name=f"r{n}") for n, c in enumerate(conditions))).rules]
    )

    # Met or not, restricted or not: all four happen (gov; pii; an unnamed label; none). Cloud, or another kind.
    assert found.size == 4 * 2
