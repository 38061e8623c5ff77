"""What detectors beside the engine found, joined to what the engine found."""

from collections.abc import Iterable
from itertools import chain

from tidegate.core.classify.merge import merged
from tidegate.core.values.finding import Classification, Detected
from tidegate.core.values.labels import UNKNOWN, level


def combine(found: Classification, more: Iterable[Detected]) -> Classification:
    """One classification of all: findings without overlap, labels added up; `unknown` where one has not looked."""
    more = tuple(more)
    extra = [finding for detected in more for finding in detected.findings]
    failed = {detected.detector for detected in more if detected.failed}
    if not extra and not failed:
        return found
    labels = found.labels | {finding.label for finding in extra} | ({UNKNOWN} if failed else set())
    findings = merged(chain(found.findings, extra)) if extra else found.findings
    return Classification(findings, labels, level(labels), tuple(sorted(failed.union(found.failed))))
