import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.classify import homoglyphs
from tidegate.core.classify.fold import SEAM, Edit, Folded, Translated, fold, folds, unescape

LOOK_ALIKES = homoglyphs._table(True)
"""How these read hangs on the word around them: test_homoglyphs.py."""
TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=LOOK_ALIKES) | st.sampled_from(sorted(folds())),
    max_size=60,
)


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


HIDDEN = st.text("ab1-\u200b\u0301\uff11\u2011\u2474\u0430\u0436\U0001d7cf\u00e9\u20e3", max_size=40)


@given(HIDDEN)
def test_folding_all_over_gives_what_folding_one_by_one_gives(text):
    source = text.encode()
    one_by_one = fold(source)
    table = {ord(char): plain.decode() for char, plain in folds().items()}
    all_over = Translated(source, table)
    marks_only = Folded(source, list(_edits(text)))
    assert all_over.data == marks_only.data
    for start in range(len(all_over.data)):
        for end in range(start + 1, len(all_over.data) + 1):
            low, high = all_over.span(start, end)
            assert (low, high) == marks_only.span(start, end)
            source[low:high].decode()
    if one_by_one is None:
        assert all_over.data == source


def _edits(text):
    at = 0
    for char in text:
        size = len(char.encode())
        if char in folds():
            yield Edit(at, at + size, folds()[char])
        else:
            yield Edit(at, at + size, char.encode())
        at += size


@given(st.text("ab1\u200b\u0430", min_size=1, max_size=12), st.sampled_from([1, 300]))
def test_however_dense_the_foldable_characters_are_the_text_reads_the_same(text, times):
    once, many = fold(text.encode()), fold((text + " .\n").encode() * times)
    plain = (once.data if once else text.encode()) + b" .\n"
    assert (many.data if many else (text + " .\n").encode() * times) == plain * times


def test_what_was_folded_twice_leads_back():
    source = "\u200bp\u200b\u0430y 4\u200b5".encode()
    folded = fold(source)
    assert folded.data == b"pay 45"
    low, high = folded.span(1, 2)
    assert source[low:high].decode() == "\u0430"
    low, high = folded.span(4, 6)
    assert source[low:high].decode() == "4\u200b5"


@given(st.lists(st.sampled_from([b"\xff", b"\xc3", b"\xed\xa0", b"a", "\u200b".encode(), "\uff11".encode()])))
def test_bytes_that_are_no_utf8_stay_as_they_are_however_dense_the_rest_is(pieces):
    source = b"".join(pieces)
    for text in (source, source + "\u200b1".encode() * 100):
        folded = fold(text)
        if folded:
            assert folded.data.count(b"\xff") == text.count(b"\xff")
            assert all(text[slice(*folded.span(at, at + 1))] for at in range(len(folded.data)))
