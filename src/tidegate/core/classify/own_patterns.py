"""The user's own patterns, in RE2: linear in the text, whatever somebody writes.

Patterns are Unicode, `^` and `$` are the ends of lines, and no match reaches from one part of a request into the next.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import re2

from tidegate.core.classify.fold import SEAM
from tidegate.core.classify.patterns import Pattern, begins_word, compile_pattern
from tidegate.core.classify.rows import EDGE, Hit

MOST_STEPS = 500
"""Instructions of a pattern compiled for bytes. A text can make each of them cost something at each of its bytes."""
MOST_UNICODE_STEPS = 5_000
"""The same compiled for UTF-8, where one letter class alone takes 1,200, few of which are ever at work together."""
NEAR_BYTES = 120

_SCORE = 0.95
_SEAM = SEAM.encode()
_MOST_MEMORY = 4 << 20
_UNION_STEPS = 2_000
_UNION_MEMORY = 8 << 20
_NOTHING_IN_IT = ("", " ", "a", " a", "a b", "0", "\n", "a\nb", "-", "A1", "é", "_", '"', "a" * 40)
_EVERYDAY = ("the", "of", "and", "to", "in", "is", "that", "it", "was", "for", "on", "are", "as", "with", "they", "at")
_MOST_EVERYDAY = 4

assert NEAR_BYTES < EDGE


class OwnPattern(NamedTuple):
    """`near`: words, one of which must stand within `NEAR_BYTES`. `exact`: capitals are told from small letters."""

    label: str
    name: str
    pattern: str
    near: tuple[str, ...] = ()
    exact: bool = True


class RefusedPatternError(ValueError):
    """Why a pattern is not taken, and what to do. It never quotes the pattern."""


def check(pattern: str, *, exact: bool = True) -> None:
    """Raises RefusedPatternError."""
    if not pattern:
        raise RefusedPatternError("it is empty; write what to look for")
    for utf8, most in ((False, MOST_STEPS), (True, MOST_UNICODE_STEPS)):
        steps = _compiled(pattern, utf8=utf8).programsize
        if steps > most:
            raise RefusedPatternError(
                f"it unfolds to {steps} steps, and at most {most} are taken: "
                r"shorten its counted repeats, or write + for them (`\d+` for `\d{1,400}`)"
            )
    ready = _ready(OwnPattern("", "", pattern, exact=exact))
    for text in _NOTHING_IN_IT:
        if any(start == end for start, end in ready.spans(text.encode())):
            raise RefusedPatternError(
                "it matches the empty text, so it would match everywhere; let it ask for a character"
            )
    if sum(ready.is_in(word.encode()) for word in _EVERYDAY) >= _MOST_EVERYDAY:
        raise RefusedPatternError(r"it matches everyday words; let it ask for more (a prefix, `\b`, a digit)")


def _compiled(pattern: str, *, utf8: bool = True) -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.UTF8 if utf8 else re2.Options.Encoding.LATIN1
    options.log_errors = False
    options.max_mem = _MOST_MEMORY
    try:
        return re2.compile(pattern.encode(), options)
    except UnicodeEncodeError:
        raise RefusedPatternError("it holds half a character; write it anew") from None
    except re2.error as error:
        raise RefusedPatternError(_reason(error)) from None


def _reason(error: Exception) -> str:
    """RE2's words without the piece of the pattern that it quotes."""
    said = error.args[0] if error.args else ""
    kind = (said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)).partition(":")[0]
    if kind == "invalid repetition size":
        return "it repeats something more than 1000 times in all; shorten its counted repeats, or write + for them"
    if kind == "pattern too large - compile failed":
        return "it unfolds to too many steps; shorten its counted repeats, or write + for them"
    if kind == "invalid perl operator":
        return "it uses what RE2 does not have (it has no look-around and no possessive groups); write it without"
    return f"RE2 cannot read it ({kind or 'unknown reason'}); its syntax: https://github.com/google/re2/wiki/Syntax"


class OwnPatterns:
    """Immutable after construction."""

    def __init__(self, patterns: Sequence[OwnPattern]) -> None:
        """Raises re2.error for what `check` refuses."""
        self._groups = [
            ([(one, _ready(one), _cues(one)) for one in group], _union(group)) for group in _grouped(patterns)
        ]

    def hits(self, data: bytes, lower: bytes) -> Iterator[Hit]:
        if not self._groups:
            return
        text = data.replace(_SEAM, b"\n")
        for group, union in self._groups:
            if union is not None and not union.is_in(text):
                continue
            for one, pattern, cues in group:
                for start, end in _spans(pattern, text, data):
                    if end > start and (not cues or _is_near(lower, start, end, cues)):
                        yield Hit(start, end, one.label, _SCORE, f"own:{one.name}")


def _ready(one: OwnPattern) -> Pattern:
    return compile_pattern(_source(one), utf8=True, max_mem=_MOST_MEMORY)


def _source(one: OwnPattern) -> bytes:
    return f"(?{'m' if one.exact else 'mi'}:{one.pattern})".encode()


def _cues(one: OwnPattern) -> tuple[bytes, ...]:
    return tuple(cue.lower().encode() for cue in one.near)


def _grouped(patterns: Sequence[OwnPattern]) -> Iterator[list[OwnPattern]]:
    """Groups whose union stays small enough to run at full speed."""
    group: list[OwnPattern] = []
    steps = 0
    for one in patterns:
        size = _compiled(one.pattern).programsize
        if group and steps + size > _UNION_STEPS:
            yield group
            group, steps = [], 0
        group.append(one)
        steps += size
    if group:
        yield group


def _union(group: Sequence[OwnPattern]) -> Pattern | None:
    """Whether any of a group matches at all, asked in one pass; a pattern alone is its own answer."""
    if len(group) == 1:
        return None
    try:
        return compile_pattern(b"|".join(map(_source, group)), utf8=True, max_mem=_UNION_MEMORY)
    except re2.error:  # two that name a group alike, say: then each is asked by itself
        return None


def _spans(pattern: Pattern, text: bytes, data: bytes) -> Iterator[tuple[int, int]]:
    """Matches; from the first that would reach over a seam on, each part is looked at by itself."""
    for start, end in pattern.spans(text):
        if data.find(_SEAM, start, end) >= 0:
            yield from _part_by_part(pattern, text, data, start)
            return
        yield start, end


def _part_by_part(pattern: Pattern, text: bytes, data: bytes, at: int) -> Iterator[tuple[int, int]]:
    while at <= len(data):
        seam = data.find(_SEAM, at)
        end = seam if seam >= 0 else len(data)
        yield from pattern.spans(text, at, end)
        at = end + 1


def _is_near(lower: bytes, start: int, end: int, cues: Iterable[bytes]) -> bool:
    first = max(0, start - NEAR_BYTES)
    around = lower[first : end + NEAR_BYTES]
    return any(_stands_in(around, cue) for cue in cues)


def _stands_in(around: bytes, cue: bytes) -> bool:
    """From the start of a word on; it may go on, as plurals do."""
    at = around.find(cue)
    while at >= 0:
        if begins_word(around, at):
            return True
        at = around.find(cue, at + 1)
    return False
