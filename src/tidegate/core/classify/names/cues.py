"""Where it is worth looking for names: one pass of RE2, and the words that make a place or an employer personal."""

from collections.abc import Iterator

from tidegate.core.classify.names.gazetteer import COMMON, COUNTRY, FIRST, LAST, PLACE, Gazetteer
from tidegate.core.classify.names.words import plain
from tidegate.core.classify.patterns import ALNUM, LETTERS, Pattern, compile_pattern


def _any_of(signs: bytes) -> bytes:
    return b"[" + b"".join(b"\\x%02x" % sign for sign in signs) + b"]"


_HEADS = (b"Mac", b"Mc", b"De", b"Di", b"La")
"""What a name may have before its second capital."""
_UPPER = rb"(?:[A-Z]|\xc3[\x80-\x9e]|[\xc4\xc5][\x80-\xbf]|\xce[\x86-\xab]|\xd0[\x80-\xaf]|\xe1[\xba\xbb][\x80-\xbf])"
_SMALL = rb"(?:[a-z]|[\xc3-\xdf][\x80-\xbf]|\xe1[\xb8-\xbf][\x80-\xbf])"
_APOSTROPHE = rb"(?:'|\xe2\x80\x99)"
_WORD = _UPPER + _SMALL + b"+"
_CAPITALISED = rb"(?:%b|[OD]%b)?%b(?:-%b)*" % (b"|".join(_HEADS), _APOSTROPHE, _WORD, _WORD)
_BEFORE_SIGNS = b" \t\r\n\x1e\"'([<>=,;:*|{~#!?+&-"
_BEHIND_SIGNS = b" \t\r\n\x1e\"')]<>,;:*|}~!?&-"
_BEFORE = rb"(?:^|" + _any_of(_BEFORE_SIGNS) + rb"|\xe2\x80[\x98-\x9d])"
_BEHIND = rb"(?:$|" + _any_of(_BEHIND_SIGNS) + rb"|\xe2\x80[\x98-\x9d\xa6]|\.(?:[^A-Za-z0-9_]|$))"
_IS_BEFORE = bytes(byte in _BEFORE_SIGNS for byte in range(256))
_IS_BEHIND = bytes(byte in _BEHIND_SIGNS for byte in range(256))
_PRINTED = b"\xe2\x80"
_QUOTES = tuple(_PRINTED + bytes([last]) for last in (0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0xA6))
"""Quotation marks of print, which open and close alike, and the ellipsis, which opens nothing."""
_OPENING_QUOTES, _QUOTES_BEHIND = frozenset(_QUOTES[:-1]), frozenset(_QUOTES)
_FULL_STOP = 0x2E

_INTRODUCING = (
    b"my (?:full |last |first )?name is|name'?s|i am|i'm|this is|call(?:s|ed)? me|named|called|speak to"
    b"|speak with|talk to|dear|hi|hello|hey|regards,|thanks,|cheers,|mr|mrs|ms|dr|miss|signed|sincerely,|patient"
    b"|ich hei\xc3\x9fe|je m'appelle|me llamo|mi chiamo|mijn naam is|meu nome \xc3\xa9"
    b'|(?:first|last|full|sur|given|family)?[ _-]?name"?[ ]?[:=]'
)
"""What a name in lower case must stand behind."""

_INTRODUCTION = rb"(?i:" + _INTRODUCING + rb")[ \n\"]+[a-z]"
_INSIDE = LETTERS + b"-\xe1" + bytes(range(0x80, 0xE0))
_GATE = compile_pattern(
    _BEFORE + rb"(?:" + _INTRODUCTION + rb"|(?:" + _CAPITALISED + rb"|[A-Z][A-Z]+)" + _BEHIND + rb")"
)
"""Without groups, which would cost as much as all the rest: what of a match is the word is told by its ends."""
_INTRODUCED = compile_pattern(_BEFORE + _INTRODUCTION)
_KINDS = bytes(
    ord("A" if byte in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ\xc3\xc4\xc5\xce\xd0\xe1" else "a" if byte in _INSIDE else " ")
    for byte in range(256)
)
"""What the gate's capitals begin with, what its words go on with, and all else."""
_ALONE = b"ABCEFGHIJKLMNPQRSTUVWXYZ"
"""Letters that are no word by themselves, whatever follows; an O or a D may have an apostrophe and a name behind it."""
_MOST_BEFORE = 3
"""Bytes: a quotation mark."""
_LONGEST_PLAIN = 24
_VOCABULARY = 4096
_AROUND = b" \t\r\n\x1e\"'([<>)=,;:*|{}]~#!?+&-."
_NOT_WITH_STOP = _AROUND + ALNUM + b"_"
"""What else stands behind a full stop the gate's word goes on with."""
_BEFORE_LENGTH = [1] * 0xC0 + [0] * 0x22 + [3] + [0] * 0x1D
"""How much of a match stands before the word, by the match's first byte: a quotation mark of print takes three."""
for _letter in LETTERS:
    _BEFORE_LENGTH[_letter] = 0
_SMALL_LETTERS = frozenset(range(ord("a"), ord("z") + 1))
_NAME = FIRST | LAST
_KNOWN = _NAME | PLACE | COUNTRY
_LOWER_NAMES = compile_pattern(rb"(?:[a-z]|[\xc3-\xdf][\x80-\xbf])+")

_SOMEBODY = "i|we|he|she|they|who|wife|husband|mother|father|brother|sister|son|daughter|friend|colleague"
_BY_THE_WAY = "am|is|are|was|were|once|now|currently|still|also|just|originally|used to|have|has|had|been"
_BELONGING = (
    "live[sd]? (?:in|near|at)|living (?:in|near)|from|born in|gr[eo]w up in|rais(?:ed|ing) in|based in|joined"
    "|mov(?:ed?|ing) (?:here )?(?:to|from)|resid(?:e[sd]?|ing) in|stay(?:s|ed|ing)? (?:in|at)"
    "|work(?:s|ed|ing)? (?:at|for)|employed (?:at|by|with)|stud(?:y|ies|ied) (?:at|in)"
)
_CUES = (
    rf"(?:{_SOMEBODY})(?:'m|'re|'s)? (?:(?:{_BY_THE_WAY}) )*(?:{_BELONGING})",
    "my (?:address|employer|company|school|hometown|home town|city|boss at|job at|account (?:at|with))",
    "(?:patient|resident|native|citizen|employee|customer|client|applicant|candidate|student) (?:from|of|at)",
    "born in|residence|resides in|home address|place of birth|birthplace|hometown|employer|employed by",
    "ich (?:wohne|lebe|arbeite|komme)|wohnhaft in|geboren in|j'habite|je (?:vis|travaille|viens)|née? à",
    "vivo en|trabajo en|nací en|abito a|vivo a|lavoro (?:per|presso|a)|nat[oa] a|ik (?:woon|werk)",
    "(?:moro|trabalho|nasci) (?:em|na|no)",
)
PERSONAL_CUES: Pattern = compile_pattern(rf"(?i)(?:^|[^a-z0-9])(?:{'|'.join(_CUES)})(?:$|[^a-z0-9])".encode())
"""What makes a place or an organisation somebody's own: residence, origin, employer."""


class Spots:
    """Words that may be names, from left to right. Known words that name nothing are left out here, for little.

    Of such words those that a language writes small are kept in mind from one text to the next, up to `_VOCABULARY`:
    they tell nothing of anybody, and sentences begin with them. Plain words are read here as the gate would; it is
    asked about all others.
    """

    __slots__ = ("_gazetteer", "_idle")

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._idle = {bytes((letter,)) for letter in _ALONE}

    def of(self, data: bytes) -> Iterator[tuple[int, int]]:
        at, size = 0, len(data)
        kinds = data.translate(_KINDS)
        introduced = _INTRODUCED.find(data, 0, size)[0][0]
        worth: dict[bytes, bool] = {}
        while True:
            if 0 <= introduced < at:
                introduced = _INTRODUCED.find(data, at, size)[0][0]
            start, end = self._plain(data, kinds, at, introduced, worth)
            if end >= 0:
                yield start, end
                at = end
                continue
            start, stop = _GATE.find(data, max(at, start - _MOST_BEFORE), size)[0] if start >= 0 else (-1, -1)
            if start < 0:
                return
            start += _BEFORE_LENGTH[data[start]]
            word = data[start:stop].rstrip(_AROUND)
            if word[-3:-1] == _PRINTED:
                word = _without_quotes(word)
            at = start + len(word)
            if at == stop and data[at - 1] in _SMALL_LETTERS and (stop < size or not _is_capitalised(word)):
                at = stop - 1
                yield from _in_lower_case(data, at, self._gazetteer)
            elif self._is_worth(word, worth):
                yield start, at

    def _plain(self, data: bytes, kinds: bytes, at: int, introduced: int, worth: dict[bytes, bool]) -> tuple[int, int]:
        """From where to where the next word that may be a name stands. Up to -1 where the gate is to be asked: before
        another word with a capital, and where a name in lower case is `introduced`. From -1 where there is neither.
        """
        idle, find = self._idle, kinds.find
        start = find(b"A", at)
        limit = len(data) if introduced < 0 else introduced
        while 0 <= start < limit:
            end = find(b" ", start, start + _LONGEST_PLAIN)
            if end < 0 or (data[end] == _FULL_STOP and data[end + 1 : end + 2].strip(_NOT_WITH_STOP)):
                return start, -1
            word = data[start:end]
            if word not in idle:
                if not word.isalpha() or end - start == 1:
                    return start, -1
                if _stands_alone(data, start, end, at) and _is_gates(word) and self._is_worth(word, worth):
                    return start, end
            start = find(b"A", end)
        return introduced, -1

    def _is_worth(self, word: bytes, worth: dict[bytes, bool]) -> bool:
        """`worth`: what is known of words of this text."""
        known = worth.get(word)
        if known is None:
            flags = self._gazetteer.flags(word.lower() if word.isascii() else plain(word))
            known = worth[word] = _is_worth(word, flags)
            if not known and flags & COMMON and word.isalpha() and len(self._idle) < _VOCABULARY:
                self._idle.add(word)
        return known


def _is_worth(word: bytes, flags: int) -> bool:
    """A word known as a name, or not known at all; in capitals, given names that are no common word."""
    if word.isupper():
        return flags & (FIRST | COMMON) == FIRST and len(word) > 2
    return bool(flags & _KNOWN) or not flags & COMMON


def _is_gates(word: bytes) -> bool:
    """A plain word of the gate's: it has no capitals inside, as names in code have them."""
    if word[1:].islower() or word.isupper():
        return True
    rests = (word[len(head) :] for head in _HEADS if word.startswith(head))
    return any(rest[:1].isupper() and rest[1:].islower() for rest in rests)


def _stands_alone(data: bytes, start: int, end: int, at: int) -> bool:
    """The gate's signs stand before and behind a plain word; what is before `at` belongs to another."""
    if start and not _IS_BEFORE[data[start - 1]] and data[max(at, start - _MOST_BEFORE) : start] not in _OPENING_QUOTES:
        return False
    behind = data[end : end + 3]
    if not behind or _IS_BEHIND[behind[0]]:
        return True
    return behind in _QUOTES_BEHIND or (behind[0] == _FULL_STOP and not (behind[1:2].isalnum() or behind[1:2] == b"_"))


def _is_capitalised(word: bytes) -> bool:
    return b" " not in word and b"\n" not in word and word[:1] != word[:1].lower()


def _without_quotes(word: bytes) -> bytes:
    while word.endswith(_QUOTES):
        word = word[:-3]
    return word.strip(_AROUND)


def _in_lower_case(data: bytes, at: int, gazetteer: Gazetteer) -> Iterator[tuple[int, int]]:
    """Up to three names written small, one behind the other."""
    for _ in range(3):
        span = _LOWER_NAMES.match(data, at, min(len(data), at + 32))[0]
        flags = gazetteer.flags(data[span[0] : span[1]]) if span[0] >= 0 else 0
        if flags & COMMON or not flags & _NAME:
            return
        yield span
        at = span[1] + 1
