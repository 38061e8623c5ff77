"""Labels widen upwards, and the level of several is the strictest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.values.labels import LEVEL_OF_PREFIX, LEVELS, close, covers, level, strictest

NAMES = ["pii", "pii.email", "pii.phone", "pii.name", "bank.iban", "gov.us_ssn", "code.source", "secret.key", "unknown"]
LABELS = st.frozensets(st.sampled_from(NAMES))


@pytest.mark.parametrize(
    ("prefix", "label", "answer"),
    [
        ("pii", "pii", True),
        ("pii", "pii.email", True),
        ("pii", "piify", False),
        ("pii.email", "pii", False),
        ("pii.email", "pii.email.work", True),
    ],
)
def test_a_label_covers_what_stands_below_it(prefix, label, answer):
    assert covers(prefix, label) is answer


def test_closing_adds_all_that_a_label_implies():
    assert close(frozenset({"a.b.c", "x"})) == {"a", "a.b", "a.b.c", "x"}
    assert close(frozenset()) == frozenset()


@given(LABELS, LABELS)
def test_closing_is_a_closure(some, more):
    assert some <= close(some) == close(close(some))
    assert close(some) | close(more) == close(some | more)


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (set(), "public"),
        ({"pii.email"}, "internal"),
        ({"pii.name"}, "confidential"),
        ({"pii"}, "confidential"),  # nobody said which
        ({"pii", "pii.email"}, "internal"),  # somebody did
        ({"pii.email", "bank.iban"}, "confidential"),
        ({"gov.us_ssn"}, "restricted"),
        ({"unknown"}, "restricted"),
        ({"a.word.nobody.knows"}, "restricted"),
    ],
)
def test_the_level_is_the_strictest_of_the_leaves(labels, told):
    assert level(frozenset(labels)) == told


@given(LABELS)
def test_the_level_of_closed_labels_is_that_of_the_labels(labels):
    assert level(close(labels)) == level(labels)


@given(LABELS, st.sampled_from([name for name in NAMES if name != "pii"]))
def test_one_more_leaf_never_loosens(labels, another):
    """A parent alone reads as its worst; a leaf below it says more precisely what it is."""
    leaves = labels - {"pii"}
    assert LEVELS.index(level(leaves | {another})) >= LEVELS.index(level(leaves))


def test_no_line_of_the_table_hides_behind_an_earlier_one():
    for at, (prefix, _) in enumerate(LEVEL_OF_PREFIX):
        assert not any(covers(earlier, prefix) for earlier, _ in LEVEL_OF_PREFIX[:at])


def test_the_strictest_of_none_is_public():
    assert strictest([]) == "public"
    assert strictest(["internal", "restricted", "public"]) == "restricted"
