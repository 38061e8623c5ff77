"""A policy proven in a process of its own: one line in, one line out."""

import io
import json
import subprocess
import sys

import pytest

from tidegate import app, prover
from tidegate.adapters.policy.proofs import fitting_proof


def proven(order):
    command = [sys.executable, "-m", "tidegate.prover"]
    end = subprocess.run(command, input=order, capture_output=True, text=True, timeout=60, check=False)
    assert end.stderr == ""
    return end.returncode, json.loads(end.stdout)


def test_the_baseline_proves_and_the_answer_is_a_proof_that_fits():
    status, answer = proven(json.dumps({"path": ""}) + "\n")
    baseline = app.compiled_policy(None)
    assert (status, answer["digest"]) == (0, baseline.digest)
    assert fitting_proof(baseline, answer["proof"]).ok


def test_a_policy_that_breaks_an_invariant_gets_no_proof(tmp_path):
    for name, text in app.baseline_files().items():
        (tmp_path / name).write_text(text)
    broken = '@id("anything") @reason("x") permit (principal, action == Action::"send_raw", resource);\n'
    (tmp_path / "mine.cedar").write_text(broken)
    status, answer = proven(json.dumps({"path": str(tmp_path)}) + "\n")
    assert status == 1
    assert "proof" not in answer
    assert answer["error"]


@pytest.mark.parametrize("order", ["", "no json\n", "{}\n", '{"path": "/nowhere/at/all"}\n'])
def test_an_order_that_is_none_is_answered_with_an_error(order):
    status, answer = proven(order)
    assert status == 1
    assert answer["error"]


def test_a_defect_is_told_by_its_type_alone(monkeypatch, capsys):
    def breaks(_):
        raise RuntimeError("words that nobody should see")

    monkeypatch.setattr(app, "compiled_policy", breaks)
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"path": ""}\n'))
    assert prover.main() == 1
    told = json.loads(capsys.readouterr().out)["error"]
    assert "RuntimeError" in told
    assert "words" not in told
