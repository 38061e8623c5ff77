"""`tidegate policy diff`: exit status 1 exactly where NEW is looser."""

import json


def test_a_policy_is_equivalent_to_itself(tidegate, policy):
    answer = tidegate("policy", "diff", "baseline", policy, "--json")
    report = json.loads(answer.out)
    assert answer.status == 0
    assert (report["equivalent"], report["nowhere_looser"], report["looser"], report["stricter"]) == (
        True,
        True,
        [],
        [],
    )
    assert "decides every request as" in tidegate("policy", "diff", "baseline", policy).out


def test_preferences_that_differ_are_nowhere_looser_and_it_is_said(tidegate, policy, log):
    (policy / "preferences.toml").write_text('[[prefer]]\nid = "inside"\nreason = "So."\nfirst = { kind = "local" }\n')
    answer = tidegate("policy", "diff", "baseline", policy, "--recorded")
    assert answer.status == 0
    assert "their preferences differ" in answer.out
    report = json.loads(tidegate("policy", "diff", "baseline", policy, "--recorded", "--json").out)
    assert (report["equivalent"], report["preferences_differ"]) == (True, True)
    assert (report["recorded"]["unchanged"], report["recorded"]["rerouted"]) == (4, 3)
    assert json.loads(tidegate("policy", "replay", policy, "--json").out)["rerouted"] == 3
    assert json.loads(tidegate("policy", "diff", policy, policy, "--json").out)["preferences_differ"] is False


def test_a_missing_forbid_is_looser_and_shown_by_a_request(tidegate, policy, without, tmp_path):
    new = without(policy, "secrets-stay-inside", to=tmp_path / "new")
    answer = tidegate("policy", "diff", policy, new)
    assert answer.status == 1
    assert "looser: a request with secret (level restricted) to a cloud target: not sent before" in answer.out
    report = json.loads(tidegate("policy", "diff", policy, new, "--json").out)
    assert report["ok"] is False
    assert report["looser"][0]["facts"]["labels"] == ["secret"]


def test_the_other_way_round_it_is_stricter_and_fine(tidegate, policy, without, tmp_path):
    new = without(policy, "secrets-stay-inside", to=tmp_path / "new")
    answer = tidegate("policy", "diff", new, policy)
    assert answer.status == 0
    assert "stricter: a request with secret" in answer.out
    assert "is nowhere looser than" in answer.out


def test_an_invariant_that_was_dropped_counts_as_looser(tidegate, policy, without, tmp_path):
    new = without(policy, "no-such-rule", to=tmp_path / "new")
    file = new / "invariants.toml"
    head, *rest = file.read_text().split("[[invariant]]")
    file.write_text("[[invariant]]".join([head, *(one for one in rest if '"outside-needs-a-contract"' not in one)]))
    answer = tidegate("policy", "diff", policy, new)
    assert answer.status == 1
    assert "dropped: the invariant outside-needs-a-contract promised that" in answer.out


def test_recorded_traffic_is_decided_by_both(tidegate, policy, without, log, tmp_path):
    new = without(policy, "cloud-sees-pseudonyms", to=tmp_path / "new")
    answer = tidegate("policy", "diff", policy, new, "--recorded", "--json")
    recorded = json.loads(answer.out)["recorded"]
    assert answer.status == 0
    assert (recorded["unchanged"], recorded["stricter"], recorded["rerouted"]) == (2, 2, 2)
    newest = json.loads(tidegate("policy", "diff", policy, new, "--recorded", "--limit", 2, "--json").out)
    assert newest["recorded"]["coverage"]["exchanges"] == 1
    assert "replayed 4 of 4 exchanges" in tidegate("policy", "diff", policy, new, "--recorded").out


def test_a_policy_that_cannot_be_read_is_a_sentence(tidegate, tmp_path):
    answer = tidegate("policy", "diff", "baseline", tmp_path / "nowhere")
    assert answer.status == 2
    assert "there is no such folder" in answer.err
