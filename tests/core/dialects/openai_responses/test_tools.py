"""Tools and the choice among them."""

import pytest

from tidegate.core.dialects.neutral.chat import Left, Tool
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.openai_responses.tools import read_choice, read_tools
from tidegate.core.values.errors import BadRequest

FUNCTION = {"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}}
TOOLS = [
    (FUNCTION, Tool("f", "d", {"type": "object"})),
    ({**FUNCTION, "strict": True}, Tool("f", "d", {"type": "object"}, strict=True)),
    ({"type": "function", "name": "f"}, Tool("f")),
    ({"type": "namespace", "name": "n", "description": "x", "tools": [FUNCTION]},
     Tool("n__f", "d", {"type": "object"})),
    ({"type": "custom", "name": "g", "format": {"type": "text"}}, Tool("g", free=True)),
    ({"type": "custom", "name": "g", "format": {"type": "grammar", "syntax": "lark", "definition": "start: X"}},
     Tool("g", free=True, syntax="lark", grammar="start: X")),
]  # fmt: skip
CHOICES = [
    (None, (None, "", None)),
    ("auto", ("auto", "", None)),
    ("required", ("required", "", None)),
    ({"type": "function", "name": "f"}, ("named", "f", None)),
    ({"type": "local_shell"}, ("named", "local_shell", None)),
    ({"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "f"}]},
     ("required", "", frozenset(("f",)))),
]  # fmt: skip


def tools(*given):
    lost = []
    return list(read_tools(Fields({"tools": list(given)}), lost)), lost


@pytest.mark.parametrize(("tool", "meaning"), TOOLS)
def test_a_tool_has_a_meaning(tool, meaning):
    assert tools(tool) == ([meaning], [])
    assert tools({**tool, "novel": None}) == ([meaning], [])


def test_what_a_tool_says_beyond_that_is_left_by_its_path():
    assert tools(FUNCTION, {**FUNCTION, "novel": 1})[1] == [Left("tools[1].novel")]


def test_a_provider_s_own_tool_is_left_and_some_may_not_be_missing():
    assert tools({"type": "web_search"}, {"type": "file_search"}) == (
        [],
        [Left("tools.web_search"), Left("tools.file_search", essential=True)],
    )


@pytest.mark.parametrize("tool", [7, {"type": "function", "name": 1}, {**FUNCTION, "strict": "yes"}])
def test_what_is_no_tool_is_refused_by_its_path(tool):
    with pytest.raises(BadRequest) as raised:
        tools(tool)
    assert raised.value.param.startswith("tools[0]")


@pytest.mark.parametrize(("choice", "meaning"), CHOICES)
def test_a_choice_has_a_meaning(choice, meaning):
    assert read_choice(Fields({"tool_choice": choice}), []) == meaning
