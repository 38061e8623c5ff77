"""`tidegate policy check`: the answers that scripts rely on."""

import json


def test_a_typo_is_refused_with_its_line(tidegate, policy):
    data = policy / "data.cedar"
    lines = data.read_text().count("\n") + 1
    data.write_text(data.read_text() + "\nforbid(principal, action, resource) when { context.nosuch };\n")
    answer = tidegate("policy", "check")
    assert answer.status == 2
    assert f"data.cedar:{lines + 1}:" in answer.err


def test_a_sound_policy_is_told_with_its_digest(tidegate, policy):
    report = json.loads(tidegate("policy", "check", "--json").out)
    assert set(report) == {"ok", "policy", "rules", "invariants", "preferences"}
    assert report["policy"][:12] in tidegate("policy", "check").out


def test_preferences_are_read_too_and_a_bad_one_is_refused_like_a_bad_rule(tidegate, policy):
    file = policy / "preferences.toml"
    file.write_text('[[prefer]]\nid = "inside"\nreason = "So."\nfirst = { kind = "local" }\n')
    assert json.loads(tidegate("policy", "check", "--json").out)["preferences"] == 1
    assert ", 1 preferences (policy" in tidegate("policy", "check").out
    file.write_text(file.read_text().replace("kind", "knid"))
    answer = tidegate("policy", "check")
    assert (answer.status, 'preferences.toml:4: knid is no fact of a target; did you mean "kind"?' in answer.err) == (
        2,
        True,
    )


def test_a_folder_can_be_named(tidegate, policy, tmp_path):
    other = policy.rename(tmp_path / "other")
    assert tidegate("policy", "check").status == 2
    assert tidegate("policy", "check", other).status == 0
