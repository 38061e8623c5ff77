"""`[[order]]` cases: several targets, and in which order they must be tried."""

import json
import xml.etree.ElementTree as ET

import pytest

from tests.core.decide.lifecycle.kit import CAREFUL, preferring
from tidegate.core.decide.lifecycle.cases import read_cases
from tidegate.core.decide.lifecycle.junit import junit
from tidegate.core.decide.lifecycle.orders import outcome, read_orders
from tidegate.core.decide.lifecycle.tested import run_cases
from tidegate.core.values.errors import ConfigError

PREFERENCES = """\
[targets.c]
tags = ["dear"]

[[prefer]]
id = "inside-first"
reason = "Summaries stay here."
when = { task = "summarise" }
first = { kind = "local" }

[[prefer]]
id = "nothing-dear"
reason = "No money is left."
when = { budget = "spent" }
drop = { tags = "dear" }
"""
POLICY = preferring(PREFERENCES)
GOOD = """\
[[case]]
name = "clouds see it"
target = { kind = "cloud" }
effect = "raw"

[[order]]
name = "summaries stay here"
task = "summarise"
targets = [{ name = "c", kind = "cloud" }, { name = "l", kind = "local" }, { name = "p", kind = "private" }]
tried = ["l", "c"]
rules = ["inside-first"]
"""
SPENT = """
[[order]]
name = "no money"
budget = "spent"
targets = [{ name = "c", kind = "cloud" }]
tried = []
"""


def orders(text, policy=POLICY):
    return read_orders({"tests/a.toml": text}, policy)


def test_both_kinds_of_cases_stand_in_one_file_and_each_is_read_as_its_own():
    (order,) = orders(GOOD)
    assert (order.name, order.line, order.tried, order.rules) == (
        "summaries stay here",
        6,
        ("l", "c"),
        {"inside-first"},
    )
    assert [one.kind for one in order.targets] == ["cloud", "local", "private"]
    (case,) = read_cases({"tests/a.toml": GOOD}, POLICY)
    assert (case.name, case.line) == ("clouds see it", 1)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (None, ""),
        (('["l", "c"]', '["c", "l"]'), "expected c, l, found l, c by inside-first"),
        (('["l", "c"]', "[]"), "expected none, found l, c by inside-first"),
        (('["l", "c"]', '["l", "c", "p"]'), "expected l, c, p, found l, c by inside-first"),  # policy permits no p
        (('["inside-first"]', "[]"), "expected it by none, found it by inside-first"),
        (('"summarise"', '"other"'), "expected l, c, found c, l"),
    ],
)
def test_it_comes_out_as_it_says_or_says_what_came_out(change, why):
    (case,) = orders(GOOD.replace(*change) if change else GOOD)
    found = outcome(POLICY, case)
    assert (found.why, found.ok) == (why, not why)
    assert json.loads(json.dumps(found.as_json()))["why"] == why


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("task", "taks"), 'tests/a.toml:8: taks is no fact of a request; did you mean "task"?'),
        (('tried = ["l", "c"]\n', ""), "tests/a.toml:6: tried must list what is tried, in order; write tried ="),
        (('["l", "c"]', '["ll"]'), 'tests/a.toml:10: no target here is called "ll"; did you mean "l"?'),
        (('["l", "c"]', '["zzz"]'), 'tests/a.toml:10: no target here is called "zzz"; write tried ='),
        (('["inside-first"]', '["inside"]'), 'tests/a.toml:11: no preference of this policy is called "inside"; did'),
        (('["inside-first"]', '["zzz"]'), 'tests/a.toml:11: no preference of this policy is called "zzz"; name one'),
        (('["inside-first"]', "3"), "tests/a.toml:11: rules must list ids of preferences; write"),
        (('name = "p", ', ""), "tests/a.toml:9: a target here has no name or no kind; write targets ="),
        (('"p", kind', '"l", kind'), "tests/a.toml:9: two targets here have one name; give each its own"),
        (('kind = "private"', 'kind = "pirate"'), 'tests/a.toml:9: kind is never "pirate"; did you mean "private"?'),
        (("targets = [", "targets = [3, "), "tests/a.toml:9: targets must list tables of facts; write targets ="),
        (('name = "summaries stay here"\n', ""), "tests/a.toml:6: this case has no name; say in a line"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_a_way_out(change, sentence):
    with pytest.raises(ConfigError) as refused:
        orders(GOOD.replace(*change))
    assert any(one.startswith(sentence) for one in refused.value.mistakes), refused.value.mistakes


def test_a_policy_without_preferences_tries_the_permitted_as_they_stand():
    (case,) = orders(GOOD.replace('["l", "c"]\nrules = ["inside-first"]', '["c", "l"]\nrules = []'), CAREFUL)
    assert outcome(CAREFUL, case).ok


def test_preferences_are_covered_by_the_cases_in_which_they_drop_or_move_something():
    def report(text):
        return run_cases(POLICY, read_cases({"a": text}, POLICY), read_orders({"a": text}, POLICY))

    first = report(GOOD)
    assert first.ok
    assert [(one.id, one.line, one.fired, one.decided) for one in first.preferences] == [
        ("inside-first", 4, 1, 1),
        ("nothing-dear", 10, 0, 0),
    ]
    assert [one.id for one in first.never_moved] == ["nothing-dear"]
    assert report(GOOD + SPENT).never_moved == ()
    assert report(GOOD + SPENT).as_json()["cases"] == 3
    wrong = report(GOOD + SPENT.replace("[]", '["c"]'))
    assert [one.why for one in wrong.failed] == ["expected c, found none by nothing-dear"]
    root = ET.fromstring(junit(wrong, 0.1))
    assert (root.get("tests"), root.get("failures")) == ("3", "1")
