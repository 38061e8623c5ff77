"""Prompts: texts, tokens, and what a chat cannot say of them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.core.dialects import openai_chat
from tidegate.core.dialects import openai_completions as dialect
from tidegate.core.dialects.crossing import cross_request
from tidegate.core.dialects.neutral.chat import Chat, Text, Tool, Turn
from tidegate.core.dialects.neutral.features import fit
from tidegate.core.values.envelope import Position
from tidegate.core.values.errors import BadRequest


def parsed(prompt="Hi.", **more):
    return dialect.parse_request(json.dumps({"model": "m", "prompt": prompt, **more}).encode())


def test_every_prompt_and_suffix_is_a_users_text():
    envelope = parsed(["one", "two"], suffix="three")
    assert {part.text for part in envelope.parts if part.position is Position.USER} == {"one", "two", "three"}
    assert envelope.conversation == "one"


@pytest.mark.parametrize("prompt", [[1], [1, 2, 3], [[1, 2], [3]], [[1], "a"]])
def test_tokens_are_what_nobody_has_looked_at(prompt):
    assert parsed(prompt).unscannable


def test_what_nobody_models_goes_to_no_cloud_by_itself():
    assert parsed(guided_regex="x").rest == {"guided_regex"}
    assert parsed(store=True).capabilities == {"stored-responses"}


WRONG = [
    ({"prompt": "a"}, "missing_model"),
    ({"model": "m"}, "invalid_type"),
    ({"model": "m", "prompt": []}, "invalid_type"),
    ({"model": "m", "prompt": [{"a": 1}]}, "invalid_type"),
    ({"model": "m", "prompt": "a", "stream": 1}, "invalid_type"),
]


@pytest.mark.parametrize(("body", "code"), WRONG)
def test_what_is_wrong_is_said(body, code):
    with pytest.raises(BadRequest) as caught:
        dialect.parse_request(json.dumps(body).encode())
    assert caught.value.code == code


@pytest.mark.parametrize(
    "more", [{"suffix": "x"}, {"echo": True}, {"best_of": 3}, {"prompt": ["a", "b"]}, {"prompt": [1, 2]}]
)
def test_what_no_chat_can_say_is_refused(more):
    body = json.dumps({"model": "m", "prompt": "a", **more}).encode()
    with pytest.raises(BadRequest) as caught:
        cross_request(body, dialect, openai_chat, "m")
    assert caught.value.code == "not_expressible"


@pytest.mark.parametrize("more", [{"suffix": ""}, {"echo": False}, {"best_of": 1}, {"prompt": ["a"]}])
def test_what_says_nothing_special_is_no_obstacle(more):
    body = json.dumps({"model": "m", "prompt": "a", **more}).encode()
    assert json.loads(cross_request(body, dialect, openai_chat, "m").body)["messages"][0]["content"] == "a"


def test_a_chat_of_more_than_a_prompt_is_refused():
    for turns in ((), (Turn("user", (Text("a"),)), Turn("assistant", (Text("b"),))), (Turn("system", (Text("a"),)),)):
        with pytest.raises(BadRequest):
            dialect.write_request(Chat(turns=turns), "m")
    with pytest.raises(BadRequest):
        fit(Chat(turns=(Turn("user", (Text("a"),)),), tools=(Tool("f"),)), dialect.CANNOT, dialect.NAME)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ["prompt", "suffix", "echo", "best_of", "n", "logprobs", "stop", "max_tokens", "stream", "user", "logit_bias"]


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=4))
def test_whatever_stands_in_a_field_it_is_read_or_refused(fields):
    body = {"model": "m", "prompt": "a", **fields}
    try:
        dialect.parse_request(json.dumps(body).encode())
        dialect.read_request(body)
    except BadRequest as refused:
        assert refused.message
