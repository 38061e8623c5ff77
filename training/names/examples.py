"""Texts into examples: for every word that the finder would judge, the rows of its features and what it is."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from tidegate.core.classify.fold import unescape
from tidegate.core.classify.names.features import COUNT, rows
from tidegate.core.classify.names.finder import NamesFinder
from tidegate.core.classify.names.tagger import LOCATION, ORGANIZATION, OUTSIDE, PERSON
from training.names.texts import Text

KINDS = {"PER": PERSON, "LOC": LOCATION, "ORG": ORGANIZATION}


@dataclass
class Examples:
    """`COUNT` rows an example, one after the other, what each is, and how much it counts."""

    rows: array[int] = field(default_factory=lambda: array("I"))
    kinds: array[int] = field(default_factory=lambda: array("B"))
    weights: array[float] = field(default_factory=lambda: array("f"))

    def add(self, finder: NamesFinder, texts: Iterable[Text], weight: float = 1.0) -> None:
        for text in texts:
            data = unescape(text.text.encode())
            spans = in_bytes(text)
            starts = [start for start, _, _ in spans]
            for context, numbers in finder.judged(data):
                for n in numbers:
                    found = rows(context, n)
                    assert len(found) == COUNT
                    self.rows.extend(found)
                    self.kinds.append(_kind_at(spans, starts, *context.words.span(n)))
                    self.weights.append(weight)


def in_bytes(text: Text) -> list[tuple[int, int, int]]:
    """The spans of a text, counted in bytes of its UTF-8."""
    if text.text.isascii():
        return [(start, end, KINDS[kind]) for start, end, kind in text.spans]
    return [
        (len(text.text[:start].encode()), len(text.text[:end].encode()), KINDS[kind]) for start, end, kind in text.spans
    ]


def _kind_at(spans: list[tuple[int, int, int]], starts: list[int], start: int, end: int) -> int:
    at = bisect_right(starts, end - 1) - 1
    return spans[at][2] if at >= 0 and spans[at][1] > start else OUTSIDE
