import dataclasses
import re
from enum import StrEnum

from tests.core.decide.facts import SCHEMA
from tidegate.core.decide.vocabulary import ACTIONS, ATTRIBUTES, CLOSED_VALUES, RESERVED, FactType, Side
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
