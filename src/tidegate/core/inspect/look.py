"""One look at a text: what it holds that is not the request's own."""

from collections.abc import Callable, Container, Sequence
from typing import NamedTuple

from tidegate.core.values.envelope import Part
from tidegate.core.values.finding import Classification, Finding
from tidegate.core.values.labels import UNKNOWN, covers
from tidegate.core.values.tags import CLOSE, OPEN, TAG

Classify = Callable[[Sequence[Part]], Classification]

_SECRET = "secret"  # noqa: S105 - the label's name
_AROUND = 128
"""Characters around a finding in which the tag that it stands in begins and ends."""


class Seen(NamedTuple):
    """`loose`: labels that no finding bears (of evidence that lost its place, of failures)."""

    findings: tuple[Finding, ...]
    loose: frozenset[str]

    @property
    def labels(self) -> frozenset[str]:
        return self.loose.union(finding.label for finding in self.findings)


_NOTHING = Seen((), frozenset())


def look(classify: Classify, own: Container[str], parts: Sequence[Part]) -> Seen:
    """`own`: what stands for values of this very request (tags); it comes back and is nobody's news.

    Never raises: whatever goes wrong, the label is `unknown`.
    """
    try:
        found = classify(parts)
    except Exception:  # noqa: BLE001 - whatever it is, nobody has looked
        return Seen((), frozenset({UNKNOWN}))
    if not found.findings:
        return Seen((), found.labels) if found.labels else _NOTHING
    borne = frozenset(finding.label for finding in found.findings)
    kept = tuple(f for f in found.findings if not _is_own(own, parts[f.part].text, f))
    return Seen(kept, found.labels - borne)


def _is_own(own: Container[str], text: str, finding: Finding) -> bool:
    """It is a tag, part of one, or a tag and what belongs to no value."""
    if text[finding.start : finding.end] in own:
        return True
    start = max(0, finding.start - _AROUND)
    around = text[start : finding.end + _AROUND]
    if OPEN not in around or CLOSE not in around:
        return False
    left = finding.start - start
    right = left + finding.end - finding.start
    outside, at = [], left
    for tag in TAG.finditer(around):
        if tag.end() <= left or tag.start() >= right or not _is_issued(own, tag[0]):
            continue
        outside.append(around[at : max(at, tag.start())])
        at = tag.end()
    if at == left:
        return False
    outside.append(around[at:right])
    return not any(char.isalnum() for piece in outside for char in piece)


def _is_issued(own: Container[str], tag: str) -> bool:
    """Secrets get tags that nobody keeps: those that look like one are taken for one."""
    return tag in own or covers(_SECRET, tag[1:].partition(":")[0])
