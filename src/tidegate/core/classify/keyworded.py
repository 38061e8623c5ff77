"""Rows that a keyword calls: one Aho-Corasick pass over lower-cased text, then a bounded look at each place."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from tidegate.core.classify import named, tokens
from tidegate.core.classify.entropy import is_placeholder, random_part
from tidegate.core.classify.limits import ADDRESS, Looks
from tidegate.core.classify.patterns import ALNUM, DIGITS, IS_ALNUM, compile_pattern, ends_word, run_length
from tidegate.core.classify.rows import Called, Cued, DetectorFailedError, Hit, InVain, Prefixed

_Look = Callable[[bytes, int, int], Iterable[Hit]]
_NOT_DIGITS = bytes(b for b in range(256) if b not in DIGITS)
_FEWEST_DISTINCT = 6
_TELLING_PREFIX = 8
_LONGEST_TOKEN_BYTES = 4096
_TOKEN_EDGES = b"._-,"


_CODED = (
    (b"-----begin", "private_key", tokens.private_key),
    (b"://", "connection_string", tokens.connection_string),
    (b"eyj", "jwt", tokens.jwt),
)


class _Call(NamedTuple):
    """What one keyword calls, and how it must stand in the text."""

    name: str
    look: _Look
    from_word_start: bool
    to_word_end: bool


class Keyworded:
    """Immutable after construction."""

    def __init__(self, rows: Iterable[Prefixed | Cued | Called]) -> None:
        calls: dict[bytes, list[_Call]] = {}
        for keyword, name, look in _CODED:
            calls[keyword] = [_Call(name, _single(look), from_word_start=False, to_word_end=False)]
        rows = tuple(rows)
        worded = chain.from_iterable(_worded(row) for row in rows if not isinstance(row, Prefixed))
        for keyword, call in chain(_prefixed(row for row in rows if isinstance(row, Prefixed)), worded):
            calls.setdefault(keyword, []).append(call)
        self._calls = tuple((all(call.from_word_start for call in called), tuple(called)) for called in calls.values())
        """By keyword; first whether all of them want it at a word's start, as most do."""
        self._automaton = BytesAhoCorasick(list(calls), implementation=Implementation.DFA)

    def hits(self, data: bytes, lower: bytes, looks: Looks | None = None, first: int = 0) -> Iterator[Hit]:
        """What the rows find; `lower` is `data` in lower case, `first` where the first run may be that `named` looks
        for, -1 for nowhere. Raises DetectorFailedError and OverrunError.
        """
        yield from self._called(data, lower, looks or Looks(len(data)))
        if first >= 0:
            try:
                yield from named.hits(data, lower, first)
            except Exception as error:
                raise DetectorFailedError(named.NAME) from error

    def _called(self, data: bytes, lower: bytes, looks: Looks) -> Iterator[Hit]:
        """A place inside a row's last find is not looked at again."""
        size = len(data)
        all_calls = self._calls
        done: dict[str, int] = {}
        for index, start, end in self._automaton.find_matches_as_indexes(lower, overlapping=True):
            inside = start > 0 and IS_ALNUM[data[start - 1]]
            always_from_start, calls = all_calls[index]
            if inside and always_from_start:
                continue
            for name, look, from_word_start, to_word_end in calls:
                if inside and from_word_start:
                    continue
                if to_word_end and end < size and IS_ALNUM[data[end]]:
                    continue
                if done and start < done.get(name, 0):
                    continue
                try:
                    found = look(data, start, end)
                    for hit in found:
                        done[name] = hit.end
                        yield hit
                except Exception as error:
                    raise DetectorFailedError(name) from error
                if type(found) is InVain:
                    looks.count(found.readings * ADDRESS)


def _single(look: Callable[[bytes, int], Hit | None]) -> _Look:
    def one(data: bytes, start: int, end: int) -> Iterable[Hit]:  # noqa: ARG001 - where the keyword ends tells nothing here
        hit = look(data, start)
        return (hit,) if hit else ()

    return one


class _Token(NamedTuple):
    """A row behind one of its prefixes. `wordy`: names in code may begin with it as well."""

    row: Prefixed
    alphabet: bytes
    wordy: bool


def _prefixed(rows: Iterable[Prefixed]) -> Iterator[tuple[bytes, _Call]]:
    """One look for all rows that share a prefix."""
    tokens: dict[bytes, list[_Token]] = {}
    for row in rows:
        for text in row.prefixes:
            wordy = len(text) < _TELLING_PREFIX and "g" in row.alphabet
            tokens.setdefault(text.encode(), []).append(_Token(row, row.alphabet.encode(), wordy))
    for prefix, sharing in tokens.items():
        name = " ".join(dict.fromkeys(token.row.name for token in sharing))
        yield prefix.lower(), _Call(name, _behind_prefix(prefix, sharing), prefix[0] in ALNUM, to_word_end=False)


def _behind_prefix(prefix: bytes, tokens: Sequence[_Token]) -> _Look:
    least = min(token.row.least for token in tokens)
    letters = b"".join(token.alphabet for token in tokens)
    telling = len(prefix) >= _TELLING_PREFIX

    def look(data: bytes, start: int, end: int) -> Iterable[Hit]:
        head = data[end : end + least]
        if data[start:end] != prefix or len(head) < least or head.lstrip(letters):
            return ()
        found = (_token(token, data, start, end, telling=telling) for token in tokens)
        return [hit for hit in found if hit]

    return look


def _token(token: _Token, data: bytes, start: int, end: int, *, telling: bool) -> Hit | None:
    row, alphabet, wordy = token
    chunk = data[end : end + row.most + 1]
    body = chunk[: run_length(chunk, alphabet)]
    if len(body) < row.least or (wordy and data[start - 1 : start] == b"_"):  # the end of a longer name
        return None
    if not telling and len(set(body[: row.least])) < _FEWEST_DISTINCT:
        return None
    if len(body) > row.least:
        body = body[: row.least] + body[row.least :].rstrip(_TOKEN_EDGES)
    stop = end + len(body)
    if len(body) > row.most or not ends_word(data, stop):
        return None
    if len(body) <= _LONGEST_TOKEN_BYTES and not _is_generated(body.decode("ascii"), wordy=wordy):
        return None
    return Hit(start, stop, row.label, row.score, row.name)


def _is_generated(body: str, *, wordy: bool) -> bool:
    """No placeholder, and behind a prefix that names in code may begin with as well, no words."""
    if is_placeholder(body):
        return False
    one_case = body.isalpha() and (body.islower() or body.isupper())
    return not wordy or (not one_case and 2 * len(random_part(body)) >= len(body))


def _worded(row: Cued | Called) -> Iterator[tuple[bytes, _Call]]:
    look = row.look if isinstance(row, Called) else _around(row) if row.around else _behind(row)
    for text in row.keywords:
        keyword = text.strip("*").encode()
        yield (
            keyword,
            _Call(
                row.name,
                look,
                from_word_start=text[0] != "*" and keyword[0] in ALNUM,
                to_word_end=text[-1] != "*" and keyword[-1] in ALNUM,
            ),
        )


def _behind(row: Cued) -> _Look:
    pattern = compile_pattern(row.pattern.encode("latin-1"))
    reach, digits = row.reach, row.digits

    def look(data: bytes, start: int, end: int) -> Iterable[Hit]:
        if digits and not data[start : end + reach].translate(None, _NOT_DIGITS):
            return ()
        stop = min(len(data), end + reach)
        low, high = pattern.match(data, start, stop)[1]
        return (_hit(row, low, high),) if _holds(row, data, low, high, stop) else ()

    return look


def _around(row: Cued) -> _Look:
    pattern = compile_pattern(row.pattern.encode("latin-1"))
    reach, digits = row.reach, row.digits

    def look(data: bytes, start: int, end: int) -> list[Hit]:
        first, stop = max(0, start - reach), min(len(data), end + reach)
        if digits and not data[first:stop].translate(None, _NOT_DIGITS):
            return []
        hits: list[Hit] = []
        while True:
            (_, end), (low, high) = pattern.find(data, first, stop)
            if end < 0:
                return hits
            if _holds(row, data, low, high, stop):
                hits.append(_hit(row, low, high))
            first = end

    return look


def _hit(row: Cued, low: int, high: int) -> Hit:
    return Hit(low, high, row.label, row.score, row.name)


def _holds(row: Cued, data: bytes, low: int, high: int, stop: int) -> bool:
    """The group took part, was not cut where the look ended, and passes the row's check."""
    if low < 0 or (high == stop and not ends_word(data, high)):
        return False
    return row.valid is None or row.valid(data[low:high].decode("utf-8", "replace"))
