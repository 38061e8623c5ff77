"""Order and drop within what is permitted: never a target that was not, never one twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.decide.facts import request
from tests.core.decide.preferences.kit import ALL, BIG, HOUSE, SMALL, UNSTATED, order, permitted, read, rule
from tidegate.core.decide.preferences.rules import Dropped, Ordered, Preferences
from tidegate.core.values.decision import Effect, TargetDecision

NAMES = ["big", "small", "house", "aside"]


@pytest.mark.parametrize(
    ("body", "facts", "names"),
    [
        ('first = { kind = "local" }', {}, ["house", "big", "small", "aside"]),
        ('last = { tags = "frontier" }', {}, ["small", "house", "aside", "big"]),
        ('first = { region = ["eu", "ch"], kind = "cloud" }', {}, ["small", "big", "house", "aside"]),
        ('by = "cost"', {}, ["house", "small", "big", "aside"]),
        ('by = "latency_ms"', {}, ["small", "big", "house", "aside"]),
        ('by = "quality"', {}, ["big", "small", "house", "aside"]),
        ('drop = { health = "failing" }', {}, ["big", "small", "house"]),
        ('keep = { name = ["small", "house"] }', {}, ["small", "house"]),
        ('keep = { boundary = "nowhere" }\nunless_last = true', {}, NAMES),
        ('keep = { boundary = "nowhere" }', {}, []),
        ('when = { task = "summarise" }\nby = "cost"', {}, NAMES),
        ('when = { task = "summarise" }\nby = "cost"', {"task": "summarise"}, ["house", "small", "big", "aside"]),
        ('when = { labels = ["pii", "phi"] }\nfirst = { name = "house" }', {"labels": ["code.source"]}, NAMES),
        (
            'when = { labels = ["pii", "phi"] }\nfirst = { name = "house" }',
            {"labels": ["pii.email"]},
            ["house", "big", "small", "aside"],
        ),
        ('when = { level_from = "internal" }\nkeep = { kind = "local" }', {}, NAMES),
        ('when = { level_from = "internal" }\nkeep = { kind = "local" }', {"labels": ["pii.email"]}, ["house"]),
        ('when = { level_from = "internal" }\nkeep = { kind = "local" }', {"labels": ["gov"]}, ["house"]),
        ('when = { has_history = true }\nlast = { name = "big" }', {}, NAMES),
        ('when = { has_history = true }\nlast = { name = "big" }', {"has_history": True}, [*NAMES[1:], "big"]),
        ('unless = { workload = "support" }\nkeep = { name = "house" }', {"workload": "support"}, NAMES),
        ('unless = { workload = "support" }\nkeep = { name = "house" }', {"workload": "other"}, ["house"]),
        ('when = { team = "care" }\nunless = { latency = "patient" }\nkeep = { name = "small" }', {}, ["small"]),
    ],
)
def test_what_a_preference_makes_of_the_permitted(body, facts, names):
    assert list(order(read(rule(body)), **facts).names) == names


def test_an_effect_can_be_preferred():
    preferences = read(rule('first = { effect = "raw" }'))
    mixed = [*permitted(BIG, SMALL, effect=Effect.REDACTED), *permitted(HOUSE)]
    assert preferences.order(request(), ALL, mixed).names == ("house", "big", "small")


def test_an_earlier_rule_counts_more_than_a_later_one():
    inside, cheap = rule('first = { kind = "local" }', name="inside"), rule('by = "quality"', name="good")
    assert order(read(inside, cheap)).names == ("house", "big", "small", "aside")
    assert order(read(cheap, inside)).names == ("big", "small", "house", "aside")


def test_what_drops_comes_first_wherever_it_stands():
    """`unless_last` looks at what is left, not at what comes first."""
    preferences = read(
        rule('by = "cost"', name="cheap"),
        rule('drop = { kind = "cloud" }', name="no-cloud"),
        rule('drop = { health = "failing" }\nunless_last = true', name="healthy"),
    )
    assert order(preferences).names == ("house",)
    assert order(preferences, BIG, UNSTATED).names == ("aside",)


def test_it_is_told_which_rule_dropped_what_and_which_made_a_difference():
    preferences = read(
        rule('first = { name = "big" }', name="no-difference"),
        rule('drop = { tags = "large" }', name="not-large"),
        rule('by = "cost"', name="cheap"),
        rule('when = { task = "never" }\nby = "quality"', name="not-for-this"),
    )
    found = order(preferences, SMALL, BIG, HOUSE)
    assert found.dropped == (Dropped("big", "not-large"),)
    assert found.rules == ("not-large", "cheap")
    assert found.as_json() == {
        "dropped": [{"target": "big", "rule": "not-large"}],
        "rules": ["not-large", "cheap"],
        "targets": ["house", "small"],
    }
    assert (found.first, order(preferences, BIG).first) == ("house", "")


def test_without_a_rule_the_candidates_stay_as_they_are():
    assert order(Preferences()) == Ordered(tuple(permitted(*ALL)))


def test_a_sentence_says_what_a_rule_does():
    rules = read(
        rule('drop = { health = "failing", kind = ["cloud", "private"] }\nunless_last = true', name="a"),
        rule('by = "cost"', name="b"),
    ).rules
    assert [one.sentence() for one in rules] == [
        'drops targets with health "failing" and kind "cloud" or "private", unless none is left',
        "orders by cost",
    ]


def test_reasons_and_what_is_read():
    preferences = read(rule('when = { level_from = "internal", task = "x" }\nunless = { id = "bob" }\nby = "cost"'))
    assert preferences.read == {"level", "task", "actor"}
    assert (preferences.reason("a-rule"), preferences.reason("another")) == ("It is so.", "")


def test_the_targets_that_it_names_are_known():
    preferences = read(
        rule('keep = { name = ["small", "other"] }', name="a"), rule('first = { kind = "local" }', name="b")
    )
    assert preferences.names == {"big", "small", "house", "other"}


# -- never wider -----------------------------------------------------------------------------------------------------

_TARGET_TESTS = st.sampled_from(
    [
        'kind = "cloud"',
        'kind = "local"',
        'tags = "large"',
        'health = "failing"',
        'name = "small"',
        'effect = "redacted"',
    ]
)
_WHEN = st.sampled_from(["", 'when = { task = "t" }', 'unless = { task = "t" }', 'when = { level_from = "internal" }'])
_DOES = st.one_of(
    st.sampled_from(['by = "cost"', 'by = "quality"', 'by = "latency_ms"']),
    st.builds("{} = {{ {} }}".format, st.sampled_from(["first", "last"]), _TARGET_TESTS),
    st.builds("{} = {{ {} }}".format, st.sampled_from(["keep", "drop"]), _TARGET_TESTS),
    st.builds("{} = {{ {} }}\nunless_last = true".format, st.sampled_from(["keep", "drop"]), _TARGET_TESTS),
)
_PERMITTED = st.lists(
    st.builds(
        lambda one, effect: TargetDecision(one.target, one.boundary, effect, ("some",)),
        st.sampled_from(ALL),
        st.sampled_from([Effect.RAW, Effect.REDACTED]),
    ),
    unique_by=lambda one: one.target,
)


@given(
    bodies=st.lists(st.tuples(_WHEN, _DOES), max_size=6),
    targets=_PERMITTED,
    task=st.sampled_from(["", "t"]),
    labels=st.sampled_from([(), ("pii.email",), ("gov",)]),
)
def test_whatever_the_rules_the_result_is_a_part_of_the_permitted_each_as_it_was_decided(bodies, targets, task, labels):
    preferences = read(*(rule("\n".join(body), name=f"r-{n}") for n, body in enumerate(bodies)))
    found = preferences.order(request(*labels, task=task), ALL, targets)
    assert len(set(found.names)) == len(found.permitted)
    assert set(found.permitted) <= set(targets)
    assert {one.target for one in found.dropped} == {one.target for one in targets} - set(found.names)
    assert {one.rule for one in found.dropped} <= set(found.rules)
    if not any("keep" in does or "drop" in does for _, does in bodies):
        assert set(found.permitted) == set(targets)
    if all("unless_last" in does for _, does in bodies if "keep" in does or "drop" in does):
        assert bool(found.permitted) == bool(targets)
    if not found.rules:
        assert found.permitted == tuple(targets)
