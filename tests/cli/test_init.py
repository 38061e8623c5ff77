"""`tidegate init`: what it writes is a configuration that holds, and it overwrites nothing."""

import json
import re
import tomllib

import pytest

from tidegate import config
from tidegate.adapters.runtimes.discovery import Runtime
from tidegate.config.schema import schema


def test_what_it_writes_is_read_without_a_mistake(machine, tidegate):
    answer = tidegate("init")
    assert answer.status == 0
    settings = config.load(machine.folder / "tidegate.toml")
    assert list(settings.targets) == ["embedded"]
    assert settings.policy.path == machine.folder / "policy"
    assert json.loads((machine.folder / "tidegate.schema.json").read_text()) == schema()


def test_its_policy_is_the_baseline_and_compiles(tidegate, machine):
    tidegate("init")
    baseline = json.loads(tidegate("policy", "check", "--json", "--config", "/dev/null").out)
    assert json.loads(tidegate("policy", "check", "--json").out) == baseline
    assert (machine.folder / "policy" / "invariants.toml").exists()


def test_it_names_the_runtimes_that_answer(machine, tidegate):
    machine.runtimes = [Runtime("vllm", "http://127.0.0.1:8000", 'odd "name" \\ é', "serving")]
    tidegate("init")
    target = config.load(machine.folder / "tidegate.toml").targets["vllm"]
    assert (target.model, target.url) == ('odd "name" \\ é', "http://127.0.0.1:8000")


def test_the_example_in_comments_holds_when_it_is_uncommented(machine, tidegate):
    tidegate("init")
    lines = (machine.folder / "tidegate.toml").read_text().splitlines()
    start = lines.index("# [boundaries.cloud-eu]")
    example = "\n".join(line.removeprefix("# ") for line in lines[start : start + 10] if line != "#")
    assert config.read(tomllib.loads(example), {}).targets["gpt"].contract.retention == "zero"


@pytest.mark.parametrize("name", ["tidegate.toml", "tidegate.yaml", "tidegate.schema.json", "policy/data.cedar"])
def test_it_overwrites_nothing_and_then_writes_nothing(machine, tidegate, name):
    kept = machine.folder / name
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("mine")
    answer = tidegate("init")
    assert answer.status == 1
    assert f"{name} would be overwritten" in answer.err
    assert kept.read_text() == "mine"
    assert [path for path in machine.folder.rglob("*") if path.is_file()] == [kept]


def test_a_dangling_link_stands_in_the_way_as_well(machine, tidegate):
    (machine.folder / "tidegate.toml").symlink_to("/nowhere")
    assert tidegate("init").status == 1


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (("--policy", "hipaa,eu"), {"hipaa", "eu"}),
        (("--policy", " eu , hipaa "), {"hipaa", "eu"}),
        (("--policy", "hipaa", "--policy", "eu"), {"hipaa", "eu"}),
        (("--policy=air-gapped",), {"air-gapped"}),
        (("--policy", "baseline"), set()),
    ],
)
def test_named_policies_are_put_beside_the_baseline(machine, tidegate, words, files):
    answer = tidegate("init", *words)
    policy = machine.folder / "policy"
    assert answer.status == 0
    assert {path.stem for path in policy.glob("*.cedar")} - {"boundaries", "data"} == files
    assert {path.stem for path in (policy / "tests").iterdir()} == {"baseline", *files}
    assert all(f"wrote policy/{name}.cedar" in answer.out for name in files)
    assert set(re.findall(r"docs/policies/([a-z-]+)\.md", answer.out)) == files


def test_what_they_make_together_is_sound_proven_and_tested(machine, tidegate):
    tidegate("init", "--policy", "hipaa,eu")
    assert tidegate("policy", "check").status == 0
    proven = json.loads(tidegate("policy", "prove", "--json").out)
    assert (proven["ok"], proven["coverage"], proven["redundant"], proven["unsatisfiable"]) == (True, 1.0, [], [])
    tested = json.loads(tidegate("policy", "test", "--json").out)
    assert (tested["ok"], tested["coverage"]) == (True, {"fired": 1.0, "decided": 1.0})
    assert tidegate("policy", "diff", "baseline", "policy").status == 0
    assert config.load(machine.folder / "tidegate.toml").policy.path == machine.folder / "policy"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ("hippa,eu", 'there is no policy called "hippa"; did you mean "hipaa"?'),
        ("gdpr", 'there is no policy called "gdpr"; choose among ai-act, air-gapped, eu, '),
        ("", "argument --policy: a name is missing"),
        ("eu,", "argument --policy: a name is missing"),
    ],
)
def test_a_name_that_there_is_no_policy_by_is_refused_before_anything_is_written(machine, tidegate, names, sentence):
    answer = tidegate("init", "--policy", names)
    assert answer.status == 2
    assert sentence in answer.err
    assert list(machine.folder.iterdir()) == []


def test_the_help_lists_the_policies(tidegate, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    assert "ai-act, air-gapped, eu, hipaa, pci, soc2, source-code" in tidegate("init", "--help").out
