"""Errors in Ollama's words."""

import json

import pytest
from ollama import ResponseError

from tidegate.core.dialects.ollama.errors import only_ollama, read_problem, render_error, render_stream_error
from tidegate.core.values.errors import BadRequest, PolicyRefusal

TOLD = [
    (404, b'{"error":"model \'x\' not found"}', "not_found", 404, "model 'x' not found"),
    (400, b'{"error":"invalid format"}', "invalid", 400, "invalid format"),
    (503, b'{"error":"server busy, please try again"}', "overloaded", 503, "server busy, please try again"),
    (500, b"<html>", "server", 500, "The upstream answered 500."),
    (500, b"[]", "server", 500, "The upstream answered 500."),
    (502, b'{"error":"unauthorized","status_code":401}', "authentication", 401, "unauthorized"),
    (500, b'{"error":{"message":"as others say it"}}', "server", 500, "as others say it"),
    (500, b'{"error":["x"],"status_code":true}', "server", 500, "The upstream answered 500."),
]


@pytest.mark.parametrize(("status", "body", "kind", "found", "message"), TOLD)
def test_an_upstreams_error_keeps_its_words_and_its_status(status, body, kind, found, message):
    problem = read_problem(status, body)
    assert (problem.kind, problem.status, problem.message) == (kind, found, message)


def test_a_refusal_is_what_the_client_reads_from_error():
    tree = json.loads(render_error(PolicyRefusal("policy_refusal", "No.", rule="r", param="model")))
    assert tree == {"error": "No.", "code": "policy_refusal", "rule": "r", "param": "model"}
    assert ResponseError(json.dumps(tree)).error == "No."


def test_an_error_in_a_stream_is_a_line_and_no_end():
    line = render_stream_error(BadRequest("x", "No."))
    assert line.endswith(b"\n")
    assert json.loads(line) == {"error": "No.", "code": "x"}


def test_what_only_ollama_does_is_not_expressible():
    assert only_ollama().code == "not_expressible"
