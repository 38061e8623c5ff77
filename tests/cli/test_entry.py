"""The way into every command, and out of it: a status and a sentence, whatever happens."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tidegate import __version__
from tidegate.cli import entry
from tidegate.cli.entry import COMMANDS
from tidegate.core.values.errors import ConfigError, LedgerError

SOURCE = Path(entry.__file__).parents[2]
SECRET = "sk-" + "live" + "-0123456789"


@pytest.mark.parametrize("word", ["--help", "-h", "help"])
def test_help_names_every_command(tidegate, word):
    answer = tidegate(word)
    assert answer.status == 0
    assert all(f"\n  {name} " in answer.out for name in COMMANDS)


def test_no_command_is_a_wrong_command_line(tidegate):
    answer = tidegate()
    assert (answer.status, answer.out) == (2, "")
    assert "usage: tidegate COMMAND" in answer.err


def test_the_version(tidegate):
    assert tidegate("--version").out == f"tidegate {__version__}\n"


def test_a_mistyped_command_is_guessed(tidegate):
    answer = tidegate("docter")
    assert answer.status == 2
    assert 'did you mean "doctor"?' in answer.err


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_helps_and_says_what_it_does(tidegate, command):
    answer = tidegate(command, "--help")
    assert answer.status == 0
    assert answer.out.startswith(f"usage: tidegate {command}")


@pytest.mark.parametrize(
    "words", [["up", "--nope"], ["policy"], ["policy", "provee"], ["ask"], ["audit", "tail", "-n", "0"]]
)
def test_a_wrong_command_line_is_status_2_with_the_way_to_help(tidegate, words):
    answer = tidegate(*words)
    assert answer.status == 2
    assert answer.err.rstrip().endswith("--help")


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (ConfigError(["a:1: one; do", "a:2: two; do"]), 2, ["a:1: one; do", "a:2: two; do"]),
        (LedgerError("the log is damaged; verify it"), 1, ["the log is damaged; verify it"]),
        (PermissionError(13, "Permission denied", "/x"), 1, ["/x: the system says: Permission denied"]),
        (OSError("odd"), 1, ["the system says: OSError"]),
    ],
)
def test_what_goes_wrong_is_a_sentence_on_error_and_json_on_output(tidegate, monkeypatch, error, status, said):
    monkeypatch.setattr(importlib.import_module("tidegate.cli.config"), "run", raising(error))
    answer = tidegate("config")
    assert (answer.status, answer.out) == (status, "")
    assert answer.err.splitlines() == [f"tidegate: {sentence}" for sentence in said]
    assert json.loads(tidegate("config", "--json").out) == {"ok": False, "errors": said}


def raising(error):
    def call(words):
        raise error

    return call


def test_a_defect_tells_its_place_and_not_its_text(tidegate, monkeypatch):
    monkeypatch.setattr(importlib.import_module("tidegate.cli.config"), "run", raising(KeyError(SECRET)))
    answer = tidegate("config")
    assert answer.status == 1
    assert "tidegate made a mistake (KeyError in " in answer.err
    assert SECRET not in answer.err
    assert "Traceback" not in answer.err


def test_an_interrupt_is_130_and_silent(tidegate, monkeypatch):
    monkeypatch.setattr(importlib.import_module("tidegate.cli.config"), "run", raising(KeyboardInterrupt()))
    answer = tidegate("config")
    assert (answer.status, answer.out, answer.err) == (130, "", "")


def child(*words, **more):
    env = {**os.environ, "PYTHONPATH": str(SOURCE), **more.pop("env", {})}
    return subprocess.run([sys.executable, "-m", "tidegate", *words], env=env, capture_output=True, check=False, **more)


def test_a_reader_who_has_enough_is_no_error():
    read, write = os.pipe()
    os.close(read)
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    words = [sys.executable, "-m", "tidegate", "config", "schema"]
    done = subprocess.run(words, env=env, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_ascii_terminal_gets_escapes_rather_than_a_traceback():
    done = child("config", "schema", "--json", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert (done.returncode, done.stderr) == (0, b"")


HEAVY = "asyncio cryptography cedarpy z3 re2 sqlalchemy uvicorn uvloop yaml ahocorasick_rs alembic tidegate.config"


@pytest.mark.parametrize("words", [["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help_imports_nothing_that_costs(words):
    """What keeps help quick, told by cause: a figure (`bench/start_up.py`) tells of the machine's mood as well."""
    code = f"import sys, tidegate.cli.entry as e\ntry: e.run({words!r})\nexcept SystemExit: pass\nprint(*sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert not set(HEAVY.split()) & set(done.stdout.split())
