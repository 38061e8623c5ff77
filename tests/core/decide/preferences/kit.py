"""Preferences as a person writes them, and candidates to try them on."""

from tests.core.decide.facts import request, target
from tidegate.core.decide.preferences.reading import read_preferences
from tidegate.core.values.decision import Effect, TargetDecision

STATED = """\
[targets.big]
tags = ["frontier", "large"]
cost = 15.0
quality = 90
[targets.small]
cost = 0.5
quality = 40
latency_ms = 300
[targets.house]
cost = 0
"""

BIG = target("cloud", target="big", region="us")
SMALL = target("cloud", target="small", region="eu")
HOUSE = target("local", target="house", region="")
UNSTATED = target("private", target="aside", health="failing")
ALL = (BIG, SMALL, HOUSE, UNSTATED)


def rule(body, *, name="a-rule", reason="It is so."):
    return f'[[prefer]]\nid = "{name}"\nreason = "{reason}"\n{body}\n'


def read(*rules, stated=STATED):
    preferences, mistakes = read_preferences("preferences.toml", stated + "\n".join(rules))
    assert mistakes == []
    return preferences


def mistakes(text):
    return read_preferences("preferences.toml", text)[1]


def permitted(*targets, effect=Effect.RAW):
    return [TargetDecision(one.target, one.boundary, effect, ("some",)) for one in targets]


def order(preferences, *targets, effect=Effect.RAW, **facts):
    """What is tried, in order."""
    labels = facts.pop("labels", ())
    return preferences.order(request(*labels, **facts), ALL, permitted(*(targets or ALL), effect=effect))
