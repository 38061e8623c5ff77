"""What detectors beside the engine found, joined to what the engine found."""

from collections.abc import Iterable, Iterator
from itertools import chain, groupby

from tidegate.core.classify.merge import merge
from tidegate.core.classify.rows import Hit
from tidegate.core.values.finding import Classification, Detected, Finding
from tidegate.core.values.labels import UNKNOWN, level


def combine(found: Classification, more: Iterable[Detected]) -> Classification:
    """One classification of all: findings without overlap, labels added up; `unknown` where one has not looked."""
    more = tuple(more)
    extra = [finding for detected in more for finding in detected.findings]
    failed = {detected.detector for detected in more if detected.failed}
    if not extra and not failed:
        return found
    labels = found.labels | {finding.label for finding in extra} | ({UNKNOWN} if failed else set())
    findings = tuple(_merged(chain(found.findings, extra))) if extra else found.findings
    return Classification(findings, labels, level(labels), tuple(sorted(failed.union(found.failed))))


def _merged(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Part by part, by the rules by which the engine's own findings give way to each other."""
    for part, group in groupby(sorted(findings, key=_part), key=_part):
        kept, _ = merge([Hit(f.start, f.end, f.label, f.score, f.detector) for f in group])
        yield from (Finding(hit.label, hit.start, hit.end, hit.score, hit.detector, part) for hit in kept)


def _part(finding: Finding) -> int:
    return finding.part
