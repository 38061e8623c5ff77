"""Postal addresses, read word by word: a number, the words of a street, its kind; then unit, place, state, postcode.

Something calls: a number before a capitalised word, a kind of street, a unit, a word such as "address". From there the
address is read forward as far as anything says that it goes on.
"""

import re
from collections.abc import Iterable

from tidegate.core.classify.localities import UNIT_NUMBER, postcode_size, rest_of, town_end
from tidegate.core.classify.patterns import ALNUM, DIGITS, compile_pattern, tail_length
from tidegate.core.classify.places import FOLLOWING, LEADING, NO_STREETS, PROSE, STATES, STREETS, UNITS
from tidegate.core.classify.rows import IN_VAIN, Hit
from tidegate.core.classify.streets import READABLE, SURE_LEADING, Street, Token, Words, is_kind, is_word, street_of

LABEL = "pii.address"
PREFIX = (
    rb"(?:\d{1,6}[ -])?\d{1,6}[A-Za-z]?,? (?:[A-Z]|\d+(?:st|nd|rd|th) [A-Z]|[\xc3-\xdf][\x80-\xbf])"
    rb"[A-Za-z\x80-\xff'.-]*"
    rb"|\d{4} ?[A-Z]{2}[ \n]+[A-Z]"
)
"""RE2: a number, perhaps two, and a capitalised word, as `candidates.py` looks for them."""
_AHEAD_BYTES = 170
_BEHIND_BYTES = 72
_WORD_REACH_BYTES = 40
_MOST_TOKENS = 26
_ABBREVIATED = frozenset(b"st ave av rd blvd ln dr ct pl sq hwy pkwy ter str".split())
_PLAIN, _FIRM, _SURE = 0.7, 0.75, 0.85
_NOT_DIGITS = bytes(b for b in range(256) if b not in DIGITS)
_NOT_NUMBERED = bytes(b for b in _NOT_DIGITS if b != 0x2F)
_NUMBER_FIRST = STREETS - LEADING - FOLLOWING
_LINE_BYTES = 40
_NUMBER_BYTES = 48
_STREET_BEFORE = re.compile(
    rb"(?:\A|[\n\x1e>,:\"] ?)((?:[A-Z]|[\xc3-\xdf][\x80-\xbf])[A-Za-z\x80-\xff'.-]{0,30}"
    rb"(?: [A-Za-z\x80-\xff'.-]{1,30}){0,3},? "
    rb"(?:\d{1,4}[A-Za-z]?(?:[/-]\d{1,4}[A-Za-z]?)?|S/N))(?:,[ \n]|\n ?)\Z"
)
"""A line, or what stands between commas, that is a name and a number."""
_LONG_NUMBER, _HOUSE_DIGITS, _SHORT_LINE, _LONG_WORD = 2, 3, 4, 6
_PLACES_IN_HOUSES = frozenset(
    (
        b"building terminal level district sector office platform counter cubicle basement elevator station airport"
        b" highway interstate motorway kilometer latitude longitude position offset address register channel camera"
        b" server cluster region division"
    ).split()
)
_LINE_ENDS = frozenset({b"", b"\n", b"\x1e", b",", b'"'})
_INSIDE = frozenset({b".", b"-", b"_", b"$", b"+"})
"""Behind these a number is a piece of something else."""
_KINDS = compile_pattern(rb"(?:Street|Avenue|Road|Lane|Drive|Boulevard|Court|Terrace|Square|Crescent|Highway)\b")
_REPEATED_BYTES, _MOST_REPEATED = 96, 4
_CUE_BYTES = 110
_CUE_WORDS = 9
_CUE_LOOKS = 5
_LEAD = re.compile(rb"[\s:?!=\"'>\x1e,*_(-]{0,8}([0-9A-Za-z\x80-\xff][0-9A-Za-z\x80-\xff'.&/-]{0,30})")
_AT = re.compile(rb"\b[Aa]t \Z")
_NUMBER_BEFORE = re.compile(rb"(?<![0-9A-Za-z.:/#$_-])(?<!\d,)\d{1,6}[A-Za-z]?(?:-\d{1,4})?(?=[ ,.\n])")
_NAME_BEFORE = re.compile(rb"((?:[A-Z]|[\xc3-\xdf][\x80-\xbf])[A-Za-z\x80-\xff'.-]{0,24} )\Z")
_TOWN_BEFORE = re.compile(rb"(?:\A|[\s,>\x1e\"])((?:[A-Z]|[\xc3-\xdf][\x80-\xbf])[A-Za-z\x80-\xff'.-]{1,20},?[ \n])\Z")
_WORD_BYTES = bytes(b for b in range(256) if b in ALNUM or b >= 0x80 or b in b"'-.")


def numbered(data: bytes, at: int, name: str = "street_address", *, cued: bool = False) -> Hit | None:
    """An address that opens with its number at `at`."""
    tokens = Words(data, at, at + _AHEAD_BYTES, _MOST_TOKENS)
    if is_inside(data, at) or not tokens.has(1):
        return None
    hit = _behind_street(data, at, tokens, name)
    if hit or not tokens[0].is_number:
        return hit
    first = 2 if tokens[1].is_number and tokens[1].gap == b" " else 1
    if not tokens.has(first) or tokens[first].word in {b"and", b"of", b"a", b"i"}:
        return None
    lower = _is_lower(tokens[first])
    street = street_of(tokens, first, lower=lower)
    if street.after <= first or (lower and not street.kind):
        return None
    cued = cued or (street.kind in {"common", "ends in number"} and _AT.search(data, max(0, at - 4), at) is not None)
    return None if _leads_nowhere(street, tokens, cued=cued) else _read_on(data, at, tokens, first, street, name, cued)


def is_inside(data: bytes, at: int) -> bool:
    """The number at `at` is a piece of something else: of a decimal, a name, the time of day."""
    before = data[max(0, at - 2) : at]
    return before[-1:] in _INSIDE or (before[-1:] == b":" and before[:1].isdigit())


def _read_on(  # noqa: PLR0917 - the state of one reading
    data: bytes,
    at: int,
    tokens: Words,
    first: int,
    street: Street,
    name: str,
    cued: bool,  # noqa: FBT001 - as its caller was told
) -> Hit | None:
    """The whole address whose street is known, if it is one."""
    lower = _is_lower(tokens[first])
    after, evidence = rest_of(tokens, street.after, lower=lower)
    cued = (cued and street.after - first > 1) or (street.kind == "common" and _is_a_line(data, at, tokens, after))
    score = _score(street.kind, evidence, cued=cued)
    goes_over = lower and not (evidence or cued or _is_over(tokens, after))
    strays = street.odd and not (evidence or tokens[street.after - 1].is_number)
    return Hit(at, _end(tokens, after), LABEL, score, name) if score and not goes_over and not strays else None


def _is_lower(token: Token) -> bool:
    """The words of a text without capitals; French and Spanish kinds are in lower case anyway."""
    return not token.is_name and token.word not in SURE_LEADING


def _behind_street(data: bytes, at: int, tokens: Words, name: str) -> Hit | None:
    """A postcode at `at` and its town, where a street and its number end right before: Rowanhof 3, 12345 Exampleton."""
    ends = data[max(0, at - 8) : at].rstrip(b" ,\n")
    if not (ends[-1:].isdigit() or ends[-2:-1].isdigit() or ends.endswith(b"/N")):
        return None
    size = postcode_size(tokens)
    if not size or not tokens.has(size) or not tokens[size].is_name:
        return None
    found = _STREET_BEFORE.search(data, max(0, at - _BEHIND_BYTES), at)
    if found is None:
        return None
    words = {word.strip(b".").lower() for word in found.group(1).split()[:-1]}
    if words & (NO_STREETS | PROSE | UNITS):
        return None
    after, _ = rest_of(tokens, max(size + 1, town_end(tokens, size)), lower=False)
    return Hit(found.start(1), _end(tokens, after), LABEL, _FIRM, name)


def named(data: bytes, at: int, name: str = "street_address", *, cued: bool = False) -> Hit | None:
    """An address that opens with the name of its street at `at`, its number behind it."""
    tokens = Words(data, at, at + _AHEAD_BYTES, _MOST_TOKENS)
    if not tokens.has(0):
        return None
    lower = not tokens[0].is_name
    street = street_of(tokens, 0, lower=lower)
    if not street.after or (not tokens[street.after - 1].is_number and tokens[0].word not in LEADING):
        return None
    after, evidence = rest_of(tokens, street.after, lower=lower)
    if not tokens[street.after - 1].is_number and "postcode" not in evidence:
        return None
    score = _score(street.kind, evidence, cued=cued and (street.after > 2 or _is_long(tokens)))
    if street.odd and not (evidence or street.kind == "kind"):
        return None
    return Hit(at, _end(tokens, after), LABEL, score, name) if score else None


def _is_long(tokens: Words) -> bool:
    """One word and a number, behind words that an address follows: neither a floor nor a room nor a chapter."""
    known = tokens[0].word in NO_STREETS or tokens[0].word in UNITS or tokens[0].word in _PLACES_IN_HOUSES
    return not known and len(tokens[0].bare) >= _LONG_WORD and len(tokens[1].bare) >= _LONG_NUMBER


def _score(kind: str, evidence: set[str], *, cued: bool) -> float:
    """What is known of the street and of what follows, as a score; 0 where it is no address."""
    placed = "postcode" in evidence and ("state" in evidence or "country" in evidence)
    if kind == "kind":
        return _SURE if evidence else _FIRM
    if "unit" in evidence or placed or (kind in {"common", "ends in number"} and evidence & {"postcode", "country"}):
        return _SURE if len(evidence) > 1 else _FIRM
    return _PLAIN if cued else 0.0


def _is_a_line(data: bytes, at: int, tokens: Words, after: int) -> bool:
    """Nothing but the number, a name or two and a common kind stands in the line, as in an address written in lines."""
    if (at and data[at - 1] not in b'\n\x1e"') or len(tokens[0].bare) < _HOUSE_DIGITS or after > _SHORT_LINE:
        return False
    end = tokens[after - 1].high
    return data[end : end + 1] in _LINE_ENDS


def _is_over(tokens: Words, after: int) -> bool:
    """No word goes on behind it in the same breath."""
    return not tokens.has(after) or tokens[after].gap != b" " or tokens[after - 1].text[-1:] in {b".", b","}


def _leads_nowhere(street: Street, tokens: Words, *, cued: bool) -> bool:
    """Nothing in the words says street, and the sentence goes on."""
    if street.kind not in {"", "ends in number"} or cued or not tokens.has(street.after):
        return False
    behind = tokens[street.after]
    return behind.gap == b" " and behind.word not in UNITS


def _end(tokens: Words, after: int) -> int:
    """The last word's end: a full stop belongs to it where it is an abbreviation inside the address."""
    last = tokens[after - 1]
    return last.high if last.text == last.bare + b"." and last.word in _ABBREVIATED else last.end


def by_kind(data: bytes, start: int, end: int) -> Iterable[Hit]:
    """Around a kind of street: where it is not found by its number and a capital letter."""
    near = data[max(0, start - _WORD_REACH_BYTES - _BEHIND_BYTES) : end + _NUMBER_BYTES]
    if not near.translate(None, _NOT_DIGITS) or _is_repeated(data, start, end):
        return ()
    low, high = _word_around(data, start + (data[start] == 0x20), end)
    word = data[low:high].lower().rstrip(b" .")
    number_first = word in _NUMBER_FIRST
    if number_first and (
        word != data[low:high] or not data[max(0, low - _LINE_BYTES) : low].translate(None, _NOT_DIGITS)
    ):
        return ()
    if not data[max(0, low - _BEHIND_BYTES) : high + _NUMBER_BYTES].translate(None, _NOT_DIGITS):
        return ()
    numbers = _numbers_before(data, low)[-2:]
    for number in numbers:
        hit = numbered(data, number)
        if hit and hit.end >= high:
            return (hit,)
    if number_first:
        return IN_VAIN[len(numbers)]
    hit = None
    if data[low : low + _AHEAD_BYTES].translate(None, _NOT_NUMBERED):  # a number or "s/n", as `named` wants one
        hit = named(data, _name_before(data, low) if word in FOLLOWING else low)
    return (hit,) if hit and hit.end > high else IN_VAIN[len(numbers) + 1]


def by_unit(data: bytes, start: int, end: int) -> Iterable[Hit]:
    """Around an apartment, a suite, a floor: the street stands before it or, where nothing does, behind it."""
    tokens = Words(data, start, start + 64, 3)
    if (
        _is_repeated(data, start, end)
        or not tokens.has(1)
        or not UNIT_NUMBER.match(tokens[1].bare)
        or tokens[1].gap.strip(b" ")
    ):
        return ()
    numbers = _numbers_before(data, start)[-3:]
    for number in numbers:
        hit = numbered(data, number, "unit_address")
        if hit and hit.end >= end:
            return (hit,)
        hit = named(data, _name_before(data, number), "unit_address")
        if hit and hit.end >= end:
            return (hit,)
    hit = None
    if tokens.has(2):
        hit = numbered(data, tokens[2].low, "unit_address", cued=True) or _unnumbered(
            data, tokens[2].low, "unit_address"
        )
    return (hit._replace(start=start),) if hit else IN_VAIN[2 * len(numbers) + (len(tokens) > 2)]


def by_cue(data: bytes, start: int, end: int) -> Iterable[Hit]:
    """Behind words that an address follows: among the first words, or on the next line."""
    stop = min(len(data), end + _CUE_BYTES)
    if _is_repeated(data, start, end):
        return ()
    if not data[end:stop].translate(None, _NOT_DIGITS) and not _KINDS.is_in(data[end:stop]):
        return ()
    at = end
    looks = 0
    for _ in range(_CUE_WORDS):
        found = _LEAD.match(data, at, stop)
        if found is None or looks == _CUE_LOOKS:
            break
        low, at = found.span(1)
        if data[low] in DIGITS:
            hit = numbered(data, low, "address_line", cued=True)
        elif 0x41 <= data[low] <= 0x5A or data[low] >= 0xC3:
            hit = named(data, low, "address_line", cued=True) or _unnumbered(data, low)
        else:
            continue
        looks += 1
        if hit:
            return (hit,)
    return IN_VAIN[looks]


def _unnumbered(data: bytes, at: int, name: str = "address_line") -> Hit | None:
    """A street without a number: it takes capitals and a kind that is hardly anything else."""
    tokens = Words(data, at, at + _AHEAD_BYTES, _MOST_TOKENS)
    street = street_of(tokens, 0, lower=False)
    if street.kind != "kind" or street.odd or street.after < 2:
        return None
    last = tokens[street.after - 1]
    if not last.is_name or not (last.word in STREETS or tokens[0].word in SURE_LEADING):
        return None
    after, _ = rest_of(tokens, street.after, lower=False)
    return Hit(at, _end(tokens, after), LABEL, _PLAIN, name)


def by_corner(data: bytes, start: int, end: int) -> Iterable[Hit]:
    """The corner of one street and another."""
    tokens = Words(data, end, end + _AHEAD_BYTES, 12)
    if _is_repeated(data, start, end):
        return ()
    joined = after = 0
    for n in range(12):
        if not tokens.has(n):
            break
        token = tokens[n]
        if token.gap != b" ":
            break
        if token.word in {b"and", b"&"}:
            joined = n
        elif token.is_number or token.word in STREETS or is_word(token, lower=not tokens[0].is_name):
            after = n + 1
        else:
            break
    told = any(token.is_name or token.is_number or is_kind(tokens, n, -1) for n, token in enumerate(tokens[:after]))
    if not (0 < joined < after and told):
        return IN_VAIN[1]
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


def _is_repeated(data: bytes, start: int, end: int) -> bool:
    """The same word over and over: a text made to cost time, or a column, and no address that was not seen before."""
    return data.count(data[start:end], max(0, start - _REPEATED_BYTES), start) > _MOST_REPEATED


def _numbers_before(data: bytes, at: int) -> list[int]:
    """Where numbers stand before `at`, the farthest first, as far as nothing breaks off an address."""
    low = at - tail_length(data[max(0, at - _BEHIND_BYTES) : at], READABLE)
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
    before = data[max(0, start - _WORD_REACH_BYTES) : start]
    return start - tail_length(before, _WORD_BYTES), end
