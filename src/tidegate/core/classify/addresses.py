"""Postal addresses, read word by word: a number, the words of a street, its kind; then unit, place, state, postcode.

Something calls: a number before a capitalised word, a kind of street, a unit, a word such as "address". From there the
address is read forward as far as anything says that it goes on: place names alone do not, what stands behind them may.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from tidegate.core.classify.patterns import ALNUM, DIGITS, compile_pattern, tail_length
from tidegate.core.classify.places import (
    COMMON_STREETS,
    CONNECTORS,
    COUNTRIES,
    DIRECTIONS,
    ENDINGS,
    FOLLOWING,
    LEADING,
    NO_STREETS,
    PROSE,
    STATES,
    STREETS,
    UNITS,
)
from tidegate.core.classify.rows import Hit

LABEL = "pii.address"
PREFIX = rb"(?:\d{1,6} )?\d{1,6}[A-Za-z]?,? (?:[A-Z]|[\xc3-\xdf][\x80-\xbf])[A-Za-z\x80-\xff'.-]*[ ,\n]"
"""RE2: a number, perhaps two, and a capitalised word, as `candidates.py` looks for them."""

_AHEAD_BYTES = 170
_BEHIND_BYTES = 72
_MOST_TOKENS = 26
_STREET_TOKENS = 10
_PUNCTUATION = b".'-&/"
_TOKEN = re.compile(rb"([ \t\r\n,>|?*]{0,12})([0-9A-Za-z\x80-\xff#][0-9A-Za-z\x80-\xff'.&/-]{0,40})")
"""Bounded on both sides, and what separates is never part of a word: no two ways to match."""
_NUMBER = re.compile(rb"#?\d{1,6}[A-Za-z]?(?:[/-]\d{1,4}[A-Za-z]?)?\Z")
_ORDINAL = re.compile(rb"\d{1,3}(?:st|nd|rd|th)\Z")
_POSTCODE = re.compile(
    rb"(?:[A-Z]{1,2}-)?(?:\d{4,6}|\d{4}[A-Z]{2}|\d{5}-\d{3,4}|\d{3}-\d{4}|\d{2}-\d{3}|\d{4}-\d{3})\Z"
)
_HALVES = (
    (re.compile(rb"[A-Za-z]{1,2}\d[A-Za-z\d]?\Z"), re.compile(rb"\d[A-Za-z]{2}\Z")),
    (re.compile(rb"[A-Z]\d[A-Z]\Z"), re.compile(rb"\d[A-Z]\d\Z")),
    (re.compile(rb"\d{3}\Z"), re.compile(rb"\d{2}\Z")),
    (re.compile(rb"\d{4}\Z"), re.compile(rb"[A-Z]{2}\Z")),
)
"""Postcodes of two words: British, Canadian, Czech and Swedish, Dutch."""
_UNIT_NUMBER = re.compile(rb"#?(?:[A-Za-z]?-?\d{1,5}[A-Za-z]?|[A-Z])\Z")
_ABBREVIATED = frozenset(b"st ave av rd blvd ln dr ct pl sq hwy pkwy ter str".split())
_MOST_WORDS = 6
_MOST_NUMBERS = 2
_PLACE_WORDS = 5
_PLAIN, _FIRM, _SURE = 0.7, 0.75, 0.85


class Token(NamedTuple):
    """A word, without punctuation behind it as `bare`, that in lower case as `word`; `gap` separates it from the one
    before.
    """

    gap: bytes
    low: int
    high: int
    text: bytes
    bare: bytes
    word: bytes

    @property
    def end(self) -> int:
        return self.low + len(self.bare)

    @property
    def is_number(self) -> bool:
        return _NUMBER.match(self.bare) is not None

    @property
    def is_name(self) -> bool:
        """Capitalised, of a script without capitals, or an ordinal."""
        first = self.text[0]
        return 0x41 <= first <= 0x5A or first >= 0x80 or _ORDINAL.match(self.bare) is not None


class Street(NamedTuple):
    """The first part of an address: its tokens end before `after`; `kind` says how sure the words are.

    `odd`: a word in lower case stands between capitalised ones, as some languages write and sentences do as well.
    """

    after: int
    kind: str
    odd: bool = False


def numbered(data: bytes, at: int, name: str = "street_address", *, cued: bool = False) -> Hit | None:
    """An address that opens with its number at `at`."""
    tokens = _ahead(data, at, min(len(data), at + _AHEAD_BYTES), _STREET_TOKENS)
    if len(tokens) < 2 or not tokens[0].is_number or data[max(0, at - 1) : at] in _INSIDE:
        return None
    first = 2 if tokens[1].is_number and tokens[1].gap == b" " else 1
    if len(tokens) <= first or tokens[first].word in {b"and", b"of", b"a", b"i"}:
        return None
    lower = not tokens[first].is_name
    street = _street(tokens, first, lower=lower)
    if street.after <= first or (lower and not street.kind):
        return None
    cued = cued or (street.kind in {"common", "ends in number"} and _AT.search(data, max(0, at - 4), at) is not None)
    if not street.kind and first == 1 and len(tokens[0].bare) >= _SHORTEST_POSTCODE:
        hit = _behind_street(data, at, tokens, name)
        if hit:
            return hit
    if _leads_nowhere(street, tokens, cued=cued):
        return None
    tokens = _on(data, at, tokens)
    after, evidence = _rest(tokens, street.after, lower=lower)
    score = _score(street.kind, evidence, cued=cued and street.after - first > 1)
    if (lower and not (evidence or (cued and street.kind) or _is_over(tokens, after))) or (
        street.odd and not (evidence or tokens[street.after - 1].is_number)
    ):
        return None
    return Hit(at, _end(tokens, after), LABEL, score, name) if score else None


def _behind_street(data: bytes, at: int, tokens: list[Token], name: str) -> Hit | None:
    """A postcode at `at` and its town, where a street and its number end right before: Rowanhof 3, 12345 Exampleton."""
    found = _STREET_BEFORE.search(data, max(0, at - _BEHIND_BYTES), at)
    if found is None or not tokens[1].is_name or not tokens[0].bare.isdigit():
        return None
    words = {word.strip(b".").lower() for word in found.group(1).split()[:-1]}
    if words & (NO_STREETS | PROSE | UNITS):
        return None
    after, _ = _rest(tokens, max(2, _town(tokens, 1)), lower=False)
    return Hit(found.start(1), _end(tokens, after), LABEL, _FIRM, name)


def named(data: bytes, at: int, name: str = "street_address", *, cued: bool = False) -> Hit | None:
    """An address that opens with the name of its street at `at`, its number behind it."""
    tokens = _ahead(data, at, min(len(data), at + _AHEAD_BYTES), _STREET_TOKENS)
    if not tokens:
        return None
    lower = not tokens[0].is_name
    street = _street(tokens, 0, lower=lower)
    if not street.after or not tokens[street.after - 1].is_number:
        return None
    tokens = _on(data, at, tokens)
    after, evidence = _rest(tokens, street.after, lower=lower)
    score = _score(street.kind, evidence, cued=cued and street.after > 2)
    if street.odd and not (evidence or street.kind == "kind"):
        return None
    return Hit(at, _end(tokens, after), LABEL, score, name) if score else None


def _score(kind: str, evidence: set[str], *, cued: bool) -> float:
    """What is known of the street and of what follows, as a score; 0 where it is no address."""
    placed = "postcode" in evidence and ("state" in evidence or "country" in evidence)
    if kind == "kind":
        return _SURE if evidence else _FIRM
    if "unit" in evidence or placed or (kind in {"common", "ends in number"} and evidence & {"postcode", "country"}):
        return _SURE if len(evidence) > 1 else _FIRM
    return _PLAIN if cued else 0.0


def _is_over(tokens: list[Token], after: int) -> bool:
    """No word goes on behind it in the same breath."""
    return after >= len(tokens) or tokens[after].gap != b" " or tokens[after - 1].text[-1:] in {b".", b","}


def _street(tokens: list[Token], first: int, *, lower: bool) -> Street:
    """The words of a street from `first` on, to its kind or its number, whichever stands last."""
    best = Street(first, "")
    odd = False
    numbers = 0
    for n in range(first, min(first + _MOST_WORDS + 1, len(tokens))):
        token = tokens[n]
        listed = token.gap == b", " and (n == first or _is_its_number(best, tokens, n))
        if not (n == 0 or token.gap == b" " or listed) or token.word in UNITS or token.word in NO_STREETS:
            break
        if token.is_number and n > first:
            numbers += 1
            if numbers > _MOST_NUMBERS or (lower and first and not best.kind and _goes_on(tokens, n)):
                break
            best = Street(n + 1, best.kind or "ends in number", odd)
        elif _is_kind(tokens, n, first):
            best = Street(n + 1, "kind", odd)
        elif best.kind == "kind" and tokens[first].word not in LEADING:
            break
        elif _is_word(token, lower=lower):
            kind = "common" if n > first and token.word in COMMON_STREETS else best.kind
            best = Street(n + 1, kind, odd) if kind != "kind" or token.is_name else best
        elif n > first and not odd and _may_stand_between(tokens, n):
            odd = True
        else:
            break
    return best


def _is_its_number(street: Street, tokens: list[Token], n: int) -> bool:
    """Rua Augusta, 12."""
    return street.kind == "kind" and tokens[n].is_number and not tokens[n - 1].is_number


def _goes_on(tokens: list[Token], n: int) -> bool:
    """A sentence does: its next word is no unit and on the same line."""
    return n + 1 < len(tokens) and tokens[n + 1].gap == b" " and tokens[n + 1].word not in UNITS


def _may_stand_between(tokens: list[Token], n: int) -> bool:
    behind = tokens[n + 1] if n + 1 < len(tokens) else None
    known = tokens[n].word not in PROSE and _is_alphabetic(tokens[n].bare)
    return known and behind is not None and behind.gap == b" " and (behind.is_name or behind.is_number)


def _is_word(token: Token, *, lower: bool) -> bool:
    if token.is_name or token.word in CONNECTORS or token.word in LEADING:
        return True
    return lower and token.word not in PROSE and _is_alphabetic(token.bare)


def _is_alphabetic(word: bytes) -> bool:
    return word.translate(None, _BEYOND_ASCII).isalpha() or not word.isascii()


def _is_kind(tokens: list[Token], n: int, first: int) -> bool:
    word = tokens[n].word
    if n > first and (word in STREETS or word in FOLLOWING):
        return len(word) > 1 or tokens[n].text == b"u."
    if n == first and word in LEADING and n + 1 < len(tokens):
        if n > 0 and word in _SURE_LEADING:
            return tokens[n + 1].word not in PROSE
        if n == 0 and not tokens[n].is_name and word not in _SURE_LEADING:
            return False
        return tokens[n + 1].is_name or tokens[n + 1].word in CONNECTORS or (n > 0 and not tokens[n].is_name)
    return len(word) > 6 and word.endswith(ENDINGS) and word not in FOLLOWING


def _rest(tokens: list[Token], at: int, *, lower: bool) -> tuple[int, set[str]]:
    """Where an address ends whose street ended before `at`, and what said so."""
    evidence: set[str] = set()
    after = at
    words = 0
    while at < len(tokens) and words <= _PLACE_WORDS:
        size, what = _item(tokens, at)
        if what == "postcode" and what in evidence:
            break
        if what:
            at += size
            after = at
            words = 0
            if what != "direction":
                evidence.add(what)
            if what == "postcode" and not evidence & {"state", "country"}:
                after = at = _town(tokens, at)
        elif tokens[at].is_name or tokens[at].word in CONNECTORS or (lower and _is_place_word(tokens, at)):
            at += 1
            words += 1
        else:
            break
    return after, evidence


def _is_place_word(tokens: list[Token], at: int) -> bool:
    """In a text without capitals: the first word of a place stands behind a comma or on a line of its own."""
    token = tokens[at]
    return (
        token.word not in PROSE
        and _is_alphabetic(token.word)
        and (token.gap != b" " or tokens[at - 1].word not in UNITS)
    )


def _town(tokens: list[Token], at: int) -> int:
    """Behind a postcode that stands first: 10115 Berlin."""
    before = tokens[at - 2] if at > 1 else None
    if before is not None and before.is_name and tokens[at - 1].gap == b" ":
        return at
    while at < len(tokens) and tokens[at].gap == b" " and tokens[at].is_name and not tokens[at].is_number:
        at += 1
        if tokens[at - 1].text.endswith(b"."):
            break
    return at


def _item(tokens: list[Token], at: int) -> tuple[int, str]:
    """What at this place says that the address goes on, and of how many words it is."""
    token = tokens[at]
    behind = tokens[at + 1] if at + 1 < len(tokens) else None
    hashed = token.text.startswith(b"#")
    if hashed and b"\n" in token.gap:
        return 0, ""
    if hashed and _UNIT_NUMBER.match(token.bare):
        return 1, "unit"
    if behind is not None and token.word in UNITS and _UNIT_NUMBER.match(behind.bare):
        return 2, "unit"
    if token.word in DIRECTIONS and token.gap == b" " and token.text[0] < 0x5B:
        return 1, "direction"
    return _postcode(token, behind) or _country(tokens, at) or (0, "")


def _postcode(token: Token, behind: Token | None) -> tuple[int, str] | None:
    if behind is not None and any(a.match(token.bare) and b.match(behind.bare) for a, b in _HALVES):
        return 2, "postcode"
    if _POSTCODE.match(token.bare):
        return 1, "postcode"
    if token.bare in STATES and (b"," in token.gap or b"\n" in token.gap or _opens_postcode(behind)):
        return 1, "state"
    return None


def _country(tokens: list[Token], at: int) -> tuple[int, str] | None:
    for size in (5, 4, 3, 2, 1):
        words = [token.word for token in tokens[at : at + size]]
        if len(words) == size and b" ".join(words) in COUNTRIES:
            return size, "country"
    return None


def _opens_postcode(token: Token | None) -> bool:
    return token is None or token.bare[:1].isdigit() or not token.is_name


def _ahead(data: bytes, at: int, stop: int, most: int) -> list[Token]:
    """Words from `at` on, while nothing but spaces, commas, line ends and quotation marks of mail separate them."""
    tokens: list[Token] = []
    while len(tokens) < most:
        found = _TOKEN.match(data, at, stop)
        if found is None or found.group(1).count(b"\n") > 2:
            break
        gap, text = found.groups()
        bare = text.rstrip(_PUNCTUATION)
        at = found.end()
        tokens.append(Token(gap or b" ", at - len(text), at, text, bare, bare.lower()))
    return tokens


def _on(data: bytes, at: int, tokens: list[Token]) -> list[Token]:
    """The same words and those behind them."""
    if len(tokens) < _STREET_TOKENS:
        return tokens
    return tokens + _ahead(data, tokens[-1].high, min(len(data), at + _AHEAD_BYTES), _MOST_TOKENS - _STREET_TOKENS)


def _leads_nowhere(street: Street, tokens: list[Token], *, cued: bool) -> bool:
    """Nothing in the words says street, and the sentence goes on."""
    if street.kind not in {"", "ends in number"} or cued or street.after >= len(tokens):
        return False
    behind = tokens[street.after]
    return behind.gap == b" " and behind.word not in UNITS


def _end(tokens: list[Token], after: int) -> int:
    """The last word's end: a full stop belongs to it where it is an abbreviation inside the address."""
    last = tokens[after - 1]
    return last.high if last.text == last.bare + b"." and last.word in _ABBREVIATED else last.end


def by_kind(data: bytes, start: int, end: int) -> Iterable[Hit]:
    """Around a kind of street: where it is not found by its number and a capital letter."""
    low, high = _word_around(data, start + (data[start] == 0x20), end)
    word = data[low:high].lower().rstrip(b" .")
    number_first = word in _NUMBER_FIRST
    if number_first and (
        word != data[low:high] or not data[max(0, low - _LINE_BYTES) : low].translate(None, _NOT_DIGITS)
    ):
        return ()
    if not data[max(0, low - _BEHIND_BYTES) : high + _NUMBER_BYTES].translate(None, _NOT_DIGITS):
        return ()
    for number in _numbers_before(data, low):
        hit = numbered(data, number)
        if hit and hit.end >= high:
            return (hit,)
    if number_first:
        return ()
    begin = _name_before(data, low) if word in FOLLOWING else low
    hit = named(data, begin)
    return (hit,) if hit and hit.end > high else ()


def by_unit(data: bytes, start: int, end: int) -> Iterable[Hit]:
    """Around an apartment, a suite, a floor: the street stands before it or, where nothing does, behind it."""
    tokens = _ahead(data, start, min(len(data), start + 64), 3)
    if len(tokens) < 2 or not _UNIT_NUMBER.match(tokens[1].bare) or tokens[1].gap.strip(b" "):
        return ()
    for number in _numbers_before(data, start):
        hit = numbered(data, number, "unit_address")
        if hit and hit.end >= end:
            return (hit,)
        hit = named(data, _name_before(data, number), "unit_address")
        if hit and hit.end >= end:
            return (hit,)
    hit = numbered(data, tokens[2].low, "unit_address", cued=True) if len(tokens) > 2 else None
    return (hit._replace(start=start),) if hit else ()


def by_cue(data: bytes, start: int, end: int) -> Iterable[Hit]:  # noqa: ARG001 - a cue's beginning tells nothing
    """Behind words that an address follows: among the first words, or on the next line."""
    stop = min(len(data), end + _CUE_BYTES)
    if not data[end:stop].translate(None, _NOT_DIGITS) and not _KINDS.is_in(data[end:stop]):
        return ()
    at = end
    for _ in range(_CUE_WORDS):
        found = _LEAD.match(data, at, stop)
        if found is None:
            break
        low, at = found.span(1)
        first = data[low]
        if first in DIGITS:
            hit = numbered(data, low, "address_line", cued=True)
        elif 0x41 <= first <= 0x5A or first >= 0xC3:
            hit = named(data, low, "address_line", cued=True) or _unnumbered(data, low)
        else:
            hit = None
        if hit:
            return (hit,)
    return ()


def _unnumbered(data: bytes, at: int) -> Hit | None:
    """A street without a number: it takes capitals and a kind that is hardly anything else."""
    tokens = _ahead(data, at, min(len(data), at + _AHEAD_BYTES), _STREET_TOKENS)
    street = _street(tokens, 0, lower=False)
    if street.kind != "kind" or street.odd or street.after < 2:
        return None
    last = tokens[street.after - 1]
    if last.word not in STREETS or not last.is_name:
        return None
    tokens = _on(data, at, tokens)
    after, _ = _rest(tokens, street.after, lower=False)
    return Hit(at, _end(tokens, after), LABEL, _PLAIN, "address_line")


def by_corner(data: bytes, start: int, end: int) -> Iterable[Hit]:
    """The corner of one street and another."""
    tokens = _ahead(data, end, min(len(data), end + _AHEAD_BYTES), 12)
    joined = 0
    after = 0
    for n, token in enumerate(tokens):
        if token.word in {b"and", b"&"}:
            joined = n
        elif token.gap == b" " and (
            token.is_name or token.is_number or token.word in CONNECTORS or token.word in STREETS
        ):
            after = n + 1
        else:
            break
    told = tokens[0].is_name or any(
        token.is_number or _is_kind(tokens, n, -1) for n, token in enumerate(tokens[:after])
    )
    if not (0 < joined < after and told):
        return ()
    return (Hit(start, _end(tokens, after), LABEL, _PLAIN, "corner"),)


def placed(data: bytes, start: int, end: int) -> Hit | None:
    """A town before the state and postcode that stand from `start` to `end`."""
    begin = start
    if data[start : start + 2] not in STATES:
        return None
    for _ in range(3):
        found = _TOWN_BEFORE.search(data, max(0, begin - 32), begin)
        if found is None:
            break
        begin = found.start(1)
    return Hit(begin, end, LABEL, _FIRM, "town_state_postcode") if begin < start else None


_NOT_DIGITS = bytes(b for b in range(256) if b not in DIGITS)
_NUMBER_FIRST = STREETS - LEADING - FOLLOWING
_LINE_BYTES = 40
_NUMBER_BYTES = 48
_BEYOND_ASCII = bytes(range(0x80, 0x100)) + b"-'."
_SURE_LEADING = frozenset("rue calle rua r\u00faa avenida ul ulica".encode().split())
_SHORTEST_POSTCODE = 4
_STREET_BEFORE = re.compile(
    rb"(?:\A|[\n\x1e>,:\"] ?)((?:[A-Z]|[\xc3-\xdf][\x80-\xbf])[A-Za-z\x80-\xff'.-]{2,30}"
    rb"(?: [A-Za-z\x80-\xff'.-]{1,30}){0,3} \d{1,4}[A-Za-z]?)(?:,[ \n]|\n ?)\Z"
)
"""A line, or what stands between commas, that is a name and a number."""
_INSIDE = frozenset({b".", b"-", b"_", b"$", b"+"})
"""Behind these a number is a piece of something else."""
_KINDS = compile_pattern(rb"(?:Street|Avenue|Road|Lane|Drive|Boulevard|Court|Terrace|Square|Crescent|Highway)\b")
_CUE_BYTES = 110
_CUE_WORDS = 9
_LEAD = re.compile(rb"[\s:?!=\"'>\x1e,*_(-]{0,8}([0-9A-Za-z\x80-\xff][0-9A-Za-z\x80-\xff'.&/-]{0,30})")
_AT = re.compile(rb"\b[Aa]t \Z")
_NUMBER_BEFORE = re.compile(rb"(?<![0-9A-Za-z.,:/#$_-])\d{1,6}[A-Za-z]?(?:-\d{1,4})?(?=[ ,.\n])")
_NAME_BEFORE = re.compile(rb"((?:[A-Z]|[\xc3-\xdf][\x80-\xbf])[A-Za-z\x80-\xff'.-]{0,24} )\Z")
_TOWN_BEFORE = re.compile(rb"(?:\A|[\s,>\x1e\"])((?:[A-Z]|[\xc3-\xdf][\x80-\xbf])[A-Za-z\x80-\xff'.-]{1,20},?[ \n])\Z")


def _numbers_before(data: bytes, at: int) -> list[int]:
    """Where numbers stand in the line before `at` and in the one before that, the farthest first."""
    low = max(0, at - _BEHIND_BYTES)
    low = max(low, data.rfind(b"\x1e", low, at) + 1)
    return [found.start() for found in _NUMBER_BEFORE.finditer(data, low, at)]


def _name_before(data: bytes, at: int) -> int:
    """Where up to three capitalised words before `at` begin."""
    for _ in range(3):
        found = _NAME_BEFORE.search(data, max(0, at - 26), at)
        if found is None:
            break
        at = found.start()
    return at


def _word_around(data: bytes, start: int, end: int) -> tuple[int, int]:
    """The whole word of which a keyword is the end."""
    before = data[max(0, start - 40) : start]
    return start - tail_length(before, _WORD_BYTES), end


_WORD_BYTES = bytes(b for b in range(256) if b in ALNUM or b >= 0x80 or b in b"'-.")
