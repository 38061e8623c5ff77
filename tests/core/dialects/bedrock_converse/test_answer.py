"""What Converse and ConverseStream can say that no recording happens to show, and what is none of it."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.dialects import crossed
from tests.core.dialects.gemini_generate.test_answer import JSON, places, put
from tests.fakes.eventstream import event
from tidegate.core.dialects import bedrock_converse
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import Usage


def answer(*content, reason="end_turn", **more):
    return {"output": {"message": {"role": "assistant", "content": list(content)}}, "stopReason": reason, **more}


def read(tree):
    return list(bedrock_converse.read_answer(json.dumps(tree).encode()))


def stream(*messages):
    return crossed.read_stream(bedrock_converse, b"".join(messages))


REASONS = [
    ("end_turn", "stop"),
    ("stop_sequence", "stop"),
    ("max_tokens", "length"),
    ("model_context_window_exceeded", "length"),
    ("tool_use", "tool_calls"),
    ("guardrail_intervened", "content_filter"),
    ("content_filtered", "content_filter"),
    ("malformed_tool_use", "other"),
    ("new_thing", "other"),
]


@pytest.mark.parametrize(("said", "reason"), REASONS)
def test_why_it_ended(said, reason):
    for events in (read(answer({"text": "x"}, reason=said)), stream(event("messageStop", stopReason=said))):
        assert e.Ended(reason) in events
        assert (e.Lost(f"answer.stopReason.{said}") in events) == (reason == "other")


def test_the_sequence_that_ended_it_is_told_where_the_model_tells_it():
    tree = answer({"text": "x"}, reason="stop_sequence", additionalModelResponseFields={"stop_sequence": "END"})
    assert e.Ended("stop", sequence="END") in read(tree)


def test_usage_is_counted_as_everywhere():
    usage = {"inputTokens": 3, "outputTokens": 5, "cacheReadInputTokens": 10, "cacheWriteInputTokens": 20}
    assert read(answer(usage=usage))[-1] == e.Used(Usage(33, 5, 10, 20))
    assert read(answer(usage={"inputTokens": 3, "outputTokens": 5}))[-1] == e.Used(Usage(3, 5))


def test_sealed_thoughts_and_citations():
    events = read(answer(
        {"reasoningContent": {"redactedContent": "c2VhbA=="}},
        {"citationsContent": {"content": [{"text": "so "}, {"text": "it is"}], "citations": [{}]}},
    ))  # fmt: skip
    assert events[1:8] == [
        e.Opened(0, "thinking"), e.Sealed(0, sealed="c2VhbA=="), e.Closed(0),
        e.Opened(1, "text"), e.Delta(1, "so it is"), e.Closed(1), e.Lost("answer.citations"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["image", "audio", "video", "searchResult", "toolResult"])
def test_what_is_no_text_is_named_and_nobody_has_looked_at_it(kind):
    lost = e.Lost(f"answer.{kind}", unseen=True)
    assert lost in read(answer({kind: {"x": 1}}))
    assert lost in stream(event("contentBlockStart", contentBlockIndex=0, start={kind: {"x": 1}}))
    assert lost in stream(event("contentBlockDelta", contentBlockIndex=0, delta={kind: {"x": 1}}))


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"output":{}}', b"[" * 5000])
def test_what_is_no_answer_is_refused(body):
    with pytest.raises(UpstreamError) as caught:
        bedrock_converse.read_answer(body)
    assert caught.value.kind == "protocol"


SHAPE = answer(
    {"text": "x"},
    {"reasoningContent": {"reasoningText": {"text": "x", "signature": "s"}}},
    {"toolUse": {"toolUseId": "a", "name": "f", "input": {}, "type": "tool_use"}},
    {"citationsContent": {"content": [{"text": "x"}]}},
    usage={"inputTokens": 1, "outputTokens": 1},
    additionalModelResponseFields={"stop_sequence": "x"},
)


@settings(max_examples=300, deadline=None)
@given(path=st.sampled_from(list(places(SHAPE))), new=JSON)
def test_a_wrong_type_anywhere_is_an_answer_or_none_and_nothing_else(path, new):
    body = orjson.dumps(put(SHAPE, path, new))
    try:
        crossed.check_order(list(bedrock_converse.read_answer(body)))
    except UpstreamError as error:
        assert error.kind == "protocol"
    bedrock_converse.read_problem(500, body)
