"""A whole answer: where text stands in it, what is noted of it, and what is left alone."""

import json

import pytest

from tidegate.core.dialects.openai_chat.answer import note, pass_answer
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.usage import Usage


class Shouting:
    """A channel that gives all at the end, in capitals, and tells which tool it was opened for."""

    opened: list[str]

    def __init__(self):
        self.opened = []

    def __call__(self, tool):
        self.opened.append(tool)
        return Held()


class Held:
    def __init__(self):
        self.text = ""

    def feed(self, text):
        self.text += text
        return ""

    def close(self):
        return self.text.upper()


def passed(message, channel=None, **more):
    notes = AnswerNotes()
    body = {"id": "c1", "model": "m", "choices": [{"message": message, "finish_reason": "stop"}], **more}
    out = pass_answer(json.dumps(body).encode(), notes, channel)
    return json.loads(out)["choices"][0]["message"], notes


def call(name, arguments):
    return {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}


@pytest.mark.parametrize(
    ("message", "told", "tools"),
    [
        ({"role": "assistant", "content": "yes"}, {"role": "assistant", "content": "YES"}, [""]),
        ({"content": None, "refusal": "no"}, {"content": None, "refusal": "NO"}, [""]),
        ({"reasoning_content": "hm", "content": "yes"}, {"reasoning_content": "HM", "content": "YES"}, ["", ""]),
        ({"tool_calls": [call("send", "{}x")]}, {"tool_calls": [call("send", "{}X")]}, ["send"]),
        (
            {"function_call": {"name": "send", "arguments": "x"}},
            {"function_call": {"name": "send", "arguments": "X"}},
            ["send"],
        ),
    ],
)
def test_text_goes_through_a_channel_wherever_it_stands(message, told, tools):
    channel = Shouting()
    assert passed(message, channel)[0] == told
    assert channel.opened == tools


@pytest.mark.parametrize("message", [{"content": 3}, {"tool_calls": 7}, {"tool_calls": [None]}, {"content": ["x"]}])
def test_what_has_another_shape_passes_as_it_is(message):
    assert passed(message, Shouting())[0] == message


def test_without_channels_the_bytes_are_those_that_came():
    body = b'{ "choices" : [ {"message": {"content": "yes"}} ] }'
    assert pass_answer(body, AnswerNotes(), None) is body


def test_the_end_the_model_and_the_usage_are_noted():
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 5}}
    _, notes = passed({"content": "yes"}, usage=usage)
    assert (notes.complete, notes.finish_reasons, notes.error) == (True, ["stop"], "")
    assert (notes.response_id, notes.response_model) == ("c1", "m")
    assert notes.usage == Usage(input_tokens=11, output_tokens=7, cached_input_tokens=5)


@pytest.mark.parametrize("count", [-1, "7", None, 1.5])
def test_a_count_that_is_none_is_not_noted(count):
    notes = AnswerNotes()
    note({"usage": {"prompt_tokens": count, "completion_tokens": 2}}, notes)
    assert (notes.usage.input_tokens, notes.usage.output_tokens) == (-1, 2)
