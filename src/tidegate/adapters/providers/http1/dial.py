"""From a name to an open connection: look up, connect, shake hands. Nothing here reads the environment."""

import asyncio
import os
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from tidegate.adapters.providers.http1.bounds import Limits, Timeouts
from tidegate.adapters.providers.http1.connection import Connection, Owner
from tidegate.core.values.errors import ConfigError, UpstreamError

_KNOWN_S = 30.0  # a name's addresses are asked for again after this
_UNKNOWN_S = (
    2.0  # so soon after a failure the resolver is not asked again: a dead name must not cost its timeout each time
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where connections go. `prefix` is what every URL of this target begins with, up to its path."""

    host: str
    port: int
    tls: bool
    prefix: str
    authority: str

    @classmethod
    def of(cls, url: str) -> "Origin":
        """From `http(s)://host[:port][/path]`. Raises ConfigError."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise ConfigError([f"{_shown(url)} is not a URL: write https://host:port/path."]) from None
        plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
        if parts.scheme not in ("http", "https") or not host or not plain or port == 0:
            raise ConfigError([f"{_shown(url)} is not an address of an HTTP server: write https://host:port/path."])
        if "@" in parts.netloc or "?" in url or "#" in url:
            raise ConfigError(
                [f"{_shown(url)} may hold neither user, query nor fragment: the key is configured apart."]
            )
        tls = parts.scheme == "https"
        prefix = f"{url[: len(parts.scheme)]}://{parts.netloc}"
        return cls(host, port or (443 if tls else 80), tls, prefix, parts.netloc.lower())

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def _shown(url: str) -> str:
    """Enough of a wrong URL to find it again; a password in it is not repeated."""
    return "The target's url" if "@" in url else repr(url[:100])


class Dialer:
    """Opens connections to one origin. Concurrent calls share one look-up."""

    def __init__(self, origin: Origin, *, timeouts: Timeouts, limits: Limits, tls: ssl.SSLContext | None) -> None:
        self.origin, self._timeouts, self._limits = origin, timeouts, limits
        self._tls = tls if origin.tls else None
        self._literal = _is_literal(origin.host)
        self._lookup: asyncio.Task[Sequence[str] | Exception] | None = None
        self._lookup_until = 0.0
        self._answered = ""  # tried first: a broken IPv6 costs its share of the time once, not every time

    async def dial(self, owner: Owner) -> Connection:
        """Raises UpstreamError `connect`, also when time runs out: nothing of a request has been written."""
        try:
            async with asyncio.timeout(self._timeouts.connect_s):
                return await self._first_that_answers(owner, await self._addresses())
        except TimeoutError:
            raise self._unreachable(f"no connection within {self._timeouts.connect_s:g} s") from None

    async def _first_that_answers(self, owner: Owner, addresses: Sequence[str]) -> Connection:
        """One after the other; a silent address gets only its share of the time, so that the next one has a chance."""
        failure: UpstreamError | None = None
        for address in sorted(addresses, key=lambda one: one != self._answered):
            try:
                async with asyncio.timeout(self._timeouts.connect_s / len(addresses)):
                    connection = await self._connect(owner, address)
                self._answered = address
                return connection  # noqa: TRY300 - the happy end of this attempt
            except TimeoutError:
                failure = self._unreachable(f"no connection within {self._timeouts.connect_s:g} s")
            except (OSError, ValueError) as error:
                failure = self._unreachable(_reason(error))
        raise failure or self._unreachable("its name has no address")

    async def _connect(self, owner: Owner, address: str) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(
            lambda: Connection(owner, self._timeouts, self._limits),
            address,
            self.origin.port,
            ssl=self._tls,
            server_hostname=self.origin.host if self._tls else None,
        )
        return connection

    def close(self) -> None:
        """Whoever waits for a name waits no more."""
        if self._lookup:
            self._lookup.cancel()

    async def _addresses(self) -> Sequence[str]:
        if self._literal:
            return (self.origin.host,)
        loop = asyncio.get_running_loop()
        if self._lookup is None or (self._lookup.done() and loop.time() >= self._lookup_until):
            self._lookup = loop.create_task(self._look_up(loop))
        try:
            found = await asyncio.shield(self._lookup)  # one caller that leaves takes nothing from the others
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) and task.cancelling():
                raise
            raise self._unreachable("the gateway is shutting down") from None
        if isinstance(found, Exception):
            raise self._unreachable(f"its name cannot be looked up ({_reason(found)})")
        return found

    async def _look_up(self, loop: asyncio.AbstractEventLoop) -> Sequence[str] | Exception:
        """Returns a failure instead of raising it: perhaps nobody waits any more."""
        try:
            found = await loop.getaddrinfo(self.origin.host, self.origin.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            self._lookup_until = loop.time() + _UNKNOWN_S
            return error
        self._lookup_until = loop.time() + _KNOWN_S
        return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))

    def _unreachable(self, reason: str) -> UpstreamError:
        return UpstreamError("connect", f"{self.origin} cannot be reached: {reason}.")


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.split("%", 1)[0])
    except ValueError:
        return False
    return True


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message.rstrip('.')})"
    if isinstance(error, ssl.SSLError):
        return f"it does not speak TLS as expected ({error.reason or 'no reason given'})"
    if isinstance(error, socket.gaierror):
        return str(error.strerror or "unknown name").lower()
    if isinstance(error, OSError):
        # Event loops word errors of their own, with addresses in them; the number says it shortest.
        return os.strerror(error.errno).lower() if error.errno else type(error).__name__
    return "that is no name of a host"  # too long, or empty between two dots
