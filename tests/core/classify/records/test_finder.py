"""Registered cells, in every way that a text writes them, and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.classify.records.tables import KEY, ROWS, finder, packed
from tidegate.core.classify.engine import Engine
from tidegate.core.classify.fold import fold, unescape
from tidegate.core.classify.merge import merge
from tidegate.core.classify.records import RecordsFinder
from tidegate.core.classify.records import finder as module
from tidegate.core.classify.records.finder import TooManyHitsError
from tidegate.core.values.envelope import Part, Position

CRM = finder(packed())
ENDINGS = finder(packed([("AC-7209-5681-some",), ("QX-7209-there",)], ("ref",)))
NAMES = finder(packed([("Maria Lopez", "12 Baxter Lane, York"), ("Eva van der Berg", "")], ("name", "address")))
CODES = finder(packed([("GB82 WEST 1234 5698 7654 32", "+44 20 7946 0958"), ("AB-123-456", "")], ("iban", "phone")))


def found(by, text):
    """The pieces of `text` that are found, folded as the path folds it, the longest of those that overlap."""
    source = text.encode()
    folded = fold(source)
    data = unescape(folded.data if folded else source)
    spans = [(hit.start, hit.end) for hit in merge(by.hits(data, data.lower()))[0]]
    if folded:
        spans = [folded.span(*span) for span in spans]
    return [source[start:end].decode() for start, end in spans]


@pytest.mark.parametrize(
    ("by", "text", "finds"),
    [
        (ENDINGS, "Look up AC-7209-5681-some for me.", ["AC-7209-5681-some"]),
        (ENDINGS, "Look up ac 7209 5681-some, or some", ["ac 7209 5681-some"]),
        (ENDINGS, "Look up QX-7209-there and there", ["QX-7209-there"]),
        (CRM, "account 40237719.", ["40237719"]),
        (CRM, "account 4023 7719 or 4023-77-19", ["4023 7719", "4023-77-19"]),
        (CRM, "411199 3507 and 4111993507", ["411199 3507", "4111993507"]),
        (CRM, "140237719 402377190 x40237719", []),
        (CRM, "\uff14\uff10\uff12\uff13\uff17\uff17\uff11\uff19", ["\uff14\uff10\uff12\uff13\uff17\uff17\uff11\uff19"]),
        (CRM, "40\u200b237719", ["40\u200b237719"]),
        (CRM, "write to MARIA.LOPEZ@mail.example.", ["MARIA.LOPEZ@mail.example"]),
        (CRM, "mailto:judd@corp.example?subject=x", ["judd@corp.example"]),
        (CRM, "d'judd@corp.example", []),
        (CRM, "to='judd@corp.example'", ["judd@corp.example"]),
        (CRM, "xmaria.lopez@mail.example", []),
        (CRM, "Maria", []),
        (CRM, "Maria and Judd", []),
        (CRM, "Maria went to Leeds", ["Maria", "Leeds"]),
        (CRM, "LOPEZ, maria", ["LOPEZ", "maria"]),
        (CRM, "Muge Ozturk, M\u00dcGE", ["Muge", "Ozturk", "M\u00dcGE"]),
        (CRM, "Maria" + " and so on" * 30 + " Lopez", []),
        (NAMES, "Maria Lopez, LOPEZ, MARIA; maria\n    lopez", ["Maria Lopez", "LOPEZ, MARIA", "maria\n    lopez"]),
        (NAMES, "Maria B. Lopez", []),
        (NAMES, "at 12 Baxter Lane,\nYork", ["12 Baxter Lane,\nYork"]),
        (NAMES, "at 112 Baxter Lane York", []),
        (NAMES, "Baxter Lane York", []),
        (NAMES, "eva van der berg", ["eva van der berg"]),
        (NAMES, "van der Berg, Eva", ["van der Berg, Eva"]),
        (NAMES, "Berg, Eva van der", ["Berg, Eva van der"]),
        (CODES, "gb82west12345698765432", ["gb82west12345698765432"]),
        (CODES, "GB82 WEST 1234 5698 7654 32", ["GB82 WEST 1234 5698 7654 32"]),
        (CODES, "GB82-WEST12345698 765432", ["GB82-WEST12345698 765432"]),
        (CODES, "AB123456 AB 123456 ab-123456", ["AB123456", "AB 123456", "ab-123456"]),
        (CODES, "AB123-456", ["AB123-456"]),
        (CODES, "+44 (20) 79460958", ["44 (20) 79460958"]),
    ],
)
def test_a_cell_is_found_however_it_is_written(by, text, finds):
    assert found(by, text) == finds


def test_cells_of_one_row_are_found_in_json():
    text = json.dumps([{"first": "Maria", "last": "Lopez", "city": "Bristol", "account": 40237719}])
    assert found(CRM, text) == ["Maria", "Lopez", "40237719"]


def test_hidden_cells_are_found_by_the_engine():
    engine = Engine(finders=[CRM])
    for text in (
        "bWFpbCBNYXJpYS5Mb3BlekBtYWlsLmV4YW1wbGUgbm93",
        r"\u0034\u0030237719",
        "maria%2Elopez%40mail%2Eexample",
    ):
        assert "customer.record" in engine.classify((Part(Position.USER, (), text),)).labels, text


def test_no_cell_of_several_words_and_no_group_of_pieces_reaches_over_a_seam():
    assert NAMES.hits(b"maria\x1elopez", b"maria\x1elopez") == []
    assert CRM.hits(b"4023\x1e7719", b"4023\x1e7719") == []


def test_cells_of_one_row_may_stand_in_two_parts():
    assert len(CRM.hits(b"maria\x1elopez", b"maria\x1elopez")) == 2


def test_every_row_is_found_again():
    for row in ROWS:
        for cell in row[3:]:
            assert found(CRM, f"see {cell} please") == [cell]


def test_several_tables_are_asked_at_once_each_with_its_label():
    both = finder(packed(), packed([("40237719",)], ("id",), name="erp", label="customer.erp"))
    hits = both.hits(b"40237719", b"40237719")
    assert {(hit.label, hit.detector) for hit in hits} == {("customer.record", "own:crm"), ("customer.erp", "own:erp")}
    assert both.labels == {"customer.record", "customer.erp"}
    assert both.version != CRM.version


def test_three_cells_are_needed_where_two_would_be_chance():
    rows = [
        (f"Ann{chr(97 + n % 10)}", f"Cole{chr(97 + n // 10 % 10)}", f"York{chr(97 + n // 100)}")
        for n in range(0, 300, 9)
    ]
    by = finder(packed(rows, ("first", "last", "city")))
    first, last, city = rows[5]
    assert found(by, f"{first} {last}") == []
    assert found(by, f"{first} {last} in {city}") == [first, last, city]


def test_what_was_looked_up_before_changes_no_answer(monkeypatch):
    text = "Maria Lopez of Leeds, 40237719, nobody else; " * 3
    fresh = found(finder(packed()), text)
    monkeypatch.setattr(module, "_MOST_STRANGERS", 2)
    by = finder(packed())
    assert [found(by, text), found(by, "entirely other words of no table at all"), found(by, text)] == [
        fresh,
        [],
        fresh,
    ]


def test_many_known_words_are_searched_for_in_one_pass(monkeypatch):
    text = "Maria Lopez Leeds Judd Abernathy Bristol Ulm 40237719 77120034"
    few = found(CRM, text)
    monkeypatch.setattr(module, "_FEW_WORDS", 0)
    assert found(CRM, text) == few
    assert len(few) > 6


def test_it_gives_up_where_nobody_would_look_at_all_finds(monkeypatch):
    monkeypatch.setattr(module, "MOST_HITS", 3)
    with pytest.raises(TooManyHitsError):
        CRM.hits(b"40237719 " * 4, b"40237719 " * 4)


@given(st.binary(max_size=200))
def test_no_bytes_disturb_it(data):
    for by in (CRM, NAMES, CODES):
        assert all(0 <= hit.start < hit.end <= len(data) for hit in by.hits(data, data.lower()))


def test_without_tables_nothing_is_found():
    assert RecordsFinder([], KEY).hits(b"Maria 40237719 a@b.example", b"maria 40237719 a@b.example") == []
