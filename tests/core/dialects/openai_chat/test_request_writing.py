"""Meanings as chat requests, and recorded ones that mean the same when they are written again."""

import json
from pathlib import Path

import pytest

from tidegate.core.dialects.neutral.chat import Chat, Text, Thinking, ToolCall, ToolResult, Turn
from tidegate.core.dialects.openai_chat.request_reading import read_request
from tidegate.core.dialects.openai_chat.request_writing import write_request

GOLDEN = Path(__file__).parents[3] / "golden" / "openai_chat"
REQUESTS = {
    path.stem: found
    for path in sorted(GOLDEN.glob("*.json"))
    if isinstance(found := json.loads(json.loads(path.read_text("utf-8"))["request"]["body"] or "null"), dict)
}


def test_a_legacy_call_that_came_without_an_id_is_written_with_the_one_that_it_was_given():
    chat = Chat(
        turns=(Turn("assistant", (ToolCall("call_1", "f", ""),)), Turn("tool", (ToolResult("call_1", "f", ()),)))
    )
    told = json.loads(write_request(chat, "m"))["messages"]
    assert told[0]["tool_calls"][0] == {
        "id": "call_1",
        "type": "function",
        "function": {"name": "f", "arguments": "{}"},
    }
    assert told[1] == {"role": "tool", "tool_call_id": "call_1", "content": ""}


def test_a_stream_is_asked_for_with_its_usage():
    told = json.loads(write_request(Chat(turns=(Turn("user", (Text("x"),)),), stream=True), "m"))
    assert (told["stream"], told["stream_options"]) == (True, {"include_usage": True})


@pytest.mark.parametrize("name", REQUESTS)
def test_a_recorded_request_means_the_same_when_it_is_written_again(name):
    chat = read_request(REQUESTS[name])
    again = read_request(json.loads(write_request(chat, "m")))
    assert plain(again) == plain(chat)


def plain(chat):
    """Without what the table drops, and what a written request always asks."""
    said = [
        turn._replace(blocks=tuple([block for block in turn.blocks if not isinstance(block, Thinking)]))
        for turn in chat.turns
    ]
    return {**{name: getattr(chat, name) for name in Chat._fields}, "turns": said, "left": (), "stream_usage": False}


def test_results_come_before_what_is_said_beside_them():
    turn = Turn("user", (Text("and?"), ToolResult("c", "f", (Text("42"),))))
    told = json.loads(write_request(Chat(turns=(turn,)), "m"))["messages"]
    assert [message["role"] for message in told] == ["tool", "user"]
    assert told[1]["content"] == "and?"


def test_a_participant_keeps_the_name():
    told = json.loads(write_request(Chat(turns=(Turn("user", (Text("x"),), "ann"),)), "m"))["messages"]
    assert told == [{"role": "user", "name": "ann", "content": "x"}]
