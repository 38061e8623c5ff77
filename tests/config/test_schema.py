"""The published schema accepts what the reader accepts and refuses what it refuses, as far as a schema can."""

import re
import tomllib
from datetime import date

import pytest

from tests.config.test_settings import FULL
from tidegate.config.schema import schema


def problems(value, rules, path=""):  # noqa: C901, PLR0912 - a small interpreter reads best as one ladder
    """The few words of JSON Schema that ours uses, read strictly: a word that this does not know is an error."""
    known = {"$schema", "title", "description", "default", "examples", "format"}
    for word, rule in rules.items():
        if word == "type":
            kinds = {"object": dict, "array": list, "string": (str, date), "integer": int, "number": (int, float)}
            if not isinstance(value, kinds.get(rule, bool)) or (rule in ("integer", "number") and value is True):
                yield f"{path}: type"
                return
        elif word == "properties":
            for key in value.keys() & rule.keys():
                yield from problems(value[key], rule[key], f"{path}.{key}")
        elif word == "additionalProperties":
            for key in value.keys() - rules.get("properties", {}).keys():
                yield from [f"{path}.{key}: unknown"] if rule is False else problems(value[key], rule, f"{path}.{key}")
        elif word == "propertyNames":
            for key in value:
                yield from problems(key, rule, f"{path} name {key}")
        elif word == "required":
            yield from (f"{path}.{key}: missing" for key in rule if key not in value)
        elif word == "items":
            for number, one in enumerate(value):
                yield from problems(one, rule, f"{path}[{number}]")
        elif word not in known:
            good = {
                "enum": lambda r: value in r,
                "const": lambda r: value == r,
                "pattern": lambda r: re.search(r, str(value)),
                "minimum": lambda r: value >= r,
                "maximum": lambda r: value <= r,
                "minItems": lambda r: len(value) >= r,
                "uniqueItems": lambda r: not r or len(set(value)) == len(value),
            }[word](rule)
            if not good:
                yield f"{path}: {word}"


def test_a_good_file_has_no_problem():
    assert list(problems(tomllib.loads(FULL), schema())) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sinks = []", ".sinks: unknown"),
        ("[server]\nlistn = 1", ".server.listn: unknown"),
        ("[server]\nworkers = 2", ".server.workers: const"),
        ('[boundaries.x]\nkind = "lokal"', ".boundaries.x.kind: enum"),
        ("[boundaries.x]", ".boundaries.x.kind: missing"),
        ('[targets.t]\nprovider = "ollama"\nboundary = "b"\napi_key = "literal"', ".targets.t.api_key: pattern"),
        ("[models]\nauto = []", ".models.auto: minItems"),
        ('[audit]\npayloads = "encrypted"', ".audit.payloads: enum"),
    ],
)
def test_a_bad_file_has_the_problem(text, problem):
    assert problem in list(problems(tomllib.loads(text), schema()))
