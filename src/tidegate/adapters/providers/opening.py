"""From a target to its provider: whom it trusts, what it shows."""

import ssl
from collections.abc import Callable
from functools import cache
from urllib.parse import urlsplit

from tidegate.adapters.providers.http import HttpProvider, Seal, Signer
from tidegate.adapters.providers.http1 import Limits, Timeouts, trusting
from tidegate.adapters.providers.signing import google
from tidegate.adapters.providers.signing.aws import AwsSigner
from tidegate.core.dispatch.credentials import Style, style_of
from tidegate.core.values.permit import FOR_A_TOKEN, Permit
from tidegate.core.values.target import Target

_TOKEN_TIMEOUTS = Timeouts(connect_s=5, head_s=10, body_s=10)
_MOST_TOKEN_BYTES = 64 * 1024

_trusting = cache(trusting)  # a bundle of authorities costs a megabyte; targets share it


def open_provider(
    target: Target,
    *,
    secret: str,
    document: Callable[[], str],
    seal: Seal,
    timeouts: Timeouts,
    limits: Limits,
) -> HttpProvider:
    """`secret`: the target's key, empty for none. `document`: what its `credentials` refer to, empty for none.

    Raises ConfigError.
    """
    style = style_of(target)
    return HttpProvider(
        base_url=target.url,
        credential=secret,
        style=style,
        signer=_signer(target, style, document, seal),
        seal=seal,
        timeouts=timeouts,
        limits=limits,
        tls=_trust(target),
    )


def _trust(target: Target) -> ssl.SSLContext | None:
    return _trusting(target.access.ca_file) if target.access.ca_file else None


def _signer(target: Target, style: Style, document: Callable[[], str], seal: Seal) -> Signer | None:
    if style is Style.SIGV4:
        access = target.access
        return AwsSigner(region=access.region, profile=access.profile, document=document())
    if style is Style.GOOGLE:
        said = document()
        return _google(target, google.identity_of(said) if said else google.machine(), seal)
    return None


def _google(target: Target, identity: google.Identity, seal: Seal) -> google.GoogleTokens:
    """Tokens are asked for over a way out of their own: one fixed address, under the same seal as all others."""
    url = identity(0).url
    parts = urlsplit(url)
    away = HttpProvider(
        base_url=f"{parts.scheme}://{parts.netloc}", seal=seal, timeouts=_TOKEN_TIMEOUTS, limits=Limits(connections=1)
    )

    async def asking(ask: google.Ask) -> tuple[int, bytes]:
        answer = await away.send(_permit(target, ask), ask.body)
        try:
            return answer.status, await answer.read(_MOST_TOKEN_BYTES)
        finally:
            await answer.aclose()

    return google.GoogleTokens(identity, asking, close=away.aclose)


def _permit(target: Target, ask: google.Ask) -> Permit:
    """It belongs to no exchange and holds nothing of one: what it shows is who the gateway is."""
    return Permit(
        request_id="",
        intent=FOR_A_TOKEN,
        target=target.name,
        boundary=target.boundary.name,
        kind=target.boundary.kind,
        method=ask.method,
        url=ask.url,
        headers=(*ask.headers, ("accept-encoding", "identity")),
        body=ask.body,
    )
