"""Any server that is asked over HTTP, local or cloud: one instance a target."""

import functools
import re
import ssl
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from tidegate.adapters.providers.http1 import (
    Connection,
    Dialer,
    Http1Answer,
    Limits,
    Origin,
    Pool,
    StaleConnection,
    Timeouts,
    trusting,
)
from tidegate.core.dispatch.credentials import ALL_HEADERS, Style, shown
from tidegate.core.values.errors import ConfigError, SealBroken, UpstreamError
from tidegate.core.values.permit import Permit

Header = tuple[str, str]

# What decides where a message ends, or whose it is, is written here alone.
_OURS = ALL_HEADERS | frozenset((
    "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te",
    "trailer", "transfer-encoding", "upgrade",
))  # fmt: skip
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_TARGET = re.compile(r"[!\"$-~]*")  # visible ASCII; a fragment has no place in a request
_METHODS = ("POST", "GET")  # HEAD is not here: the framing of its answers differs
_PROBE_BYTES = 4 * 1024 * 1024
_TURNED_AWAY = (401, 403)


# Read once for all targets: it costs 26 ms of CPU and a megabyte.
_systems_trust = functools.cache(trusting)


class Seal(Protocol):
    def __call__(
        self, permit: Permit, *, method: str, url: str, headers: Sequence[Header], body: bytes, address: str
    ) -> None:
        """Raises SealBroken. `headers` are all that will be written, the credential too; `address` is the peer's IP."""


class Signer(Protocol):
    """A credential that is made for one request, or lasts for a while."""

    async def sign(self, method: str, url: str, headers: Sequence[Header], body: bytes) -> Sequence[Header]:
        """Headers to be added. `headers` are those that will be written, but for these and content-length.

        Raises UpstreamError where no credential can be had now.
        """
        ...

    def forget(self) -> None:
        """The target has turned away what was shown: what is kept of it is not used again."""
        ...

    async def aclose(self) -> None: ...


class _Head(NamedTuple):
    """A request's head but for the length of its body. `lines`: as they are written."""

    method: str
    url: str
    headers: tuple[Header, ...]
    lines: bytes

    def with_headers(self, added: Sequence[Header]) -> "_Head":
        """Raises UpstreamError for what no header can hold."""
        if not all(_VALUE.fullmatch(value) for _, value in added):
            raise UpstreamError("protocol", "the credential made for it holds unprintable bytes.")
        return self._replace(headers=(*self.headers, *added), lines=self.lines + _lines(added))


class HttpProvider:
    """A `Provider`. Adds host, content-length and the credential to what the permit holds, and nothing else.

    One case is written twice: a kept connection that its peer had already closed. RFC 9112 9.3.1 lets a client repeat
    a non-idempotent request only if it knows that repeating is harmless or that the first was never applied. Here both
    hold as far as they can: a completion changes nothing at its provider, and the repeat happens only if no byte of a
    response came and the close showed within a second of writing, which is how a close that was under way before the
    request looks. The worst case is one answer that is generated twice and read once. It is the same attempt to the
    same target: the seal is checked again, with the new connection's address. Every other failure is reported as it is,
    and so is this one where the permit says `once`.
    """

    def __init__(
        self,
        *,
        base_url: str,
        credential: str = "",
        style: Style = Style.BEARER,
        signer: Signer | None = None,
        seal: Seal,
        timeouts: Timeouts | None = None,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`credential` is the secret itself, empty for none, and `style` how it is shown; or `signer` makes what is
        shown. `tls` says whom to trust, default: the system's authorities. Raises ConfigError.
        """
        timeouts, limits = timeouts or Timeouts(), limits or Limits()
        if not _VALUE.fullmatch(credential) or credential != credential.strip():
            raise ConfigError(
                ["A target's credential holds spaces around it, a line break or other unprintable bytes."]
            )
        self._base = base_url.rstrip("/")
        self._origin = Origin.of(self._base)
        self._shown = shown(style, credential)
        self._signer = signer
        self._seal = seal
        if self._origin.tls and tls is None:
            tls = _systems_trust()
        dialer = Dialer(self._origin, timeouts=timeouts, limits=limits, tls=tls)
        self._pool = Pool(dialer, timeouts=timeouts, limits=limits)
        self._heads: dict[tuple[str, str, tuple[Header, ...]], _Head] = {}

    def __repr__(self) -> str:
        return f"HttpProvider({self._base})"

    async def send(self, permit: Permit, body: bytes) -> Http1Answer:
        """Statuses of 400 and more are answers. Redirects and compressed answers are UpstreamError `protocol`."""
        head = self._heads.get((permit.method, permit.url, permit.headers)) or self._head(permit)
        if self._signer:  # before a connection is taken: a token may have to be asked for first
            head = head.with_headers(await self._signer.sign(head.method, head.url, head.headers, body))
        answer = self._ask(self._pool.take() or await self._pool.acquire(), permit, head, body)
        try:
            await answer.arrived()
        except StaleConnection:
            self._pool.forget_idle()
            if permit.once:
                raise
            answer = self._ask(await self._pool.acquire(), permit, head, body)
            await answer.arrived()
        if self._signer and answer.status in _TURNED_AWAY:
            self._signer.forget()
        if 300 <= answer.status < 400 or "content-encoding" in answer.headers:
            _object(answer)
        return answer

    async def probe(self, permit: Permit) -> bool:
        """Whether the target answers a GET with 2xx. Sends no body; like everything that leaves it needs a permit,
        because it shows a credential to whoever answers at that address. Raises SealBroken.
        """
        if permit.method != "GET":
            raise SealBroken(f"A probe of target {permit.target} is a GET.")
        try:
            answer = await self.send(permit, b"")
            try:
                await answer.read(_PROBE_BYTES)
            finally:
                await answer.aclose()
        except UpstreamError:
            return False
        return 200 <= answer.status < 300

    async def aclose(self) -> None:
        await self._pool.aclose()
        if self._signer:
            await self._signer.aclose()

    def _ask(self, connection: Connection, permit: Permit, head: _Head, body: bytes) -> Http1Answer:
        """Nothing is awaited between the seal and the write."""
        size = len(body)
        try:
            self._seal(
                permit,
                method=head.method,
                url=head.url,
                headers=(*head.headers, ("content-length", str(size))),
                body=body,
                address=connection.address,
            )
        except BaseException:
            self._pool.released(connection)
            raise
        return connection.ask(b"%bcontent-length: %d\r\n\r\n" % (head.lines, size), body)

    def _head(self, permit: Permit) -> _Head:
        """Raises SealBroken where the permit cannot be written as one request to this target."""
        path = permit.url[len(self._origin.prefix) :]
        if permit.method not in _METHODS or not permit.url.startswith(self._base + "/") or not _TARGET.fullmatch(path):
            raise SealBroken(f"The request line for target {permit.target} does not lead to {self._base}.")
        for name, value in permit.headers:
            if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value) or name.lower() in _OURS:
                raise SealBroken(f"Header {name!r} for target {permit.target} cannot be sent.")
        headers = (("host", self._origin.authority), *permit.headers, *self._shown)
        lines = f"{permit.method} {path} HTTP/1.1\r\n".encode("ascii") + _lines(headers)
        head = _Head(permit.method, self._origin.prefix + path, headers, lines)
        if len(self._heads) >= 64:
            self._heads.clear()
        self._heads[permit.method, permit.url, permit.headers] = head
        return head


def _lines(headers: Sequence[Header]) -> bytes:
    return "".join([f"{name}: {value}\r\n" for name, value in headers]).encode("latin-1")


def _object(answer: Http1Answer) -> None:
    if 300 <= answer.status < 400:
        answer.abandon()
        raise UpstreamError(
            "protocol", f"it redirects (status {answer.status}), which is not followed: configure its final url."
        )
    if answer.headers["content-encoding"].strip().lower() not in ("", "identity"):
        answer.abandon()
        raise UpstreamError("protocol", "its answer is compressed although it was asked not to.")
