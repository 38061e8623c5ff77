"""The egress seal: the last look before bytes leave, by whoever holds the socket.

It trusts nothing between the decision and the socket: not the fallback, not a retry, not a connection pool that handed
out the wrong connection, not a name that resolves elsewhere today.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from ahocorasick_rs import BytesAhoCorasick

from tidegate.core.values.errors import SealBroken
from tidegate.core.values.permit import NO_RECORD, Permit

# What every provider adds by itself; what it shows of itself is named in the permit, and all others stand there.
_OWN = frozenset(("host", "content-length"))

_FEW = 8

# Written out, because a language's own idea of "private" also holds documentation and test networks.
_NEAR = tuple(
    ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)


def check(
    permit: Permit, *, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes, address: str
) -> None:
    """Raises SealBroken, naming what differs and never a value. `address`: the peer's IP as connected."""
    if method != permit.method or url != permit.url:
        raise SealBroken(f"The request line for target {permit.target} is not the one that was decided.")
    if permit.intent == NO_RECORD and (permit.method != "GET" or body):
        raise SealBroken(f"A request to target {permit.target} rests on no record and is more than a question.")
    if body is not permit.body and body != permit.body:
        raise SealBroken(f"The body for target {permit.target} is not the one that was decided.")
    decided = permit.headers
    for header in headers:
        if header not in decided and header[0] not in _OWN and header[0] not in permit.credential:
            raise SealBroken(f"Header {header[0]} for target {permit.target} was not decided.")
    if _is_broken("".join([value for _, value in headers])):
        name = next(name for name, value in headers if _is_broken(value))
        raise SealBroken(f"Header {name} for target {permit.target} holds a line break.")
    if permit.kind == "local" and not is_near(address):
        raise SealBroken(f"Target {permit.target} is local by configuration, yet its name leads to a public address.")
    if permit.absent and _any_stands(permit.absent, body):
        raise SealBroken(f"A redacted value still stands in the body for target {permit.target}.")


def _is_broken(text: str) -> bool:
    return "\r" in text or "\n" in text or "\0" in text


def _any_stands(values: Sequence[bytes], body: bytes) -> bool:
    """All of them in one pass where they are many: one by one, a body full of values would take seconds."""
    if len(values) <= _FEW:
        return any(value in body for value in values)
    return bool(BytesAhoCorasick(values).find_matches_as_indexes(body))


@lru_cache(maxsize=1024)
def is_near(address: str) -> bool:
    """Loopback, private (RFC 1918, RFC 4193) or link-local; an IPv4-mapped IPv6 address is what it maps to."""
    try:
        found = ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in _NEAR if network.version == found.version)
