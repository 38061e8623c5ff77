"""What is told in one look, and what is left to be read field by field: the two mean the same."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

from tidegate.core.dialects import known
from tidegate.core.dialects.neutral.chat import Text, Tool, Turn
from tidegate.core.dialects.neutral.conventions import as_functions
from tidegate.core.dialects.neutral.usual import declared, spoken, text_alone
from tidegate.core.values.errors import BadRequest

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


TOOLS = [
    ({"name": "f", "description": "d", "parameters": {}}, Tool("f", "d", {})),
    ({"name": "f", "description": "d", "parameters": {}, "strict": True}, Tool("f", "d", {}, strict=True)),
    ({"name": "f", "description": "d", "parameters": {}, "novel": 1}, Tool("f", "d", {})),
    ({"name": "f", "parameters": {}}, None),
    ({"name": "f", "description": "d"}, None),
    ({"name": "f", "description": "d", "parameters": []}, None),
    ({"name": "f", "description": "d", "parameters": {}, "strict": 1}, None),
    ({"name": 1, "description": "d", "parameters": {}}, None),
    ([], None),
    (None, None),
]


@pytest.mark.parametrize(("function", "tool"), TOOLS)
def test_a_function_with_a_name_a_purpose_and_a_schema_is_a_tool(function, tool):
    assert declared(function, "parameters") == tool


GOLDEN = Path(__file__).parents[3] / "golden"
SPOKEN = {
    "anthropic_messages": "anthropic.messages",
    "openai_chat": "openai.chat",
    "openai_responses": "openai.responses",
}


def recorded():
    """What clients asked, each in its own dialect and in every other that can say it."""
    for folder, name in SPOKEN.items():
        for path in sorted((GOLDEN / folder).glob("*.json")):
            found = json.loads(json.loads(path.read_text("utf-8"))["request"]["body"] or "null")
            if isinstance(found, dict) and ("messages" in found or "input" in found):
                yield name, path.stem, found


REQUESTS = {stem: (name, found) for name, stem, found in recorded()}
WAYS = ("openai.chat", "openai.responses", "anthropic.messages", "ollama.chat")


def with_nulls(request):
    """The same, in which nothing is as usual any more: a field that is null was not said."""
    request = deepcopy(request)
    messages = request.get("messages", request.get("input"))
    objects = [*(messages if isinstance(messages, list) else ()), *(request.get("tools") or ())]
    for each in objects:
        for inner in (each, each.get("function"), *of(each, "content"), *of(each, "tool_calls"), *of(each, "output")):
            if isinstance(inner, dict):
                inner["novel"] = None
                if isinstance(inner.get("function"), dict):
                    inner["function"]["description"] = inner["function"].get("description")
                    inner["function"]["novel"] = None
    return request


def of(holder, key):
    return holder[key] if isinstance(holder.get(key), list) else ()


@pytest.mark.parametrize("stem", REQUESTS)
def test_what_is_told_in_one_look_means_what_it_means_field_by_field(stem):
    name, found = REQUESTS[stem]
    try:
        ask = known.SPOKEN[name].read_request(found)
    except BadRequest:
        return
    for way in WAYS:
        request = json.loads(known.UNDERSTOOD[way].write_request(as_functions(ask), "m")) if way != name else found
        assert known.SPOKEN[way].read_request(with_nulls(request)) == known.SPOKEN[way].read_request(request)
