import dataclasses
import re
from enum import StrEnum
from pathlib import Path

import pytest

from tests.core.decide.facts import LOCAL, SCHEMA, invariant, mistakes, policy, request, rule, target
from tidegate.core.decide.oracle.cedar import Oracle
from tidegate.core.decide.prove import prove
from tidegate.core.decide.vocabulary import (
    ACTIONS,
    ATTRIBUTES,
    CLOSED_VALUES,
    LABELS,
    LEVEL,
    RESERVED,
    FactType,
    Side,
)
from tidegate.core.values.decision import Effect
from tidegate.core.values.facts import RequestFacts, TargetFacts

_DECLARED = re.compile(r'"(\w+)": (String|Bool|Set<String>),')
_VARIABLES = {"entity Actor": "principal", "entity Target": "resource", "type Exchange": "context"}


def declared() -> dict[str, str]:
    found = {}
    for block in SCHEMA.split(";"):
        for heading, variable in _VARIABLES.items():
            if heading in block:
                found.update({f"{variable}.{name}": kind for name, kind in _DECLARED.findall(block)})
    return found


def test_the_published_schema_declares_exactly_the_facts_that_rules_may_read():
    assert declared() == {path: attribute.kind.value for path, attribute in ATTRIBUTES.items()}


def test_the_published_schema_declares_exactly_our_actions():
    assert re.search(r"action ([\w, ]+) appliesTo", SCHEMA).group(1).split(", ") == list(ACTIONS)
    assert [*ACTIONS.values(), Effect.NONE] == list(Effect)


def test_every_fact_of_a_request_and_of_a_target_can_be_read_by_rules():
    for side, facts in ((Side.REQUEST, RequestFacts), (Side.TARGET, TargetFacts)):
        fields = {field.name: field.type for field in dataclasses.fields(facts)}
        mine = {one.fact: one.kind for one in ATTRIBUTES.values() if one.side is side}
        assert set(mine) == set(fields)
        for name, kind in mine.items():
            python = {"bool": FactType.FLAG, "frozenset[str]": FactType.SET}
            written = (
                fields[name] if isinstance(fields[name], str) else getattr(fields[name], "__name__", str(fields[name]))
            )
            written = str(fields[name]) if written == "frozenset" else written
            assert python.get(written, FactType.STRING) is kind


def test_closed_values_are_those_of_the_product():
    assert CLOSED_VALUES["resource.kind"] == ("local", "private", "cloud")
    assert CLOSED_VALUES["context.level"] == ("public", "internal", "confidential", "restricted")


def test_reserved_ids_have_reasons():
    assert all(reason.endswith(".") for reason in RESERVED.values())
    assert issubclass(FactType, StrEnum)


ORDINARY = {Side.REQUEST: request(), Side.TARGET: target("cloud")}
HERE = rule("true", name="all", effect="permit", action='action == Action::"send_raw"')


def condition_and_facts(one):
    """A condition that reads one fact, and a value for which it holds, as it does not for the ordinary one."""
    usual = getattr(ORDINARY[one.side], one.fact)
    if one.kind is FactType.FLAG:
        return (f"!{one.path}" if usual else one.path), not usual
    value = next(iter(v for v in CLOSED_VALUES.get(one.path, ("some-value",)) if v != usual))
    if one.kind is FactType.SET:
        return f'{one.path}.contains("{value}")', frozenset({value})
    return f'{one.path} == "{value}"', value


@pytest.mark.parametrize("path", [path for path, one in ATTRIBUTES.items() if one not in (LABELS, LEVEL)])
def test_a_rule_can_use_every_fact_and_an_invariant_can_hold_it(path):
    one = ATTRIBUTES[path]
    condition, value = condition_and_facts(one)
    compiled = policy(HERE + rule(condition), invariant(condition))
    asked, at = ORDINARY[Side.REQUEST], ORDINARY[Side.TARGET]
    changed = dataclasses.replace(ORDINARY[one.side], **{one.fact: value})
    met = (changed, at) if one.side is Side.REQUEST else (asked, changed)

    decided = [compiled.decide(request, [target]).targets[0] for request, target in ((asked, at), met)]
    assert [one.effect for one in decided] == [Effect.RAW, Effect.NONE]
    oracle = Oracle(compiled.rules)
    assert [(one.effect, one.rules) for one in decided] == [oracle.decide([r], t)[0] for r, t in ((asked, at), met)]
    report = prove(compiled)
    assert (report.ok, report.coverage) == (True, 1.0)
    assert not prove(policy(HERE, invariant(condition))).ok


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ('context.session_level == "secret"', 'context.session_level is never "secret"'),
        ('context.hour == "7"', 'context.hour is never "7"'),
        ('context.weekday == "Monday"', 'did you mean "monday"?'),
        ('context.latency == "fast"', 'context.latency is never "fast"'),
        ('context.budget == "empty"', 'context.budget is never "empty"'),
        ('resource.approval == "approve"', 'did you mean "approved"?'),
        ('resource.health == "sick"', 'resource.health is never "sick"'),
        ('context.capabilities.contains("websearch")', 'did you mean "web-search"?'),
        ('context.tools.containsAny(["WebFetch"])', '"WebFetch" can never be the name of a tool'),
        ('context.tools_called.contains("send mail")', '"send mail" can never be the name of a tool'),
        ('context.labels.contains("PII")', '"PII" can never be a label'),
    ],
)
def test_a_value_that_a_fact_never_has_is_refused_since_its_rule_would_be_silent(condition, words):
    (mistake,) = mistakes(LOCAL + rule(condition))

    assert words in mistake
    assert mistake.startswith("rules.cedar:6: ")


def test_a_tool_without_a_sensible_name_can_be_named():
    compiled = policy(HERE + rule('context.tools.contains("?")'))

    assert compiled.decide(request(tools=frozenset({"?"})), [target("cloud")]).targets[0].effect is Effect.NONE


PAGE = Path(__file__).parents[3] / "docs" / "policy.md"


def test_the_page_has_a_row_for_every_fact_and_its_rules_can_be_read():
    page = PAGE.read_text("utf-8")
    told = set()
    section = page.partition("## What a rule may read")[2].partition("## What a condition may say")[0]
    for row in re.findall(r"^\| (`(?:principal|resource|context)\..*?) \|", section, re.MULTILINE):
        variable, names = row[1:].split(".", 1)[0], re.findall(r"\.(\w+)`", row)
        told |= {f"{variable}.{name}" for name in names}
    assert told == set(ATTRIBUTES)
    for block in re.findall(r"```cedar\n(.*?)```", page, re.DOTALL):
        assert mistakes(LOCAL + block) == ()


@pytest.mark.parametrize(
    ("agent", "tools", "effect"),
    [
        ("triage", {"patient_search"}, Effect.RAW),
        ("", {"patient_search"}, Effect.NONE),
        ("billing", {"patient_search", "notes"}, Effect.NONE),
        ("billing", {"notes"}, Effect.RAW),
    ],
)
def test_a_rule_says_which_agent_may_use_which_tool(agent, tools, effect):
    (block,) = [one for one in re.findall(r"```cedar\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL) if "triage" in one]
    asked = request(agent=agent, tools=frozenset(tools), tools_offered=True)
    assert policy(HERE + block).decide(asked, [target("local")]).targets[0].effect is effect
