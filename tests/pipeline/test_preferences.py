"""Preferences on the whole path: another order, a target left out, nothing left; never one that policy refuses."""

from tests.pipeline.script import Story, answer
from tidegate.adapters.policy.folder import read_baseline
from tidegate.core.decide.preferences.policy import compile_whole
from tidegate.core.values.workload import Workload
from tidegate.judgement import Judge

SSN = "my SSN is " + "457-55-" + "5462"
INSIDE = """
[[prefer]]
id = "summaries-stay-here"
reason = "Summaries need no large model."
when = { task = "summarise" }
first = { kind = "local" }
"""
NO_HOUSE = '[[prefer]]\nid = "never-here"\nreason = "It is being moved."\ndrop = { kind = "local" }\n'


def story(preferences, **more):
    found = Story(cloud=[answer("a")], local=[answer("b")], **more)
    baseline = read_baseline()
    sources = {**baseline.sources, "preferences.toml": preferences}
    found.pipeline.judge = Judge(compile_whole(sources, schema=baseline.schema))
    found.pipeline.workloads = {"notes": Workload(task="summarise")}
    return found


def test_the_preferred_target_answers_and_the_record_says_why():
    found = story(INSIDE)
    found.ask("hello", headers={"x-tidegate-workload": "notes"})
    assert [name for name, _ in found.sent] == ["local"]
    assert found.records("intent")[0]["order"] == {
        "dropped": [],
        "rules": ["summaries-stay-here"],
        "targets": ["local", "cloud"],
    }


def test_work_that_it_is_not_about_goes_as_before():
    found = story(INSIDE)
    found.ask("hello")
    assert [name for name, _ in found.sent] == ["cloud"]


def test_what_drops_the_last_permitted_target_refuses_and_does_not_widen():
    found = story(NO_HOUSE)
    response = found.ask(SSN)
    assert found.sent == []
    assert response.status == 403
    assert b"Policy permits a target, but its preferences leave none: It is being moved." in response.out
    assert found.outcome["code"] == "policy_refusal"


def test_unless_it_is_the_last():
    found = story(NO_HOUSE + "unless_last = true\n")
    found.ask(SSN)
    assert [name for name, _ in found.sent] == ["local"]
