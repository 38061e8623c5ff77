from types import SimpleNamespace

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.classify.patterns import (
    Pattern,
    begins_word,
    compile_pattern,
    ends_word,
    run_length,
    tail_length,
    touches,
)


def test_a_broken_pattern_is_refused_at_once_and_quietly(capfd):
    with pytest.raises(re2.error):
        compile_pattern(rb"(?=look)ahead")
    assert capfd.readouterr() == ("", "")


def test_bytes_are_matched_one_by_one_unless_utf8_is_asked_for():
    assert not compile_pattern(rb"^.$").is_in("é".encode())
    assert compile_pattern(rb"^.$", utf8=True).is_in("é".encode())


@given(st.text("ab-", max_size=12).map(str.encode), st.integers(0, 12))
def test_the_inner_way_into_the_library_answers_as_the_public_one(text, pos):
    source = rb"a(b+)?|-"
    public = re2.compile(source)
    inner = compile_pattern(source)
    outer = Pattern(SimpleNamespace(search=public.search, match=public.match, groups=public.groups))
    pos = min(pos, len(text))
    assert inner.find(text, pos, len(text)) == outer.find(text, pos, len(text))
    assert inner.match(text, pos, len(text)) == outer.match(text, pos, len(text))
    assert list(inner.spans(text)) == [found.span() for found in public.finditer(text)]


def test_runs_are_measured_from_both_ends():
    assert run_length(b"aab-a", b"ab") == 3
    assert run_length(b"-", b"ab") == 0
    assert tail_length(b"a-bab", b"ab") == 3


def test_words_end_where_letters_and_digits_end():
    data = b"a1 _b"
    assert touches(data, 1, 2)
    assert not touches(data, 0, 2)
    assert begins_word(data, 4)
    assert not begins_word(data, 1)
    assert ends_word(data, 5)
    assert not ends_word(data, 1)
