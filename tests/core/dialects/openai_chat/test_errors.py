"""Refusals as OpenAI's clients read them."""

import json

import pytest

from tidegate.core.dialects.openai_chat.errors import render_error, render_stream_error
from tidegate.core.values.errors import BadRequest, PolicyRefusal, Refusal, Unavailable


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (BadRequest("bad", "sentence"), "invalid_request_error"),
        (BadRequest("gone", "sentence", status=404), "invalid_request_error"),
        (BadRequest("large", "sentence", status=413), "invalid_request_error"),
        (PolicyRefusal("no", "sentence"), "policy_refusal"),
        (Refusal("slow", "sentence", status=429), "rate_limit_error"),
        (Unavailable("down", "sentence"), "server_error"),
        (Refusal("broken", "sentence", status=502), "server_error"),
    ],
)
def test_the_type_follows_from_the_status(refusal, kind):
    told = json.loads(render_error(refusal))["error"]
    assert told == {"message": "sentence", "type": kind, "param": None, "code": refusal.code}


def test_a_rule_and_a_field_are_named_where_there_is_one():
    told = json.loads(render_error(PolicyRefusal("no", "sentence", rule="keep-home", param="messages")))["error"]
    assert (told["rule"], told["param"]) == ("keep-home", "messages")


def test_an_error_after_the_first_byte_is_an_event_and_no_end():
    event = render_stream_error(Unavailable("cut", "sentence"))
    assert event.startswith(b"data: {")
    assert event.endswith(b"}\n\n")
    assert b"[DONE]" not in event
    assert json.loads(event[6:])["error"]["code"] == "cut"
