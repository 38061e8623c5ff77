"""`make bench` knows its parts. Nothing is measured here."""

import importlib
from pathlib import Path

import pytest

import bench
from bench.__main__ import PARTS, main

FOLDER = Path(bench.__file__).parent
HELPERS = {"__init__", "__main__", "processes", "wire"}


def test_every_file_is_a_part_or_serves_one():
    assert {file.stem for file in FOLDER.glob("*.py")} - HELPERS == set(PARTS)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_can_be_run(part):
    assert callable(importlib.import_module(f"bench.{part}").main)


@pytest.mark.parametrize("words", [["paht"], ["ledger", "paht"], ["--seconds", "1"]])
def test_what_is_no_part_is_told_with_those_that_are(words, capsys):
    assert main(words) == 2
    assert all(part in capsys.readouterr().out for part in PARTS[:1])


def test_options_go_to_the_parts_that_are_named(monkeypatch):
    import sys

    asked = []
    for part in ("ledger", "client"):
        monkeypatch.setattr(importlib.import_module(f"bench.{part}"), "main", lambda: asked.append(list(sys.argv)))
    monkeypatch.setattr(sys, "argv", ["bench"])
    assert main(["ledger", "client", "--seconds", "1"]) == 0
    assert asked == [["bench.ledger", "--seconds", "1"], ["bench.client", "--seconds", "1"]]
