"""What speaks for and against a word being a name: numbers of rows in the table of weights.

The recipe in `training/names` learns with this very code, so that nothing can differ between the two. A feature is a
hash of what is seen; the hashes' collisions are part of what was learned. Three words to either side are looked at, and
the two words around the run of capitals in which a word stands.
"""

from collections.abc import Callable
from zlib import crc32

from tidegate.core.classify.names.gazetteer import Gazetteer
from tidegate.core.classify.names.words import Words, plain

ROWS = 1 << 17
_MASK = ROWS - 1
_SPREAD = 2654435761
COUNT = 19
"""Features a word at most: sums of that many weights fit 16 bits."""

PARTICLES = frozenset(
    b"de van der den von da dos das do del della dello di la le du el al bin ibn ben bint zu zum zur ter ten af av y e"
    b" of and und et i & for the".split()
)
"""Words in lower case that stand inside names."""
_OUTSIDE, _BREAK, _STOP, _SIGN, _NUMBER, _LOWER, _PARTICLE, _PERSONAL, _INITIAL, _CAMEL = range(10)
_TITLE, _CAPITALS, _SMALL = 256, 512, 1024
_NOTHING = b""
_BLANKS = b" \t\r"
_ZEROS = b"0" * 32
_OVER = 3
_INNER_CAPITALS = (b"Mc", b"Mac", b"De", b"Di", b"La")
_REACH = 4
"""Words to either side that may be of one name with a word."""


_PERSONS = (
    b"mr mrs ms miss mx dr prof professor sir madam herr frau herrn monsieur madame mme mlle don dona signor signora sig"
    b" dott meneer mevrouw dhr mevr senhor senhora sra sr pan pani doctor nurse president senator judge captain coach uncle aunt mother"
    b" father brother sister wife husband son daughter cousin friend colleague boss manager patient mister king queen"
    b" prince princess pope lord lady general colonel sergeant officer reverend rev hon"
).split()
"""Words before persons: titles, offices, kinship."""
_OF_LOWER = (
    dict.fromkeys(_PERSONS, _PERSONAL)
    | dict.fromkeys(PARTICLES, _PARTICLE)
    | dict.fromkeys((b".", b"!", b"?", b":", b";"), _STOP)
)

Seen = dict[bytes, tuple[bytes, int, bool, bool]]
"""A word with the blanks before it: its plain form, its kind, whether it may be of a name, and of one begun before."""


class Context:
    """The words of a stretch of text, what each looks like, and which of them may stand in one name.

    `plain`: words in the form in which they are weighed. `kinds`: numbers for what they look like; those of capitalised
    words hold the gazetteer's flags. Both go on with three words that say "outside" (so do negative places, at the end).
    """

    __slots__ = ("_flags_of", "joined", "kinds", "plain", "words")

    def __init__(self, words: Words, gazetteer: Gazetteer, seen: Seen) -> None:
        """`seen`: what is known of words from other stretches of the same text."""
        self.words = words
        self._flags_of = gazetteer.flags
        self.plain: list[bytes] = []
        self.kinds: list[int] = []
        self.joined: list[bool] = []
        """Nothing but a blank stands before the word, and both it and the one before may be a piece of a name."""
        could = False
        for raw in words.raw:
            low, kind, may_be, may_join = seen.get(raw) or _looked_at(raw, gazetteer, seen)
            self.plain.append(low)
            self.kinds.append(kind)
            self.joined.append(may_join and could)
            could = may_be
        self.plain += (_NOTHING,) * _OVER
        self.kinds += (_OUTSIDE,) * _OVER
        self.joined += (False,) * _OVER

    def neighbours(self, n: int) -> tuple[int, int]:
        """The first and the last of the words around word `n`, itself included, that may be of one name with it."""
        joined, kinds = self.joined, self.kinds
        first = last = n
        while joined[first] and n - first < _REACH:
            first -= 1
        while joined[last + 1] and last - n < _REACH:
            last += 1
        while first < n and kinds[first] == _PARTICLE:
            first += 1
        while last > n and kinds[last] == _PARTICLE:
            last -= 1
        return first, last

    def is_small(self, n: int) -> bool:
        return self.kinds[n] == _LOWER

    def note_small(self, n: int) -> None:
        """Word `n` is a name written small, as it seems: what the gazetteer says of it counts."""
        self.kinds[n] = _SMALL | self._flags_of(self.plain[n])
        self.joined[n] = n > 0 and self.kinds[n - 1] >= _TITLE and self.words.raw[n][:1] == b" "

    def is_particle(self, n: int) -> bool:
        return self.kinds[n] == _PARTICLE

    def is_title(self, n: int) -> bool:
        return self.kinds[n] == _PERSONAL


def _looked_at(raw: bytes, gazetteer: Gazetteer, seen: Seen) -> tuple[bytes, int, bool, bool]:
    word = raw.strip(_BLANKS)
    low = plain(word)
    if word == low:
        kind = _OF_LOWER.get(low) or _kind_of_lower(low)
        if kind == _NUMBER:
            low = _ZEROS[: len(low)]
    else:
        kind = _kind_of_capitalised(word, gazetteer.flags(low))
    may_be = kind >= _TITLE or _PARTICLE <= kind <= _INITIAL
    seen[raw] = found = low, kind, may_be, may_be and raw[:1] == b" "
    return found


def _kind_of_lower(word: bytes) -> int:
    """`word` is in lower case, a number or a sign."""
    first = word[:1]
    if first >= b"a" and (first <= b"z" or first >= b"\xc3"):
        return _LOWER
    if first.isdigit():
        return _NUMBER
    return _SIGN if word.strip(b"\n\x1e") else _BREAK


def _kind_of_capitalised(word: bytes, flags: int) -> int:
    if len(word) == 1 or word[-1:] == b".":
        return _PERSONAL if len(word) > 2 else _INITIAL
    if word[1:].islower():
        return _TITLE | flags
    if word.isupper():
        return _CAPITALS | flags
    return _TITLE | flags if b"-" in word or b"'" in word or word.startswith(_INNER_CAPITALS) else _CAMEL


def rows(context: Context, n: int) -> list[int]:
    """The rows of word `n`."""
    words, kinds = context.plain, context.kinds
    first, last = context.neighbours(n)
    word, kind = words[n], kinds[n]
    before, after = words[n - 1], words[n + 1]
    left, right = kinds[n - 1], kinds[n + 1]
    ahead, behind = words[first - 1], words[last + 1]
    mine = kind * 64
    return [
        crc32(word, 1) & _MASK,
        crc32(word[-2:], mine + 2) & _MASK,
        crc32(word[-3:], 3) & _MASK,
        crc32(before, 5) & _MASK,
        crc32(after, 6) & _MASK,
        crc32(before, mine + 7) & _MASK,
        crc32(after, mine + 8) & _MASK,
        crc32(before, crc32(words[n - 2], 9)) & _MASK,
        crc32(ahead, mine + 11) & _MASK,
        crc32(behind, mine + 12) & _MASK,
        crc32(words[first - 2], crc32(ahead, 13)) & _MASK,
        crc32(words[last + 2], crc32(behind, 14)) & _MASK,
        (kind * _SPREAD + 15) & _MASK,
        ((kind * 131 + left) * _SPREAD + 16) & _MASK,
        ((kind * 137 + right) * _SPREAD + 17) & _MASK,
        (((kind * 139 + left) * 149 + right) * _SPREAD + 18) & _MASK,
        (((kind * 163 + right) * 167 + kinds[n + 2]) * _SPREAD + 19) & _MASK,
        (((kind * 173 + kinds[first]) * 179 + kinds[last]) * _SPREAD + (n - first) * 8 + last - n) & _MASK,
        crc32(words[n - 3], 21) & _MASK,
    ]
