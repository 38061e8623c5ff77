"""Every mistake with its line and a way out; what is sound reads as it says."""

import pytest

from tests.core.decide.preferences.kit import STATED, mistakes, read, rule
from tidegate.core.decide.preferences import reading

GOOD = (
    STATED
    + """\

[[prefer]]
id = "cheap-summaries"
reason = "Summaries need no large model."
when = { task = "summarise", labels = ["pii", "code"], tools = "web_fetch", has_history = false }
drop = { tags = "large", kind = "cloud", baa = false }
unless_last = true

[[prefer]]
id = "cheapest"
reason = "All else is a matter of money."
by = "cost"
[prefer.unless]
workload = "support"
"""
)


def test_a_document_is_rules_and_what_is_stated_of_targets():
    first, second = read(GOOD, stated="").rules
    assert (first.id, first.line, first.what, first.unless_last) == ("cheap-summaries", 12, "drop", True)
    assert {one.fact: set(one.values) for one in first.when} == {
        "task": {"summarise"},
        "labels": {"pii", "code"},
        "tools": {"web_fetch"},
        "has_history": {False},
    }
    assert {one.fact: set(one.values) for one in first.targets} == {
        "tags": {"large"},
        "kind": {"cloud"},
        "baa": {False},
    }
    assert (second.what, second.measure, second.line, second.unless[0].text) == ("by", "cost", 19, 'workload "support"')
    stated = read(GOOD, stated="").stated
    assert (stated["big"].cost, stated["house"].cost, stated["house"].quality) == (15.0, 0.0, None)


def test_an_empty_document_prefers_nothing():
    assert read("", stated="").rules == ()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("[[prefer]]", "[[prefers]]"), '12: prefers means nothing here; did you mean "prefer"?'),
        (('[[prefer]]\nid = "cheap-', '[prefer]\nid = "cheap-'), "19: this is not TOML"),
        (
            ("cost = 15.0", "costs = 15.0"),
            '3: costs is nothing that preferences know of a target; did you mean "cost"?',
        ),
        (("cost = 15.0", 'cost = "15"'), "3: cost must be a number from 0 on; write cost = 3.0"),
        (("cost = 15.0", "cost = -1"), "3: cost must be a number from 0 on; write cost = 3.0"),
        (("cost = 15.0", "cost = nan"), "3: cost must be a number from 0 on; write cost = 3.0"),
        (("cost = 15.0", "cost = true"), "3: cost must be a number from 0 on; write cost = 3.0"),
        (('"frontier", "large"', '"Large"'), '2: tags must list lower-case words; write tags = ["frontier"]'),
        (('"cheap-summaries"', '"Cheap Summaries"'), '13: this preference has the id "Cheap Summaries"; use at most'),
        (('id = "cheap-summaries"\n', ""), '12: this preference has no id; give it one: id = "cards-stay-inside"'),
        (
            ('"cheapest"', '"cheap-summaries"'),
            '20: the id "cheap-summaries" is already used at line 12; choose another',
        ),
        (('reason = "Summaries need no large model."\n', ""), "12: this preference has no reason; say why in one line"),
        (("task =", "taks ="), '15: taks is no fact of a request; did you mean "task"?'),
        (("task =", "kind ="), "15: kind is no fact of a request; it is one of targets: write it into first, keep or"),
        (('"web_fetch"', '"WebFetch"'), '15: "WebFetch" can never be the name of a tool; write it in lower case'),
        (('["pii", "code"]', '["PII"]'), '15: "PII" can never be a label; labels are dotted and lower-case'),
        (('["pii", "code"]', "[]"), "15: labels must be a string or a list of some; write labels ="),
        (("has_history = false", 'has_history = "no"'), "15: has_history must be true or false; write true or false"),
        (('kind = "cloud"', 'kind = "clowd"'), '16: kind is never "clowd"; did you mean "cloud"?'),
        (('kind = "cloud"', 'king = "cloud"'), '16: king is no fact of a target; did you mean "kind"?'),
        (('tags = "large"', 'tags = "larg"'), '16: no target here has the tag "larg"; did you mean "large"?'),
        (('tags = "large"', 'effect = "rwa"'), '16: effect is never "rwa"; did you mean "raw"?'),
        (('tags = "large"', 'name = "x", target = "y"'), "16: target is given twice; keep one of its names"),
        (('task = "summarise"', 'level = "public", level_from = "public"'), "15: level is given twice; keep one"),
        (('task = "summarise"', 'level_from = "secret"'), "15: level_from must be a level; it is one of public"),
        (("drop = {", "dorp = {"), '16: dorp means nothing in a preference; did you mean "drop"?'),
        (("unless_last = true", 'by = "cost"'), "16: this preference does by and drop; give it one of first, last"),
        (('by = "cost"', 'by = "price"'), "22: by must name what is compared; it is one of cost, latency_ms, quality"),
        (("unless_last = true", "unless_last = 1"), "17: unless_last must be true or false; write it without quotes"),
        (('by = "cost"', 'by = "cost"\nunless_last = true'), "23: unless_last means nothing beside by; it is for keep"),
        (
            ("[prefer.unless]\nworkload", "[prefer.unless]\nwrkload"),
            "24: wrkload is no fact of a request; did you mean",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_a_way_out(change, sentence):
    assert change[0] in GOOD
    told = mistakes(GOOD.replace(*change, 1))
    assert any(one.startswith(f"preferences.toml:{sentence}") for one in told), told


def test_all_mistakes_are_told_at_once_in_the_order_of_the_lines():
    wrong = GOOD.replace("cost = 15.0", "cots = 1").replace("task =", "taks =").replace('"cheapest"', '"Cheap"')
    lines = [int(one.split(":")[1]) for one in mistakes(wrong)]
    assert lines == sorted(lines)
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("prefer = 3", "1: each preference needs its own [[prefer]] heading"),
        ('prefer = [{ id = "a" }]', "1: each preference needs its own [[prefer]] heading"),
        ("targets = 3", "1: targets must be tables by the names of targets"),
        ("[targets]\nbig = 3", "2: targets.big must be a table; write [targets.big]"),
        (rule('first = "big"'), "4: first must be a table of facts; write first = "),
        (rule('when = {}\nby = "cost"'), "4: when must be a table of facts; write when = "),
        (rule('by = "cost"'), "4: no target here states its cost; state it: [targets.NAME], cost = 3.0"),
        (rule('drop = { tags = "big" }'), '4: no target here has the tag "big"; state it under [targets.NAME]'),
        (rule("id = 3"), "4: this is not TOML"),
        ("[[prefer]]\nid = 3\nreason = 4\nby = 5", "2: id must be a string; put it in quotes"),
        ('[[prefer]]\nid = "a"\nreason = "b"', "2: this preference does nothing; give it one of first"),
        ("[[prefer]\n", "1: this is not TOML"),
    ],
)
def test_shapes_that_are_none(text, sentence):
    told = mistakes(text)
    assert any(one.startswith(f"preferences.toml:{sentence}") for one in told), told


def test_there_are_not_more_than_anybody_can_read(monkeypatch):
    monkeypatch.setattr(reading, "MAX_RULES", 1)
    text = STATED + rule('by = "cost"', name="a") + rule('by = "cost"', name="b")
    assert mistakes(text)[0].endswith("2 preferences, at most 1 are taken; merge some")
