"""What was found in texts that come again, without the texts: a conversation sends its whole history with each turn.

A look is kept under a keyed digest of everything that it depended on, so that nobody who reads this memory can tell
what was asked, and nobody who writes a request can make it take one text for another.
"""

from hashlib import blake2b
from typing import NamedTuple

from tidegate.core.classify.pieces import Ends
from tidegate.core.values.finding import Finding

MOST_BYTES = 8 << 20
DIGEST_BYTES = 16

_MOST_NAMED = 256
"""Scopes for which the beginning of all names is kept: a gateway has few tenants."""
_LOOK_BYTES = 1200
_FINDING_BYTES = 230
"""What CPython 3.11 to 3.13 take for one, with its offsets; labels and detectors' names are shared."""


class Look(NamedTuple):
    """What a group of parts holds. Findings count parts of a request in which `first` is the group's first."""

    first: int
    findings: tuple[Finding, ...]
    labels: frozenset[str]
    hits: int
    """Before merging: what the limit on findings counts."""
    reaches_out: bool
    """Some finding stands in a part behind the group."""
    ends: tuple[Ends, ...] = ()
    """Where a value may go on, in a part that does not follow: counted from the group's first part."""
    in_vain: int = 0
    """Close looks that came to nothing, what the limit on them counts: memory does not change what a request costs by
    it.
    """

    def at(self, first: int) -> "Look":
        """The same in a request where the group begins with part `first`."""
        moved = first - self.first
        if not moved:
            return self
        findings = [Finding(f.label, f.start, f.end, f.score, f.detector, f.part + moved) for f in self.findings]
        return self._replace(first=first, findings=tuple(findings))


class Kept:
    """Looks by digest, those used last. Threads may share it: each step is one operation on a dictionary, and the worst
    that two at once can do is to forget something.

    Two generations: what is asked for moves to the younger one, and when that is full the older one is dropped. Both
    together hold `most_bytes` by their own count, which is what a process grows by within a tenth or so.
    """

    def __init__(self, key: bytes, most_bytes: int = MOST_BYTES) -> None:
        """`key`: at most 64 bytes. `most_bytes` of 0 keeps nothing."""
        self._key = key
        self._most_bytes = most_bytes // 2
        self._young: dict[bytes, Look] = {}
        self._old: dict[bytes, Look] = {}
        self._young_bytes = self._old_bytes = 0
        self._named: dict[tuple[str, ...], blake2b] = {}

    def __repr__(self) -> str:
        return f"Kept({len(self._young) + len(self._old)} looks, {self.bytes_held} bytes)"

    @property
    def bytes_held(self) -> int:
        return self._young_bytes + self._old_bytes

    def named(self, *said: str) -> blake2b:
        """A digest to go on with, whose names nobody shares who says something else. It is copied, never updated."""
        digest = self._named.get(said)
        if digest is None:
            digest = blake2b(key=self._key, digest_size=DIGEST_BYTES)
            for text in said:
                data = text.encode("utf-8", "surrogatepass")
                digest.update(b"%d:" % len(data) + data)
            if len(self._named) < _MOST_NAMED:
                self._named[said] = digest
        return digest

    def get(self, name: bytes) -> Look | None:
        look = self._young.get(name)
        if look is None and (look := self._old.get(name)) is not None:
            self.put(name, look)
        return look

    def put(self, name: bytes, look: Look) -> None:
        size = _size(look)
        if size > self._most_bytes or name in self._young:
            return
        if self._young_bytes + size > self._most_bytes:
            self._old, self._old_bytes = self._young, self._young_bytes
            self._young, self._young_bytes = {}, 0
        self._young[name] = look
        self._young_bytes += size


def _size(look: Look) -> int:
    return _LOOK_BYTES + _FINDING_BYTES * len(look.findings)
