"""Where it is worth looking for names: one pass of RE2, and the words that make a place or an employer personal."""

from collections.abc import Iterator

from tidegate.core.classify.names.gazetteer import COMMON, COUNTRY, FIRST, LAST, PLACE, Gazetteer
from tidegate.core.classify.names.words import plain
from tidegate.core.classify.patterns import LETTERS, Pattern, compile_pattern

_UPPER = rb"(?:[A-Z]|\xc3[\x80-\x9e]|[\xc4\xc5][\x80-\xbf]|\xce[\x86-\xab]|\xd0[\x80-\xaf]|\xe1[\xba\xbb][\x80-\xbf])"
_SMALL = rb"(?:[a-z]|[\xc3-\xdf][\x80-\xbf]|\xe1[\xb8-\xbf][\x80-\xbf])"
_APOSTROPHE = rb"(?:'|\xe2\x80\x99)"
_CAPITALISED = (
    rb"(?:Mac|Mc|De|Di|La|[OD]" + _APOSTROPHE + rb")?" + _UPPER + _SMALL + rb"+(?:-" + _UPPER + _SMALL + rb"+)*"
)
_BEFORE = rb"(?:^|[ \t\r\n\x1e\"'(\[<>=,;:*|{~#!?+&-]|\xe2\x80[\x98-\x9d])"
_BEHIND = rb"(?:$|[ \t\r\n\x1e\"')\]<>,;:*|}~!?&-]|\xe2\x80[\x98-\x9d\xa6]|\.(?:[^A-Za-z0-9_]|$))"

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
_LONGEST_IDLE = 24
_VOCABULARY = 4096
_AROUND = b" \t\r\n\x1e\"'([<>)=,;:*|{}]~#!?+&-."
_QUOTES = tuple(b"\xe2\x80" + bytes([last]) for last in (0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0xA6))
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
    they tell nothing of anybody, sentences begin with them, and where one stands the gate need not be asked.
    """

    __slots__ = ("_gazetteer", "_idle")

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._idle = {bytes((letter,)) for letter in _ALONE}

    def of(self, data: bytes) -> Iterator[tuple[int, int]]:
        find, at, end = _GATE.find, 0, len(data)
        kinds = data.translate(_KINDS)
        introduced = _INTRODUCED.find(data, 0, end)[0][0]
        worth: dict[bytes, bool] = {}
        while True:
            if 0 <= introduced < at:
                introduced = _INTRODUCED.find(data, at, end)[0][0]
            capital = self._over_idle(data, kinds, at)
            if capital >= 0:
                near = capital - _MOST_BEFORE
                at = max(at, min(near, introduced) if introduced >= 0 else near)
            elif introduced >= 0:
                at = introduced
            else:
                return
            start, stop = find(data, at, end)[0]
            if start < 0:
                return
            start += _BEFORE_LENGTH[data[start]]
            word = data[start:stop].rstrip(_AROUND)
            if word[-3:-1] == b"\xe2\x80":
                word = _without_quotes(word)
            at = start + len(word)
            if at == stop and data[at - 1] in _SMALL_LETTERS and (stop < end or not _is_capitalised(word)):
                at = stop - 1
                yield from _in_lower_case(data, at, self._gazetteer)
                continue
            known = worth.get(word)
            if known is None:
                known = worth[word] = self._is_worth(word)
            if known:
                yield start, at

    def _over_idle(self, data: bytes, kinds: bytes, at: int) -> int:
        """Where the next word with a capital begins that is not known to be idle; -1: nowhere."""
        idle = self._idle
        at = kinds.find(b"A", at)
        while at >= 0:
            end = kinds.find(b" ", at, at + _LONGEST_IDLE)
            if end < 0 or data[at:end] not in idle:
                return at
            at = kinds.find(b"A", end)
        return at

    def _is_worth(self, word: bytes) -> bool:
        flags = self._gazetteer.flags(word.lower() if word.isascii() else plain(word))
        if _is_worth(word, flags):
            return True
        if flags & COMMON and word.isascii() and word.isalpha() and len(self._idle) < _VOCABULARY:
            self._idle.add(word)
        return False


def _is_worth(word: bytes, flags: int) -> bool:
    """A word known as a name, or not known at all; in capitals, given names that are no common word."""
    if word.isupper():
        return flags & (FIRST | COMMON) == FIRST and len(word) > 2
    return bool(flags & _KNOWN) or not flags & COMMON


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
