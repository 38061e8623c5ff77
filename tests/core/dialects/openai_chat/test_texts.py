"""What counts as text in a message, and what does not."""

import pytest

from tidegate.core.dialects.openai_chat.texts import alone, names, texts
from tidegate.core.values.answer import AnswerNotes


def found(message, tools=None):
    return [
        (text.where, text.holder[text.key], text.tool, text.whole)
        for text in texts(message, AnswerNotes(), tools or {})
    ]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"role": "assistant", "content": "a", "refusal": None}, [(("content",), "a", "", False)]),
        ({"id": "x", "type": "y", "name": "z", "signature": "s", "encrypted_content": "e"}, []),
        ({"novel_field": "a"}, [(("novel_field",), "a", "", False)]),
        (
            {"function_call": {"name": "f", "arguments": "a"}},
            [(("function_call", "arguments"), "a", "f", False)],
        ),
        (
            {"tool_calls": [{"index": 2, "id": "c", "function": {"name": "f", "arguments": "a"}}]},
            [(("tool_calls", 2, "function", "arguments"), "a", "f", False)],
        ),
        (
            {"tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "a"}}]},
            [(("tool_calls", 0, "function", "arguments"), "a", "f", True)],
        ),
        (
            {"tool_calls": [{"function": {"arguments": "a"}}, 3, {"function": {"arguments": {}}}, {"custom": "x"}]},
            [(("tool_calls", 0, "function", "arguments"), "a", "?", False)],
        ),
        ({"tool_calls": {"function": "x"}, "function_call": [1]}, []),
        ({"annotations": [{"title": "a"}]}, [(("annotations", 0, "title"), "a", "", True)]),
        (
            {"sources": [["a", {"b": "c"}]]},
            [(("sources", 0, 0), "a", "", False), (("sources", 0, 1, "b"), "c", "", False)],
        ),
    ],
)
def test_texts_are_found_where_they_stand(message, expected):
    assert found(message) == expected


def test_an_earlier_name_counts_where_no_other_has_come():
    message = {"tool_calls": [{"index": 0, "function": {"arguments": "a"}}]}
    assert found(message, {("tool_calls", 0, "function"): "f"})[0][2] == "f"


def test_names_are_told_by_where_their_calls_stand():
    calls = [{"index": 4, "function": {"name": "f"}}, {"custom": {"name": "g"}}, {"function": {"name": ""}}, None]
    told = dict(names({"tool_calls": calls, "function_call": {"name": "h"}}))
    assert told == {("tool_calls", 4, "function"): "f", ("tool_calls", 1, "custom"): "g", ("function_call",): "h"}
    assert dict(names({"tool_calls": 3, "function_call": "x"})) == {}


def test_what_carries_a_rest_alone_has_the_shape_of_its_piece():
    piece = {
        "role": "assistant",
        "content": [{"type": "text", "text": "a"}, {"index": 7, "text": "b", "signature": "s"}],
    }
    assert alone(piece, ("content", 7, "text"), "!") == {"content": [{"index": 7, "text": "!"}]}
    assert alone(piece, ("content", 0, "text"), "!") == {"content": [{"type": "text", "text": "!"}]}


def test_a_piece_of_another_shape_than_its_places_say_still_carries_the_rest():
    piece = {"tool_calls": [None, {"index": 0, "function": {"arguments": "a"}}]}
    assert alone(piece, ("tool_calls", 0, "function", "arguments"), "!") == {
        "tool_calls": [{"index": 0, "function": {"arguments": "!"}}]
    }
    assert alone({}, ("tool_calls", 0, "text"), "!") == {"tool_calls": [{"text": "!"}]}
