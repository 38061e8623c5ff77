import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.classify.proprietary import samples
from tidegate.core.classify.proprietary.windows import SHAPED_TOKENS, plain, read, token_ends

CODE = b"""def total(rows, rate):
    # what a customer pays
    result = 0
    for row in rows:
        if row.price > 0 and row.count != 1:
            result += row.price * row.count
    return round(result * (1 + rate), 2)


def other(x):
    return {"x": [x, x + 1], "y": (x,)}
"""


def said(text):
    return [window[-1] for window in read(plain(text)).windows]


def test_a_window_begins_at_a_line_and_takes_the_same_number_of_tokens():
    reading = read(CODE)
    assert reading.windows
    for line, first, length, _, _ in reading.windows:
        assert reading.before[line] == first
        assert length <= SHAPED_TOKENS


@pytest.mark.parametrize(
    "change",
    [
        lambda code: code.replace(b"    ", b"\t"),
        lambda code: code.replace(b"    # what a customer pays\n", b""),
        lambda code: code.replace(b"# what a customer pays", b"# something else: x = {1}"),
        lambda code: code.replace(b"\n\n\n", b"\n"),
        lambda code: code.replace(b"\n", b"\r\n"),
        lambda code: code.replace(b'"', b"'"),
        lambda code: code.replace(b"result", b"sum_of_all").replace(b"rows", b"items"),
        lambda code: code.replace(b" 1 ", b" 17 "),
        lambda code: code.replace(b"+=", b"  +="),
    ],
    ids=[
        "tabs",
        "comment dropped",
        "comment changed",
        "blank lines",
        "line ends",
        "quotes",
        "names",
        "number",
        "blanks",
    ],
)
def test_what_changes_only_the_looks_changes_no_window(change):
    assert said(change(CODE)) == said(CODE)


@pytest.mark.parametrize(
    "change",
    [
        lambda code: code.replace(b"and", b"or"),
        lambda code: code.replace(b"!=", b"=="),
        lambda code: code.replace(b"for row in rows:", b"while True:"),
    ],
)
def test_what_changes_the_meaning_changes_windows(change):
    assert said(change(CODE)) != said(CODE)


def test_lines_that_repeat_one_another_count_by_their_words():
    table = b"\n".join(b'    add("%s", "%s")' % (name, name) for name in (b"ab", b"cd", b"ef", b"gh", b"ij", b"kl"))
    assert said(table)
    assert said(table) != said(table.replace(b"cd", b"xy"))


def test_prose_has_no_windows():
    prose = (
        b"Dear all,\nfrom May on, we use the new form. Return the old one, and not the copy.\nIn case of doubt, ask.\n"
    )
    assert said(prose * 3) == []


def test_block_comments_of_c_keep_their_lines():
    code = b"int a(int x) {\n  /* one\n   two\n   three */\n  return x ? f(x, 1) : g(x, 2);\n}\n"
    code += b"int b(void) { return 1; }\nend"
    reading = read(code)
    assert [line for line, *_ in reading.windows] == [0, 4]
    assert reading.lines == code.count(b"\n") + 1


def test_names_are_what_is_neither_keyword_nor_number():
    reading = read(CODE)
    assert reading.names(reading.windows[0])[:3] == [b"total", b"rows", b"rate"]


def test_token_ends_count_as_windows_do():
    assert token_ends(b"  a += f(1)  ") == [3, 5, 6, 8, 9, 10, 11]


@given(st.binary(max_size=600))
def test_no_bytes_are_too_strange(data):
    reading = read(data)
    assert reading.lines == data.count(b"\n") + 1
    for line, first, length, word, _ in reading.windows:
        assert 0 <= line < reading.lines
        assert first + length <= reading.before[-1]
        assert word <= len(reading.words)


def test_our_own_sources_are_full_of_windows():
    for path in samples.MINE:
        reading = read(plain(path.read_bytes()))
        assert len(reading.windows) > reading.lines / 10, path
