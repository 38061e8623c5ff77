"""What was said of somebody's data: what it may be used for, and where it must stay."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Literal, NamedTuple

Kind = Literal["consent", "residency"]
About = Literal["subject", "session", "tenant", "caller", "key"]
"""Whom it is about: whoever the data is about, a conversation, or all data of a tenant, a caller, a key."""

KINDS: tuple[Kind, ...] = ("consent", "residency")


class Wish(NamedTuple):
    """`word`: a purpose, or a region. Times are nanoseconds since the epoch, UTC; 0 where there is none."""

    kind: Kind
    word: str
    given_ns: int
    until_ns: int = 0
    withdrawn_ns: int = 0

    def in_force(self, now_ns: int) -> bool:
        """Not at its end or after, and not once it was withdrawn."""
        return not self.withdrawn_ns and (not self.until_ns or now_ns < self.until_ns)


def about(secret: bytes, tenant: str, which: About, name: str) -> str:
    """Under what the wishes of a subject, or those that hold for a session, are kept: nothing to read a name from.

    `secret`: 32 bytes. 32 hexadecimal digits.
    """
    message = f"wishes\0{tenant}\0{which}\0{name}"
    return blake2b(message.encode(), key=secret, digest_size=16).hexdigest()


def words(wishes: Iterable[Wish], kind: Kind, now_ns: int) -> frozenset[str]:
    """Of those in force."""
    return frozenset(wish.word for wish in wishes if wish.kind == kind and wish.in_force(now_ns))


_AND = " and "


def all_regions(regions: Iterable[str]) -> str:
    """Data that must stay in two regions may stay in neither: the name of both is the name of no region. Empty ones ask
    for nothing; what was joined before may be joined further.
    """
    return _AND.join(sorted({one for region in regions for one in region.split(_AND) if one}))
