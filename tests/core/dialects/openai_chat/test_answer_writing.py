"""Events as chat completions."""

import json

import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.openai_chat.answer_writing import open_writer, write_answer
from tidegate.core.values.usage import Usage

ASKED = Asked("0190-id", "auto", 7, {})
TALK = [
    e.Began("up", "m"),
    e.Opened(0, "thinking"),
    e.Delta(0, "Hm"),
    e.Sealed(0, "sig"),
    e.Closed(0),
    e.Opened(1, "text"),
    e.Delta(1, "Hel"),
    e.Delta(1, "lo"),
    e.Closed(1),
    e.Opened(2, "tool", id="a", name="f"),
    e.Delta(2, '{"x":'),
    e.Delta(2, "1}"),
    e.Closed(2),
    e.Opened(3, "tool", id="b", name="g", free=True),
    e.Delta(3, "any"),
    e.Closed(3),
    e.Ended("tool_calls"),
    e.Used(Usage(10, 5, 4, 2, 3)),
]


def chunks(events, asked=ASKED):
    writer = open_writer(asked)
    body = b"".join(map(writer.feed, events)) + writer.close()
    lines = [line.removeprefix("data: ") for line in body.decode().split("\n\n") if line]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def test_a_whole_answer_has_all_its_blocks():
    found = json.loads(write_answer(TALK, ASKED))
    ChatCompletion.model_validate(found)
    message = found["choices"][0]["message"]
    assert (message["content"], message["reasoning_content"]) == ("Hello", "Hm")
    assert message["tool_calls"] == [
        {"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"x":1}'}},
        {"id": "b", "type": "custom", "custom": {"name": "g", "input": "any"}},
    ]
    assert found["choices"][0]["finish_reason"] == "tool_calls"
    assert found["usage"] == {
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "total_tokens": 15,
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 3},
    }


def test_an_answer_that_says_nothing_is_still_one():
    found = json.loads(write_answer([e.Began(), e.Ended("stop")], ASKED))
    ChatCompletion.model_validate(found)
    assert found["choices"][0]["message"] == {"role": "assistant", "content": "", "refusal": None}


def test_a_stream_tells_the_role_once_and_numbers_its_calls():
    found = chunks(TALK)
    for chunk in found:
        if "custom" not in json.dumps(chunk):  # the SDK's types know free tools in whole answers only
            ChatCompletionChunk.model_validate(chunk)
    deltas = [chunk["choices"][0]["delta"] for chunk in found]
    assert [("role" in delta) for delta in deltas].count(True) == 1
    assert [call["index"] for delta in deltas for call in delta.get("tool_calls", ())] == [0, 0, 0, 1, 1]
    assert found[-1]["choices"][0]["finish_reason"] == "tool_calls"


@pytest.mark.parametrize(("options", "told"), [({}, 0), ({"include_usage": True}, 1), ({"include_usage": False}, 0)])
def test_usage_is_told_in_a_stream_where_it_was_asked_for(options, told):
    found = chunks(TALK, Asked("0190-id", "auto", 7, {"stream_options": options}))
    assert sum(1 for chunk in found if chunk.get("usage")) == told


def test_choices_stay_apart():
    events = [e.Opened(0, "text", 0), e.Opened(0, "text", 1), e.Delta(0, "a", 0), e.Delta(0, "b", 1),
              e.Closed(0, 0), e.Closed(0, 1), e.Ended("stop", 1), e.Ended("length", 0)]  # fmt: skip
    found = json.loads(write_answer(events, ASKED))["choices"]
    assert [(c["index"], c["message"]["content"], c["finish_reason"]) for c in found] == [
        (0, "a", "length"),
        (1, "b", "stop"),
    ]
    told = {}
    for chunk in chunks(events):
        for choice in chunk["choices"]:
            told.setdefault(choice["index"], []).append(choice["delta"].get("content", ""))
    assert {index: "".join(text) for index, text in told.items()} == {0: "a", 1: "b"}
