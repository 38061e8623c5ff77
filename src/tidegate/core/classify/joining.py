"""The texts of a request as one, cut into groups of parts, and the way back from a byte to a character of a part.

Each group is looked at by itself, with a little of what stands before and behind it. Where groups begin and end is told
by the parts alone, and mostly by those nearby: a conversation that goes on, or loses its beginning, keeps its groups.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial
from hashlib import blake2b
from itertools import accumulate, compress
from operator import add

from tidegate.core.classify.fold import SEAM, SURROGATES
from tidegate.core.classify.rows import EDGE, Hit
from tidegate.core.values.envelope import Part
from tidegate.core.values.finding import Finding

SMALL_CHARS = 4096
"""A request that is no longer is one group."""
GROUP_CHARS = (1024, 8192)
PACK_CHARS = (12_288, 49_152)
"""How long a group of several parts is, and a pack of several groups: at least, unless no more is left, and at most,
unless a single part is longer. No part is ever cut.
"""
_ENDS_GROUP = 3
"""A part whose length has none of these bits may end a group: it does so in the next request as well."""

_SEAM_BEHIND_KEY = SEAM + "="
"""Behind an object's key stands an assignment: a value is assigned to its name, whichever part it stands in."""
_WIDTHS = bytes((1, 2)) + bytes(254)
"""Of both seams: the one behind no key, the one behind a key."""
_SEAM_BYTES = SEAM.encode()
_finding = partial(tuple.__new__, Finding)
"""What `Finding._make` does, in half the time."""
_CONTINUATION = bytes(range(0x80, 0xC0))


class Group:
    """Parts that are looked at together. Bytes of `source` are what detectors count in.

    `parts`: of the whole request; the group's own are from `first` to `stop`. `source`: UTF-8, the group's own from
    `low` to `high`, its surroundings around it. `said`: what else a look at it depends on.
    """

    def __init__(
        self, parts: Sequence[Part], where: tuple[int, int], own: tuple[int, int], source: bytes, said: bytes
    ) -> None:
        self.parts = parts
        self.first, self.stop = where
        self.low, self.high = own
        self.source = source
        self._said = said

    def name(self, named: blake2b) -> bytes:
        """What a look at this group is kept under: everything that it depends on."""
        digest = named.copy()
        digest.update(b"%d %d %d %b " % (self.low, self.high, len(self.source), self._said))
        digest.update(self.source)
        return digest.digest()

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each part from `first` on stands in `source`, as far as it is there."""
        if len(self.parts) == 1:
            return [(self.low, self.high)]
        spans = []
        at = self.low
        behind_key = False
        for part, text in zip(self.parts[self.first :], self.source[at:].split(_SEAM_BYTES), strict=False):
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

    def own(self) -> Iterator[tuple[Part, int, int]]:
        """The group's own parts and where they stand."""
        for part, (start, end) in zip(self.parts[self.first : self.stop], self.spans, strict=False):
            yield part, start, end

    def span_at(self, byte: int) -> tuple[Part, int, int]:
        """The part that a byte of `source` belongs to, and where it stands."""
        index = self._index(byte)
        return self.parts[self.first + index], *self.spans[index]

    def _index(self, byte: int) -> int:
        return max(0, bisect_right(self._starts, byte) - 1)

    def findings(self, hits: Iterable[Hit]) -> Iterator[Finding]:
        """Hits in order without overlap as findings. One that reaches over a seam becomes one for each part."""
        first, spans, ascii_only = self.first, self.spans, self._is_ascii
        part, low, high = -1, 0, -1
        byte, char = 0, 0
        for start, end, label, score, detector in hits:
            if end > high:
                part = self._index(start)
                low, high = spans[part]
                byte, char = low, 0
            if not low <= start < end <= high:
                yield from self._in_pieces(Hit(start, end, label, score, detector))
                high = -1
            elif ascii_only:
                yield _finding((label, start - low, end - low, score, detector, first + part))
            else:
                char += self._chars(byte, start)
                width = self._chars(start, end)
                yield Finding(label, char, char + width, score, detector, first + part)
                byte, char = end, char + width

    def _in_pieces(self, hit: Hit) -> Iterator[Finding]:
        for part in range(self._index(hit.start), self._index(hit.end - 1) + 1):
            low, high = self.spans[part]
            start, end = max(hit.start, low), min(hit.end, high)
            if start < end:
                first = self._chars(low, start)
                last = first + self._chars(start, end)
                yield Finding(hit.label, first, last, hit.score, hit.detector, self.first + part)

    def _chars(self, low: int, high: int) -> int:
        return high - low if self._is_ascii else len(self.source[low:high].translate(None, _CONTINUATION))


class Joined:
    """All parts of a request. `text`: their texts with seams between them, as characters."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        texts: Sequence[str]
        self._positions: Sequence[str]
        self._keys: Sequence[bool]
        self._json: Sequence[bool]
        self._positions, _, texts, self._keys, self._json = zip(*parts, strict=True) if parts else ((),) * 5
        text = self._join(texts)
        if text.count(SEAM) >= len(texts) > 0:
            # Somebody wrote the seam's character: another invisible one does as well.
            texts = [written.replace(SEAM, "\x1f") for written in texts]
            text = self._join(texts)
        self.text, self._texts = text, texts

    def _join(self, texts: Sequence[str]) -> str:
        if True not in self._keys:
            return SEAM.join(texts)
        pieces = [SEAM] * (2 * len(texts) - 1)
        pieces[::2] = texts
        for key in compress(range(1, len(pieces), 2), self._keys):
            pieces[key] = _SEAM_BEHIND_KEY
        return "".join(pieces)

    @cached_property
    def _widths(self) -> bytes:
        """How long the seam behind each part is."""
        return bytes(self._keys).translate(_WIDTHS)

    @cached_property
    def starts(self) -> list[int]:
        """Where each part begins in `text`, and where one more would."""
        return list(accumulate(map(add, map(len, self._texts), self._widths), initial=0))

    def without_surrogates(self) -> "Joined":
        """The same, half characters read as invisible ones: they have no UTF-8."""
        return Joined([part._replace(text=part.text.translate(SURROGATES)) for part in self.parts])

    def packs(self) -> Iterator[Group]:
        """Groups of groups: what is known as a whole need not be asked for piece by piece.

        Raises UnicodeEncodeError where there is half a character.
        """
        if len(self.text) <= SMALL_CHARS or len(self.parts) == 1:
            source = self.text.encode()
            yield Group(self.parts, (0, len(self.parts)), (0, len(source)), source, self._said(0, len(self.parts), 0))
        else:
            yield from self._cut(0, len(self.parts), PACK_CHARS)

    def is_group(self, pack: Group) -> bool:
        """It is not cut any further."""
        return len(self.text) <= SMALL_CHARS or pack.stop - pack.first == 1

    def groups(self, pack: Group) -> Iterator[Group]:
        """What one of `packs` consists of."""
        return self._cut(pack.first, pack.stop, GROUP_CHARS)

    def _cut(self, first: int, last: int, chars: tuple[int, int]) -> Iterator[Group]:
        while first < last:
            stop = self._stop(first, self._messages if first < self._messages < last else last, *chars)
            yield self._group(first, stop)
            first = stop

    @cached_property
    def _messages(self) -> int:
        """Where the first field of the document ends: what is added to a conversation is added there."""
        field = self.parts[0].path[:1]
        return bisect_left(self.parts, 1, key=lambda part: part.path[:1] != field)

    def _stop(self, first: int, last: int, least: int, most: int) -> int:
        """The first part behind the group that begins with `first`."""
        starts = self.starts
        if starts[last] - starts[first] <= least:
            return last
        stop = bisect_left(starts, starts[first] + least, first + 1)
        while stop < last and (
            self._keys[stop - 1] or (len(self._texts[stop - 1]) & _ENDS_GROUP and starts[stop] - starts[first] < most)
        ):
            stop += 1
        return min(stop, last)

    def _group(self, first: int, stop: int) -> Group:
        """With `EDGE` characters of what stands around in the same field: what is added to a conversation does not
        change how the tools behind it are seen.
        """
        low, high = self.starts[first], self.starts[stop] - self._widths[stop - 1]
        field = self.starts[self._messages]
        begin, end = max(0, low - EDGE), high + EDGE
        if first >= self._messages:
            begin = max(begin, field)
        else:
            end = min(end, field)
        source = self.text[begin:end].encode()
        seen = bisect_left(self.starts, end, stop, len(self.parts))
        before, behind = low - begin, len(self.text[high:end])
        if len(source) != before + high - low + behind:
            before, behind = len(self.text[begin:low].encode()), len(self.text[high:end].encode())
        own = before, len(source) - behind
        return Group(self.parts, (first, stop), own, source, self._said(first, stop, seen))

    def _said(self, first: int, stop: int, seen: int) -> bytes:
        """Positions and kinds of the group's parts, and which of those behind it are keys."""
        positions = " ".join(self._positions[first:stop]).encode()
        return b"%b %b %b" % (positions, bytes(self._json[first:stop]), bytes(self._keys[first : max(stop, seen)]))
