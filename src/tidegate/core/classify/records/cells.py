"""A cell in its normal form, and what stands for it once it may not be kept.

`4111-1111 1111` and `411111111111` are one cell; so are `MÜLLER, Eva` and `muller eva`. A cell is its words: runs of
letters and digits, in lower case, without accents. What stands between them does not matter.
"""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b

from tidegate.core.classify.fold import fold

MOST_WORDS = 12
MOST_BYTES = 96
MOST_BACK = 3
"""Words before the one at which a cell is noticed."""
FLAGS = 0x1F
"""The low bits of what stands for a cell are free for saying something about it."""

_SPACES = bytes(b if b >= 0x80 or bytes((b,)).isalnum() else 0x20 for b in range(256))
_PUNCTUATION = tuple(
    (lead, re.compile(lead + rest), b" " * size)
    for lead, rest, size in (
        (b"\xe2", rb"[\x80-\x9f][\x80-\xbf]", 3),
        (b"\xe3\x80", rb"[\x80-\xbf]", 3),
        (b"\xc2", rb"[\x80-\xbf]", 2),
    )
)
"""Quotes, dashes, bullets, signs. Of fixed length: linear, and no offset moves."""


def worded(lower: bytes) -> bytes:
    """As long as `lower`, with spaces for all that belongs to no word."""
    if not lower.isascii():
        for lead, pattern, spaces in _PUNCTUATION:
            if lead in lower:
                lower = pattern.sub(spaces, lower)
    return lower.translate(_SPACES)


def plain_word(word: bytes) -> bytes:
    """A word without accents and, beyond ASCII too, in lower case."""
    if word.isascii():
        return word
    text = unicodedata.normalize("NFKD", word.decode("utf-8", "replace").casefold())
    return "".join(char for char in text if not unicodedata.combining(char)).encode("utf-8", "replace")


def words_of(cell: str) -> list[bytes]:
    source = cell.encode("utf-8", "replace")
    if not cell.isascii():
        folded = fold(source)
        source = folded.data if folded else source
    return [plain for word in worded(source.lower()).split() if (plain := plain_word(word))]


class RecordKey:
    """What cells are hashed with: one purpose of the detectors' key, so that no other use of that key helps anybody."""

    def __init__(self, detection: bytes) -> None:
        """`detection`: `Keys.detection`."""
        self._cells = blake2b(key=_purpose(detection, b"cells"), digest_size=8)
        self._groups = blake2b(key=_purpose(detection, b"groups"), digest_size=8)
        self._files = blake2b(key=_purpose(detection, b"files"), digest_size=32)
        self._names = blake2b(key=_purpose(detection, b"names"), digest_size=8)
        self.check = _purpose(detection, b"check")[:8].hex()
        """Tells one key from another, and nothing else."""

    def cell(self, normal: bytes) -> int:
        """59 bits, those of the flags clear."""
        said = self._cells.copy()
        said.update(normal)
        return int.from_bytes(said.digest(), "little") & ~FLAGS

    def group(self, cells: Iterable[int]) -> int:
        """Cells of one row, in any order."""
        said = self._groups.copy()
        said.update(b"".join(cell.to_bytes(8, "little") for cell in sorted(cells)))
        return int.from_bytes(said.digest(), "little")

    def column(self, name: str) -> str:
        said = self._names.copy()
        said.update(name.encode("utf-8", "replace"))
        return said.hexdigest()

    def file(self, pieces: Iterable[bytes]) -> bytes:
        """32 bytes that a file must end with."""
        said = self._files.copy()
        for piece in pieces:
            said.update(piece)
        return said.digest()


def _purpose(detection: bytes, what: bytes) -> bytes:
    return blake2b(b"tidegate exact-data match 1 " + what, key=detection, digest_size=32).digest()
