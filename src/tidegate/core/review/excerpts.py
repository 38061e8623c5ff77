"""What reviewers may look at of a held request, made when it is held: the rest of it is not kept at all.

Everybody sees where something was found and what it was called; by their role some see the text around it. Where
nothing was found in a part, its beginning stands for it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from tidegate.core.values.envelope import Envelope, Part
from tidegate.core.values.finding import Classification, Finding

AROUND_CHARS = 160
MOST_FINDINGS, MOST_CHARS = 500, 32_768


def excerpts(envelope: Envelope, found: Classification) -> dict[str, Any]:
    """`whole`: whether all findings and all text around them are in it; long requests have more than anybody reads."""
    findings = found.findings[:MOST_FINDINGS]
    wanted = list(_pieces(envelope.parts, found.findings))
    pieces = list(_bounded(wanted))
    return {
        "parts": [{"position": part.position.value, "characters": len(part.text)} for part in envelope.parts],
        "unscannable": len(envelope.unscannable),
        "findings": [_finding(one, envelope.parts) for one in findings],
        "found": len(found.findings),
        "whole": len(findings) == len(found.findings) and len(pieces) == len(wanted),
        "context": pieces,
    }


def for_role(contents: dict[str, Any], role: str) -> dict[str, Any]:
    """What `role` may see of it."""
    return contents if role == "context" else {name: value for name, value in contents.items() if name != "context"}


def _finding(one: Finding, parts: Sequence[Part]) -> dict[str, Any]:
    position = parts[one.part].position.value
    return {"label": one.label, "part": one.part, "position": position, "start": one.start, "end": one.end}


def _pieces(parts: Sequence[Part], findings: Sequence[Finding]) -> Iterator[dict[str, Any]]:
    """Stretches of text that hold the findings with what is around them, in order; those that touch are one."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for one in findings:
        spans.setdefault(one.part, []).append((max(0, one.start - AROUND_CHARS), one.end + AROUND_CHARS))
    for number, part in enumerate(parts):
        for start, end in _joined(spans.get(number, [(0, AROUND_CHARS)])):
            if part.text:
                yield {"part": number, "start": start, "text": part.text[start:end]}


def _joined(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    start, end = spans[0]
    for next_start, next_end in spans[1:]:
        if next_start > end:
            yield start, end
            start = next_start
        end = max(end, next_end)
    yield start, end


def _bounded(pieces: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    room = MOST_CHARS
    for piece in pieces:
        if len(piece["text"]) > room:
            return
        room -= len(piece["text"])
        yield piece
