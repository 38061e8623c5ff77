"""Messages of a role and a text, and pieces that are a text, told from all others."""

import pytest

from tidegate.core.dialects.neutral.chat import Text, Turn
from tidegate.core.dialects.neutral.usual import spoken, text_alone

ROLES = {"developer": "system", "user": "user"}
OTHERS = [
    None,
    [],
    "user",
    {},
    {"role": "user"},
    {"role": "user", "content": None},
    {"role": "user", "content": []},
    {"role": "user", "text": "a"},
    {"role": "assistant", "content": "a"},
    {"role": ["user"], "content": "a"},
    {"role": "user", "content": "a", "name": None},
]
OTHER_PIECES = [
    None,
    "text",
    {},
    {"type": "text"},
    {"type": "text", "text": None},
    {"type": "text", "content": "a"},
    {"type": ["text"], "text": "a"},
    {"type": "image", "text": "a"},
    {"type": "text", "text": "a", "cache_control": None},
]


def test_a_role_and_a_text_are_a_turn():
    assert spoken({"content": "a", "role": "developer"}, ROLES) == Turn("system", (Text("a"),))
    assert spoken({"role": "user", "content": ""}, ROLES) == Turn("user", ())


@pytest.mark.parametrize("message", OTHERS)
def test_any_other_message_is_left_to_the_dialect(message):
    assert spoken(message, ROLES) is None


def test_a_piece_that_is_a_text_is_one():
    assert text_alone({"type": "text", "text": "a"}, ("text", "output_text")) == Text("a")
    assert text_alone({"text": "", "type": "output_text"}, ("text", "output_text")) == Text("")


@pytest.mark.parametrize("piece", OTHER_PIECES)
def test_any_other_piece_is_left_to_the_dialect(piece):
    assert text_alone(piece, ("text",)) is None
