"""Providers that differ from the dialect they speak: what is dropped or refused there, and how fields are called."""

import json

import pytest

from tidegate.core.dialects import bedrock_converse, known, openai_chat
from tidegate.core.dialects.crossing import cross_request
from tidegate.core.dialects.neutral.features import Cannot, Feature
from tidegate.core.dialects.variations import PLAIN, VARIATIONS, providers_of, table_of, variation
from tidegate.core.dispatch.endpoints import ENDPOINTS
from tidegate.core.values.errors import BadRequest

CALL = {"id": "toolu_0123456789", "type": "function", "function": {"name": "f", "arguments": "{}"}}
TALK = [
    {"role": "user", "content": "go", "name": "jo"},
    {"role": "assistant", "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "toolu_0123456789", "content": "done"},
]


def crossed(provider, **asked):
    body = {"model": "auto", "messages": [{"role": "user", "content": "hi"}], **asked}
    found = cross_request(
        json.dumps(body).encode(), openai_chat, openai_chat, "m", variation(provider, "openai.chat", "m")
    )
    return json.loads(found.body), found.dropped


def test_every_variation_is_of_a_provider_and_of_a_dialect_that_it_is_asked_in():
    for provider, all_of in VARIATIONS.items():
        for each in all_of:
            assert each.dialect in ENDPOINTS[provider]
            assert each.dialect in known.UNDERSTOOD
            assert each.source


def test_who_does_not_differ_gets_the_dialect_as_it_is():
    assert variation("openai", "openai.chat", "gpt") is PLAIN
    assert variation("mistral", "openai.embeddings", "m") is PLAIN
    assert table_of(openai_chat.CANNOT, PLAIN) is openai_chat.CANNOT
    sent, dropped = crossed("openai", seed=1, logit_bias={"1": 1})
    assert (sent["seed"], dropped) == (1, ())


def test_mistral_has_names_and_ids_of_its_own():
    sent, dropped = crossed(
        "mistral", messages=TALK, seed=7, max_completion_tokens=5, reasoning_effort="high", stream=True, user="u"
    )
    assert (sent["random_seed"], sent["max_tokens"]) == (7, 5)
    assert {"seed", "max_completion_tokens", "stream_options", "user"} & set(sent) == set()
    assert set(dropped) == {"user", "participant_names"}
    call, result = sent["messages"][1]["tool_calls"][0]["id"], sent["messages"][2]["tool_call_id"]
    assert call == result
    assert len(call) == 9
    assert call.isalnum()
    assert "name" not in sent["messages"][0]


def test_an_id_that_mistral_made_stays_as_it_is():
    mine = [{**TALK[1], "tool_calls": [{**CALL, "id": "7nmzvoAlW"}]}, {**TALK[2], "tool_call_id": "7nmzvoAlW"}]
    sent, _ = crossed("mistral", messages=mine)
    assert sent["messages"][1]["tool_call_id"] == "7nmzvoAlW"


@pytest.mark.parametrize(
    ("provider", "asked", "dropped"),
    [
        ("groq", {"logit_bias": {"1": 1}, "logprobs": True, "top_logprobs": 2, "metadata": {"a": "b"}},
         {"logit_bias", "logprobs", "metadata"}),
        ("deepseek", {"seed": 1, "user": "u", "reasoning_effort": "low", "parallel_tool_calls": False},
         {"seed", "user", "effort", "parallel_tools"}),
        ("xai", {"verbosity": "low", "logit_bias": {"1": 1}}, {"verbosity", "logit_bias"}),
    ],
)  # fmt: skip
def test_what_is_dropped_is_named_and_not_sent(provider, asked, dropped):
    sent, named = crossed(provider, **asked)
    assert set(named) == dropped
    assert set(sent) & set(asked) == set()


@pytest.mark.parametrize(
    ("provider", "asked"),
    [
        ("groq", {"n": 2}),
        ("deepseek", {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}}}),
    ],
)
def test_what_cannot_be_said_there_is_refused(provider, asked):
    with pytest.raises(BadRequest) as caught:
        crossed(provider, **asked)
    assert caught.value.code == "not_expressible"


@pytest.mark.parametrize("provider", ["mistral", "xai", "openrouter", "groq", "bedrock"])
def test_a_tool_that_takes_free_text_is_a_function_there(provider):
    sent, named = crossed(provider, tools=[{"type": "custom", "custom": {"name": "c"}}])
    assert "free_tools:by_convention" in named
    assert '"custom"' not in json.dumps(sent)


def test_a_family_of_models_may_know_more_than_its_provider():
    claude = variation("bedrock", "bedrock.converse", "eu.anthropic.claude-sonnet-4-5-v1:0")
    table = table_of(bedrock_converse.CANNOT, claude)
    assert Feature.TOP_K not in table
    assert table[Feature.SEED] is Cannot.DROPPED
    assert variation("bedrock", "bedrock.converse", "amazon.nova-pro-v1:0") is PLAIN


def test_the_page_of_dialects_can_name_them():
    assert [name for name, _ in providers_of("bedrock.converse")] == ["bedrock"]
