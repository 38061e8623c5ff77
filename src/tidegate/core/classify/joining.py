"""The texts of a request as one, and the way back from a byte of it to a character of a part."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain

from tidegate.core.classify.fold import SEAM, SURROGATES
from tidegate.core.classify.rows import Hit
from tidegate.core.values.envelope import Part
from tidegate.core.values.finding import Finding

_ASSIGNED = "="
"""Follows the seam behind an object's key: a value is assigned to its name, whichever part it stands in."""
_CONTINUATION = bytes(range(0x80, 0xC0))


class Joined:
    """`source` is all texts in UTF-8, seams between them. Bytes of it are what detectors count in."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        texts = [part.text for part in parts]
        text = self._join(texts)
        if (
            text.count(SEAM) >= len(texts) > 0
        ):  # somebody wrote the seam's character: another invisible one does as well
            text = self._join([t.replace(SEAM, "\x1f") for t in texts])
        try:
            self.source = text.encode()
        except UnicodeEncodeError:
            self.source = text.translate(SURROGATES).encode()

    def _join(self, texts: list[str]) -> str:
        if not any(part.is_key for part in self.parts):
            return SEAM.join(texts)
        seams = [SEAM + _ASSIGNED if part.is_key else SEAM for part in self.parts[:-1]]
        return "".join(chain.from_iterable(zip(texts, (*seams, ""), strict=True)))

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each part stands in `source`."""
        spans = []
        at = 0
        behind_key = False
        for part, text in zip(self.parts, self.source.split(SEAM.encode()), strict=True):
            spans.append((at + behind_key, at + len(text)))
            at += len(text) + 1
            behind_key = part.is_key
        return spans

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.spans]

    @cached_property
    def _is_ascii(self) -> bool:
        return self.source.isascii()

    def part_at(self, byte: int) -> int:
        return max(0, bisect_right(self._starts, byte) - 1)

    def findings(self, hits: Iterable[Hit]) -> Iterator[Finding]:
        """Hits in order without overlap as findings. One that reaches over a seam becomes one for each part."""
        part, byte, char = -1, 0, 0
        for hit in hits:
            for where, low, high in self.pieces(hit.start, hit.end):
                if where != part:
                    part, byte, char = where, self._starts[where], 0
                start = char + self._chars(byte, low)
                byte, char = high, start + self._chars(low, high)
                yield Finding(hit.label, start, char, hit.score, hit.detector, part)

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        for part in range(self.part_at(start), self.part_at(end - 1) + 1):
            low, high = self.spans[part]
            if max(start, low) < min(end, high):
                yield part, max(start, low), min(end, high)

    def _chars(self, low: int, high: int) -> int:
        return high - low if self._is_ascii else len(self.source[low:high].translate(None, _CONTINUATION))
