"""`tidegate policy test`: exit status, coverage and JUnit XML."""

import json
import xml.etree.ElementTree as ET

WRONG = '[[case]]\nname = "a key leaves"\nlabels = ["secret.token"]\ntarget = { kind = "cloud" }\neffect = "raw"\n'


def test_the_baselines_own_cases_hold_and_exercise_every_rule(tidegate):
    answer = tidegate("policy", "test", "--json")
    report = json.loads(answer.out)
    assert (answer.status, report["ok"], report["failed"], report["never"]) == (0, True, 0, [])
    assert report["coverage"] == {"fired": 1.0, "decided": 1.0}
    assert report["cases"] >= len(report["rules"])


def test_init_writes_them_beside_the_policy(tidegate, policy):
    assert tidegate("policy", "test", policy).status == 0
    assert "100% applied" in tidegate("policy", "test").out


def test_a_case_that_fails_is_named_with_its_line_and_the_status_says_so(tidegate, policy, tmp_path):
    (policy / "tests" / "own.toml").write_text(WRONG)
    answer = tidegate("policy", "test", "--junit", tmp_path / "report.xml")
    assert answer.status == 1
    assert "own.toml:1: a key leaves: expected raw, found none by" in answer.err
    root = ET.fromstring((tmp_path / "report.xml").read_text("utf-8"))
    assert root.get("failures") == "1"
    assert any(case.get("name") == "a key leaves" and len(case) == 1 for case in root.iter("testcase"))


def test_a_rule_that_no_case_exercises_is_named(tidegate, policy):
    (policy / "tests" / "baseline.toml").write_text(WRONG.replace('"raw"', '"none"'))
    answer = tidegate("policy", "test")
    assert answer.status == 0
    assert "no case exercises the rule local-sees-everything; write one to which it applies" in answer.err


def test_preferences_have_cases_of_their_own(tidegate, policy):
    (policy / "preferences.toml").write_text('[[prefer]]\nid = "inside"\nreason = "So."\nfirst = { kind = "local" }\n')
    answer = tidegate("policy", "test")
    assert answer.status == 0
    assert "preferences.toml:1: no case shows what inside does; write an [[order]] case" in answer.err
    cases = policy / "tests" / "order.toml"
    cases.write_text(
        '[[order]]\nname = "inside"\ntargets = [{ name = "c", kind = "cloud", contract = true }, '
        '{ name = "l", kind = "local" }]\ntried = ["l", "c"]\n'
    )
    answer = tidegate("policy", "test")
    assert (answer.status, "of 1 preferences 1 drop or move something" in answer.out) == (0, True)
    cases.write_text(cases.read_text().replace('["l", "c"]', '["c", "l"]'))
    answer = tidegate("policy", "test")
    assert (answer.status, "order.toml:1: inside: expected c, l, found l, c by inside" in answer.err) == (1, True)


def test_bad_cases_are_the_users_mistakes(tidegate, policy):
    (policy / "tests" / "own.toml").write_text(WRONG.replace("labels", "labelz").replace('"raw"', '"rawr"'))
    answer = tidegate("policy", "test")
    assert answer.status == 2
    assert 'own.toml:3: labelz is no fact of a request; did you mean "labels"?' in answer.err
    assert 'own.toml:5: effect must say what becomes of the request; did you mean "raw"?' in answer.err


def test_a_policy_without_cases_says_where_they_belong(tidegate, policy):
    for file in (policy / "tests").iterdir():
        file.unlink()
    answer = tidegate("policy", "test")
    assert answer.status == 2
    assert "tests: there are no cases here; write some" in answer.err


def test_a_label_that_looks_misspelt_is_a_warning(tidegate, policy):
    """Nothing finds it, so nothing would ever be as the case says."""
    (policy / "tests" / "own.toml").write_text(
        '[[case]]\nname = "a number"\nlabels = ["gov.us_snn"]\ntarget = { kind = "cloud" }\neffect = "none"\n'
    )
    answer = tidegate("policy", "test")
    assert answer.status == 0
    assert 'own.toml:1: no detector finds the label "gov.us_snn"; did you mean "gov.us_ssn"?' in answer.err
    (warning,) = json.loads(tidegate("policy", "test", "--json").out)["warnings"]
    assert "gov.us_snn" in warning


def test_where_nobody_can_say_what_is_found_nothing_is_said_of_it(tidegate, policy, machine):
    file = machine.folder / "tidegate.toml"
    file.write_text(file.read_text() + '\n[detection]\ndictionaries = ["nowhere.toml"]\n')
    answer = tidegate("policy", "test")
    assert (answer.status, "no detector finds" in answer.err) == (0, False)
