"""What speaks for and against a word being a name: numbers of rows in the table of weights.

The recipe in `training/names` learns with this very code, so that nothing can differ between the two. A feature is a
hash of what is seen; the hashes' collisions are part of what was learned. Three words to either side are looked at, and
the two words around the run of capitals in which a word stands.
"""

from zlib import crc32

from tidegate.core.classify.names.gazetteer import COMMON, PERSONAL, Gazetteer
from tidegate.core.classify.names.words import Words, plain

ROWS = 1 << 18
_MASK = ROWS - 1
COUNT = 31
"""Features a word at most: sums of that many weights fit 16 bits."""

PARTICLES = frozenset(
    b"de van der den von da dos das do del della dello di la le du el al bin ibn ben bint zu zum zur ter ten af av y e"
    b" of and und et i & for the".split()
)
"""Words in lower case that stand inside names."""
_OUTSIDE, _BREAK, _STOP, _SIGN, _NUMBER, _LOWER, _PARTICLE, _PERSONAL, _INITIAL, _CAMEL = range(10)
_TITLE, _CAPITALS = 256, 512
_NOTHING = b""


class Context:
    """Words of a stretch of text with what is known of each, found out when first asked."""

    __slots__ = ("_gazetteer", "_kinds", "_plain", "words")

    def __init__(self, words: Words, gazetteer: Gazetteer) -> None:
        self.words = words
        self._gazetteer = gazetteer
        self._plain: list[bytes | None] = [None] * len(words)
        self._kinds: list[int] = [-1] * len(words)

    def plain(self, n: int) -> bytes:
        """The word in the form in which it is weighed; empty beyond the ends."""
        if not 0 <= n < len(self._kinds):
            return _NOTHING
        found = self._plain[n]
        if found is None:
            word = self.words.word(n)
            found = self._plain[n] = b"\n" if not word else b"0" * len(word) if word.isdigit() else plain(word)
        return found

    def kind(self, n: int) -> int:
        """A number for what the word looks like; of capitalised words it holds the gazetteer's flags."""
        if not 0 <= n < len(self._kinds):
            return _OUTSIDE
        found = self._kinds[n]
        if found < 0:
            found = self._kinds[n] = self._kind(self.words.word(n), self.plain(n))
        return found

    def _kind(self, word: bytes, low: bytes) -> int:
        if word == low:
            return self._kind_of_lower(word)
        if len(word) == 1 or word.endswith(b"."):
            return _PERSONAL if len(word) > 2 else _INITIAL
        flags = self._gazetteer.flags(low)
        if word.isupper():
            return _CAPITALS | flags
        return _TITLE | flags if _is_capitalised(word) else _CAMEL

    def _kind_of_lower(self, word: bytes) -> int:
        first = word[:1]
        if first in b".!?:;":
            return _STOP
        if word in PARTICLES:
            return _PARTICLE
        if first.isalpha() or first >= b"\xc3":
            flags = self._gazetteer.flags(word)
            return _PERSONAL if flags & PERSONAL else _LOWER | (flags & 0xFF) << 10 if not flags & COMMON else _LOWER
        if first in b"\n":
            return _BREAK
        return _NUMBER if first.isdigit() else _SIGN


def _is_capitalised(word: bytes) -> bool:
    """One capital and then none, as far as each piece of the word goes (O'Brien, McDonald, Jean-Pierre)."""
    rest = word[1:]
    return rest.islower() or b"-" in word or b"'" in word or word.startswith((b"Mc", b"Mac", b"De", b"Di", b"La"))


def rows(context: Context, n: int, first: int, last: int) -> list[int]:
    """The rows of word `n`, which stands in the run of names-to-be from `first` to `last`."""
    plain_of, kind_of = context.plain, context.kind
    word, kind = plain_of(n), kind_of(n)
    before, after = plain_of(n - 1), plain_of(n + 1)
    second, third = plain_of(n - 2), plain_of(n + 2)
    left, right = kind_of(n - 1), kind_of(n + 1)
    ahead, behind = plain_of(first - 1), plain_of(last + 1)
    mine = kind * 64
    place = min(n - first, 3) * 4 + min(last - n, 3)
    return [
        crc32(word, 1) & _MASK,
        crc32(word[-2:], mine + 2) & _MASK,
        crc32(word[-3:], 3) & _MASK,
        crc32(word[-4:], 4) & _MASK,
        crc32(word[:3], 5) & _MASK,
        (kind * 2654435761 + 6) & _MASK,
        ((kind * 131 + left) * 2654435761 + 7) & _MASK,
        ((kind * 137 + right) * 2654435761 + 8) & _MASK,
        (((kind * 139 + left) * 149 + right) * 2654435761 + 9) & _MASK,
        (((kind * 151 + left) * 157 + kind_of(n - 2)) * 2654435761 + 10) & _MASK,
        (((kind * 163 + right) * 167 + kind_of(n + 2)) * 2654435761 + 11) & _MASK,
        crc32(before, 12) & _MASK,
        crc32(after, 13) & _MASK,
        crc32(second, 14) & _MASK,
        crc32(third, 15) & _MASK,
        crc32(before, mine + 16) & _MASK,
        crc32(after, mine + 17) & _MASK,
        crc32(before, crc32(second, 18)) & _MASK,
        crc32(third, crc32(after, 19)) & _MASK,
        crc32(after, crc32(before, 20)) & _MASK,
        crc32(plain_of(n - 3), 21) & _MASK,
        crc32(ahead, mine + 22) & _MASK,
        crc32(behind, mine + 23) & _MASK,
        crc32(plain_of(first - 2), crc32(ahead, 24)) & _MASK,
        crc32(plain_of(last + 2), crc32(behind, 25)) & _MASK,
        (((kind * 173 + kind_of(first)) * 179 + kind_of(last)) * 2654435761 + place) & _MASK,
        ((kind * 181 + place) * 2654435761 + 27) & _MASK,
        crc32(behind, crc32(ahead, 28)) & _MASK,
        crc32(plain_of(first), 29) & _MASK,
        crc32(plain_of(last), 30) & _MASK,
        crc32(word[:1] + word[-1:], len(word) * 64 + 31) & _MASK,
    ]


def may_join(context: Context, n: int, later: int) -> bool:
    """Word `n` may belong to the run beside it: `later` is the one of the two that stands behind."""
    if context.words.raw[later][:1] != b" ":
        return False
    return context.kind(n) >= _TITLE or context.kind(n) in (_INITIAL, _PARTICLE, _PERSONAL)


def is_title(context: Context, n: int) -> bool:
    return context.kind(n) == _PERSONAL
