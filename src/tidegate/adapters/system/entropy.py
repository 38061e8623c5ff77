"""ports.Entropy on the kernel's generator."""

import os
import time

_POOL_BYTES, _DRAWN_BYTES = 4000, 10


class SystemEntropy:
    """Draws from the kernel in large pieces: a system call a request would cost more than the identifier does."""

    __slots__ = ("_at", "_pool")

    def __init__(self) -> None:
        self._pool, self._at = b"", 0

    def uuid7(self) -> str:
        """RFC 9562, 5.7: 48 bits of Unix milliseconds, version, 12 random bits, variant, 62 random bits."""
        chance = self._drawn()
        high = (time.time_ns() // 1_000_000 & 0xFFFF_FFFF_FFFF) << 16 | 0x7000 | chance >> 68
        text = f"{high << 64 | 1 << 63 | chance & 0x3FFF_FFFF_FFFF_FFFF:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def chance(self) -> float:
        """53 random bits, as many as a float of that size can tell apart."""
        return (self._drawn() >> 27) * 2.0**-53

    def _drawn(self) -> int:
        """80 random bits."""
        if self._at >= len(self._pool):
            self._pool, self._at = os.urandom(_POOL_BYTES), 0
        self._at += _DRAWN_BYTES
        return int.from_bytes(self._pool[self._at - _DRAWN_BYTES : self._at])
