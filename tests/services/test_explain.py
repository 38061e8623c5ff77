"""What would be found and where it might go, without repeating a word of it."""

import json
from datetime import date
from functools import cache

import pytest

from tidegate.adapters.policy.folder import read_baseline
from tidegate.app import compiled_policy
from tidegate.core.classify.engine import Engine
from tidegate.core.decide.preferences.policy import compile_whole
from tidegate.core.values.facts import Moment
from tidegate.core.values.target import Boundary, Contract, Target
from tidegate.services.explain import Explainer

SSN = "457-55-" + "5462"
MAIL = "ada@example.com"
NOW = Moment(date(2026, 1, 15), "thursday", "12")
GOOD = Contract(retention="zero", training="never", tier="enterprise", region="eu", expires=date(2026, 12, 31))
CLOUD = Target(
    name="cloud",
    provider="openai",
    url="https://cloud/v1",
    model="m",
    boundary=Boundary("there", "cloud", "eu"),
    contract=GOOD,
)
LOCAL = Target(name="local", provider="ollama", url="http://local/v1", model="m", boundary=Boundary("here", "local"))


@cache
def explainer():
    return Explainer(Engine(), compiled_policy(None), (CLOUD, LOCAL))


def effects(text, now=NOW):
    return {one["target"]: one["effect"] for one in explainer().explain(text, now)["decision"]["targets"]}


@pytest.mark.parametrize(
    ("text", "cloud"),
    [("What is the capital of Norway?", "raw"), (f"write to {MAIL}", "redacted"), (f"my SSN is {SSN}", "none")],
)
def test_each_target_has_its_effect_with_the_rules_that_decided(text, cloud):
    assert effects(text) == {"cloud": cloud, "local": "raw"}
    assert all(one["rules"] for one in explainer().explain(text, NOW)["decision"]["targets"])


def test_the_order_is_what_would_be_tried_with_preferences_as_without():
    def order(explainer, text):
        return explainer.explain(text, NOW)["decision"]["order"]

    assert order(explainer(), "hello")["targets"] == ["cloud", "local"]
    assert order(explainer(), f"my SSN is {SSN}")["targets"] == ["local"]
    baseline = read_baseline()
    text = '[[prefer]]\nid = "inside"\nreason = "So."\nfirst = { kind = "local" }\n'
    preferring = compile_whole({**baseline.sources, "preferences.toml": text}, schema=baseline.schema)
    found = order(Explainer(Engine(), preferring, (CLOUD, LOCAL)), "hello")
    assert (found["targets"], found["rules"]) == (["local", "cloud"], ["inside"])


def test_a_contract_that_has_expired_permits_nothing():
    assert effects("What is the capital of Norway?", NOW._replace(day=date(2027, 1, 1))) == {
        "cloud": "none",
        "local": "raw",
    }


def test_findings_are_places_and_never_values():
    text = f"Größe: {SSN} is my SSN, {MAIL}"
    told = explainer().explain(text, NOW)
    assert {text[one["start"] : one["end"]] for one in told["findings"]} == {SSN, MAIL}
    assert not any(value in json.dumps(told) for value in (SSN, MAIL, "Größe"))
    assert (told["labels"], told["level"]) == (["gov.us_ssn", "pii.email"], "restricted")
    assert told["decision"]["policy"] == compiled_policy(None).digest


def test_a_policy_that_comes_later_rules_from_then_on():
    mine = Explainer(Engine(), compiled_policy(None).only_local(), (CLOUD, LOCAL))
    assert mine.explain("hello", NOW)["decision"]["targets"][0]["effect"] == "none"
    mine.policy = compiled_policy(None)
    assert mine.explain("hello", NOW)["decision"]["targets"][0]["effect"] == "raw"
