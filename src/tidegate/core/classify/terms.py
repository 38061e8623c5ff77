"""The user's own words: any number of them, found in one Aho-Corasick pass over text in lower case.

A word is looked for as a reader would see it: folded, in either Unicode form, and, where case is ignored, in every
case that a text writes it in. A phrase may be wrapped, indented, or written with dashes and underscores for its spaces.
"""

import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import islice, product
from typing import Any, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from tidegate.core.classify.fold import Folded, fold, unescape
from tidegate.core.classify.own_patterns import OwnPattern, OwnPatterns
from tidegate.core.classify.patterns import compile_pattern
from tidegate.core.classify.rows import CERTAIN, EDGE, Hit

MOST_TERM_BYTES = 200
MOST_TERMS = 250_000
MOST_HITS = 100_000
"""In one text; beyond it the detector gives up, which makes the request `unknown`."""

_SCORE = 0.95
_SLICE_BYTES = 1 << 20
_MOST_CASED = 4
_DENSE_BYTES = 40_000
_GAPS = bytes(0x20 if byte in b"\t\n\x0b\x0c\r_-" else byte for byte in range(256))
_RUN = compile_pattern(rb" {2,}")
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x2E80, 0xA4CF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
"""Thai, Lao, Burmese, Khmer, and what Chinese and Japanese are written in: words there touch each other."""

assert _SCORE < CERTAIN
assert MOST_TERM_BYTES < EDGE


class Words(NamedTuple):
    """Words that bear one label. `whole`: as whole words only. `exact`: in the case they are written in."""

    label: str
    name: str
    words: tuple[str, ...]
    exact: bool = False
    whole: bool = True


class TooManyHitsError(Exception):
    """More finds in one text than anybody would look at."""


class TermsFinder:
    """Words and patterns of all dictionaries. Immutable after construction."""

    name = "own_terms"

    def __init__(self, words: Sequence[Words] = (), patterns: Sequence[OwnPattern] = ()) -> None:
        """Raises ValueError for a word that is nothing once it is folded, and re2.error for a broken pattern."""
        self.labels = frozenset(rule.label for rule in words) | {rule.label for rule in patterns}
        self.version = _digest(words, patterns)
        self._single = _Automaton(words, phrases=False)
        self._phrases = _Automaton(words, phrases=True)
        self._patterns = OwnPatterns(patterns)

    def hits(self, data: bytes, lower: bytes) -> list[Hit]:
        """Raises TooManyHitsError."""
        found = list(islice(self._all(data, lower), MOST_HITS + 1))
        if len(found) > MOST_HITS:
            raise TooManyHitsError
        return found

    def _all(self, data: bytes, lower: bytes) -> Iterator[Hit]:
        if self._single:
            yield from self._single.hits(data, lower)
        if self._phrases and self._phrases.may_stand_in(lower):
            yield from self._wrapped(data, lower.translate(_GAPS))
        yield from self._patterns.hits(data, lower)

    def _wrapped(self, data: bytes, spaced: bytes) -> Iterator[Hit]:
        if b"  " not in spaced:
            yield from self._phrases.hits(data, spaced)
            return
        if not self._phrases.is_in(_spaced(spaced)):  # by far the most often: where it would stand is not worked out
            return
        squeezed = Folded(spaced, ((low, high, b" ") for low, high in _RUN.spans(spaced)))
        yield from self._phrases.hits(data, squeezed.data, squeezed)


def labels_in(finder: TermsFinder, text: str) -> frozenset[str]:
    """Labels that `finder` finds in one plain text, its hidden forms made plain."""
    source = text.encode("utf-8", "replace")
    folded = fold(source)
    data = unescape(folded.data if folded else source)
    return frozenset(hit.label for hit in finder.hits(data, data.lower()))


def plain(word: str) -> str:
    """A word as texts are searched for it; empty where nothing of it can be seen."""
    source = " ".join(word.split()).encode("utf-8", "replace")
    folded = fold(source)
    return (folded.data if folded else source).decode().strip()


class _Automaton:
    """One automaton, and whose each of its keys is. Arrays, because a hundred thousand words are nothing special."""

    def __init__(self, words: Sequence[Words], *, phrases: bool) -> None:
        self._rules = tuple(rule._replace(words=()) for rule in words)
        number: dict[bytes, int] = {}
        owners: dict[int, list[int]] = {}
        self._written: dict[tuple[int, int], set[bytes]] = {}
        for place, rule in enumerate(words):
            for word in rule.words:
                if (b" " in _spaced(plain(word).encode())) is not phrases:
                    continue
                for form in _forms(word, exact=rule.exact):
                    key = number.setdefault(_key(form, phrases=phrases), len(number))
                    if place not in owners.setdefault(key, []):
                        owners[key].append(place)
                    if rule.exact:
                        self._written.setdefault((key, place), set()).add(_spaced(form) if phrases else form)
        self._first = array("I", (owners[key][0] for key in range(len(number))))
        self._others = {key: tuple(places[1:]) for key, places in owners.items() if len(places) > 1}
        self._longest = max(map(len, number), default=0)
        self._found = _search(list(number)) if number else None
        self._as_key = _spaced if phrases else bytes
        longest_words = {max(key.split(), key=len) for key in number} if phrases else set()
        self._found_word = _search(sorted(longest_words)) if longest_words else None

    def __bool__(self) -> bool:
        return self._found is not None

    def may_stand_in(self, lower: bytes) -> bool:
        """Whether the longest word of some phrase is there at all: far cheaper than to make the gaps alike first."""
        assert self._found_word is not None
        return bool(self._found_word(lower[:_SLICE_BYTES])) or len(lower) > _SLICE_BYTES

    def is_in(self, view: bytes) -> bool:
        return next(self._matches(view), None) is not None

    def hits(self, data: bytes, view: bytes, squeezed: Folded | None = None) -> Iterator[Hit]:
        """Hits in `data`; `view` is what is searched, `squeezed` leads from its places to those of `data`."""
        for key, low, high in self._matches(view):
            start, end = squeezed.span(low, high) if squeezed else (low, high)
            for place in (self._first[key], *self._others.get(key, ())):
                rule = self._rules[place]
                if rule.exact and self._as_key(data[start:end]) not in self._written[key, place]:
                    continue
                if not rule.whole or stands_alone(data, start, end):
                    yield Hit(start, end, rule.label, _SCORE, f"own:{rule.name}")

    def _matches(self, view: bytes) -> Iterator[tuple[int, int, int]]:
        """In slices: a long text that is all matches must not become one list of them."""
        assert self._found is not None
        for low in range(0, len(view), _SLICE_BYTES):
            base = max(0, low - self._longest + 1)
            for key, start, end in self._found(view[base : low + _SLICE_BYTES], overlapping=True):
                if base + end > low:
                    yield key, base + start, base + end


def _search(keys: list[bytes]) -> Any:
    """A table for few keys, which is three times as fast; for many it would take hundreds of megabytes."""
    few = sum(map(len, keys)) <= _DENSE_BYTES
    return BytesAhoCorasick(
        keys, implementation=Implementation.DFA if few else Implementation.ContiguousNFA
    ).find_matches_as_indexes


def _digest(words: Sequence[Words], patterns: Sequence[OwnPattern]) -> str:
    said = sha256()
    for rule in (*words, *patterns):
        said.update(repr(rule).encode())
    return said.hexdigest()[:16]


def _spaced(form: bytes) -> bytes:
    return b" ".join(form.translate(_GAPS).split())


def _key(form: bytes, *, phrases: bool) -> bytes:
    """What is looked for: in lower case, which for bytes is that of ASCII alone."""
    return (_spaced(form) if phrases else form).lower()


def _forms(word: str, *, exact: bool) -> set[bytes]:
    """As bytes of folded text: composed and decomposed, and in the cases that a writer might choose."""
    if word.isascii():  # one form, because keys are lower case anyway
        return {plain(word).encode()}
    cased = {word} if exact else {word, word.lower(), word.upper(), word.title(), word.capitalize(), *_mixed(word)}
    forms = {plain(unicodedata.normalize(form, one)).encode() for one in cased for form in ("NFC", "NFD")}
    if b"" in forms:
        raise ValueError("a word of which nothing can be seen")
    return forms


def _mixed(word: str) -> Iterator[str]:
    """Letters beyond ASCII in either case each: only ASCII is in lower case where words are looked for."""
    composed = unicodedata.normalize("NFC", word)
    if composed.isascii():
        return
    choices = [sorted({c, c.lower(), c.upper()}) if not c.isascii() else [c] for c in composed]
    if sum(len(choice) > 1 for choice in choices) <= _MOST_CASED:
        yield from map("".join, product(*choices))


def stands_alone(data: bytes, start: int, end: int) -> bool:
    """No letter or digit goes on before or behind the span, in whatever script that has spaces."""
    return not (_joins(_last(data[:start][-4:]), _first(data[start : start + 4]))) and not (
        _joins(_first(data[end : end + 4]), _last(data[max(start, end - 4) : end]))
    )


def _joins(outer: str, inner: str) -> bool:
    return outer.isalnum() and inner.isalnum() and not (_is_unspaced(inner) or _is_unspaced(outer))


def _is_unspaced(char: str) -> bool:
    return any(low <= ord(char) <= high for low, high in _UNSPACED)


def _first(piece: bytes) -> str:
    return piece.decode("utf-8", "ignore")[:1]


def _last(piece: bytes) -> str:
    return piece.decode("utf-8", "ignore")[-1:]
