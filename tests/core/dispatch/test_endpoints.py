"""Where a target is asked, and in which dialect."""

from dataclasses import replace

import pytest

from tidegate.core.dispatch.egress import asking
from tidegate.core.dispatch.endpoints import (
    ENDPOINTS,
    ON_REQUEST,
    Endpoint,
    always_sent,
    offered_by,
    understood_by,
)
from tidegate.core.values.target import Boundary, Target

HERE = Boundary("here", "local")


def target(provider="vllm", model="m"):
    return Target(name="t", provider=provider, url="http://h:1", model=model, boundary=HERE)


def test_the_model_is_part_of_a_path_only_in_its_encoded_form():
    endpoint = Endpoint("/models/{model}:generate", "/models/{model}:stream")
    assert endpoint.url(target(model="a/b:c d"), stream=False) == "http://h:1/models/a%2Fb%3Ac%20d:generate"
    assert endpoint.url(target(), stream=True) == "http://h:1/models/m:stream"


def test_streams_are_asked_at_the_same_path_where_there_is_no_other():
    assert Endpoint("/chat").url(target(), stream=True) == "http://h:1/chat"


@pytest.mark.parametrize("provider", ENDPOINTS)
def test_the_clients_own_dialect_is_preferred(provider):
    for dialect in offered_by(target(provider)):
        assert understood_by(target(provider), dialect, "whatever") == dialect


def test_what_only_some_servers_have_is_asked_where_the_target_says_so():
    plain = target("openai-compatible")
    assert understood_by(plain, "openai.responses", "chat") == "openai.chat"
    said = replace(plain, dialects=("openai.responses", "openai.chat"))
    assert understood_by(said, "openai.responses", "chat") == "openai.responses"
    assert understood_by(said, "anthropic.messages", "chat") == "openai.responses"
    assert understood_by(replace(plain, dialects=("openai.responses",)), "openai.chat", "chat") == "openai.responses"
    assert understood_by(said, "openai.embeddings", "embeddings") == ""


@pytest.mark.parametrize("provider", ["embedded", "llamacpp", "lmstudio", "vllm"])
def test_a_runtime_is_asked_for_messages_where_its_target_says_so(provider):
    plain = target(provider)
    assert understood_by(plain, "anthropic.messages", "chat") == "openai.chat"
    said = replace(plain, dialects=("anthropic.messages", "openai.chat"))
    assert understood_by(said, "anthropic.messages", "chat") == "anthropic.messages"
    counts = "anthropic.count_tokens" if provider in ("embedded", "llamacpp") else ""
    assert understood_by(plain, "anthropic.count_tokens", "count_tokens") == counts


def test_a_version_goes_along_with_every_request_that_wants_one():
    assert always_sent("anthropic") == (("anthropic-version", "2023-06-01"),)
    assert asking("id", target("anthropic"), "/v1/models").headers[-1] == ("anthropic-version", "2023-06-01")
    assert all(not always_sent(provider) for provider in ENDPOINTS if provider != "anthropic")


def test_what_is_said_to_be_rare_is_there():
    for provider, rare in ON_REQUEST.items():
        assert rare < set(ENDPOINTS[provider])


def test_another_dialect_is_the_first_of_the_same_operation():
    assert understood_by(target("vllm"), "some.dialect", "chat") == "openai.chat"
    assert understood_by(target("vllm"), "some.dialect", "painting") == ""
