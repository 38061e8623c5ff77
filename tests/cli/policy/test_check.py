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
    assert set(report) == {"ok", "policy", "rules", "invariants"}
    assert report["policy"][:12] in tidegate("policy", "check").out


def test_a_folder_can_be_named(tidegate, policy, tmp_path):
    other = policy.rename(tmp_path / "other")
    assert tidegate("policy", "check").status == 2
    assert tidegate("policy", "check", other).status == 0
