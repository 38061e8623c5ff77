import pytest

from tidegate.core.classify.detectors import ROWS
from tidegate.core.classify.limits import OverrunError
from tidegate.core.classify.scan import Scanner

SCANNER = Scanner(ROWS, max_depth=2, max_findings=50)


def scan(source: bytes) -> list[tuple[str, bytes]]:
    failed: set[str] = set()
    hits = SCANNER.scan(source, failed)
    assert not failed
    return [(hit.label, source[hit.start : hit.end]) for hit in hits]


def test_spans_count_bytes_of_the_source_whatever_was_folded_or_decoded():
    for source, value in (
        ("größe 457-55-5462".encode(), b"457-55-5462"),
        ("４５７-55-5462".encode(), "４５７-55-5462".encode()),
        (b"\x00457-\x0055-5462", b"457-\x0055-5462"),
        (rb"x \u0034\u0035\u0037-55-5462", rb"\u0034\u0035\u0037-55-5462"),
    ):
        assert ("gov.us_ssn", value) in scan(source)


def test_a_window_around_an_escape_cuts_no_token_into_a_value():
    digits = b"9" * 300
    assert scan(b"%20" + digits + b"%20" + digits) == []


def test_more_findings_than_the_limit_and_deeper_encodings_stop_the_scan():
    with pytest.raises(OverrunError, match="findings"):
        scan(b"a@b.example " * 51)
    with pytest.raises(OverrunError, match="depth"):
        scan(b"a%25252540b.example")
