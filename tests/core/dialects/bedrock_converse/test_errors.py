"""What an error of Bedrock's means: its kind is in its body, in its status, or in the name of a message."""

import pytest

from tidegate.core.dialects.bedrock_converse.errors import problem_in_stream, read_problem


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, b'{"__type":"com.amazon.coral#ValidationException","message":"x"}', "invalid", "ValidationException"),
        (403, b'{"Message":"x"}', "permission", "upstream_permission"),
        (424, b'{"message":"x"}', "server", "upstream_invalid"),
        (500, b"<html>", "server", "upstream_server"),
    ],
)  # fmt: skip
def test_an_errors_kind_is_in_its_body_or_its_status(status, body, kind, code):
    found = read_problem(status, body)
    assert (found.kind, found.code) == (kind, code)


def test_a_model_that_failed_says_with_which_status():
    told = b'{"message": "oh", "originalStatusCode": 503, "originalMessage": "x"}'
    assert problem_in_stream("modelStreamErrorException", told).status == 503
    assert problem_in_stream("modelStreamErrorException", b"{}").status == 502
    assert problem_in_stream("throttlingException", told).status == 429


def test_a_kind_has_neither_namespace_nor_address():
    body = b'{"__type":"com.amazon.coral.service#ExpiredTokenException:http://internal.amazon.com/","message":"x"}'
    assert read_problem(403, body).code == "ExpiredTokenException"
