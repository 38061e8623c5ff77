import pytest

from tests.core.decide.lifecycle.kit import STRICT
from tidegate.core.decide.lifecycle.cases import read_cases
from tidegate.core.decide.lifecycle.tested import run_cases

RIGHT = """
[[case]]
name = "tagged"
labels = ["pii.email"]
target = { kind = "cloud" }
effect = "redacted"
rules = ["tags"]
"""
OTHER_EFFECT = RIGHT.replace("tagged", "raw").replace('"redacted"', '"raw"').replace('rules = ["tags"]', "")
OTHER_RULE = RIGHT.replace("tagged", "by another rule").replace('["tags"]', '["tags", "cloud"]')


def report(text):
    return run_cases(STRICT, read_cases({"tests/a.toml": text}, STRICT))


def test_what_comes_out_as_it_says_is_ok():
    found = report(RIGHT)
    assert found.ok
    assert found.failed == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (OTHER_EFFECT, "expected raw, found redacted by tags"),
        (OTHER_RULE, "expected redacted by cloud, tags, found it by tags"),
    ],
)
def test_what_does_not_says_what_was_expected_and_found(text, why):
    found = report(RIGHT + text)
    assert not found.ok
    (failed,) = found.failed
    assert failed.why == why
    assert found.as_json()["failed"] == 1


def test_coverage_counts_rules_that_applied_and_rules_that_decided():
    found = report(RIGHT)
    uses = {rule.id: (rule.fired, rule.decided) for rule in found.rules}
    assert uses == {"local": (0, 0), "cloud": (1, 0), "tags": (1, 1), "no-pii": (1, 0), "no-tools": (0, 0)}
    assert [rule.id for rule in found.never] == ["local", "no-tools"]
    assert (found.fired, found.decided) == (pytest.approx(3 / 5), pytest.approx(1 / 5))
    assert found.as_json()["coverage"] == {"fired": 0.6, "decided": 0.2}
