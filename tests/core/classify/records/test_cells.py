"""One cell, however it is written, and what stands for it."""

import pytest

from tidegate.core.classify.records.cells import FLAGS, RecordKey, plain_word, worded, words_of

KEY = RecordKey(b"d" * 32)


@pytest.mark.parametrize(
    "spellings",
    [
        ("4111-1111 1111", "411111111111", "4111.1111.1111", "\uff14111 1111 1111", "4111\u20111111\u00a01111"),
        ("M\u00dcLLER, Eva", "m\u00fcller eva", "Muller  Eva", "mu\u0308ller/EVA", "\u201cMu\u0308ller\u201d Eva"),
        ("maria.lopez@mail.example", "Maria.Lopez@MAIL.example", "maria lopez mail example"),
        ("stra\u00dfe 7", "STRASSE 7"),
    ],
)  # fmt: skip
def test_spellings_of_one_cell_are_one(spellings):
    assert len({b"".join(words_of(cell)) for cell in spellings}) == 1


def test_other_cells_are_others():
    cells = ("4111", "4112", "maria", "marie", "\u043c\u0430\u0440\u0438\u044f", "\u6771\u4eac")
    assert len({b"".join(words_of(cell)) for cell in cells}) == len(cells)


def test_half_a_character_and_nothing_at_all_are_no_accident():
    assert words_of("") == words_of("--- ...") == []
    assert words_of("\ud800a") == [b"a"]


def test_what_is_no_word_becomes_spaces_and_no_offset_moves():
    lower = "a\u2019b \u00abc\u00bb\u3002d-\u00e9".encode()
    view = worded(lower)
    assert len(view) == len(lower)
    assert view.split() == [b"a", b"b", b"c", b"d", "\u00e9".encode()]


def test_accents_are_left_out_of_a_word():
    assert plain_word("\u00c9l\u00e8ve".encode()) == b"eleve"
    assert plain_word(b"plain") == b"plain"
    assert plain_word(b"\xff") != b""


def test_what_stands_for_a_cell_depends_on_the_key_and_leaves_room_for_flags():
    other = RecordKey(b"e" * 32)
    assert KEY.cell(b"maria") == RecordKey(b"d" * 32).cell(b"maria") != other.cell(b"maria")
    assert KEY.cell(b"maria") & FLAGS == 0
    assert KEY.cell(b"maria").bit_length() > 50
    assert KEY.check != other.check


def test_a_group_is_its_cells_in_any_order():
    a, b, c = (KEY.cell(name) for name in (b"a", b"b", b"c"))
    assert KEY.group((a, b, c)) == KEY.group((c, a, b)) != KEY.group((a, b))


def test_each_purpose_has_a_key_of_its_own():
    assert KEY.column("a") != f"{KEY.cell(b'a'):016x}"
    assert KEY.file([b"ab", b"c"]) == KEY.file([b"abc"]) != KEY.file([b"abd"])
