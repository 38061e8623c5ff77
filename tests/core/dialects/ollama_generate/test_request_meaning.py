"""A prompt is one turn of a conversation, where nothing more than that is asked."""

import json

import pytest
from ollama._types import GenerateRequest

from tidegate.core.dialects import ollama_generate as dialect
from tidegate.core.dialects import openai_chat
from tidegate.core.dialects.crossing import cross_request
from tidegate.core.dialects.neutral.chat import Chat, Media, Text, Turn
from tidegate.core.values.errors import BadRequest

PIXEL = "iVBORw0KGgoAAAANSUhEUg=="


def test_a_prompt_is_a_turn():
    ask = dialect.read_request({"model": "m", "prompt": "a", "system": "b", "images": [PIXEL]})
    assert ask.turns == (
        Turn("system", (Text("b"),)),
        Turn("user", (Text("a"), Media("image", "image/png", data=PIXEL))),
    )
    body = dialect.write_request(ask, "m")
    GenerateRequest.model_validate({**json.loads(body), "images": None})  # it wants files there, and sends base64
    assert json.loads(body) == {"model": "m", "prompt": "a", "stream": True, "system": "b", "images": [PIXEL]}


@pytest.mark.parametrize("field", [{"raw": True}, {"template": "{{ .Prompt }}"}, {"suffix": "b"}, {"context": [1]}])
def test_what_a_prompt_stands_in_cannot_be_left_out(field):
    body = json.dumps({"model": "m", "prompt": "a", **field}).encode()
    with pytest.raises(BadRequest, match=next(iter(field))) as refused:
        cross_request(body, dialect, openai_chat, "m")
    assert refused.value.code == "not_expressible"


@pytest.mark.parametrize("field", [{"raw": False}, {"template": ""}, {"suffix": ""}, {"context": []}, {"images": []}])
def test_what_says_nothing_is_no_hindrance(field):
    body = json.dumps({"model": "m", "prompt": "a", **field}).encode()
    assert cross_request(body, dialect, openai_chat, "m").dropped == ()


@pytest.mark.parametrize(
    "turns",
    [
        (Turn("user", (Text("a"),)), Turn("assistant", (Text("b"),)), Turn("user", (Text("c"),))),
        (Turn("assistant", (Text("a"),)),),
        (Turn("system", (Text("a"),)),),
        (),
    ],
)
def test_several_turns_are_no_prompt(turns):
    with pytest.raises(BadRequest) as refused:
        dialect.write_request(Chat(turns=turns), "m")
    assert refused.value.code == "not_expressible"


def test_an_image_is_a_text():
    with pytest.raises(BadRequest) as refused:
        dialect.read_request({"model": "m", "prompt": "a", "images": [1]})
    assert refused.value.param == "images"
