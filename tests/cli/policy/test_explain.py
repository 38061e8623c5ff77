"""`tidegate policy explain`: a record of the log, and facts in a file."""

import json

import pytest

FACTS = {
    "labels": ["pii.email"],
    "target": {"kind": "cloud", "contract": True, "retention": "zero", "training": "never"},
}


@pytest.fixture
def written(machine):
    def write(document):
        file = machine.folder / "facts.json"
        file.write_text(document if isinstance(document, str) else json.dumps(document))
        return file

    return write


def test_a_recorded_request_is_decided_again_from_its_record_alone(tidegate, log):
    answer = tidegate("policy", "explain", "r1")
    assert answer.status == 0
    assert "c behind boundary: redacted, by cloud-sees-pseudonyms" in answer.out
    assert "by the policy that decided then" in answer.out
    assert "the same decision" in answer.out
    report = json.loads(tidegate("policy", "explain", "r1", "--json").out)
    assert report["recorded"]["agrees"] is True
    assert [one["effect"] for one in report["targets"]] == ["redacted", "raw"]


def test_by_another_policy_it_says_that_the_digests_differ(tidegate, log, policy, without):
    without(policy, "cloud-sees-pseudonyms")
    answer = tidegate("policy", "explain", "r1")
    assert answer.status == 0
    assert "the record was decided by policy" in answer.out
    assert "ANOTHER decision" in answer.out


def test_what_preferences_do_is_told_with_their_reasons(tidegate, log, policy):
    (policy / "preferences.toml").write_text(
        '[[prefer]]\nid = "inside"\nreason = "It is here."\ndrop = { kind = "cloud" }\n'
    )
    answer = tidegate("policy", "explain", "r1")
    assert "tried in this order: l\n" in answer.out
    assert 'inside (preferences.toml:1) drops targets with kind "cloud": c; It is here.' in answer.out
    order = json.loads(tidegate("policy", "explain", "r1", "--json").out)["order"]
    assert order == {"dropped": [{"rule": "inside", "target": "c"}], "rules": ["inside"], "targets": ["l"]}


def test_a_record_that_was_altered_in_a_file_is_a_no(tidegate, log, written):
    from tidegate import app, config

    record = app.recorded_intent(config.read({}), "r3")
    assert record is not None
    record["decision"][0]["effect"] = "raw"
    answer = tidegate("policy", "explain", written(record))
    assert answer.status == 1
    assert "ANOTHER decision" in answer.out


def test_facts_in_a_file_are_read_as_a_case_is(tidegate, written):
    answer = tidegate("policy", "explain", written(FACTS))
    assert answer.status == 0
    assert "send_raw       no   forbidden by personal-data-is-redacted" in answer.out
    assert "forbid personal-data-is-redacted (data.cedar:" in answer.out
    assert '* true   context.labels.contains("pii")   (found ["pii.email"])' in answer.out
    assert "secrets-stay-inside" not in answer.out
    every = tidegate("policy", "explain", written(FACTS), "--all").out
    assert '* false  context.labels.contains("secret")' in every


def test_an_example_of_diff_can_be_explained(tidegate, policy, without, written, tmp_path):
    new = without(policy, "secrets-stay-inside", to=tmp_path / "new")
    looser = json.loads(tidegate("policy", "diff", policy, new, "--json").out)["looser"][0]
    answer = tidegate("policy", "explain", written(looser), "--policy", new, "--json")
    assert json.loads(answer.out)["targets"][0]["effect"] == looser["after"]["effect"]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({**FACTS, "labelz": []}, 'facts.json: labelz is no fact of a request; did you mean "labels"?'),
        ({"labels": []}, "facts.json: there is no target with a kind"),
        ("[1]", "facts.json:1: this is not a JSON object"),
        ('{\n"labels": [', "facts.json:2: this is not JSON"),
    ],
)
def test_a_bad_file_is_a_sentence(tidegate, written, document, sentence):
    answer = tidegate("policy", "explain", written(document))
    assert answer.status == 2
    assert sentence in answer.err


def test_a_request_that_is_nowhere_is_a_sentence(tidegate, log):
    answer = tidegate("policy", "explain", "no-such-request")
    assert answer.status == 1
    assert "no request of that id in the log" in answer.err
