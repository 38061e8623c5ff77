import pytest

from tidegate.core.classify.candidates import Candidates, ControlCharactersError
from tidegate.core.classify.detectors import ROWS
from tidegate.core.classify.rows import DetectorFailedError, Shaped

CANDIDATES = Candidates(row for row in ROWS if isinstance(row, Shaped))


def found(text: bytes) -> list[tuple[str, bytes]]:
    return [(hit.label, text[hit.start : hit.end]) for hit in CANDIDATES.hits(text, text.lower())]


def test_what_begins_a_candidate_says_who_looks_at_it():
    table = [
        (b"ssn 457-55-5462", ("gov.us_ssn", b"457-55-5462")),
        (b"(212) 555-0123", ("pii.phone", b"(212) 555-0123")),
        (b"+44 20 7946 0958", ("pii.phone", b"+44 20 7946 0958")),
        (b"dni 12345678Z", ("gov.es_dni", b"12345678Z")),
        (b"from 203.0.113.77", ("pii.ip", b"203.0.113.77")),
        (b"at 2001:db8::8a2e:370:7334", ("pii.ip", b"2001:db8::8a2e:370:7334")),
        (b"00:1a:2b:3c:4d:5e", ("pii.mac", b"00:1a:2b:3c:4d:5e")),
        (b"GB82WEST12345698765432", ("bank.iban", b"GB82WEST12345698765432")),
        (b"jo@x.example", ("pii.email", b"jo@x.example")),
        (b";4111111111111111=25121010000", ("pci.track", b";4111111111111111=25121010000")),
        (b"password='hunter2x'", ("secret.password", b"hunter2x")),
    ]
    for text, expected in table:
        assert found(text) == [expected], text


def test_control_characters_ask_for_folding_and_seams_do_not():
    with pytest.raises(ControlCharactersError):
        found(b"457-55\x00-5462")
    assert found(b"a\x1eb\nc\td\re") == []


def test_a_row_that_raises_is_named():
    row = Shaped(label="pii.x", name="x", about="", shapes={"0000000": 0.9}, valid=lambda text: bool(text[99]))
    with pytest.raises(DetectorFailedError) as raised:
        Candidates((row,)).hits(b"1234567", b"1234567")
    assert raised.value.detector == "x"
    assert "1234567" not in str(raised.value)
