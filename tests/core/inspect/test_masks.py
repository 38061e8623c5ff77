"""Masks leave prose readable and JSON valid, wherever in it the value stands."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.inspect.masks import Json, Prose, mask_of, masked


def spans_of(text, *values):
    return [(text.index(v), text.index(v) + len(v), "x") for v in values]


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("write to jane today", ["jane"], "write to [x] today"),
        ("jane", ["jane"], "[x]"),
        ("jane, mary", ["jane", "mary"], "[x], [x]"),
        ("nobody", [], "nobody"),
    ],
)
def test_in_prose_a_mask_stands_for_a_value(text, values, expected):
    assert masked(text, spans_of(text, *values), Prose()) == expected


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ('{"to": "jane", "n": 1}', ["jane"], '{"to": "[x]", "n": 1}'),
        ('{"n": 12345, "m": [12]}', ["12345"], '{"n": "[x]", "m": [12]}'),
        ('{"n": -12.5e3}', ["12"], '{"n": "[x]"}'),
        ('{"a": true, "b": null}', ["true", "null"], '{"a": "[x]", "b": "[x]"}'),
        ('{"jane": 1}', ["jane"], '{"[x]": 1}'),
        ('{"a": "jane", "b": "doe"}', ['jane", "b": "doe'], '{"a": "[x]", "[x]": "[x]"}'),
        ('{"a": "jane", "n": 7}', ['"jane", "n": 7'], '{"a": "[x]", "[x]": "[x]"}'),
        (r'{"a": "\bjane"}', ["bjane"], '{"a": "[x]"}'),
        (r'{"a": "\u006aane"}', ["6aane"], '{"a": "[x]"}'),
        (r'{"a": "jane\u0021x"}', ["jane\\u0"], '{"a": "[x]x"}'),
        (r'{"a": "he said \"jane\" twice"}', ["jane"], r'{"a": "he said \"[x]\" twice"}'),
        (r'{"a": "\\jane"}', ["jane"], r'{"a": "\\[x]"}'),
    ],
)
def test_in_json_a_mask_leaves_a_document(text, values, expected):
    out = masked(text, spans_of(text, *values), Json())
    assert out == expected
    json.loads(out)


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
documents = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)


@given(documents, st.booleans(), st.lists(st.tuples(st.integers(0, 300), st.integers(1, 40)), max_size=4))
def test_whatever_is_masked_the_rest_is_still_json(document, ascii_only, places):
    text = json.dumps(document, ensure_ascii=ascii_only)
    spans, at = [], 0
    for start, length in sorted(places):
        low, high = max(at, start % len(text)), min(len(text), start % len(text) + length)
        if low < high:
            spans.append((low, high, "pii.email"))
            at = high
    left = json.loads(masked(text, spans, Json()))
    if isinstance(document, dict | list | str):
        assert type(left) is type(document)


def test_of_a_number_that_has_begun_to_leave_the_rest_stays_digits():
    text = "[1234567]"
    walk = Json()
    left = walk.keep(text, 0, 4)
    stands, at = walk.mask(text, 4, 8, mask_of("x"))
    assert left + stands + walk.keep(text, at, len(text)) == "[1230000]"


def test_of_a_number_that_was_masked_nothing_follows():
    walk = Json()
    first, at = walk.mask("[12345", 1, 6, mask_of("x"))
    assert (first, at) == ('"[x]"', 6)
    assert walk.mask("678, 9]", 0, 2, "")[0] + walk.keep("678, 9]", 2, 7) == ", 9]"


@pytest.mark.parametrize(
    ("text", "cut"),
    [("ab", 2), ("a\\", 1), ("a\\\\", 3), ("a\\u", 1), ("a\\u00e", 1), ("a\\u00e9", 7), ("\\\\u00", 5), ("a\\n", 3)],
)
def test_an_escape_is_never_cut_in_two(text, cut):
    assert Json().cut(text, 0, len(text)) == cut
    assert Prose().cut(text, 0, len(text)) == len(text)
