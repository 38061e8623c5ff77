from tidegate.core.classify.keyworded import Keyworded
from tidegate.core.classify.rows import Cued, Prefixed

ROWS = (
    Prefixed(label="secret.a", name="a", about="", prefixes=("ab_",), alphabet="abcdef0123456789", least=8, most=12),
    Cued(
        label="pii.b",
        name="b",
        about="",
        keywords=("ref", "file*"),
        pattern=r"(?i)[a-z ]+(\d{3,9})\b",
        digits=True,
        reach=24,
    ),
    Cued(label="pii.c", name="c", about="", keywords=("*near*",), pattern=r"\b(c\d{2})\b", around=True, reach=12),
)
KEYWORDED = Keyworded(ROWS)


def found(text: bytes) -> list[tuple[str, bytes]]:
    return [(hit.detector, text[hit.start : hit.end]) for hit in KEYWORDED.hits(text, text.lower())]


def test_a_prefix_is_read_as_written_and_its_token_by_length_and_end():
    assert found(b"x=ab_0123abcd;") == [("a", b"ab_0123abcd")]
    for text in (b"AB_0123abcd", b"ab_0123", b"ab_0123456789abcdef", b"ab_0123abcdz", b"xab_0123abcd", b"ab_00000000"):
        assert found(text) == [], text


def test_keywords_are_whole_words_unless_starred():
    assert found(b"ref 123") == [("b", b"123")]
    assert found(b"files 123") == [("b", b"123")]
    assert found(b"refs 123") == []
    assert found(b"xref 123") == []
    assert found(b"profile 123") == []


def test_a_value_that_goes_on_beyond_reach_is_none():
    assert found(b"ref " + b" " * 18 + b"123456789") == []
    assert found(b"ref no digits at all here " * 3) == []


def test_a_row_may_look_behind_its_keyword():
    assert found(b"c12 is anear") == [("c", b"c12")]
    assert found(b"c12" + b" " * 20 + b"near") == []
