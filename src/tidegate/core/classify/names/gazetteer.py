"""Which words are names of what: a table of hashes that is read where it lies, without unpacking.

Bytes: `MAGIC`, the number of slots (u32, a power of two), then the slots (u32 each, little-endian). A slot holds 24
bits of a word's hash and 8 flags; zero is empty. A word sits in the first free slot from its hash on. Words that share
all of their hash are one: of 100,000 absent words about one is taken for a present one.
"""

import sys
from array import array
from collections.abc import Mapping
from zlib import crc32

MAGIC = b"TGGAZ001"
_HEAD = len(MAGIC) + 4
_SEED = 0x67617A

FIRST, LAST, PLACE, COUNTRY, COMPANY, COMMON, PERSONAL, STREET = (1 << bit for bit in range(8))
"""Given name; family name; town; country or region; word of companies' names; word that is written in lower case, too;
word that stands before persons (a title, a kinship); word of streets' names."""


class Gazetteer:
    """Immutable; threads may share it."""

    __slots__ = ("_mask", "_slots")

    def __init__(self, table: bytes) -> None:
        """Raises ValueError where `table` is no gazetteer."""
        size = int.from_bytes(table[len(MAGIC) : _HEAD], "little")
        if table[: len(MAGIC)] != MAGIC or size & (size - 1) or len(table) != _HEAD + 4 * size or not size:
            raise ValueError("not a gazetteer of this version: make it again with training/names, or reinstall")
        self._mask = size - 1
        self._slots = _numbers(table[_HEAD:], "I")

    def flags(self, word: bytes) -> int:
        """What `word` (plain form) is known as; 0: unknown."""
        digest = crc32(word, _SEED)
        slots, mask = self._slots, self._mask
        at = digest & mask
        wanted = digest >> 8
        while slot := slots[at]:
            if slot >> 8 == wanted:
                return slot & 0xFF
            at = (at + 1) & mask
        return 0


def pack(words: Mapping[bytes, int]) -> bytes:
    """The table of `words` and their flags, less than half full; the order of `words` does not matter."""
    size = 1 << max(4, (2 * len(words)).bit_length())
    slots = array("I", bytes(4 * size))
    for word, flags in sorted(words.items()):
        digest = crc32(word, _SEED)
        at, entry = digest & (size - 1), digest >> 8 << 8 | flags
        while slots[at] and slots[at] >> 8 != digest >> 8:
            at = (at + 1) & (size - 1)
        slots[at] |= entry
    if sys.byteorder == "big":
        slots.byteswap()
    return MAGIC + size.to_bytes(4, "little") + slots.tobytes()


def _numbers(data: bytes, kind: str) -> "memoryview[int] | array[int]":
    """Little-endian numbers where they lie; on big-endian machines a copy."""
    if sys.byteorder == "little":
        return memoryview(data).cast(kind)  # type: ignore[call-overload, no-any-return]
    copy = array(kind, data)
    copy.byteswap()
    return copy
