"""A policy that goes along: each request counts once, each kind of difference is news once."""

import pytest

from tests.core.decide.facts import target
from tests.core.decide.lifecycle.kit import CAREFUL, OPEN, STRICT, facts, preferring
from tidegate.core.decide.lifecycle import shadow as module
from tidegate.core.decide.lifecycle.shadow import MOST_KINDS, Shadow
from tidegate.core.decide.preferences.policy import ordered

HOUSE_FIRST = preferring('[[prefer]]\nid = "inside"\nreason = "So."\nfirst = { kind = "local" }\n')


def compare(shadow, ruling, asked, where):
    decision = ruling.decide(asked, where)
    return shadow.compare(asked, where, decision, ordered(ruling, asked, where, decision).first)


def count(shadow, ruling, times=1, targets=None, **request):
    asked, cloud = facts(**request)
    where = targets or [cloud, target("local")]
    compared = compare(shadow, ruling, asked, where)
    compared.requests += times
    return compared


@pytest.mark.parametrize(
    ("ruling", "other", "request_", "bucket", "rerouted"),
    [
        (CAREFUL, CAREFUL, {"labels": ["pii.email"]}, "unchanged", False),
        (CAREFUL, STRICT, {"labels": []}, "unchanged", False),
        (OPEN, CAREFUL, {"labels": ["pii.email"]}, "stricter", False),
        (OPEN, STRICT, {"tools_offered": True}, "stricter", True),
        (STRICT, OPEN, {"tools_offered": True}, "looser", True),
    ],
)
def test_a_request_falls_into_one_bucket(ruling, other, request_, bucket, rerouted):
    shadow = Shadow(other)
    count(shadow, ruling, times=2, **request_)
    told = shadow.as_json()
    assert told["requests"] == 2
    assert [told[word] for word in ("unchanged", "stricter", "looser")] == [
        2 if word == bucket else 0 for word in ("unchanged", "stricter", "looser")
    ]
    assert told["rerouted"] == 2 * rerouted
    assert told["policy"] == other.digest


@pytest.mark.parametrize(("ruling", "other"), [(OPEN, HOUSE_FIRST), (HOUSE_FIRST, OPEN)])
def test_another_order_is_rerouted_and_changes_nothing_else(ruling, other):
    shadow = Shadow(other)
    count(shadow, ruling)
    told = shadow.as_json()
    assert (told["unchanged"], told["rerouted"], told["kinds"]) == (1, 1, [])


def test_looser_anywhere_is_looser():
    asked, cloud = facts(labels=["pii.email"], tools_offered=True)
    mixed = [cloud, target("private")]
    shadow = Shadow(OPEN)
    compared = compare(shadow, STRICT, asked, mixed)
    assert compared.bucket == "looser"


def test_what_is_the_same_is_the_same_object():
    shadow = Shadow(STRICT)
    first = count(shadow, OPEN, tools_offered=True)
    assert count(shadow, OPEN, tools_offered=True) is first


def test_a_kind_is_news_once_and_only_when_a_request_was_of_it():
    shadow = Shadow(STRICT)
    count(shadow, OPEN, times=0, tools_offered=True)
    assert shadow.news() == []
    count(shadow, OPEN, tools_offered=True)
    (kind,) = shadow.news()
    assert (kind.before, kind.after, kind.after_rules) == ("raw", "none", ("no-tools",))
    count(shadow, OPEN, tools_offered=True)
    assert shadow.news() == []
    assert shadow.as_json()["kinds"] == [{**kind.as_json(), "requests": 2}]


def test_kinds_are_bounded_and_counts_are_not(monkeypatch):
    shadow = Shadow(STRICT)
    names = [f"target-{number}" for number in range(MOST_KINDS + 20)]
    for name in names:
        count(shadow, OPEN, targets=[target("cloud", target=name)], tools_offered=True)
    assert len(shadow.news()) == MOST_KINDS
    assert shadow.news() == []
    assert len(shadow.as_json()["kinds"]) == MOST_KINDS
    assert shadow.as_json()["stricter"] == len(names)
    monkeypatch.setattr(module, "_MOST_TOLD_APART", len(names))
    for name in names:
        count(shadow, OPEN, targets=[target("cloud", target=f"{name}-more")], tools_offered=True)
    assert shadow.as_json()["stricter"] == 2 * len(names)
