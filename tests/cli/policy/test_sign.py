"""`tidegate policy sign`: a key, a bundle, and the line that whoever takes it needs."""

import json

from tests.fakes import policies


def test_a_bundle_is_made_with_a_new_key_and_again_with_the_same(tidegate, tmp_path):
    folder = policies.write(tmp_path / "house")
    key, words = tmp_path / "key", ("--revision", "1", "--valid-until", "2090-01-01", "--json")
    answer = tidegate("policy", "sign", folder, "--new-key", key, "--out", tmp_path / "1.tar", *words)
    report = json.loads(answer.out)
    assert (answer.status, report["revision"], report["pinned"]) == (0, 1, False)
    assert set(report["files"]) == {"rules.cedar", "invariants.toml", "tests/first.toml"}
    again = tidegate("policy", "sign", folder, "--key", key, "--revision", "2", "--out", tmp_path / "two")
    assert again.status == 0
    assert f'trust = ["{report["key"]}"]' in again.out
    assert (tmp_path / "two" / "signature").is_file()


def test_a_configuration_with_targets_is_part_of_the_bundle_unless_it_is_left_out(tidegate, machine, tmp_path):
    (machine.folder / "tidegate.toml").write_text(
        '[boundaries.here]\nkind = "local"\n[targets.inside]\nprovider = "vllm"\nmodel = "m"\nboundary = "here"\n'
    )
    folder = policies.write(tmp_path / "house")
    words = ("--new-key", tmp_path / "key", "--revision", "1", "--json")
    report = json.loads(tidegate("policy", "sign", folder, "--out", tmp_path / "1.tar", *words).out)
    assert report["pinned"] is True
    assert "surroundings.json" in report["files"]
    words = ("--key", tmp_path / "key", "--revision", "1", "--json", "--unpinned")
    assert json.loads(tidegate("policy", "sign", folder, "--out", tmp_path / "2.tar", *words).out)["pinned"] is False


def test_what_is_missing_is_a_sentence(tidegate, tmp_path):
    folder = policies.write(tmp_path / "house")
    out = ("--out", tmp_path / "1.tar")
    assert tidegate("policy", "sign", folder, *out, "--revision", "1").status == 2
    answer = tidegate("policy", "sign", folder, *out, "--revision", "1", "--key", tmp_path / "nowhere")
    assert (answer.status, "--new-key makes one" in answer.err) == (2, True)
    words = ("--new-key", tmp_path / "key", "--valid-until", "soon")
    assert "a day or a moment is wanted" in tidegate("policy", "sign", folder, *out, "--revision", "1", *words).err
    assert not (tmp_path / "key").exists()
