"""The user's own patterns: which are taken, and what they find."""

import pytest

from tidegate.core.classify import own_patterns
from tidegate.core.classify.own_patterns import OwnPattern, OwnPatterns, RefusedPatternError, check


def found(data, *patterns):
    return [data[hit.start : hit.end].decode() for hit in OwnPatterns(patterns).hits(data, data.lower())]


def sought(pattern, **how):
    return OwnPattern("customer.id", "id", pattern, **how)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "empty"),
        (r"\d*", "matches the empty text"),
        (r"\b", "matches the empty text"),
        (r"(?m)^", "matches the empty text"),
        ("a?", "matches the empty text"),
        (r"[^a]|$", "matches the empty text"),
        (r"\d{1,1000}", "steps"),
        (r"\p{L}{20}", "steps"),
        (r"(?:\w{1,200} ){1,50}", "more than 1000 times"),
        ("((a{100}){100}){100}", "more than 1000 times"),
        ("(", "missing"),
        ("a**", "bad repetition"),
        ("(?<=x)y", "look-around"),
        (r"(a)\1", "cannot read it"),
        (r"\w+", "everyday words"),
        (".", "everyday words"),
        ("\ud800", "half a character"),
    ],
)
def test_what_cannot_work_is_refused_with_what_to_do(pattern, reason):
    with pytest.raises(RefusedPatternError, match=reason) as refused:
        check(pattern)
    assert any(word in str(refused.value) for word in ("write", "let it", "shorten", "without", "syntax"))


def test_a_refusal_never_quotes_the_pattern():
    for pattern in ("(hush-hush", "hush-hush**", "(?<hush-hush", "[hush-hush"):
        with pytest.raises(RefusedPatternError) as refused:
            check(pattern)
        assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    "pattern", [r"TCK-\d{6}", r"(?i)acct\s*#?\d{4,10}", r"\bK[0-9A-F]{8}\b", r"M\p{L}+ller-\d", "zq"]
)
def test_what_people_write_is_taken(pattern):
    check(pattern)


def test_matches_are_hits():
    assert found(b"TCK-123456, TCK-12345, tck-000000", sought(r"TCK-\d{6}")) == ["TCK-123456"]
    assert found(b"TCK-123456 tck-000000", sought(r"TCK-\d{6}", exact=False)) == ["TCK-123456", "tck-000000"]
    assert found("Größe-7 x".encode(), sought(r"\b\p{Lu}\p{L}+-\d")) == ["Größe-7"]


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        (b"ticket 123456", ["123456"]),
        (b"123456 (Tickets)", ["123456"]),
        (b"123456", []),
        (b"atticket 123456", []),
        (b"ticket" + b" " * 200 + b"123456", []),
    ],
)
def test_cue_words_must_stand_near(text, finds):
    assert found(text, sought(r"\d{6}", near=("Ticket", "case"))) == finds


def test_no_match_reaches_over_a_seam():
    """The union asks all; then each part is matched by itself from the first seam on that a match would cross."""
    data = b"<one> <two\x1ethree> <four\x1e> <five>"
    assert found(data, sought("<[^>]+>")) == ["<one>", "<five>"]
    assert found(data, sought("<[^>]+>"), sought("zzz")) == ["<one>", "<five>"]


def test_lines_begin_and_end_at_seams():
    assert found(b"a\x1eID 7\x1eb ID 8", sought(r"^ID \d$")) == ["ID 7"]


def test_many_parts_that_a_match_would_cross_are_looked_at_once_each():
    data = b"(" + b"x\x1e" * 5_000
    assert found(data, sought(r"\([^)]*\)?x")) == ["(x"]


def test_many_patterns_are_asked_in_groups(monkeypatch):
    monkeypatch.setattr(own_patterns, "_UNION_STEPS", 40)
    patterns = [OwnPattern("customer.id", f"p{n}", rf"P{n}-\d{{3}}") for n in range(30)]
    assert found(b"P7-123 P29-456 P30-789", *patterns) == ["P7-123", "P29-456"]


def test_patterns_that_name_a_group_alike_stand_side_by_side():
    assert found(b"a1 b2", sought(r"a(?P<n>\d)"), sought(r"b(?P<n>\d)")) == ["a1", "b2"]


def test_bytes_that_are_no_text_are_passed_over():
    assert found(b"\xff\xfe 12 \x80 TCK-1", sought(r"TCK-\d")) == ["TCK-1"]
