"""`tidegate doctor`: lines that are true, each with the next step, and never a word of readiness that is not so."""

import json
import re

import pytest

from tidegate import config
from tidegate.adapters.secrets.keyring import open_keyring
from tidegate.cli import checkup
from tidegate.cli.checkup import Line, Verdict


def lines(answer):
    return {(one["verdict"], one["what"]): one for one in json.loads(answer.out)["checks"]}


@pytest.fixture
def few_checks(monkeypatch):
    """Only the named ones, so that a test of one line waits for no other."""

    def keep(*names):
        monkeypatch.setattr(checkup, "CHECKS", tuple(getattr(checkup, name) for name in names))

    return keep


def test_a_fresh_machine_fails_nothing_and_claims_nothing(tidegate):
    answer = tidegate("doctor")
    assert answer.status == 0
    assert answer.out.splitlines()[-1].startswith("nothing failed in ")
    assert "skipped" in answer.out.splitlines()[-1]
    assert "ready" not in answer.out
    assert "nothing runs there\n      next: tidegate up" in answer.out


def test_looking_changes_nothing(tidegate, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    tidegate("doctor")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_wrong_configuration_is_all_there_is_to_say(machine, tidegate):
    (machine.folder / "tidegate.toml").write_text("[sinks]\n[limits]\n")
    answer = tidegate("doctor")
    assert answer.status == 1
    assert [line[:19] for line in answer.out.splitlines() if line.startswith("FAIL")] == ["FAIL  configuration"] * 2
    assert answer.out.splitlines()[-1] == "not ready: 2 of 2 checks failed"


def test_keys_that_others_could_read_fail(tidegate, few_checks):
    few_checks("_keys")
    keys = config.read({}).keys.path
    open_keyring(keys)
    assert ("OK", "keys") in lines(tidegate("doctor", "--json"))
    (keys / "root").chmod(0o644)
    answer = tidegate("doctor", "--json")
    assert answer.status == 1
    assert "chmod 600" in lines(answer)["FAIL", "keys"]["found"]


def test_a_policy_that_does_not_hold_fails_with_its_sentence(tidegate, machine, few_checks):
    few_checks("_policy")
    tidegate("init")
    assert lines(tidegate("doctor", "--json"))["OK", "policy"]["found"].endswith("is proven")
    data = machine.folder / "policy" / "data.cedar"
    first, forbid, rest = re.split(r"(@id[^;]*?forbid\b[^;]*;)", data.read_text(), maxsplit=1)
    assert "forbid" in forbid
    data.write_text(first + rest)
    assert "does not hold" in lines(tidegate("doctor", "--json"))["FAIL", "policy"]["found"]
    data.write_text("permit")
    assert ("FAIL", "policy") in lines(tidegate("doctor", "--json"))


def test_a_machine_without_the_engine_is_told_to_install_it(tidegate, machine, few_checks):
    few_checks("_targets")
    (machine.folder / "tidegate.toml").write_text(
        '[boundaries.here]\nkind = "local"\n[targets.e]\nprovider = "embedded"\nboundary = "here"\n'
    )
    machine.has_engine = False
    line = lines(tidegate("doctor", "--json"))["FAIL", "target e"]
    assert line["next"] == "pip install 'tidegate[embedded]'"


def test_labels_that_nothing_finds_are_named(tidegate, few_checks, monkeypatch):
    few_checks("_detectors")
    monkeypatch.setattr("tidegate.app.labels_found", lambda settings: frozenset({"pii.email", "gov.us_ssn"}))
    found = lines(tidegate("doctor", "--json"))["SKIP", "detectors"]["found"]
    assert "pii.dob" in found
    assert "pii.email" not in found


def test_a_dictionary_that_cannot_be_read_fails_with_its_line(tidegate, machine, few_checks):
    few_checks("_detectors")
    (machine.folder / "tidegate.toml").write_text('[detection]\ndictionaries = ["terms.toml"]\n')
    (machine.folder / "terms.toml").write_text('[[patterns]]\nname = "all"\nlabel = "customer.all"\npattern = ""\n')
    answer = tidegate("doctor", "--json")
    assert answer.status == 1
    assert "terms.toml:4" in lines(answer)["FAIL", "detectors"]["found"]


def test_a_line_has_its_four_parts():
    assert Line(Verdict.SKIP, "a", "b") == Line(Verdict("SKIP"), "a", "b", "")
