"""What follows a street: unit, place, state, postcode, country. Names of places alone say nothing; what stands behind
them may.
"""

import re

from tidegate.core.classify.places import CONNECTORS, COUNTRIES, DIRECTIONS, PROSE, STATES, UNITS
from tidegate.core.classify.streets import Token, Words, is_alphabetic

_POSTCODE = re.compile(
    rb"(?:[A-Z]{1,2}-)?(?:\d{4,6}|\d{8}|\d{4}[A-Z]{2}|[A-Z]\d[A-Z]\d[A-Z]\d|\d{5}-\d{3,4}|\d{3}-\d{4}|\d{2}-\d{3}|\d{4}-\d{3})\Z"
)
_HALVES = (
    (re.compile(rb"[A-Za-z]{1,2}\d[A-Za-z\d]?\Z"), re.compile(rb"\d[A-Za-z]{2}\Z")),
    (re.compile(rb"[A-Z]\d[A-Z]\Z"), re.compile(rb"\d[A-Z]\d\Z")),
    (re.compile(rb"\d{3}\Z"), re.compile(rb"\d{2}\Z")),
    (re.compile(rb"\d{4}\Z"), re.compile(rb"[A-Z]{2}\Z")),
)
"""Postcodes of two words: British, Canadian, Czech and Swedish, Dutch."""
UNIT_NUMBER = re.compile(rb"#?(?:[A-Za-z]?-?\d{1,5}[A-Za-z]?|[A-Z])\Z")
_COUNTRY_HEADS = frozenset(country.partition(b" ")[0] for country in COUNTRIES)
_PLACE_WORDS = 5
_PLAIN, _FIRM, _SURE = 0.7, 0.75, 0.85


def rest_of(tokens: Words, at: int, *, lower: bool) -> tuple[int, set[str]]:
    """Where an address ends whose street ended before `at`, and what said so."""
    evidence: set[str] = set()
    after = at
    words = 0
    while words <= _PLACE_WORDS and tokens.has(at):
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
                after = at = town_end(tokens, at)
        elif tokens[at].is_name or tokens[at].word in CONNECTORS or _is_place(tokens, at, lower=lower):
            at += 1
            words += 1
        else:
            break
    return after, evidence


def _is_place(tokens: Words, at: int, *, lower: bool) -> bool:
    """Not capitalised: in a text without capitals, or a line or item of its own."""
    return (lower or tokens[at].gap != b" ") and _is_place_word(tokens, at)


def _is_place_word(tokens: Words, at: int) -> bool:
    """In a text without capitals: behind a unit the first word of a place stands on a line of its own."""
    token = tokens[at]
    return (
        token.word not in PROSE
        and is_alphabetic(token.word)
        and (token.gap != b" " or tokens[at - 1].word not in UNITS)
    )


def town_end(tokens: Words, at: int) -> int:
    """Behind a postcode that stands first: 10115 Berlin."""
    before = tokens[at - 2] if at > 1 else None
    if before is not None and before.is_name and tokens[at - 1].gap == b" ":
        return at
    while tokens.has(at) and tokens[at].gap == b" " and tokens[at].is_name and not tokens[at].is_number:
        at += 1
        if tokens[at - 1].text.endswith(b"."):
            break
    return at


def _item(tokens: Words, at: int) -> tuple[int, str]:
    """What at this place says that the address goes on, and of how many words it is."""
    token = tokens[at]
    behind = tokens[at + 1] if tokens.has(at + 1) else None
    hashed = token.text.startswith(b"#")
    if hashed and b"\n" in token.gap:
        return 0, ""
    if hashed and UNIT_NUMBER.match(token.bare):
        return 1, "unit"
    if behind is not None and token.word in UNITS and UNIT_NUMBER.match(behind.bare):
        return 2, "unit"
    if token.word in DIRECTIONS and token.gap == b" " and token.text[0] < 0x5B:
        return 1, "direction"
    return _postcode(token, behind) or _country(tokens, at) or (0, "")


def _postcode(token: Token, behind: Token | None) -> tuple[int, str] | None:
    if token.bare.isalpha():
        known = token.bare in STATES and (b"," in token.gap or b"\n" in token.gap or _opens_postcode(behind))
        return (1, "state") if known else None
    if behind is not None and any(a.match(token.bare) and b.match(behind.bare) for a, b in _HALVES):
        return 2, "postcode"
    if _POSTCODE.match(token.bare):
        return 1, "postcode"
    return None


def _country(tokens: Words, at: int) -> tuple[int, str] | None:
    if tokens[at].word not in _COUNTRY_HEADS:
        return None
    tokens.has(at + 4)
    for size in (5, 4, 3, 2, 1):
        words = [token.word for token in tokens[at : at + size]]
        if len(words) == size and b" ".join(words) in COUNTRIES:
            return size, "country"
    return None


def postcode_size(tokens: Words) -> int:
    """How many of the first words are a postcode; 0: none."""
    found = _postcode(tokens[0], tokens[1] if tokens.has(1) else None) if tokens.has(0) else None
    return found[0] if found and found[1] == "postcode" else 0


def _opens_postcode(token: Token | None) -> bool:
    return token is None or token.bare[:1].isdigit() or not token.is_name
