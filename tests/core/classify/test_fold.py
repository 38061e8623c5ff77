import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.classify.fold import SEAM, Edit, Folded, fold, folds, unescape

TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(sorted(folds())), max_size=60)


def test_what_looks_the_same_reads_the_same():
    table = [
        ("４５７‑５５‑５４６２", b"457-55-5462"),
        ("457\u200b-55-\u00ad5462", b"457-55-5462"),
        ("457–55—5462", b"457-55-5462"),
        ("٤٥٧-५५-5462", b"457-55-5462"),
        ("\u202eabc\u202c", b"abc"),
        ("𝟒𝟓𝟕 ① ﬁne", b"457 1 fine"),
        ("a\u00a0b\u2009c", b"a b c"),
        ("4\x005\x017", b"457"),
    ]
    for text, plain in table:
        folded = fold(text.encode())
        assert folded is not None
        assert folded.data == plain


def test_what_needs_no_folding_is_not_copied():
    for text in ("plain", "Grüße aus Köln", "“quoted”…", "日本語", "Привет"):
        assert fold(text.encode()) is None


def test_every_decimal_digit_of_the_basic_plane_is_folded():
    for code in range(0x80, 0x10000):
        char = chr(code)
        if unicodedata.category(char) == "Nd":
            assert folds()[char] == str(unicodedata.digit(char)).encode(), hex(code)


def test_the_seam_is_never_folded_away():
    assert SEAM not in folds()
    assert all(SEAM.encode() not in plain for plain in folds().values())


@given(TEXT)
def test_folding_reads_each_character_by_the_table(text):
    folded = fold(text.encode())
    expected = b"".join(folds().get(char, char.encode()) for char in text)
    assert (folded.data if folded else text.encode()) == expected


@given(TEXT, st.data())
def test_a_span_of_the_folded_text_stands_for_the_characters_it_came_from(text, data):
    source = text.encode()
    folded = fold(source)
    if folded is None or not folded.data:
        return
    start = data.draw(st.integers(0, len(folded.data) - 1))
    end = data.draw(st.integers(start + 1, len(folded.data)))
    low, high = folded.span(start, end)
    assert 0 <= low < high <= len(source)
    again = fold(source[low:high])
    read = again.data if again else source[low:high]
    assert folded.data[start:end] in read


def test_edits_map_back_one_by_one():
    folded = Folded(b"a%40b %2Ec", [Edit(1, 4, b"@"), Edit(6, 9, b".")])
    assert folded.data == b"a@b .c"
    assert folded.span(0, 1) == (0, 1)
    assert folded.span(1, 2) == (1, 4)
    assert folded.span(0, 3) == (0, 5)
    assert folded.span(4, 6) == (6, 10)


@given(st.binary(max_size=80))
def test_unescaping_keeps_every_offset(data):
    assert len(unescape(data)) == len(data)


def test_escaped_line_breaks_and_quotes_end_words():
    assert unescape(rb"x\n457\t1\r2\"y\'") == b"x \n457  1 \r2 \"y '"
