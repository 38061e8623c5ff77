"""Events in Ollama's words."""

import json

import pytest
from ollama import ChatResponse, GenerateResponse

from tests.core.dialects.ollama.recorded import ASKED, said
from tidegate.core.dialects import ollama_chat, ollama_generate
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.ollama import writing
from tidegate.core.values.usage import Usage

EVENTS = [
    e.Began("x", "theirs"), e.Opened(0, "thinking"), e.Delta(0, "Hm"), e.Sealed(0, "s"), e.Closed(0),
    e.Opened(1, "text"), e.Delta(1, "So"), e.Delta(1, "."), e.Closed(1),
    e.Opened(2, "tool", id="call_1", name="f"), e.Opened(3, "tool", id="call_2", name="g"),
    e.Delta(3, '{"y":'), e.Delta(2, '{"x":1}'), e.Delta(3, "2}"), e.Closed(2), e.Closed(3),
    e.Ended("tool_calls"), e.Used(Usage(3, 4)),
]  # fmt: skip
CALLS = [{"index": 0, "name": "f", "arguments": {"x": 1}}, {"index": 1, "name": "g", "arguments": {"y": 2}}]
TYPES = {ollama_chat: ChatResponse, ollama_generate: GenerateResponse}


def streamed(dialect, events, asked=ASKED):
    writer = dialect.open_writer(asked)
    return b"".join([writer.feed(event) for event in events]) + writer.close()


@pytest.mark.parametrize("dialect", TYPES)
def test_a_whole_answer(dialect):
    out = dialect.write_answer(EVENTS, ASKED)
    TYPES[dialect].model_validate_json(out)
    tree = json.loads(out)
    assert said(out) == ("Hm", "So.", CALLS)
    assert (tree["model"], tree["done"], tree["done_reason"]) == ("auto", True, "stop")
    assert (tree["prompt_eval_count"], tree["eval_count"]) == (3, 4)


@pytest.mark.parametrize("dialect", TYPES)
def test_a_stream_line_by_line(dialect):
    out = streamed(dialect, EVENTS)
    for line in out.splitlines():
        TYPES[dialect].model_validate_json(line)
    assert said(out) == ("Hm", "So.", CALLS)
    trees = [json.loads(line) for line in out.splitlines()]
    assert [tree["done"] for tree in trees] == [False] * (len(trees) - 1) + [True]
    assert trees[-1]["eval_count"] == 4


def test_calls_keep_their_ids():
    tree = json.loads(ollama_chat.write_answer(EVENTS, ASKED))
    assert [call["id"] for call in tree["message"]["tool_calls"]] == ["call_1", "call_2"]


def test_times_are_this_gateways_own():
    ticks = iter(range(0, 10_000_000_000, 1_000_000_000))
    now = [0]

    def elapsed():
        now[0] = next(ticks, now[0])
        return now[0]

    tree = json.loads(streamed(ollama_chat, EVENTS, Asked("r", "m", 1_800_000_000, {}, elapsed)).splitlines()[-1])
    assert tree["total_duration"] == tree["prompt_eval_duration"] + tree["eval_duration"] > 0
    assert tree["load_duration"] == 0


def test_when_is_said_as_rfc_3339_says_it():
    assert writing.timestamp(ASKED) == "2027-01-15T08:00:02.500000000Z"


@pytest.mark.parametrize(("reason", "word"), [("stop", "stop"), ("length", "length"), ("refusal", "refusal"),
                                              ("content_filter", "content_filter"), ("pause", "stop")])  # fmt: skip
def test_why_it_ended(reason, word):
    assert json.loads(ollama_chat.write_answer([e.Ended(reason)], ASKED))["done_reason"] == word


def test_a_refusal_is_said_as_text():
    assert (
        said(streamed(ollama_chat, [e.Opened(0, "refusal"), e.Delta(0, "No"), e.Closed(0), e.Ended("refusal")]))[1]
        == "No"
    )


def test_other_choices_are_not_mixed_in():
    events = [e.Opened(0, "text", 1), e.Delta(0, "other", 1), e.Closed(0, 1), e.Ended("length", 1), e.Ended("stop")]
    assert said(streamed(ollama_chat, events))[1] == ""


def test_a_count_that_nobody_told_is_left_out():
    assert "eval_count" not in json.loads(ollama_chat.write_answer([e.Ended("stop")], ASKED))
