"""Recorded exchanges of other dialects asked as responses, and recorded responses told to clients of every dialect."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.responses.response_create_params import (
    ResponseCreateParamsNonStreaming,
    ResponseCreateParamsStreaming,
)
from pydantic import TypeAdapter

from tests.core.dialects import crossed
from tests.core.dialects.openai_responses.recorded import ANSWERS, REQUESTS, STREAMS
from tidegate.core.dialects import known
from tidegate.core.dialects import openai_responses as dialect
from tidegate.core.dialects.crossing import cross_request
from tidegate.core.values.errors import BadRequest

GOLDEN = Path(__file__).parents[3] / "golden"
CLIENTS = sorted(name for name, each in known.SPOKEN.items() if each.OPERATION == "chat")
OTHERS = {
    f"{folder}/{path.stem}": (spoken, json.loads(path.read_text("utf-8"))["request"]["body"].encode())
    for folder, spoken in (
        ("openai_chat", known.SPOKEN["openai.chat"]),
        ("anthropic_messages", known.SPOKEN["anthropic.messages"]),
        ("openai_completions", known.SPOKEN["openai.completions"]),
    )
    for path in sorted((GOLDEN / folder).glob("*.json"))
}
WHOLE, STREAMED = TypeAdapter(ResponseCreateParamsNonStreaming), TypeAdapter(ResponseCreateParamsStreaming)


@pytest.mark.parametrize("name", OTHERS)
def test_a_recorded_request_of_another_dialect_is_what_the_sdk_would_send(name):
    spoken, body = OTHERS[name]
    try:
        sent = json.loads(cross_request(body, spoken, dialect, "m").body)
    except BadRequest as refused:
        assert refused.code == "not_expressible"
        return
    (STREAMED if sent.get("stream") else WHOLE).validate_python(sent)
    # It is read as one's own, and nothing of it is unknown.
    envelope = dialect.parse_request(json.dumps(sent).encode())
    assert not envelope.rest


def test_nearly_all_of_them_can_be_said():
    said = 0
    for spoken, body in OTHERS.values():
        try:
            cross_request(body, spoken, dialect, "m")
        except BadRequest:
            continue
        said += 1
    assert said > 0.85 * len(OTHERS)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", [*STREAMS, *ANSWERS])
def test_every_answer_can_be_said_to_every_client(name, client):
    if name in STREAMS:
        crossed.check_stream(dialect, known.SPOKEN[client], STREAMS[name])
    else:
        crossed.check_whole(dialect, known.SPOKEN[client], ANSWERS[name])


@pytest.mark.parametrize("name", STREAMS)
def test_events_come_in_their_order(name):
    crossed.check_order(crossed.read_stream(dialect, STREAMS[name]))


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(sorted(STREAMS)), sizes=st.lists(st.integers(1, 900), min_size=1, max_size=20))
def test_however_a_stream_is_cut_it_says_the_same(name, sizes):
    whole = crossed.read_stream(dialect, STREAMS[name])
    assert crossed.read_stream(dialect, STREAMS[name], sizes) == whole


@pytest.mark.parametrize("target", sorted(name for name, each in known.UNDERSTOOD.items() if each.OPERATION == "chat"))
@pytest.mark.parametrize("name", REQUESTS)
def test_a_recorded_request_can_be_asked_anywhere_or_says_why_not(name, target):
    understood = known.UNDERSTOOD[target]
    try:
        found = cross_request(REQUESTS[name], dialect, understood, "m")
    except BadRequest as refused:
        assert refused.code == "not_expressible"
        return
    assert json.loads(found.body)
