"""What an answer says it consumed, and where its texts stand."""

import pytest

from tidegate.core.dialects.anthropic_messages.answer import usage_of
from tidegate.core.dialects.anthropic_messages.texts import beside, dump, load, texts, tool_of
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.usage import NOT_SAID, Usage

USAGE = [
    ({}, NOT_SAID),
    ({"input_tokens": 3, "output_tokens": 4}, Usage(3, 4)),
    ({"input_tokens": 3, "cache_read_input_tokens": 5, "cache_creation_input_tokens": 7}, Usage(15, -1, 5, 7)),
    ({"input_tokens": 3, "cache_read_input_tokens": None}, Usage(3)),
    ({"output_tokens": 9, "output_tokens_details": {"thinking_tokens": 6}}, Usage(-1, 9, thinking_tokens=6)),
    ({"input_tokens": "3", "output_tokens": True, "output_tokens_details": 3}, NOT_SAID),
    ({"input_tokens": -3}, NOT_SAID),
]


@pytest.mark.parametrize(("told", "usage"), USAGE)
def test_all_that_was_read_is_input_whether_it_came_out_of_a_cache_or_went_into_one(told, usage):
    assert usage_of(told) == usage


def test_the_end_of_a_stream_says_more_and_takes_nothing_back():
    before = usage_of({"input_tokens": 3, "cache_read_input_tokens": 5, "output_tokens": 1})
    assert usage_of({"output_tokens": 8}, before) == Usage(8, 8, 5)
    # Some tell the whole input once more at the end.
    assert usage_of({"input_tokens": 4, "output_tokens": 8}, before) == Usage(9, 8, 5)


@pytest.mark.parametrize("number", ["1", "12345678901234567890123", "1.5", "-0.25"])
def test_numbers_are_as_they_came(number):
    assert dump(load(f'{{"n":{number}}}'.encode())) == f'{{"n":{number}}}'.encode()


def found(block):
    notes = AnswerNotes()
    return [text.holder[text.key] for text in texts(block, notes)], notes.unscannable


def test_the_api_s_words_and_what_only_its_provider_reads_are_no_text():
    assert found({"type": "thinking", "thinking": "hm", "signature": "s"}) == (["hm"], False)
    assert found({"type": "redacted_thinking", "data": "d"}) == ([], False)
    assert found({"type": "tool_use", "id": "i", "name": "n", "input": {}}) == ([], False)
    source = {"type": "text", "media_type": "text/plain", "data": "said"}
    assert found({"type": "web_fetch_tool_result", "content": {"source": source}}) == (["said"], False)


def test_what_is_too_deep_to_be_looked_at_is_noted():
    deep = "x"
    for _ in range(20):
        deep = [deep]
    assert found({"type": "novel", "novel": deep}) == ([], True)


def test_what_the_client_said_itself_is_told_apart():
    explained = {"explanation": "why"}
    told = [(text.key, text.own) for text in beside({"stop_sequence": "END", "stop_details": explained})]
    assert told == [("stop_sequence", True), ("explanation", False)]
    assert list(beside({"stop_sequence": None, "stop_details": None})) == []


def test_a_call_without_a_name_is_nobody_s():
    assert tool_of({"type": "tool_use", "name": "f"}) == "f"
    assert tool_of({"type": "tool_use", "name": ""}) == tool_of({"type": "mcp_tool_use"}) == "?"
    assert tool_of({"type": "text"}) == ""
