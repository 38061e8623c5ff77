"""Where targets are reached: one form for every provider."""

import pytest

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
    ],
)
def test_requests_go_to_one_spelling(provider, url, reached):
    assert endpoint(provider, url) == reached


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
