"""Access tokens of Google's cloud: for a service account's key, a user's refresh token, or the machine we run on."""

import asyncio
import base64
import binascii
import json
import re
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote, urlsplit

from tidegate.core.values.errors import ConfigError, UpstreamError

Header = tuple[str, str]

METADATA = "http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token"
"""By its address, so that no name service can say who the machine is. It never leaves the machine's host."""
TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_HOUR_S = 3600
_AHEAD_S = 300
"""So long before it runs out, a token is renewed beside the requests that still use it."""
_SPARE_S = 30
"""So long before it runs out, it is not shown any more."""
_TOKEN = re.compile(r"[!-~]{1,8192}")


class Ask(NamedTuple):
    """One request for a token."""

    method: str
    url: str
    headers: tuple[Header, ...]
    body: bytes


class Asking(Protocol):
    async def __call__(self, ask: Ask) -> tuple[int, bytes]:
        """Status and body of an answer, bounded. Raises UpstreamError."""
        ...


Identity = Callable[[float], Ask]
"""Seconds since the epoch -> what to ask for a token."""


class GoogleTokens:
    """A `Signer`. One token serves all requests until shortly before it runs out; who comes while there is none waits
    for the same request for it.
    """

    def __init__(self, identity: Identity, asking: Asking, *, close: Callable[[], Any] | None = None) -> None:
        """`close`: gives back what `asking` holds; may return an awaitable."""
        self._identity, self._asking, self._close = identity, asking, close
        self._token, self._until = "", 0.0
        self._renewing: asyncio.Task[str | UpstreamError] | None = None

    async def sign(self, method: str, url: str, headers: Sequence[Header], body: bytes) -> Sequence[Header]:  # noqa: ARG002 - a token says nothing of the request
        left = self._until - time.monotonic()
        if left < _AHEAD_S:
            renewing = self._renew()
            if left < _SPARE_S:
                found = await asyncio.shield(renewing)  # one caller that leaves takes nothing from the others
                if isinstance(found, UpstreamError):
                    raise UpstreamError(found.kind, found.message)
        return (("authorization", f"Bearer {self._token}"),)

    def forget(self) -> None:
        self._until = 0.0

    async def aclose(self) -> None:
        if self._renewing and not self._renewing.done():
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)
        if self._close and (closing := self._close()) is not None:
            await closing

    def _renew(self) -> "asyncio.Task[str | UpstreamError]":
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.get_running_loop().create_task(self._fetch())
        return self._renewing

    async def _fetch(self) -> str | UpstreamError:
        """Returns a failure instead of raising it: perhaps nobody waits any more."""
        try:
            status, body = await self._asking(self._identity(time.time()))
            token, seconds = _read(status, body)
        except UpstreamError as error:
            return UpstreamError(error.kind, f"no access token for it: {error.message}")
        self._token, self._until = token, time.monotonic() + seconds
        return token


def _read(status: int, body: bytes) -> tuple[str, float]:
    try:
        tree = json.loads(body)
        if status == 200 and _TOKEN.fullmatch(tree["access_token"]):
            return tree["access_token"], min(float(tree.get("expires_in", 0)), _HOUR_S * 12)
        code = tree.get("error")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        code = None
    # OAuth's own words for errors (RFC 6749, 5.2), never the sentence beside them, which may quote what was sent.
    said = f" ({code})" if isinstance(code, str) and re.fullmatch(r"[a-z_]{1,40}", code) else ""
    raise UpstreamError("protocol", f"the token endpoint answered {status}{said}: check the target's credentials.")


# -- whose tokens ------------------------------------------------------------------------------------------------------


def machine() -> Identity:
    """The service account that the machine, or the workload on it, runs as."""
    ask = Ask("GET", METADATA, (("metadata-flavor", "Google"), ("accept", "application/json")), b"")
    return lambda _: ask


def identity_of(document: str) -> Identity:
    """From a key file's JSON: a service account's, or a user's as gcloud writes it. Raises ConfigError."""
    try:
        tree = json.loads(document)
        kind = tree.get("type")
    except (ValueError, AttributeError, RecursionError):
        raise ConfigError(["Google credentials are no JSON object: name a service account's key file."]) from None
    if kind == "service_account":
        return _service_account(tree)
    if kind == "authorized_user":
        return _user(tree)
    raise ConfigError(
        ['Google credentials are of no type known here: "service_account" or "authorized_user" is expected.']
    )


def _service_account(tree: dict[str, Any]) -> Identity:
    """RFC 7523: a statement about oneself, signed, for a token."""
    email, url = _word(tree, "client_email"), _token_url(tree)
    sign = _signing(_word(tree, "private_key"))
    head = _part({"alg": "RS256", "typ": "JWT", "kid": _word(tree, "private_key_id")})

    def ask(now_s: float) -> Ask:
        claims = {"iss": email, "scope": _SCOPE, "aud": url, "iat": int(now_s), "exp": int(now_s) + _HOUR_S}
        signed = head + b"." + _part(claims)
        return _form(url, {"grant_type": _GRANT, "assertion": (signed + b"." + _base64(sign(signed))).decode()})

    return ask


def _user(tree: dict[str, Any]) -> Identity:
    said = {name: _word(tree, name) for name in ("client_id", "client_secret", "refresh_token")}
    ask = _form(_token_url(tree), {"grant_type": "refresh_token", **said})
    return lambda _: ask


def _word(tree: dict[str, Any], name: str) -> str:
    found = tree.get(name)
    if not isinstance(found, str) or not found:
        raise ConfigError([f"Google credentials lack {name}: download the key file again."])
    return found


def _token_url(tree: dict[str, Any]) -> str:
    """A key file may name another place; a signed statement goes to Google, or to a stand-in on this machine."""
    url = tree.get("token_uri") or TOKEN_URL
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except (ValueError, AttributeError, TypeError):
        host = ""
    if host and (host == "127.0.0.1" or (parts.scheme == "https" and host.endswith(".googleapis.com"))):
        return str(url)
    raise ConfigError([f"Google credentials name a token_uri that is none of Google's: {TOKEN_URL} is expected."])


def _signing(pem: str) -> Callable[[bytes], bytes]:
    """Signs as RS256 with that key. Imports what it takes, which no start without such a key should pay for."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm, binascii.Error):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise ConfigError(["Google credentials hold no RSA private key: download the key file again."])
    return lambda signed: key.sign(signed, padding.PKCS1v15(), hashes.SHA256())


def _part(tree: dict[str, Any]) -> bytes:
    return _base64(json.dumps(tree, separators=(",", ":")).encode())


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _form(url: str, fields: dict[str, str]) -> Ask:
    body = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items()).encode()
    headers = (("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json"))
    return Ask("POST", url, headers, body)
