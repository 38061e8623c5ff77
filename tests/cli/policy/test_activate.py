"""`tidegate policy activate`, where no gateway runs: what is asked first, and what is left for the next start."""

import json

import pytest

from tests.fakes import policies
from tests.fakes.policies import INSIDE
from tidegate import activation, config


@pytest.fixture
def laid():
    """What lies there for the gateway to do."""
    return lambda: [one.wanted for one in activation.desk_of(config.read({})).acts()]


@pytest.fixture
def stricter(policy, without, tmp_path):
    """As the baseline, and no cloud sees anything at all."""
    folder = without(policy, "cloud-sees-what-nothing-forbids", to=tmp_path / "stricter")
    return without(folder, "cloud-sees-pseudonyms")


def test_what_is_stricter_is_left_for_the_next_start(tidegate, stricter, laid):
    answer = tidegate("policy", "activate", stricter, "--json")
    report = json.loads(answer.out)
    assert (answer.status, report["ok"], report["in_force"], report["looser"]) == (0, True, False, [])
    (order,) = laid()
    assert (order["act"], order["bundle"], order["source"]) == ("activate", report["bundle"], "command")
    assert "from the next `tidegate up` on" in tidegate("policy", "activate", stricter).out


def test_other_preferences_are_another_policy_and_never_looser(tidegate, policy, without, laid, tmp_path):
    ordering = without(policy, "no-such-rule", to=tmp_path / "ordering")
    file = ordering / "preferences.toml"
    file.write_text('[[prefer]]\nid = "inside"\nreason = "It is here."\nfirst = { kind = "local" }\n')
    report = json.loads(tidegate("policy", "activate", ordering, "--json").out)
    assert (report["ok"], report["looser"]) == (True, [])
    file.write_text(file.read_text().replace("first", "frist"))
    answer = tidegate("policy", "activate", ordering)
    assert (answer.status, "preferences.toml:4: frist means nothing in a preference" in answer.err) == (2, True)
    assert [one["act"] for one in laid()] == ["activate", "refused"]


def test_what_is_looser_needs_a_name(tidegate, policy, without, laid, tmp_path):
    looser = without(policy, "secrets-stay-inside", to=tmp_path / "looser")
    invariants = (looser / "invariants.toml").read_text()
    head, *rest = invariants.split("[[invariant]]")
    (looser / "invariants.toml").write_text("[[invariant]]".join([head, *(one for one in rest if "secret" not in one)]))
    answer = tidegate("policy", "activate", looser)
    assert answer.status == 1, answer.err
    assert "looser: a request with secret" in answer.err
    assert "--approve-looser NAME" in answer.err
    assert [one["act"] for one in laid()] == ["refused"]
    assert json.loads(tidegate("policy", "activate", looser, "--json").out)["ok"] is False
    answer = tidegate("policy", "activate", looser, "--approve-looser", "Ada")
    assert (answer.status, "approved by Ada" in answer.out) == (0, True)
    assert laid()[-1]["approver"] == "Ada"


AGREED = '{ retention = "zero", training = "never", tier = "enterprise", expires = 2099-01-01 }'
WAY = "models.auto[1] -> targets.claude: gets nothing: the policy that was activated closes it"


def test_what_only_becomes_stricter_may_close_a_cloud_and_says_so(tidegate, stricter, surrounded, laid):
    answer = tidegate("policy", "activate", stricter, "--config", surrounded(AGREED))
    assert (answer.status, f"closes: {WAY}" in answer.out) == (0, True), answer.err
    (order,) = laid()
    assert (order["act"], order["looser"], order["closed_by"]) == ("activate", [], "")
    answer = tidegate("policy", "activate", stricter, "--config", surrounded(AGREED), "--approve-closing", "Ada")
    assert f"closes, approved by Ada: {WAY}" in answer.out
    assert laid()[-1]["closed_by"] == "Ada"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ((), ["--approve-looser NAME", "--approve-closing NAME"]),
        (("--approve-looser", "Bo"), ["--approve-closing NAME"]),
        (("--approve-closing", "Ada"), ["--approve-looser NAME"]),
        (("--approve-looser", "Bo", "--approve-closing", "Ada"), []),
    ],
)
def test_what_closes_and_opens_asks_for_each_name(tidegate, stricter, surrounded, laid, given, missing):
    promises = stricter / "invariants.toml"
    promises.write_text(promises.read_text().rpartition("[[invariant]]")[0])
    answer = tidegate("policy", "activate", stricter, "--config", surrounded(AGREED), "--json", *given)
    report = json.loads(answer.out)
    assert (answer.status, report["ok"]) == ((1, False) if missing else (0, True)), report
    assert any(WAY in one for one in report["closes"])
    assert [any(one in error for error in report["errors"]) for one in missing] == [True] * len(missing)
    assert len(report["errors"]) == len(missing)
    told = tidegate("policy", "activate", stricter, "--config", surrounded(AGREED), *given)
    assert all(one in told.err for one in missing)
    assert f"closes, approved by Ada: {WAY}" in told.out or f"closes: {WAY}" in told.err
    assert laid()[-1]["act"] == ("refused" if missing else "activate")


def test_what_cannot_rule_is_refused_in_a_sentence_and_noted_for_the_log(tidegate, laid, tmp_path):
    policies.write(tmp_path / "wrong", INSIDE.replace("kind", "knid"))
    answer = tidegate("policy", "activate", tmp_path / "wrong")
    assert (answer.status, "rules.cedar:" in answer.err) == (2, True)
    (noted,) = laid()
    assert (noted["act"], noted["what"]) == ("refused", str(tmp_path / "wrong"))
    assert tidegate("policy", "activate", tmp_path / "nowhere").status == 2
