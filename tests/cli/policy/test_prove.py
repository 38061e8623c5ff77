"""`tidegate policy prove`: the answers that scripts rely on."""

import json
import re

from tidegate import activation, config
from tidegate.adapters.policy.bundles import read_bundle
from tidegate.core.decide.bundle.standing import Standing


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


AGREED = '{ retention = "zero", training = "never", tier = "enterprise", expires = 2099-01-01 }'
WAY = "models.auto[1] -> targets.claude"


def test_every_way_of_the_configuration_is_held_against_the_policy(tidegate, surrounded):
    answer = tidegate("policy", "prove", "--json", "--config", surrounded(AGREED))
    report = json.loads(answer.out)
    assert (answer.status, report["ok"], report["ways"]["ok"]) == (0, True, True)
    found = {one["path"]: (one["carries"], one["verdict"]) for one in report["ways"]["ways"]}
    assert found[WAY] == ("a request", "open")
    assert found["doctor -> targets.claude"] == ("a credential", "open")
    assert f"{WAY}\ta request" in tidegate("policy", "prove", "--config", surrounded(AGREED)).out


def test_a_way_without_a_contract_is_idle_and_no_mistake(tidegate, surrounded):
    answer = tidegate("policy", "prove", "--config", surrounded(""))
    assert answer.status == 0
    assert f"idle\t{WAY}" in answer.out
    assert f"{WAY}: gets nothing today (cloud-needs-a-contract: " in answer.out


def test_a_way_that_no_contract_opens_is_a_mistake(tidegate, surrounded):
    file = surrounded(AGREED, residency="eu", models=["auto"])
    answer = tidegate("policy", "prove", "--config", file)
    assert answer.status == 1
    assert "proven: the baseline" in answer.out
    assert f"DEAD\tworkloads.support -> {WAY}" in answer.out
    assert f"tidegate: workloads.support -> {WAY}: policy lets no request go this way" in answer.err
    report = json.loads(tidegate("policy", "prove", "--json", "--config", file).out)
    assert (report["ok"], report["ways"]["ok"]) == (False, False)


def test_a_way_that_was_closed_knowingly_is_shown_as_closed_and_no_mistake(tidegate, surrounded, policy, without):
    folder = without(without(policy, "cloud-sees-what-nothing-forbids"), "cloud-sees-pseudonyms")
    (folder / "invariants.toml").write_text((policy / "invariants.toml").read_text())
    file = surrounded(AGREED)
    assert tidegate("policy", "check", folder, "--config", file).status == 2
    settings = config.load(file)
    bundle = read_bundle(folder)
    found = activation.opened(settings, bundle, source="command", closed=None)
    activation.desk_of(settings).keep(Standing().activated(found.ruling))
    answer = tidegate("policy", "prove", folder, "--config", file)
    assert f"closed\t{WAY}\ta request" in answer.out
    assert f"{WAY}: gets nothing: the policy that was activated closes it" in answer.out
    assert tidegate("policy", "check", folder, "--config", file).status == 0


def test_two_answers_that_differ_are_a_defect(tidegate, surrounded, monkeypatch):
    monkeypatch.setattr("tidegate.core.decide.ways.solver.example", lambda question: None)
    answer = tidegate("policy", "prove", "--config", surrounded(AGREED))
    assert answer.status == 2
    assert "defect of tidegate" in answer.err
