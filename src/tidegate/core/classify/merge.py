"""Many hits, some about the same text, into findings that do not overlap."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from tidegate.core.classify.rows import STRONG, Hit
from tidegate.core.values.finding import Finding

BROAD = frozenset({"code.source", "customer.config"})
"""Labels of whole passages: they give way to whatever stands inside them and keep the rest."""


def merge(hits: Sequence[Hit]) -> tuple[Sequence[Hit], frozenset[str]]:
    """Hits in order without overlap, and their labels with those of strong hits that lost their place.

    Strong evidence goes before weak, then the longer span, the higher score, the earlier start, the label's name:
    the same hits in any order give the same findings.
    """
    ordered = sorted(hits)
    if _are_apart(ordered):
        return ordered, frozenset([hit[2] for hit in ordered])
    kept: list[Hit] = []
    labels: set[str] = set()
    touching: list[Hit] = []
    reach = -1
    for hit in ordered:
        if hit[0] >= reach and touching:
            _settle(touching, kept, labels)
            touching = []
        touching.append(hit)
        reach = max(reach, hit[1])
    if touching:
        _settle(touching, kept, labels)
    return kept, frozenset(labels)


def _are_apart(ordered: Sequence[Hit]) -> bool:
    """No two overlap, as in most texts, and in a list of customers: nothing is to be settled."""
    reach = -1
    for hit in ordered:
        if hit[0] < reach:
            return False
        reach = hit[1]
    return True


def _settle(touching: Sequence[Hit], kept: list[Hit], labels: set[str]) -> None:
    """Hits that overlap each other and nothing else."""
    if len(touching) == 1:
        kept.append(touching[0])
        labels.add(touching[0].label)
        return
    ranked = sorted(set(touching), key=_rank)
    labels.update(hit.label for hit in ranked if hit.score >= STRONG)
    taken = _Taken()
    placed = [hit for hit in ranked if hit.label not in BROAD and taken.add(hit.start, hit.end)]
    for hit in ranked:
        if hit.label in BROAD:
            gaps = list(taken.gaps(hit.start, hit.end))
            for low, high in gaps:
                taken.add(low, high)
                placed.append(hit._replace(start=low, end=high))
    labels.update(hit.label for hit in placed)
    kept += sorted(placed)


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of any parts without overlap: those of a part give way to each other as hits do."""
    return tuple(_merged(findings))


def _merged(findings: Iterable[Finding]) -> Iterator[Finding]:
    for part, group in groupby(sorted(findings, key=_part), key=_part):
        kept, _ = merge([Hit(f.start, f.end, f.label, f.score, f.detector) for f in group])
        yield from (Finding(hit.label, hit.start, hit.end, hit.score, hit.detector, part) for hit in kept)


def _part(finding: Finding) -> int:
    return finding.part


def _rank(hit: Hit) -> tuple[bool, int, float, int, str, str]:
    return hit.score < STRONG, hit.start - hit.end, -hit.score, hit.start, hit.label, hit.detector


class _Taken:
    """Spans that are given away, in order; they never overlap."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, start: int, end: int) -> bool:
        """False, and nothing taken, where some of it is taken already."""
        at = bisect_right(self._starts, start)
        if (at and self._ends[at - 1] > start) or (at < len(self._starts) and self._starts[at] < end):
            return False
        self._starts.insert(at, start)
        self._ends.insert(at, end)
        return True

    def gaps(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """What is left of a span."""
        at = bisect_right(self._starts, start)
        if at and self._ends[at - 1] > start:
            start = self._ends[at - 1]
        while at < len(self._starts) and self._starts[at] < end:
            if self._starts[at] > start:
                yield start, self._starts[at]
            start = self._ends[at]
            at += 1
        if start < end:
            yield start, end
