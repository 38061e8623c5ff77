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
        part, low, high = -1, 0, -1
        byte, char = 0, 0
        for hit in hits:
            if hit.end > high:
                part = self.part_at(hit.start)
                low, high = self.spans[part]
                byte, char = low, 0
            if not low <= hit.start < hit.end <= high:
                yield from self._in_pieces(hit)
                high = -1
                continue
            start = char + self._chars(byte, hit.start)
            byte, char = hit.end, start + self._chars(hit.start, hit.end)
            yield Finding(hit.label, start, char, hit.score, hit.detector, part)

    def _in_pieces(self, hit: Hit) -> Iterator[Finding]:
        for part in range(self.part_at(hit.start), self.part_at(hit.end - 1) + 1):
            low, high = self.spans[part]
            start, end = max(hit.start, low), min(hit.end, high)
            if start < end:
                first = self._chars(low, start)
                yield Finding(hit.label, first, first + self._chars(start, end), hit.score, hit.detector, part)

    def _chars(self, low: int, high: int) -> int:
        return high - low if self._is_ascii else len(self.source[low:high].translate(None, _CONTINUATION))
