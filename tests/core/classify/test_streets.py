import pytest

from tidegate.core.classify.streets import Words, street_of


def _words(text, most=10):
    data = text.encode()
    words = Words(data, 0, len(data), most)
    words.has(most)
    return words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12 Rowan St., Exampleton", [b"12", b"Rowan", b"St", b"Exampleton"]),
        ("> 12 Rowan\n> Suite 3", [b"12", b"Rowan", b"Suite", b"3"]),
        ("12 (Rowan)", [b"12"]),
        ("\x1e12", []),
        ("a\n\n\n\nb", [b"a"]),
    ],
)
def test_words_are_read_over_commas_and_line_ends_but_nothing_else(text, words):
    assert [token.bare for token in _words(text)] == words


def test_no_more_words_than_asked_for():
    assert len(_words("a " * 50, most=4)) == 4


def test_words_are_read_when_they_are_asked_for():
    words = Words(b"a b c d", 0, 7, 10)
    assert (len(words), words.has(1), len(words), words.has(9), len(words)) == (0, True, 2, False, 4)


@pytest.mark.parametrize(
    ("text", "first", "after", "kind"),
    [
        ("12 Rowan Street", 1, 3, "kind"),
        ("12 Rowan Street Exampleton", 1, 3, "kind"),
        ("12 Rowan Hill", 1, 3, "common"),
        ("12 Rowan 7", 1, 3, "ends in number"),
        ("12 Rowan", 1, 2, ""),
        ("12 March Street", 1, 1, ""),
        ("Hauptstraße 12", 0, 2, "kind"),
        ("Rua Augusta, 12", 0, 3, "kind"),
        ("12 Rowan Apt 3", 1, 2, ""),
    ],
)
def test_a_street_is_its_words_to_its_kind_or_number(text, first, after, kind):
    assert street_of(_words(text), first, lower=False)[:2] == (after, kind)


def test_words_in_lower_case_make_a_street_only_where_all_are():
    assert street_of(_words("12 rowan lane"), 1, lower=True)[:2] == (3, "kind")
    assert street_of(_words("12 rowan lane"), 1, lower=False).after == 1
