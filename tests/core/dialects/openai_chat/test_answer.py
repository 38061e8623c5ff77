"""A whole answer: where text stands in it, what is noted of it, and what is left alone."""

import json

import pytest

from tidegate.core.dialects.openai_chat.answer import note, pass_answer, usage_of
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.usage import NOT_SAID, Usage


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
        (
            {"tool_calls": [{"type": "custom", "custom": {"name": "shell", "input": "ls"}}]},
            {"tool_calls": [{"type": "custom", "custom": {"name": "shell", "input": "LS"}}]},
            ["shell"],
        ),
        ({"content": ["x"]}, {"content": ["X"]}, [""]),
        ({"content": [{"type": "text", "text": "x"}]}, {"content": [{"type": "text", "text": "X"}]}, [""]),
        (
            {"reasoning_details": [{"type": "reasoning.text", "text": "hm", "signature": "sig"}]},
            {"reasoning_details": [{"type": "reasoning.text", "text": "HM", "signature": "sig"}]},
            [""],
        ),
        ({"audio": {"id": "a", "transcript": "hi"}}, {"audio": {"id": "a", "transcript": "HI"}}, [""]),
    ],
)
def test_text_goes_through_a_channel_wherever_it_stands(message, told, tools):
    channel = Shouting()
    assert passed(message, channel)[0] == told
    assert channel.opened == tools


@pytest.mark.parametrize("message", [{"content": 3}, {"tool_calls": 7}, {"tool_calls": [None]}, {"content": [3, None]}])
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


@pytest.mark.parametrize(
    ("message", "unscannable"),
    [
        ({"content": "yes"}, False),
        ({"audio": {"id": "a", "data": "UklGRg==", "transcript": "hi"}}, True),
        ({"audio": {"id": "a", "data": ""}}, False),
        ({"images": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBOR"}}]}, True),
        ({"images": [{"type": "image_url", "image_url": {"url": "https://pictures.example/1.png"}}]}, False),
        ({"content": [{"type": "image", "b64_json": "iVBOR"}]}, True),
    ],
)
def test_sound_and_images_are_noted(message, unscannable):
    assert passed(message, Shouting())[1].unscannable is unscannable


def test_what_lies_too_deep_to_be_read_is_noted():
    deep = "x"
    for _ in range(30):
        deep = [deep]
    message, notes = passed({"odd": deep}, Shouting())
    assert (message["odd"], notes.unscannable) == (deep, True)


def test_probabilities_spell_the_answer_and_leave_only_where_that_does_no_harm():
    choice = {"message": {"content": "yes"}, "logprobs": {"content": [{"token": "yes", "logprob": -0.1}]}}
    body = json.dumps({"choices": [choice]}).encode()
    assert pass_answer(body, AnswerNotes(), None) is body
    out = pass_answer(body, AnswerNotes(), None, keep_logprobs=False)
    assert json.loads(out) == {"choices": [{"message": {"content": "yes"}, "logprobs": None}]}
    without = json.dumps({"choices": [{"message": {"content": "yes"}, "logprobs": None}]}).encode()
    assert pass_answer(without, AnswerNotes(), None, keep_logprobs=False) is without


def test_a_choice_more_is_a_choice_like_the_first():
    choices = [{"message": {"content": text}} for text in ("a", "b")]
    body = json.dumps({"choices": [*choices, None]}).encode()
    out = json.loads(pass_answer(body, AnswerNotes(), Shouting()))
    assert [choice["message"]["content"] for choice in out["choices"][:2]] == ["A", "B"]


@pytest.mark.parametrize(
    ("told", "usage"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 2, "prompt_cache_hit_tokens": 5}, Usage(9, 2, 5)),  # DeepSeek
        ({"prompt_tokens": 9, "completion_tokens": 2, "num_cached_tokens": 5}, Usage(9, 2, 5)),  # Mistral
        (  # Grok: thoughts are counted beside the answer, and cached tokens may be more than were read
            {
                "prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 41,
                "completion_tokens_details": {"reasoning_tokens": 30}, "prompt_tokens_details": {"cached_tokens": 161},
            },
            Usage(9, 32, 9, -1, 30),
        ),
        (  # OpenAI: they are among what was written
            {
                "prompt_tokens": 9, "completion_tokens": 32, "total_tokens": 41,
                "completion_tokens_details": {"reasoning_tokens": 30},
            },
            Usage(9, 32, -1, -1, 30),
        ),
    ],
)  # fmt: skip
def test_what_providers_count_in_ways_of_their_own_is_counted_as_everywhere(told, usage):
    assert usage_of({"usage": told}) == usage
    assert usage_of({"x_groq": {"id": "r", "usage": told}}) == usage
    assert usage_of({"x_groq": {"id": "r"}}) is usage_of({}) is NOT_SAID
