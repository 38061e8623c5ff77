"""Addresses of machines and mailboxes in what is reserved for examples (RFC 2606, 3849, 5737, 7042)."""

import ipaddress

from tidegate.core.transform.surrogates.draws import Draws
from tidegate.core.transform.surrogates.names import FAMILY, GIVEN

_V4 = ("192.0.2", "198.51.100", "203.0.113")
_HOSTS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "inlet", "jetty", "kestrel", "linden",
          "maple", "nectar", "otter", "poplar", "quarry", "river", "sorrel", "tundra", "umber", "violet", "willow",
          "yarrow")  # fmt: skip
_TOP = (".example.com", ".example.net", ".example.org", ".example")


def email(value: str, draws: Draws, domain: Draws) -> str | None:
    """A mailbox under a domain for examples. `domain` is drawn for what stands behind the @: colleagues stay such."""
    local, at, host = value.rpartition("@")
    if not at or not local or not host or any(char.isspace() for char in value):
        return None
    drawn = f"{draws.choice(GIVEN)}.{draws.choice(FAMILY)}{draws.below(90) + 10}@".lower()
    drawn += domain.choice(_HOSTS) + domain.choice(_TOP)
    return drawn.upper() if value.isupper() else drawn


def ip(value: str, draws: Draws) -> str | None:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return None
    if address.version == 4:
        return f"{draws.choice(_V4)}.{draws.below(254) + 1}"
    drawn = ":".join([f"{draws.below(0xEFFF) + 0x1000:x}" for _ in range(4)])
    return f"2001:db8::{drawn}"


def mac(value: str, draws: Draws) -> str | None:
    """In the range of documentation, with the separators of the original."""
    hexadecimal = [char for char in value if char.isalnum()]
    if len(hexadecimal) != 12 or not value.isascii():
        return None
    fresh = iter(f"00005e0053{draws.below(256):02x}")
    drawn = "".join([next(fresh) if char.isalnum() else char for char in value])
    return drawn.upper() if value == value.upper() else drawn
