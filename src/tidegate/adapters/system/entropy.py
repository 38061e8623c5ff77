"""ports.Entropy on the kernel's generator."""

import os
import time


class SystemEntropy:
    __slots__ = ()

    def uuid7(self) -> str:
        """RFC 9562, 5.7: 48 bits of Unix milliseconds, version, 12 random bits, variant, 62 random bits."""
        chance = int.from_bytes(os.urandom(10))
        high = (time.time_ns() // 1_000_000 & 0xFFFF_FFFF_FFFF) << 16 | 0x7000 | chance >> 68
        text = f"{high << 64 | 1 << 63 | chance & 0x3FFF_FFFF_FFFF_FFFF:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
