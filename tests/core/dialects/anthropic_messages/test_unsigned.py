"""A conversation that another model has had a part in goes on."""

import json

import pytest

from tidegate.core.dialects.anthropic_messages.unsigned import without_unsigned

USER = {"role": "user", "content": "hello"}
SIGNED = {"type": "thinking", "thinking": "hm", "signature": "sig"}
UNSIGNED = {"type": "thinking", "thinking": "hm", "signature": ""}
TEXT = {"type": "text", "text": "Hi."}
CALL = {"type": "tool_use", "id": "t", "name": "f", "input": {"n": 12345678901234567890123}}
RESULT = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "x"}]}


def body(*messages, **fields):
    return json.dumps({"model": "m", "messages": [*messages], **fields}).encode()


def assistant(*blocks):
    return {"role": "assistant", "content": [*blocks]}


@pytest.mark.parametrize(
    "messages",
    [[USER], [USER, assistant(TEXT), USER], [USER, assistant(SIGNED, TEXT), USER],
     [USER, assistant({"type": "redacted_thinking", "data": "d"}, TEXT), USER], [USER],
     [USER, {"role": "assistant", "content": None}]],
)  # fmt: skip
def test_what_is_believed_stays_as_the_bytes_that_it_was(messages):
    raw = body(*messages, thinking={"type": "enabled", "budget_tokens": 1024})
    assert without_unsigned(raw) == (raw, ())


@pytest.mark.parametrize(
    "thought",
    [
        UNSIGNED,
        {"type": "thinking", "thinking": "hm"},
        {**UNSIGNED, "signature": None},
        {**UNSIGNED, "signature": "gemini:c2ln"},
    ],
)
def test_unsigned_thoughts_are_taken_out_and_nothing_else(thought):
    found = without_unsigned(body(USER, assistant(thought, TEXT, CALL), RESULT, assistant(SIGNED, TEXT), USER))
    assert json.loads(found.body)["messages"] == [
        USER, assistant(TEXT, CALL), RESULT, assistant(SIGNED, TEXT), USER,
    ]  # fmt: skip
    assert found.dropped == ("unsigned_thinking",)


def test_a_turn_of_nothing_else_goes_too():
    assert json.loads(without_unsigned(body(USER, assistant(UNSIGNED), USER)).body)["messages"] == [USER, USER]


def test_a_message_without_content_stays():
    setting = {"role": "system", "output_config": {"effort": "low"}}
    found = without_unsigned(body(USER, setting, assistant(UNSIGNED, TEXT), USER))
    assert json.loads(found.body)["messages"] == [USER, setting, assistant(TEXT), USER]


def test_amid_calls_there_is_no_thinking_on_without_what_led_there():
    thinking = {"type": "enabled", "budget_tokens": 1024}
    found = without_unsigned(body(USER, assistant(UNSIGNED, CALL), RESULT, thinking=thinking))
    assert "thinking" not in json.loads(found.body)
    assert found.dropped == ("unsigned_thinking", "thinking")
    later = without_unsigned(body(USER, assistant(UNSIGNED, CALL), RESULT, assistant(TEXT), USER, thinking=thinking))
    assert json.loads(later.body)["thinking"] == thinking
    adaptive = without_unsigned(body(USER, assistant(UNSIGNED, CALL), RESULT, thinking={"type": "adaptive"}))
    assert json.loads(adaptive.body)["thinking"] == {"type": "adaptive"}
