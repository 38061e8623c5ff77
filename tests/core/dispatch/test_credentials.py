"""Each style of credential is its own headers, and the seal lets a provider add no others."""

import pytest

from tidegate.core.dispatch import credentials, seal
from tidegate.core.dispatch.credentials import ALL_HEADERS, HEADERS, Style
from tidegate.core.values.errors import SealBroken
from tidegate.core.values.permit import Permit
from tidegate.core.values.target import Boundary, Target

THERE = Boundary("there", "cloud", "eu")


def target(provider, credential=""):
    return Target(name="t", provider=provider, url="https://t.test", model="m", boundary=THERE, credential=credential)


@pytest.mark.parametrize(
    ("provider", "credential", "style"),
    [
        ("openai", "env:K", Style.BEARER),
        ("openai-compatible", "", Style.BEARER),
        ("ollama", "", Style.BEARER),
        ("anthropic", "env:K", Style.X_API_KEY),
        ("azure", "env:K", Style.API_KEY),
        ("azure-ai", "env:K", Style.API_KEY),
        ("gemini", "env:K", Style.X_GOOG_API_KEY),
        ("vertex", "env:K", Style.X_GOOG_API_KEY),
        ("vertex", "", Style.GOOGLE),
        ("bedrock", "env:K", Style.BEARER),
        ("bedrock", "", Style.SIGV4),
        ("mistral", "env:K", Style.BEARER),
    ],
)
def test_a_target_has_one_style(provider, credential, style):
    assert credentials.style_of(target(provider, credential)) is style
    assert credentials.headers_of(target(provider, credential)) == HEADERS[style]


@pytest.mark.parametrize(
    ("style", "headers"),
    [
        (Style.BEARER, (("authorization", "Bearer k"),)),
        (Style.X_API_KEY, (("x-api-key", "k"),)),
        (Style.API_KEY, (("api-key", "k"),)),
        (Style.X_GOOG_API_KEY, (("x-goog-api-key", "k"),)),
    ],
)
def test_a_key_is_shown_in_its_own_header_alone(style, headers):
    assert credentials.shown(style, "k") == headers
    assert {name for name, _ in headers} == HEADERS[style]
    assert credentials.shown(style, "") == ()


@pytest.mark.parametrize("style", list(Style))
def test_the_seal_lets_pass_what_a_style_adds_and_nothing_of_the_others(style):
    permit = Permit("r", 0, "t", "there", "cloud", "POST", "https://t.test/x", (), b"", credential=HEADERS[style])
    for name in ALL_HEADERS:
        sent = {"method": "POST", "url": permit.url, "headers": ((name, "v"),), "body": b"", "address": "203.0.113.9"}
        if name in HEADERS[style]:
            seal.check(permit, **sent)
        else:
            with pytest.raises(SealBroken):
                seal.check(permit, **sent)
