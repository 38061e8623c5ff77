"""`tidegate policy check | prove`: the answers that scripts rely on."""

import json
import re

import pytest


@pytest.fixture
def policy(machine, tidegate):
    tidegate("init")
    return machine.folder / "policy"


def test_the_baseline_proves_in_the_promised_shape(tidegate):
    answer = tidegate("policy", "prove", "--json")
    report = json.loads(answer.out)
    assert (answer.status, report["ok"], report["coverage"]) == (0, True, 1.0)
    assert report["space"] > 1000
    assert all({"id", "proved", "counterexample"} <= set(one) and one["proved"] for one in report["invariants"])


def test_a_removed_forbid_is_shown_by_a_counterexample(tidegate, policy):
    data = policy / "data.cedar"
    first, forbid, rest = re.split(r"(@id[^;]*?forbid\b[^;]*;)", data.read_text(), maxsplit=1)
    assert "forbid" in forbid
    data.write_text(first + rest)
    answer = tidegate("policy", "prove", "--json")
    assert answer.status == 1
    assert any(one["counterexample"] for one in json.loads(answer.out)["invariants"])
    told = tidegate("policy", "prove")
    assert told.status == 1
    assert "does not hold" in told.err


def test_a_typo_is_refused_with_its_line(tidegate, policy):
    data = policy / "data.cedar"
    lines = data.read_text().count("\n") + 1
    data.write_text(data.read_text() + "\nforbid(principal, action, resource) when { context.nosuch };\n")
    answer = tidegate("policy", "check")
    assert answer.status == 2
    assert f"data.cedar:{lines + 1}:" in answer.err


def test_a_sound_policy_is_told_with_its_digest(tidegate, policy):
    report = json.loads(tidegate("policy", "check", "--json").out)
    assert set(report) == {"ok", "policy", "rules", "invariants"}
    assert report["policy"][:12] in tidegate("policy", "check").out


def test_a_folder_can_be_named(tidegate, policy, tmp_path):
    other = policy.rename(tmp_path / "other")
    assert tidegate("policy", "check").status == 2
    assert tidegate("policy", "check", other).status == 0
