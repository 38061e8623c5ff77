import json

import pytest

from tests.core.decide.facts import invariant, policy, rule
from tidegate.core.decide.proof import proven_report
from tidegate.core.decide.prove import prove

CLOUD = rule('resource.kind == "cloud"', name="cloud", effect="permit")
HOLDS, FAILS = invariant('resource.kind == "local"', name="holds"), invariant("resource.baa", name="fails")


def test_a_report_as_json_has_what_scripts_rely_on():
    told = json.loads(json.dumps(prove(policy(CLOUD, HOLDS + FAILS)).lasting(0.12345).as_json()))
    holds, fails = told["invariants"]

    assert (told["ok"], told["seconds"], told["coverage"]) == (False, 0.123, 1.0)
    assert told["space"] == 3 * 2
    assert holds == {"id": "holds", "proved": True, "counterexample": None, "undecided": False}
    assert (fails["id"], fails["proved"]) == ("fails", False)
    shown = fails["counterexample"]
    assert (shown["labels"], shown["level"], shown["residency"], shown["effect"]) == ([], "public", "", "raw")
    assert shown["target"]["kind"] == "cloud"
    assert shown["target"]["baa"] is True
    assert shown["rules"] == ["cloud"]


def test_a_kept_report_comes_back_as_it_was():
    report = prove(policy(CLOUD, HOLDS))

    assert proven_report(json.loads(json.dumps(report.as_json()))) == report


@pytest.mark.parametrize(
    "change",
    [
        {"ok": False},
        {"ok": "yes"},
        {"invariants": []},
        {"invariants": [{"id": "holds", "proved": False}]},
        {"invariants": [{"id": "holds", "proved": "true"}]},
        {"invariants": 3},
        {"unsatisfiable": ["cloud"]},
        {"vacuous": ["holds"]},
        {"space": "many"},
        {"coverage": None},
    ],
)
def test_a_report_that_is_damaged_or_of_a_failure_never_counts(change):
    kept = prove(policy(CLOUD, HOLDS)).as_json()

    with pytest.raises(ValueError, match=r"report|invalid literal"):
        proven_report({**kept, **change})
    with pytest.raises(ValueError, match="report"):
        proven_report({name: value for name, value in kept.items() if name not in change})
