"""What speaks for and against a word being a name: numbers of rows in the table of weights.

The recipe in `training/names` learns with this very code, so that nothing can differ between the two. A feature is a
hash of what is seen; the hashes' collisions are part of what was learned. Three words to either side are looked at, and
the two words around the run of capitals in which a word stands.
"""

from zlib import crc32

from tidegate.core.classify.names.gazetteer import COMMON, Gazetteer
from tidegate.core.classify.names.words import Words, plain

ROWS = 1 << 17
_MASK = ROWS - 1
COUNT = 15
"""Features a word at most: sums of that many weights fit 16 bits."""

CONNECTIVES = frozenset(b"y e of and und et i & for the".split())
PARTICLES = CONNECTIVES | frozenset(
    b"de van der den von da dos das do del della dello di la le du el al bin ibn ben bint zu zum zur ter ten af"
    b" av".split()
)
"""Words in lower case that stand inside names; connectives begin none."""
_OUTSIDE, _BREAK, _STOP, _SIGN, _NUMBER, SMALL, PARTICLE, PERSONAL, _INITIAL, _CAMEL = range(10)
"""Kinds of words: beyond the ends, line break, end of a sentence, other sign, number, word in lower case, particle,
word before persons, initial, capitals inside."""
_TITLE, _CAPITALS, _NAME_IN_SMALL = 256, 512, 1024
"""Added to the gazetteer's flags of words that begin with a capital, are in capitals, are names in lower case."""
_NOTHING = b""
_BLANKS = b" \t\r"
_ZEROS = b"0" * 32
_AFTER_PLAIN = (_NOTHING,) * 3
_AFTER_KINDS = (_OUTSIDE,) * 3
_INNER_CAPITALS = (b"Mc", b"Mac", b"De", b"Di", b"La")
_REACH = 4
"""Words to either side that may be of one name with a word."""
_VOCABULARY = 4096

_PERSONS = (
    b"mr mrs ms miss mx dr prof professor sir madam herr frau herrn monsieur madame mme mlle don dona signor signora"
    b" sig dott meneer mevrouw dhr mevr senhor senhora sra sr pan pani doctor nurse president senator judge captain"
    b" coach uncle aunt mother father brother sister wife husband son daughter cousin friend colleague boss manager"
    b" patient mister king queen prince princess pope lord lady general colonel sergeant officer reverend rev hon"
).split()
"""Words before persons: titles, offices, kinship."""
_TELLING_NOTHING = frozenset({_BREAK, _STOP, _SIGN, PARTICLE, PERSONAL})
_OF_LOWER = (
    dict.fromkeys(_PERSONS, PERSONAL)
    | dict.fromkeys(PARTICLES, PARTICLE)
    | dict.fromkeys((b".", b"!", b"?", b":", b";"), _STOP)
)

Look = tuple[bytes, int, bool, bool]
"""A word's plain form, its kind, whether it may be of a name, and of one that has begun before it."""


class Looks:
    """What words look like, found out once a text.

    Only what tells nothing of anybody is kept from one text to the next: signs, and words of a language's own that are
    written small, up to `_VOCABULARY`.
    """

    __slots__ = ("_common", "gazetteer")

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._common: dict[bytes, Look] = {}

    def of(self, words: list[bytes], seen: dict[bytes, Look]) -> list[Look]:
        """Of words with the blanks before them; `seen` is the text's own memory."""
        get, common, find = seen.get, self._common.get, self._find
        return [get(raw) or common(raw) or find(raw, seen) for raw in words]

    def _find(self, raw: bytes, seen: dict[bytes, Look]) -> Look:
        word = raw.strip(_BLANKS)
        low = word.lower() if word.isascii() else plain(word)
        if word != low:
            kind = _kind_of_capitalised(word, self.gazetteer.flags(low))
        else:
            kind = _OF_LOWER.get(low) or _kind_of_lower(low)
        may_be = kind >= _TITLE or PARTICLE <= kind <= _INITIAL
        found = (_ZEROS[: len(low)] if kind == _NUMBER else low, kind, may_be, may_be and raw[:1] == b" ")
        is_common = kind in _TELLING_NOTHING or (kind == SMALL and self.gazetteer.flags(low) & COMMON)
        if is_common and len(self._common) < _VOCABULARY:
            self._common[raw] = found
        else:
            seen[raw] = found
        return found


class Context:
    """The words of a stretch of text, what each looks like, and which of them may stand in one name.

    `plain`: words in the form in which they are weighed. `kinds`: numbers for what they look like; those of capitalised
    words hold the gazetteer's flags. Both go on with words that say "outside", which negative places find, too.
    """

    __slots__ = ("_around", "_could", "_flags_of", "_joins", "kinds", "plain", "words")

    def __init__(self, words: Words, looks: Looks, seen: dict[bytes, Look]) -> None:
        """`seen`: what is known of words from other stretches of the same text."""
        self.words = words
        self._around: dict[int, tuple[int, int]] = {}
        self._flags_of = looks.gazetteer.flags
        plains, kinds, could, joins = zip(*looks.of(words.raw, seen), strict=True)
        self.plain: tuple[bytes, ...] = plains + _AFTER_PLAIN
        self.kinds: list[int] = [*kinds, *_AFTER_KINDS]
        self._could: list[bool] = [*could, False]
        self._joins: list[bool] = [*joins, False]

    def is_joined(self, n: int) -> bool:
        """Nothing but a blank stands before the word, and both it and the one before may be a piece of a name."""
        return self._joins[n] and self._could[n - 1]

    def neighbours(self, n: int) -> tuple[int, int]:
        """The first and the last of the words around word `n`, itself included, that may be of one name with it."""
        known = self._around.get(n)
        if known:
            return known
        joins, could = self._joins, self._could
        first = last = n
        while joins[first] and could[first - 1] and n - first < _REACH:
            first -= 1
        while joins[last + 1] and could[last] and last - n < _REACH:
            last += 1
        if first == last:
            return n, n
        kinds = self.kinds
        while first < n and kinds[first] == PARTICLE:
            first += 1
        while last > n and kinds[last] == PARTICLE:
            last -= 1
        if last - first < _REACH:  # near enough for all of them to have the same neighbours
            around = first, last
            for one in range(first, last + 1):
                self._around[one] = around
        return first, last

    def note_small(self, n: int) -> None:
        """Word `n` is a name written small, as it seems: what the gazetteer says of it counts."""
        self.kinds[n] = _NAME_IN_SMALL | self._flags_of(self.plain[n])
        self._could[n] = True
        self._joins[n] = self.words.raw[n][:1] == b" " and self.kinds[n - 1] >= _TITLE


def _kind_of_lower(word: bytes) -> int:
    """`word` is in lower case, a number or a sign."""
    first = word[:1]
    if first >= b"a" and (first <= b"z" or first >= b"\xc3"):
        return SMALL
    if first.isdigit():
        return _NUMBER
    return _SIGN if word.strip(b"\n\x1e") else _BREAK


def _kind_of_capitalised(word: bytes, flags: int) -> int:
    if len(word) == 1 or word[-1:] == b".":
        return PERSONAL if len(word) > 2 else _INITIAL
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
        crc32(before, crc32(words[n - 2], 9)) & _MASK,
        crc32(ahead, mine + 11) & _MASK,
        crc32(behind, mine + 12) & _MASK,
        crc32(words[first - 2], crc32(ahead, 13)) & _MASK,
        crc32(words[last + 2], crc32(behind, 14)) & _MASK,
        crc32(words[n - 3], 21) & _MASK,
        (kind * 39119 + left * 52711 + 16) & _MASK,
        (kind * 60493 + right * 77747 + 17) & _MASK,
        (kind * 81001 + right * 23603 + kinds[n + 2] * 95219 + 19) & _MASK,
        (kind * 17159 + kinds[first] * 66107 + kinds[last] * 88261 + (n - first) * 4099 + (last - n) * 32771) & _MASK,
    ]
