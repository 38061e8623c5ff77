"""What was found in texts that come again, without the texts: a conversation sends its whole history with each turn.

A look is kept under a keyed digest of everything that it depended on, so that nobody who reads this memory can tell
what was asked, and nobody who writes a request can make it take one text for another.
"""

from collections import OrderedDict
from hashlib import blake2b
from threading import Lock
from typing import NamedTuple

from tidegate.core.classify.pieces import Ends
from tidegate.core.values.finding import Finding

MOST_BYTES = 8 << 20
DIGEST_BYTES = 16

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

    def at(self, first: int) -> "Look":
        """The same in a request where the group begins with part `first`."""
        moved = first - self.first
        if not moved:
            return self
        findings = [Finding(f.label, f.start, f.end, f.score, f.detector, f.part + moved) for f in self.findings]
        return Look(first, tuple(findings), self.labels, self.hits, self.reaches_out, self.ends)


class Kept:
    """Looks by digest, the one used longest ago dropped first. Threads may share it.

    It holds `most_bytes` of looks by its own count, which is what a process grows by within a tenth or so.
    """

    def __init__(self, key: bytes, most_bytes: int = MOST_BYTES) -> None:
        """`key`: at most 64 bytes. `most_bytes` of 0 keeps nothing."""
        self._key = key
        self._most_bytes = most_bytes
        self._looks: OrderedDict[bytes, Look] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"Kept({len(self._looks)} looks, {self._bytes} bytes)"

    @property
    def bytes_held(self) -> int:
        return self._bytes

    def named(self, *said: str) -> blake2b:
        """A digest to go on with, whose names nobody shares who says something else. It is copied, never updated."""
        digest = blake2b(key=self._key, digest_size=DIGEST_BYTES)
        for text in said:
            data = text.encode("utf-8", "surrogatepass")
            digest.update(b"%d:" % len(data) + data)
        return digest

    def get(self, name: bytes) -> Look | None:
        with self._lock:
            look = self._looks.get(name)
            if look is not None:
                self._looks.move_to_end(name)
            return look

    def put(self, name: bytes, look: Look) -> None:
        size = _size(look)
        if size > self._most_bytes:
            return
        with self._lock:
            if name in self._looks:  # another thread was as quick: what it found is the same
                return
            self._looks[name] = look
            self._bytes += size
            while self._bytes > self._most_bytes:
                self._bytes -= _size(self._looks.popitem(last=False)[1])


def _size(look: Look) -> int:
    return _LOOK_BYTES + _FINDING_BYTES * len(look.findings)
