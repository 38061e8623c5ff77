"""Names and addresses of hosts, judged by their spelling alone: nothing is looked up."""

import ipaddress
import re

_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_NUMERIC = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")

Literal = ipaddress.IPv4Address | ipaddress.IPv6Address


def split_authority(text: str) -> tuple[str, int | None]:
    """`host`, `host:port`, `[v6]` or `[v6]:port` in parts; the host in lower case, bare. ValueError if none."""
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\[\]:/@?#\s]+))(?::([0-9]{1,5}))?", text)
    if not found:
        raise ValueError("not a host")
    host = str(ipaddress.IPv6Address(found[1])) if found[1] else _checked_name(found[2])
    port = int(found[3]) if found[3] else None
    if port is not None and port > 65535:
        raise ValueError("not a port")
    return host, port


def _checked_name(name: str) -> str:
    """Resolvers read `2130706433` and `0x7f.1` as addresses; an address here has four numbers."""
    labels = name.rstrip(".").split(".")
    if _NUMERIC.fullmatch(labels[-1]):
        return str(ipaddress.IPv4Address(name))
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("not a name")
    return name.lower()


def literal(host: str) -> Literal | None:
    """The address that `host` spells, an IPv4 one inside IPv6 taken out; None for a name."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def is_loopback(host: str) -> bool:
    address = literal(host)
    return address.is_loopback if address else host in ("localhost", "localhost.")


def is_inside(host: str) -> bool | None:
    """Whether a literal lies in loopback or private space; None for a name that only a resolver could judge."""
    if is_loopback(host):
        return True
    address = literal(host)
    return address.is_private if address else None


def is_nobody(host: str) -> bool:
    """Addresses that name no single host: 0.0.0.0, multicast, reserved."""
    address = literal(host)
    if address is None or address.is_loopback:  # ::1 lies in a reserved block
        return False
    return address.is_unspecified or address.is_multicast or address.is_reserved
