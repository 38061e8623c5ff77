"""`tidegate up`: what it says. How it lives is told in tests/test_supervisor.py, end to end in tests/e2e."""

import json
import socket

import pytest

from tidegate.adapters.runtimes.discovery import Runtime
from tidegate.cli import up
from tidegate.cli.chosen import choose


@pytest.fixture
def started(monkeypatch):
    """The supervisor's place is taken by one that is only told; gives what it was told."""
    told = []

    class Supervisor:
        def __init__(self, specs, announcer):
            told.append(specs)
            self.announcer = announcer

        def run(self):
            self.announcer.ready("worker", {"ready": True})
            self.announcer.ready("embedded", {"ready": True, "load_seconds": 0.2})
            self.announcer.trouble("embedded", "it ended; starting it again")
            return 0

    monkeypatch.setattr("tidegate.supervisor.Supervisor", Supervisor)
    return told


def test_the_banner_says_what_serves_behind_which_boundary(machine, tidegate, started, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    machine.runtimes = [Runtime("ollama", "http://127.0.0.1:11434", "llama3.2", "loaded")]
    answer = tidegate("up")
    assert answer.status == 0
    assert "ollama\tollama\tllama3.2\there\tlocal\tloaded\n" in answer.out
    assert "OPENAI_API_KEY\topenai\t-\t-\t-\tdisabled" in answer.out
    assert "nobody should trust" not in answer.out
    assert [spec.name for spec in started[0]] == ["worker"]


def test_the_banner_warns_of_the_tiny_model(tidegate, started):
    answer = tidegate("up")
    assert "nobody should trust what it says" in answer.out
    assert "embedded: ready after 0.2 s" in answer.out
    assert "for the models auto, local" in answer.out
    assert "tidegate: embedded: it ended; starting it again" in answer.err


def test_programs_get_an_object_a_line(tidegate, started):
    lines = [json.loads(line) for line in tidegate("up", "--json").out.splitlines()]
    assert [line["event"] for line in lines] == ["listening", "ready", "ready", "trouble"]
    assert lines[0]["targets"][0] == {
        "target": "embedded",
        "provider": "embedded",
        "model": "tidegate-tiny",
        "boundary": "here",
        "kind": "local",
        "state": "the model in the package",
    }


def test_the_demonstration_starts_both(tidegate, started):
    answer = tidegate("up", "--demo")
    assert answer.out.startswith("tidegate, configured by the demonstration\n")
    assert [spec.name for spec in started[0]] == ["worker", "demo-cloud", "embedded"]


def test_the_demonstration_takes_no_configuration(tidegate, started):
    assert tidegate("up", "--demo", "--config", "x").status == 2


def test_a_taken_port_is_status_1_and_a_sentence(tidegate, started, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("TIDEGATE__SERVER__LISTEN", f"127.0.0.1:{taken.getsockname()[1]}")
        answer = tidegate("up")
    assert answer.status == 1
    assert "Address already in use" in answer.err
    assert started == []


def test_a_configuration_with_mistakes_is_status_2_and_starts_nothing(machine, tidegate, started):
    (machine.folder / "tidegate.toml").write_text("[sinks]\n[limits]\n")
    answer = tidegate("up")
    assert answer.status == 2
    assert len(answer.err.splitlines()) == 2
    assert started == []


def test_what_a_runtime_calls_its_model_cannot_draw_on_the_screen(machine, tidegate, started):
    machine.runtimes = [Runtime("vllm", "http://127.0.0.1:8000", "a\u202eb", "serving")]
    assert "a\\u202eb" in tidegate("up").out


@pytest.mark.parametrize(
    ("contract", "state"),
    [
        ("", "gets nothing: no contract with a last day is stated"),
        ('contract = { retention = "zero" }', "gets nothing: no contract with a last day is stated"),
        ("contract = { expires = 2020-01-31 }", "gets nothing: its contract expired on 2020-01-31"),
        ("contract = { expires = 2099-01-31 }", "configured"),
    ],
)
def test_a_cloud_that_would_get_nothing_is_shown_as_such(machine, tidegate, started, contract, state):
    (machine.folder / "tidegate.toml").write_text(
        '[boundaries.sky]\nkind = "cloud"\n[targets.t]\nprovider = "openai-compatible"\n'
        f'url = "http://127.0.0.1:9/v1"\nmodel = "m"\nboundary = "sky"\n{contract}\n'
    )
    assert f"t\topenai-compatible\tm\tsky\tcloud\t{state}\n" in tidegate("up").out


def test_rows_are_told_from_settings(machine):
    assert up.rows(choose(None)) == [
        ("embedded", "embedded", "tidegate-tiny", "here", "local", "the model in the package")
    ]
