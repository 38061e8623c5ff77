"""Whoever asks gets one line, whatever happens."""

import io
import json
import sys

import pytest

from tests.fakes import policies
from tidegate import activation, examiner


@pytest.fixture
def asked(monkeypatch, capsys):
    def ask(line):
        monkeypatch.setattr(sys, "stdin", io.StringIO(line + "\n"))
        status = examiner.main()
        return status, json.loads(capsys.readouterr().out)

    return ask


def order(settings, path):
    return json.dumps({"document": dict(settings.document), "path": str(path)})


def test_a_policy_that_may_rule_is_answered_by_an_order(asked, tmp_path):
    settings = policies.settings(tmp_path, path=str(policies.write(tmp_path / "house")))
    status, answer = asked(order(settings, tmp_path / "house"))
    assert (status, answer["act"], answer["looser"], answer["cases"]) == (0, "activate", [], 1)
    assert answer["against"] == answer["bundle"]


@pytest.mark.parametrize("line", ["", "{}", "[]", "no json", '{"document": {}, "path": "nowhere"}'])
def test_anything_else_is_answered_by_what_is_wrong(asked, line):
    status, answer = asked(line)
    assert status == 1
    assert answer["mistakes"]


def test_a_defect_is_a_sentence(asked, tmp_path, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(activation, "examine", broken)
    status, answer = asked(order(policies.settings(tmp_path), tmp_path))
    assert (status, answer["mistakes"]) == (1, ["a defect while examining (ZeroDivisionError); please report it"])
