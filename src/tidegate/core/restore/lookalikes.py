"""Surrogates as they come back: values that look like values, found by what they are made of, wherever they stand.

A surrogate is looked for by its letters and digits alone, so that capitals, spaces and other separators do not hide it.
It counts as found only where it is a word of its own, with nothing but separators between its pieces; a date or a
machine's address only where its pieces are the same. What could have been two surrogates is neither.
"""

import json as stdlib_json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from tidegate.core.values.surrogates import plain

SLACK = 6
"""How many characters longer than the longest surrogate a garbled one may be."""

_MIN_GAP = 3
_ESCAPED = 5
"""How much longer an escape is than what it means."""
_MIN_REGROUPED = 9
_BETWEEN_NAMES = str.maketrans("", "", " -_\u00a0\u2010\u2011")
_BETWEEN_DIGITS = str.maketrans("", "", " -_\u00a0\u2010\u2011.()/,\u2013\u00b7")
_POSITIONAL = re.compile(r"[.:/]|\A\d{1,4}-\d{1,2}-\d{1,4}\Z")
"""In these what stands between the pieces says which piece is which."""
_JOINS = frozenset("._-@%'\u2019")
_PLURALS = ("s", "es")
_CUT_PLURALS = ("s", "e", "es")
_WORD = re.compile(r"[^\W_]+")
_JSON_UNIT = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([^u]))|([^\W_]+)|\\u?[0-9a-fA-F]{0,3}\Z", re.DOTALL)


class Lookalike(NamedTuple):
    """`value`: what the surrogate stands for; None where it could be another's."""

    begin: int
    end: int
    value: str | None


class Found(NamedTuple):
    """`whole`: leftmost first, and the longest of those. `begun`: where one may be in the making at the text's end.

    `around`: the text as its neighbours see it, escapes replaced by what they mean to them.
    """

    whole: list[Lookalike]
    begun: list[int]
    around: str


class _Surrogate(NamedTuple):
    token: str
    value: str


class Lookalikes:
    """Finds the surrogates of one request. `json`: in JSON text, escapes and all."""

    def __init__(self, surrogates: Mapping[str, str], *, json: bool = False) -> None:
        self._json = json
        self._by_plain: dict[str, list[_Surrogate]] = {}
        for token, value in surrogates.items():
            bare = _without_frame(token, value)
            if plain(bare.token) and bare.value:
                self._by_plain.setdefault(plain(bare.token), []).append(bare)
        self._plains = list(self._by_plain)
        self._search = AhoCorasick(self._plains) if self._plains else None
        tokens = [each.token for same in self._by_plain.values() for each in same]
        written = [stdlib_json.dumps(token)[1:-1] for token in tokens] if json else tokens
        self.room = max(map(len, written), default=0) + SLACK
        """Characters that one may have, garbled or not, and so the most that is held back for one."""
        gaps = [len(gap) for token in tokens for gap in re.findall(r"[\W_]+", token)]
        self._gap = max((_MIN_GAP, *gaps)) + (_ESCAPED if json else 0)

    def __bool__(self) -> bool:
        return self._search is not None

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        return frozenset(bare[:end] for bare in self._plains for end in range(1, len(bare)))

    def search(self, text: str, before: str, *, last: bool) -> Found:
        """`before`: up to two characters that stood before the text. `last`: nothing comes after it."""
        if self._search is None:
            return Found([], [], text)
        reading = _Reading(text, before, json=self._json)
        whole: list[Lookalike] = []
        begun: list[int] = []
        for which, start, end in self._search.find_matches_as_indexes(reading.plain, overlapping=True):
            first = reading.word_at(start)
            if first is None or reading.is_joined_before(first):
                continue
            span = self._span(reading, self._plains[which], first, end, last=last)
            if span == _PENDING:
                begun.append(reading.begins[first])
            elif span is not None and (found := self._identified(reading, self._plains[which], span)):
                whole.append(found)
        if not last:
            begun.extend(self._beginnings(reading))
        whole.sort(key=lambda each: (each.begin, -each.end))
        return Found(whole, sorted(begun), reading.around)

    def _span(
        self, reading: "_Reading", bare: str, first: int, plain_end: int, *, last: bool
    ) -> tuple[int, int] | None:
        """Where it stands in the text; None where it is part of something else."""
        final = reading.word_over(plain_end - 1)
        rest = reading.rest_of(final, plain_end)
        begin, end = reading.begins[first], reading.ends[final] - len(rest)
        if end - begin > self.room or any(gap > self._gap for gap in reading.gaps(first, final)):
            return None
        may_end = reading.may_end(final, rest, is_name=bare.isalpha(), last=last)
        if may_end is None:
            return _PENDING
        return (begin, end) if may_end else None

    def _identified(self, reading: "_Reading", bare: str, span: tuple[int, int]) -> Lookalike | None:
        raw = reading.meaning(*span)
        same = self._by_plain[bare]
        for each in same:
            if each.token == raw:
                return Lookalike(*span, each.value)
        likely = [each for each in same if _is_garbled(raw, each.token)]
        if not likely:
            return None
        values = {plain(each.value) for each in likely}
        return Lookalike(*span, likely[0].value if len(values) == 1 else None)

    def _beginnings(self, reading: "_Reading") -> Iterator[int]:
        """Words at the end that a surrogate may begin with."""
        if reading.end < len(reading.around):
            yield reading.end
        if not reading.begins or reading.end - reading.ends[-1] > self._gap:
            return
        for word in range(len(reading.begins) - 1, -1, -1):
            begin = reading.begins[word]
            if reading.end - begin > self.room:
                return
            if reading.plain[reading.starts[word] :] in self._prefixes:
                yield begin


_PENDING = (-1, -1)
"""It stands there, but what follows has not come yet."""


class _Reading:
    """A text's letters and digits, and the words that they stand in."""

    __slots__ = ("_before", "_json", "_text", "around", "begins", "end", "ends", "plain", "starts")

    def __init__(self, text: str, before: str, *, json: bool) -> None:
        self._text, self._before = text, before
        self._json = json and "\\" in text
        self.around, self.end = text, len(text)
        self.starts: list[int] = []
        """Of each word within the plain text; `begins` and `ends` are the text's."""
        self.begins: list[int] = []
        self.ends: list[int] = []
        self.plain = self._read_json() if self._json else self._read()

    def _read(self) -> str:
        plains: list[str] = []
        size = 0
        for word in _WORD.finditer(self._text):
            size += self._add(plains, word[0], size, word.start(), word.end())
        return "".join(plains)

    def _read_json(self) -> str:
        plains: list[str] = []
        around = list(self._text)
        size = 0
        for unit in _JSON_UNIT.finditer(self._text):
            code, char, word = unit.groups()
            begin, end = unit.span()
            if code is None and char is None and word is None:
                self.end = begin
                break
            letters = word or (chr(int(code, 16)) if code else "")
            if letters.isalnum():
                size += self._add(plains, letters, size, begin, end)
            if not word:
                around[begin:end] = (letters if letters.isalnum() else " ") * (end - begin)
        self.around = "".join(around)
        return "".join(plains)

    def _add(self, plains: list[str], letters: str, size: int, begin: int, end: int) -> int:
        lower = letters.lower()
        if len(lower) != len(letters):
            lower = letters
        plains.append(lower)
        if self.ends and self.ends[-1] == begin:
            self.ends[-1] = end
        else:
            self.starts.append(size)
            self.begins.append(begin)
            self.ends.append(end)
        return len(lower)

    def word_at(self, start: int) -> int | None:
        index = bisect_right(self.starts, start) - 1
        return index if index >= 0 and self.starts[index] == start else None

    def word_over(self, at: int) -> int:
        return bisect_right(self.starts, at) - 1

    def gaps(self, first: int, final: int) -> Iterator[int]:
        return (self.begins[index + 1] - self.ends[index] for index in range(first, final))

    def rest_of(self, word: int, plain_end: int) -> str:
        until = self.starts[word + 1] if word + 1 < len(self.starts) else len(self.plain)
        return self.plain[plain_end:until]

    def may_end(self, word: int, rest: str, *, is_name: bool, last: bool) -> bool | None:
        """Whether a surrogate may end in this word before `rest`; None where that is not known yet."""
        end = self.ends[word]
        if end == self.end and not last and (not rest or (is_name and rest in _CUT_PLURALS)):
            return None
        if rest:
            return is_name and rest in _PLURALS
        after = self.around[end : min(end + 2, self.end)]
        if is_name or after[:1] not in ("-", "."):
            return True
        return not after[1:].isalnum() if last or len(after) > 1 else None

    def is_joined_before(self, word: int) -> bool:
        at = self.begins[word]
        before = (self._before + self.around[max(0, at - 2) : at])[-2:]
        if before[-1:].isalnum():
            return True
        return before[-1:] in _JOINS and len(before) > 1 and before[0].isalnum()

    def meaning(self, begin: int, end: int) -> str:
        raw = self._text[begin:end]
        return str(stdlib_json.loads(f'"{raw}"', strict=False)) if self._json and "\\" in raw else raw


def _without_frame(token: str, value: str) -> _Surrogate:
    """Brackets, signs and dots at both ends stand there in the value too: they stay where the model put them."""
    while token and value and token[0] == value[0] and not token[0].isalnum():
        token, value = token[1:], value[1:]
    while token and value and token[-1] == value[-1] and not token[-1].isalnum():
        token, value = token[:-1], value[:-1]
    return _Surrogate(token, value)


def _is_garbled(raw: str, token: str) -> bool:
    raw, token = raw.lower(), token.lower()
    between = _BETWEEN_NAMES if plain(token).isalpha() else _BETWEEN_DIGITS
    if raw.translate(between) != token.translate(between):
        return False
    if _WORD.findall(raw) == _WORD.findall(token):
        return True
    return len(plain(token)) >= _MIN_REGROUPED and not _POSITIONAL.search(token)
