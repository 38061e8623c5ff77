"""Where targets are reached: one form for every provider."""

from dataclasses import fields, replace

import pytest

from tidegate.config.declaration import TargetTable
from tidegate.config.endpoints import endpoint, parse


@pytest.mark.parametrize(
    ("provider", "url", "reached"),
    [
        ("ollama", None, "http://127.0.0.1:11434"),
        ("ollama", "http://gpu.lan:11434", "http://gpu.lan:11434"),
        ("ollama", "http://gpu.lan/ollama/", "http://gpu.lan/ollama"),
        ("vllm", "http://[::1]:8000/v1/", "http://[::1]:8000"),
        ("openai", None, "https://api.openai.com"),
        ("openai-compatible", "https://API.example.com/openai/v1/", "https://api.example.com/openai/v1"),
        ("openai-compatible", "http://127.0.0.1:9/v2", "http://127.0.0.1:9/v2"),
        ("embedded", None, ""),
        ("gemini", None, "https://generativelanguage.googleapis.com"),
        ("gemini", "https://generativelanguage.googleapis.com/v1beta/", "https://generativelanguage.googleapis.com"),
        ("groq", "https://api.groq.com/openai/v1", "https://api.groq.com/openai"),
        ("mistral", None, "https://api.mistral.ai"),
        ("openrouter", "https://openrouter.ai/api/v1", "https://openrouter.ai/api"),
        ("deepseek", None, "https://api.deepseek.com"),
        ("xai", None, "https://api.x.ai"),
        ("azure", "https://r.openai.azure.com/openai/v1/", "https://r.openai.azure.com"),
        ("azure", "https://r.openai.azure.com", "https://r.openai.azure.com"),
        ("azure-ai", "https://r.services.ai.azure.com/models", "https://r.services.ai.azure.com"),
    ],
)
def test_requests_go_to_one_spelling(provider, url, reached):
    assert endpoint(table(provider, url)) == reached


@pytest.mark.parametrize(
    ("more", "reached"),
    [
        ({"provider": "bedrock", "region": "eu-west-1"}, "https://bedrock-runtime.eu-west-1.amazonaws.com"),
        ({"provider": "bedrock", "url": "https://vpce-1.example"}, "https://vpce-1.example"),
        (
            {"provider": "vertex", "project": "p", "location": "europe-west4"},
            "https://europe-west4-aiplatform.googleapis.com/v1beta1/projects/p/locations/europe-west4",
        ),
        (
            {"provider": "vertex", "project": "p", "location": "global", "api_version": "v1"},
            "https://aiplatform.googleapis.com/v1/projects/p/locations/global",
        ),
        (
            {"provider": "vertex", "project": "p", "location": "eu", "url": "http://127.0.0.1:9/v1"},
            "http://127.0.0.1:9/v1beta1/projects/p/locations/eu",
        ),
        ({"provider": "vertex", "api_key": "env:K"}, "https://aiplatform.googleapis.com/v1beta1"),
    ],
)
def test_a_cloud_is_reached_by_its_own_words(more, reached):
    assert endpoint(table(**more)) == reached


def table(provider, url=None, **more):
    return replace(TargetTable(provider=provider, url=url, model="m", boundary="b", **DEFAULTS), **more)


DEFAULTS = {
    field.name: None for field in fields(TargetTable) if field.name not in ("provider", "url", "model", "boundary")
}


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("127.0.0.1:80", "starts with http"),
        ("file:///etc/passwd", "starts with http"),
        ("http://", "the host in the URL is none"),
        ("http://a:b@h/", "no user and password"),
        ("http://h/?key=1", "without ? and #"),
        ("http://h/#x", "without ? and #"),
        ("http://h/?", "without ? and #"),
        ("http://h\\@x/", "neither spaces nor special"),
        ("http://h /", "neither spaces nor special"),
        ("http://é/", "neither spaces nor special"),
        ("http://0.0.0.0/v1", "belongs to no single host"),
        ("http://h/../v1", "goes up"),
        ("http://h:0x50/", "the host in the URL is none"),
    ],
)
def test_a_url_that_is_none_says_why_and_is_not_repeated(url, reason):
    with pytest.raises(ValueError, match=r".*") as caught:
        parse(url)
    assert reason in str(caught.value)
    assert "a:b" not in str(caught.value)
