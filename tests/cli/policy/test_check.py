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
    assert set(report) == {"ok", "policy", "rules", "invariants", "preferences", "warnings"}
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


def test_a_target_that_preferences_name_and_nobody_configured_is_asked_about(tidegate, policy, machine):
    (policy / "preferences.toml").write_text(
        '[[prefer]]\nid = "own"\nreason = "So."\nkeep = { name = ["lama", "elsewhere"] }\n'
    )
    with (machine.folder / "tidegate.toml").open("a") as file:
        file.write('\n[boundaries.desk]\nkind = "local"\n[targets.llama]\nprovider = "ollama"\nmodel = "m"\n')
        file.write('boundary = "desk"\n')
    answer = tidegate("policy", "check")
    assert answer.status == 0
    assert "there is no target lama in the configuration; did you mean llama?" in answer.err
    assert "there is no target elsewhere in the configuration" in answer.err


def test_a_folder_can_be_named(tidegate, policy, tmp_path):
    other = policy.rename(tmp_path / "other")
    assert tidegate("policy", "check").status == 2
    assert tidegate("policy", "check", other).status == 0


def test_a_way_that_the_policy_refuses_is_a_mistake(tidegate, surrounded):
    agreed = '{ retention = "zero", training = "never", tier = "enterprise", expires = 2099-01-01 }'
    assert tidegate("policy", "check", "--config", surrounded(agreed)).status == 0
    assert tidegate("policy", "check", "--config", surrounded("")).status == 0  # a contract may still come
    answer = tidegate("policy", "check", "--config", surrounded(agreed, residency="eu", models=["auto"]))
    assert answer.status == 2
    assert "workloads.support -> models.auto[1] -> targets.claude: policy lets no request go this way" in answer.err
    assert "residency-is-kept" in answer.err


def test_a_label_that_looks_misspelt_is_a_warning(tidegate, policy):
    data = policy / "data.cedar"
    data.write_text(data.read_text().replace('context.labels.contains("phi")', 'context.labels.contains("phi.mnr")', 1))
    answer = tidegate("policy", "check")
    assert answer.status == 0
    assert 'no detector finds the label "phi.mnr"; did you mean "phi.mrn"?' in answer.err
    (warning,) = json.loads(tidegate("policy", "check", "--json").out)["warnings"]
    assert warning.startswith("data.cedar:")
