"""Prompts: where each text stands."""

import json

import pytest

from tidegate.core.dialects import ollama_generate as dialect
from tidegate.core.values.envelope import Position
from tidegate.core.values.errors import BadRequest


def parsed(**fields):
    return dialect.parse_request(json.dumps({"model": "m", **fields}).encode())


def test_each_text_has_its_position():
    envelope = parsed(prompt="a", suffix="b", system="c", template="d", raw=True, think="high")
    assert [(part.position, part.text) for part in envelope.parts] == [
        (Position.USER, "a"),
        (Position.USER, "b"),
        (Position.SYSTEM, "c"),
        (Position.SYSTEM, "d"),
        (Position.REST, "high"),
    ]
    assert envelope.conversation == "a"
    assert envelope.rest == frozenset()


def test_tokens_of_the_turns_before_are_text_that_nobody_has_looked_at():
    envelope = parsed(prompt="a", context=[128006, 882])
    assert envelope.unscannable == (("context",),)
    assert envelope.has_history
    assert not parsed(prompt="a", context=[]).unscannable


def test_images_are_what_nobody_has_looked_at():
    assert parsed(prompt="a", images=["AAAA"]).unscannable == (("images", 0),)


def test_a_context_of_another_kind_is_looked_at_too():
    envelope = parsed(prompt="a", context=["text"])
    assert "text" in {part.text for part in envelope.parts}
    assert envelope.unscannable == (("context",),)


def test_pictures_that_are_asked_for_are_no_field_that_anybody_knows():
    assert parsed(prompt="a", width=512, height=512, steps=4).rest == {"width", "height", "steps"}


@pytest.mark.parametrize("field", ["prompt", "suffix", "system", "template"])
@pytest.mark.parametrize("value", [1, True, [], {}])
def test_texts_are_strings(field, value):
    with pytest.raises(BadRequest) as refused:
        parsed(**{field: value})
    assert refused.value.param == field
