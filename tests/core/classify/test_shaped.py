from tests.core.classify.families import engine
from tidegate.core.classify.detectors import ROWS
from tidegate.core.classify.limits import Looks
from tidegate.core.classify.rows import Shaped
from tidegate.core.classify.shaped import Shapes

SHAPES = Shapes(row for row in ROWS if isinstance(row, Shaped))


def found(text: str) -> list[str]:
    return [text[f.start : f.end] for f in engine().find(text)]


def test_values_side_by_side_are_taken_apart():
    table = [
        ("457-55-5462 5105 1051 0510 5100", ["457-55-5462", "5105 1051 0510 5100"]),
        ("2024-01-31 457-55-5462", ["457-55-5462"]),
        ("12 34 457-55-5462 7", ["457-55-5462"]),
        ("457-55-5462. 536-90-4399", ["457-55-5462", "536-90-4399"]),
        ("(457-55-5462)", ["457-55-5462"]),
        ("+44 20 7946 0958 +49 30 123456", ["+44 20 7946 0958", "+49 30 123456"]),
        ("No12 5105 1051 0510 5100", ["5105 1051 0510 5100"]),
    ]
    for text, values in table:
        assert found(text) == values, text


def test_a_candidate_that_comes_to_nothing_does_not_hide_the_next():
    for text in (
        "AB12 CD34 457-55-5462",
        "1.2.3.4 457-55-5462",
        "12345678A 457-55-5462",
        "2001:1:2 457-55-5462",
        "key=457-55-5462",
        "a@457-55-5462",
    ):
        assert "457-55-5462" in found(text), text


def test_a_piece_of_a_longer_token_is_nothing():
    for text in ("x457-55-5462", "457-55-5462x", "550e8400-e29b-41d4-a716-446655440000", "0x4111111111111111"):
        assert found(text) == [], text


def test_decimals_are_no_identifiers():
    for text in ("3.141592653589793", "0.4111111111111111", "-73.9857123"):
        assert found(text) == [], text


def test_the_stricter_reading_of_the_same_digits_wins():
    (finding,) = engine().find("NHS number 943 476 5919")
    assert finding.label == "phi.uk_nhs"
    (finding,) = engine().find("my phone is 943 476 5919")
    assert finding.label == "pii.phone"


def test_only_shapes_with_letters_need_a_pattern():
    assert SHAPES.is_lettered(b"12345678Z")
    assert not SHAPES.is_lettered(b"457-55-5462")
    assert not SHAPES.is_lettered(b"hello")
    assert all(b"A-Z" in pattern or b"A-Za-z" in pattern for pattern in SHAPES.lettered_patterns)


def test_the_short_way_says_what_the_long_one_does():
    for text in (
        "457-55-5462",
        "000-12-3456",
        "4111 1111 1111 1111",
        "4111 1111 1111 1112",
        "(212) 555-0123",
        "(212) 555-0123 x45",
        "x457-55-5462",
        "457-55-54621",
        "a-457-55-5462",
    ):
        data = text.encode()
        begin = next(n for n, byte in enumerate(data) if chr(byte) in "(0123456789")
        end = begin + len(text[begin:].split(" x")[0])
        short = SHAPES.sure(data, begin, end)
        assert short is True or [short] == SHAPES.numbers(data, data.lower(), begin, end, Looks(len(data))), text


def test_dates_and_decimals_are_told_first():
    for text in (b"2024-01-31", b"31/01/2024", b"3.14159", b"12345-6789"):
        assert SHAPES.sure(text, 0, len(text)) is False, text
    for text in (b"457-55-5462", b"1.2.3", b"20240131"):
        assert SHAPES.sure(text, 0, len(text)) is not False, text


def test_counted_things_of_logs_are_no_state_numbers():
    assert found("PESEL 44051401359") == ["44051401359"]
    assert found("44051401359") == ["44051401359"]
    assert found('"offset": 44051401359') == []
    assert found('"id": 44051401359, "pesel": 1') == ["44051401359"]


def test_one_digit_after_another_is_nobodys_number_however_long():
    assert found("1 " * 500) == []
    assert found("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1") != []
