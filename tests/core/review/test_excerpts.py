"""What reviewers may look at: places for everybody, the text around them by role, and never more than anybody reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.review.kit import FOUND, TEXT, envelope
from tidegate.core.review.excerpts import AROUND_CHARS, MOST_CHARS, MOST_FINDINGS, excerpts, for_role
from tidegate.core.values.finding import Classification, Finding


def of(*texts, findings=(), **more):
    labels = frozenset(one.label for one in findings)
    return excerpts(envelope(b"{}", *texts, **more), Classification(tuple(findings), labels, "restricted"))


def at(start, end, part=0):
    return Finding("gov.us_ssn", start, end, 1.0, "d", part)


def test_everybody_sees_labels_places_and_sizes():
    told = for_role(excerpts(envelope(), FOUND), "findings")
    assert told == {
        "parts": [{"position": "user", "characters": len(TEXT)}],
        "unscannable": 0,
        "findings": [
            {"label": "pii.person", "part": 0, "position": "user", "start": 12, "end": 24},
            {"label": "phi.mrn", "part": 0, "position": "user", "start": 30, "end": 38},
        ],
        "found": 2,
        "whole": True,
    }
    assert TEXT not in repr(told)


def test_by_their_role_some_see_the_text_around_it():
    told = for_role(excerpts(envelope(), FOUND), "context")
    assert told["context"] == [{"part": 0, "start": 0, "text": TEXT}]
    assert for_role(told, "another") == for_role(told, "findings"), "a role that nobody knows sees the least"


@pytest.mark.parametrize(
    ("findings", "starts"),
    [
        ((), [0]),
        ([at(1000, 1010)], [1000 - AROUND_CHARS]),
        ([at(0, 10), at(5000, 5010)], [0, 5000 - AROUND_CHARS]),
        ([at(1000, 1010), at(1200, 1210)], [1000 - AROUND_CHARS]),
    ],
)
def test_stretches_that_touch_are_one_and_a_part_without_findings_shows_its_beginning(findings, starts):
    pieces = of("x" * 10_000, findings=findings)["context"]
    assert [one["start"] for one in pieces] == starts


def test_every_part_has_its_own_stretches():
    pieces = of("a" * 400, "b" * 10, findings=[at(0, 1, part=1)])["context"]
    assert [(one["part"], one["text"]) for one in pieces] == [(0, "a" * AROUND_CHARS), (1, "b" * 10)]


def test_what_is_too_much_is_cut_and_said():
    many = [at(n * 1000, n * 1000 + 5) for n in range(MOST_FINDINGS + 1)]
    told = of("x" * 1000 * (MOST_FINDINGS + 1), findings=many)
    assert (told["whole"], told["found"], len(told["findings"])) == (False, MOST_FINDINGS + 1, MOST_FINDINGS)
    assert sum(len(one["text"]) for one in told["context"]) <= MOST_CHARS
    assert of("x" * 10, unscannable=((("image",)),))["unscannable"] == 1


@given(st.lists(st.tuples(st.integers(0, 990), st.integers(1, 10)), max_size=20))
def test_what_is_shown_stands_there_and_holds_every_finding(spans):
    text = "".join(chr(0x4E00 + n % 2000) for n in range(1000))
    findings = [at(start, start + size) for start, size in sorted(spans)]
    pieces = of(text, findings=findings)["context"]
    for piece in pieces:
        assert text[piece["start"] :].startswith(piece["text"])
    for one in findings:
        value = text[one.start : one.end]
        assert any(value in piece["text"] for piece in pieces)
