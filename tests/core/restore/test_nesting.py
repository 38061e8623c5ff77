"""How deep a place of a JSON text lies."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.restore.nesting import Nesting

MARK = "\u00a4"


def place(text):
    nesting = Nesting()
    nesting.add(text)
    return nesting.place()


def wrapped(value, times):
    for _ in range(times):
        value = json.dumps({"a": [1, value], "b": 'x "y" \\'}, ensure_ascii=False)
    return value


PLACES = [
    ("", (0, True)),
    ('{"a":', (0, True)),
    ('{"a":"', (1, False)),
    ('{"a":"x\\"', (1, False)),
    ('{"a":"x"', (0, True)),
    ('{"a":"{', (1, False)),
    ('{"a":"{}', (1, True)),
    ('{"a":"{ x \\"', (1, False)),
    ('{"a":"[see \\"', (1, False)),
    ('{"a":" \\n[ ', (1, False)),
    ('{"a":" \\n[ 1', (1, True)),
    ('{"a":"{\\"b\\":', (1, True)),
    ('{"a":"{\\"b\\":\\"', (2, False)),
    ('{"a":"{\\"b\\":\\"\\\\\\"', (2, False)),
    ('{"a":"{\\"b\\":\\"x\\"', (1, True)),
    ('{"a":"{\\u0022b\\u0022:\\u0022', (2, False)),
    ('{"a":"he said \\"', (1, False)),
    ('{"a":"\\"', (1, False)),
    ('{"a":"{\\"b\\":\\"{\\\\\\"c\\\\\\":\\\\\\"', (3, False)),
]


@pytest.mark.parametrize(("text", "expected"), PLACES)
def test_in_how_many_strings_one_stands(text, expected):
    assert place(text) == expected
    nesting = Nesting()
    for char in text:
        nesting.add(char)
        nesting.place()
    assert nesting.place() == expected


@given(st.integers(1, 7), st.text(alphabet='a"\\\n{[ é', max_size=5), st.lists(st.integers(0, 400), max_size=5))
def test_a_document_in_documents_is_as_deep_as_it_was_wrapped(times, text, cuts):
    head = wrapped("-" + text + MARK, times).partition(MARK)[0]
    nesting = Nesting()
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(head)], strict=True):
        nesting.add(head[start:end])
        nesting.place()
    assert nesting.place() == (times, False)


def test_what_is_nested_without_end_is_followed_only_so_far():
    text = ""
    for _ in range(12):
        text = json.dumps(["x", text])
    depths = [place(text[:end])[0] for end in range(0, len(text), 997)]
    assert max(depths) <= 9
