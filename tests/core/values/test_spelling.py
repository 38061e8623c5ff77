"""Names of fields are told where they are words, and a key that is a text is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.values.spelling import ODD, all_told, told

WORDS = [
    "store", "messages.content.document", "free_tools:by_convention", "tools.web_search_20250305", "$schema", "_id",
    "input[3].content", "anthropic-beta.context-1m-2025-08-07", "options.f16_kv", "a" * 32,
]  # fmt: skip
TEXTS = [
    ("jane@example.com", ODD),
    ("options.jane@example.com", f"options.{ODD}"),
    ("a\r\nx-header: 1", ODD),
    ("messages.a b.c", f"messages.{ODD}"),
    ("49151" + "12345678", ODD),
    ("n\u00e4he", ODD),
    ("", ODD),
    ("x" * 4000, ODD),
    ("a." * 4000, "a." * 64 + ODD),
]


@pytest.mark.parametrize("name", WORDS)
def test_a_word_is_told(name):
    assert told(name) == name


@pytest.mark.parametrize(("name", "said"), TEXTS)
def test_a_text_is_not(name, said):
    assert told(name) == said


@given(st.text())
def test_what_is_told_fits_into_a_header_and_a_line(name):
    assert len(told(name)) <= 140
    assert told(name).isascii()
    assert told(name).isprintable()
    assert told(told(name)) == told(name)


def test_several_that_are_odd_are_told_once():
    assert all_told(["b", "a b", "c d", "b", "a"]) == ("b", ODD, "a")
