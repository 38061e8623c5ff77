"""How each provider is shown who asks: in which headers, made of what. The secrets themselves never come here."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from tidegate.core.values.target import Target


class Style(StrEnum):
    """What carries a credential."""

    BEARER = "bearer"
    X_API_KEY = "x-api-key"
    API_KEY = "api-key"
    X_GOOG_API_KEY = "x-goog-api-key"
    SIGV4 = "sigv4"  # AWS: a signature over each request
    GOOGLE = "google"  # a short-lived access token, asked for beforehand


HEADERS: Mapping[Style, frozenset[str]] = MappingProxyType(
    {
        Style.BEARER: frozenset(("authorization",)),
        Style.X_API_KEY: frozenset(("x-api-key",)),
        Style.API_KEY: frozenset(("api-key",)),
        Style.X_GOOG_API_KEY: frozenset(("x-goog-api-key",)),
        Style.SIGV4: frozenset(("authorization", "x-amz-date", "x-amz-security-token")),
        Style.GOOGLE: frozenset(("authorization",)),
    }
)
"""Names, in lower case, of all that a provider adds by itself."""

ALL_HEADERS = frozenset().union(*HEADERS.values())

# With a key of the provider's own; whoever is not named here takes it as a bearer token.
_KEYED: Mapping[str, Style] = MappingProxyType(
    {
        "anthropic": Style.X_API_KEY,
        "azure": Style.API_KEY,
        "azure-ai": Style.API_KEY,
        "gemini": Style.X_GOOG_API_KEY,
        "vertex": Style.X_GOOG_API_KEY,
    }
)
# Without one, by what the cloud around them gives.
_KEYLESS: Mapping[str, Style] = MappingProxyType({"bedrock": Style.SIGV4, "vertex": Style.GOOGLE})


def style_of(target: Target) -> Style:
    keyed = _KEYED.get(target.provider, Style.BEARER)
    return keyed if target.credential else _KEYLESS.get(target.provider, keyed)


def headers_of(target: Target) -> frozenset[str]:
    """Names of the headers that this target's provider adds to a permit, and no others."""
    return HEADERS[style_of(target)]


def shown(style: Style, secret: str) -> tuple[tuple[str, str], ...]:
    """A key as headers; none for an empty one. Only for styles that are made of nothing but the key."""
    if not secret:
        return ()
    if style is Style.BEARER:
        return (("authorization", f"Bearer {secret}"),)
    assert style not in (Style.SIGV4, Style.GOOGLE)  # these are made anew for a request, or a while
    return ((style.value, secret),)
