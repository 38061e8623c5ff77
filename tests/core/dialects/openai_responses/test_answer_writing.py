"""Answers of other dialects as responses: tools come back as the items that they were offered as."""

import json

from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from tests.core.dialects.openai_responses.recorded import events
from tidegate.core.dialects import openai_responses as dialect
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.usage import Usage

EVENT = TypeAdapter(ResponseStreamEvent)


def asked(**document):
    return Asked("0190-abcd", "auto", 1790000000, {"model": "auto", **document})


def written(found, **document):
    """(whole answer, events of the same as a stream)"""
    whole = json.loads(dialect.write_answer(found, asked(**document)))
    writer = dialect.open_writer(asked(**document))
    streamed = events(b"".join(writer.feed(event) for event in found) + writer.close())
    for event in streamed:
        EVENT.validate_python(event)
    Response.model_validate(whole)
    assert streamed[-1]["response"] == whole
    assert [event["sequence_number"] for event in streamed] == list(range(len(streamed)))
    return whole, streamed


def tool(name, arguments, *, free=False):
    return [
        e.Began("x", "m"), e.Opened(0, "tool", id="c1", name=name, free=free), e.Delta(0, arguments[:5]),
        e.Delta(0, arguments[5:]), e.Closed(0), e.Ended("tool_calls"), e.Used(Usage(3, 4)),
    ]  # fmt: skip


def test_a_whole_story_keeps_its_order():
    found = [
        e.Began("x", "m"), e.Opened(0, "thinking"), e.Delta(0, "hm"), e.Closed(0), e.Opened(1, "text"),
        e.Delta(1, "Hi"),
        e.Closed(1), e.Opened(2, "tool", id="c1", name="f"), e.Opened(3, "tool", id="c2", name="g"), e.Delta(3, "{}"),
        e.Delta(2, '{"a":1}'), e.Closed(2), e.Closed(3), e.Ended("tool_calls"), e.Used(Usage(5, 7, 2, 1, 3)),
    ]  # fmt: skip
    whole, streamed = written(found, instructions="Be kind.", metadata={"a": "b"}, temperature=0.3)
    assert [item["type"] for item in whole["output"]] == ["reasoning", "message", "function_call", "function_call"]
    assert [item.get("arguments") for item in whole["output"][2:]] == ['{"a":1}', "{}"]
    assert whole["usage"] == {
        "input_tokens": 5, "input_tokens_details": {"cached_tokens": 2, "cache_write_tokens": 1}, "output_tokens": 7,
        "output_tokens_details": {"reasoning_tokens": 3}, "total_tokens": 12,
    }  # fmt: skip
    assert (whole["instructions"], whole["metadata"], whole["temperature"]) == ("Be kind.", {"a": "b"}, 0.3)
    assert whole["store"] is False
    assert [event["type"].removeprefix("response.") for event in streamed] == [
        "created", "in_progress",
        "output_item.added", "reasoning_summary_part.added", "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done", "output_item.done",
        "output_item.added", "content_part.added", "output_text.delta", "output_text.done", "content_part.done",
        "output_item.done",
        "output_item.added", "output_item.added", "function_call_arguments.delta", "function_call_arguments.delta",
        "function_call_arguments.done", "output_item.done", "function_call_arguments.done", "output_item.done",
        "completed",
    ]  # fmt: skip


def test_a_tool_of_free_text_is_one_again():
    whole, _ = written(tool("p", "some text", free=True), tools=[{"type": "custom", "name": "p"}])
    assert whole["output"][0] == {
        "id": "ctc_0190abcd0000", "type": "custom_tool_call", "status": "completed", "call_id": "c1", "name": "p",
        "input": "some text",
    }  # fmt: skip


def test_a_tool_of_the_dialects_own_is_one_again():
    arguments = json.dumps({"command": ["ls"], "working_directory": "/tmp"})
    whole, streamed = written(tool("local_shell", arguments), tools=[{"type": "local_shell"}])
    assert whole["output"][0]["type"] == "local_shell_call"
    action = {"type": "exec", "env": {}, "command": ["ls"], "working_directory": "/tmp"}
    assert whole["output"][0]["action"] == action
    assert not [event for event in streamed if "delta" in event]


def test_a_function_that_only_bears_such_a_name_stays_a_function():
    whole, _ = written(tool("local_shell", '{"x": 1}'), tools=[{"type": "function", "name": "local_shell"}])
    assert whole["output"][0]["type"] == "function_call"


def test_a_tool_in_a_namespace_is_there_again():
    tools = [{"type": "namespace", "name": "n", "description": "", "tools": [{"type": "function", "name": "f"}]}]
    whole, _ = written(tool("n__f", '{"x": 1}'), tools=tools)
    assert (whole["output"][0]["namespace"], whole["output"][0]["name"]) == ("n", "f")


def test_an_answer_that_ran_out_of_room_is_incomplete():
    found = [e.Began(), e.Opened(0, "text"), e.Delta(0, "Hi"), e.Closed(0), e.Ended("length"), e.Used(Usage())]
    whole, streamed = written(found)
    assert (whole["status"], whole["incomplete_details"]) == ("incomplete", {"reason": "max_output_tokens"})
    assert streamed[-1]["type"] == "response.incomplete"


def test_an_answer_that_says_nothing_is_still_whole():
    whole, _ = written([e.Began(), e.Ended("stop")])
    assert whole["output"] == []
    assert whole["usage"]["total_tokens"] == 0


def test_a_refusal_is_one():
    whole, _ = written([e.Began(), e.Opened(0, "refusal"), e.Delta(0, "No."), e.Closed(0), e.Ended("refusal")])
    assert whole["output"][0]["content"] == [{"type": "refusal", "refusal": "No."}]
