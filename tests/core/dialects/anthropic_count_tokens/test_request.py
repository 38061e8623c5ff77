"""A request to count is read as the message that it would be."""

import json
from pathlib import Path

import pytest

from tests.core.dialects.anthropic_messages.channels import identity
from tidegate.core.dialects import anthropic_count_tokens as dialect
from tidegate.core.dialects import anthropic_messages
from tidegate.core.dialects.anthropic_count_tokens.answer import read_answer, write_answer
from tidegate.core.dialects.anthropic_count_tokens.request import parse_request, write_request
from tidegate.core.dialects.crossing import cross_answer
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import BadRequest, UpstreamError
from tidegate.core.values.usage import NOT_SAID

GOLDEN = Path(__file__).parents[3] / "golden" / "anthropic_count_tokens"
EXCHANGES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.json"))}
ASKED = Asked("018f0000-0000-7000-8000-000000000000", "auto", 1, {})


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_recorded_request_is_read_as_a_message_and_only_its_model_changes(name):
    body = EXCHANGES[name]["request"]["body"].encode()
    envelope, message = parse_request(body), anthropic_messages.parse_request(body)
    assert envelope == message._replace(dialect="anthropic.count_tokens", operation="count_tokens")
    assert json.loads(dialect.with_model(body, "m")) == {**json.loads(body), "model": "m"}


def test_nothing_is_streamed_whatever_the_request_says():
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "x"}]}
    assert parse_request(json.dumps(body).encode()).stream is False


def test_a_recorded_count_passes_as_it_came():
    body, notes = EXCHANGES["anthropic-other-03-Nt-200-pydantic-ai"]["response"]["body"].encode(), AnswerNotes()
    assert dialect.pass_answer(body, notes, identity) == body
    assert notes.complete
    assert notes.usage == NOT_SAID  # counting is not charged
    assert json.loads(cross_answer(body, dialect, dialect, ASKED, AnswerNotes(), None)) == {"input_tokens": 1581}


def test_a_recorded_error_is_understood():
    body = EXCHANGES["anthropic-other-01-error-404-pydantic-ai"]["response"]["body"].encode()
    assert dialect.read_problem(404, body).code == "not_found_error"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"input_tokens": "3"}', b'{"input_tokens": -1}',
                                  b'{"input_tokens": true}'])  # fmt: skip
def test_what_is_no_count_is_none(body):
    notes = AnswerNotes()
    assert dialect.pass_answer(body, notes, None) == body
    assert notes.error
    with pytest.raises(UpstreamError):
        read_answer(body)


def test_what_bounds_an_answer_is_not_written():
    body = {"model": "m", "max_tokens": 5, "temperature": 0.1, "stream": True, "metadata": {"user_id": "u"},
            "system": "s", "messages": [{"role": "user", "content": "x"}]}  # fmt: skip
    written = json.loads(write_request(dialect.read_request(body), "n"))
    assert written == {"model": "n", "system": "s", "messages": [{"role": "user", "content": "x"}]}


def test_a_count_is_written_and_read():
    events = [e.Began(), e.Used(NOT_SAID._replace(input_tokens=7))]
    assert json.loads(write_answer(events, ASKED)) == {"input_tokens": 7}
    assert json.loads(write_answer([], ASKED)) == {"input_tokens": 0}


def test_bad_requests_are_refused_as_for_messages():
    with pytest.raises(BadRequest):
        parse_request(b'{"model": "m", "messages": 3}')


def test_the_gateway_s_own_answer_is_one_of_the_dialect_s():
    body = b'{"model": "m", "messages": [{"role": "user", "content": "hello there"}]}'
    notes = AnswerNotes()
    dialect.pass_answer(dialect.estimated(parse_request(body)), notes, None)
    assert notes.complete
