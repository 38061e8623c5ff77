"""Whole responses on their way."""

import json

import pytest

from tests.core.dialects.openai_responses.recorded import ANSWERS, Shout, identity
from tidegate.core.dialects import openai_responses as dialect
from tidegate.core.restore.restoring import Restoring
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.usage import Usage

TAG = "⟦pii.email:k7f2q9m3⟧"
MAIL = "jane.doe@" + "example.com"


def response(*output, **more):
    return {"id": "resp_1", "object": "response", "model": "m", "status": "completed", "output": list(output), **more}


def message(text):
    return {"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": text}]}


def test_a_value_comes_back_and_all_else_stays():
    body = json.dumps(response(message(TAG), instructions=TAG), ensure_ascii=False).encode()
    out = json.loads(dialect.pass_answer(body, AnswerNotes(), Restoring({TAG: MAIL}).open_channel))
    assert out == response(message(MAIL), instructions=MAIL)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_is_changed_is_the_same_tree_but_for_its_texts(name):
    out = json.loads(dialect.pass_answer(ANSWERS[name], AnswerNotes(), lambda tool, **_: Shout()))
    before = json.loads(ANSWERS[name])
    assert [item["type"] for item in out["output"]] == [item["type"] for item in before["output"]]
    assert (out["id"], out["usage"], out["status"]) == (before["id"], before["usage"], before["status"])
    assert str(out).upper() == str(before).upper()


@pytest.mark.parametrize("body", [b"nonsense", b"[]", b"{}", b'{"output":"text"}', b'{"choices":[]}'])
def test_a_body_that_is_no_response_is_noted(body):
    notes = AnswerNotes()
    assert dialect.pass_answer(body, notes, identity) == body
    assert notes.error
    assert not notes.complete


def test_how_it_ended_and_what_it_used_is_noted():
    usage = {"input_tokens": 9, "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 2},
             "output_tokens": 5, "output_tokens_details": {"reasoning_tokens": 3}}  # fmt: skip
    notes = AnswerNotes()
    told = response(message("a"), usage=usage, status="incomplete", incomplete_details={"reason": "max_output_tokens"})
    dialect.pass_answer(json.dumps(told).encode(), notes, None)
    assert notes.usage == Usage(9, 5, 4, 2, 3)
    assert notes.finish_reasons == ["max_output_tokens"]
    assert notes.items == {"msg_1"}


def test_a_picture_is_what_nobody_has_looked_at():
    notes = AnswerNotes()
    dialect.pass_answer(
        json.dumps(response({"type": "image_generation_call", "result": "AA"})).encode(), notes, identity
    )
    assert notes.unscannable


def test_probabilities_go_where_they_would_spell_the_answer_again():
    told = message("a")
    told["content"][0]["logprobs"] = [{"token": "a"}]
    body = json.dumps(response(told)).encode()
    assert b"token" not in dialect.pass_answer(body, AnswerNotes(), None, keep_logprobs=False)
    assert dialect.pass_answer(body, AnswerNotes(), None) == body
