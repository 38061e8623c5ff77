"""One line of the accuracy report: how many values there were, how many were found, how many finds were right."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

CORPORA = Path(__file__).parents[2] / "corpora"
Split = Literal["dev", "test"]
"""`dev` was looked at while rules were written; `test` was not."""


class Score(NamedTuple):
    """`truth`: values that stand in the corpus. `found`: what the detector reported. `right`: reports that match.

    `caught`: values that some report matches; it differs from `right` where several reports match one value.
    """

    corpus: str
    label: str
    split: Split
    truth: int
    found: int
    right: int
    caught: int
    note: str = ""

    @property
    def recall(self) -> float:
        return self.caught / self.truth if self.truth else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def f1(self) -> float:
        return self.f(1)

    @property
    def f2(self) -> float:
        return self.f(2)

    def f(self, beta: float) -> float:
        weight = beta * beta
        below = weight * self.precision + self.recall
        return (1 + weight) * self.precision * self.recall / below if below else 0.0


def rows(name: str) -> Iterator[Any]:
    """The objects of a corpus file of JSON lines, or the items of one JSON array."""
    with gzip.open(CORPORA / name, "rt", encoding="utf-8") as file:
        if name.endswith(".jsonl.gz"):
            yield from map(json.loads, file)
        else:
            yield from json.load(file)
