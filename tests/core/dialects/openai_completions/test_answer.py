"""Texts of completions through channels."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dialects import openai_completions as dialect
from tidegate.core.restore.restoring import Restoring
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import UpstreamError

TAG = "⟦pii.email:k7f2q9m3⟧"
MAIL = "jane.doe@" + "example.com"


def chunk(text, index=0, reason=None):
    choice = {"text": text, "index": index, "logprobs": None, "finish_reason": reason}
    return f"data: {json.dumps({'id': 'c', 'model': 'm', 'choices': [choice]}, ensure_ascii=False)}\n\n".encode()


@given(size=st.integers(1, 12), cut=st.integers(1, 50), ends=st.booleans())
def test_a_value_comes_back_however_it_was_split(size, cut, ends):
    text = f"to {TAG}."
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    body = (
        b"".join(chunk(piece) for piece in pieces) + (chunk("", reason="stop") if ends else b"") + b"data: [DONE]\n\n"
    )
    stream = dialect.open_stream(AnswerNotes(), Restoring({TAG: MAIL}).open_channel)
    out = b"".join(stream.feed(body[at : at + cut]) for at in range(0, len(body), cut)) + stream.close()
    told = [json.loads(line[6:]) for line in out.decode().splitlines() if line.startswith("data: {")]
    assert "".join(event["choices"][0]["text"] for event in told) == f"to {MAIL}."


def test_choices_have_channels_of_their_own():
    half = len(TAG) // 2
    body = (
        chunk(TAG[:half], 0) + chunk(TAG[:half], 1) + chunk(TAG[half:], 1) + chunk(TAG[half:], 0) + b"data: [DONE]\n\n"
    )
    stream = dialect.open_stream(AnswerNotes(), Restoring({TAG: MAIL}).open_channel)
    out = stream.feed(body) + stream.close()
    assert out.count(MAIL.encode()) == 2


@pytest.mark.parametrize("body", [b"nonsense", b"[]", b"{}", b'{"choices":1}'])
def test_a_body_that_is_no_completion_is_noted(body):
    notes = AnswerNotes()
    assert dialect.pass_answer(body, notes, None) == body
    assert notes.error
    with pytest.raises(UpstreamError):
        dialect.read_answer(body)


def test_probabilities_go_where_they_would_spell_the_answer_again():
    tree = {"choices": [{"text": "a", "index": 0, "logprobs": {"tokens": ["a"]}, "finish_reason": "stop"}]}
    body = json.dumps(tree).encode()
    assert (
        json.loads(dialect.pass_answer(body, AnswerNotes(), None, keep_logprobs=False))["choices"][0]["logprobs"]
        is None
    )
    stream = dialect.open_stream(AnswerNotes(), None, keep_logprobs=False)
    assert b"tokens" not in stream.feed(b"data: " + body + b"\n\n")


def test_an_error_in_a_stream_is_noted_and_is_one_event():
    notes = AnswerNotes()
    error = b'data: {"error":{"message":"x","code":"y"}}\n\n'
    assert dialect.open_stream(notes, None).feed(error) == error
    assert notes.error
    (failed,) = dialect.open_reader().feed(error)
    assert failed.problem.message == "x"


def test_memory_is_bounded():
    stream = dialect.open_stream(AnswerNotes(), Restoring({TAG: MAIL}).open_channel)
    with pytest.raises(UpstreamError, match="more than"):
        stream.feed(b"".join(chunk("a", n) for n in range(2000)))
