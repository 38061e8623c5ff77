"""`tidegate init`: what it writes is a configuration that holds, and it overwrites nothing."""

import json
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
    assert (target.model, target.url) == ('odd "name" \\ é', "http://127.0.0.1:8000/v1")


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
