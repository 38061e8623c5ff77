"""Names of tools: words of a programmer's are no text, in whichever dialect they stand; any other name is."""

import json

import pytest

from tidegate.core.dialects import known
from tidegate.core.dialects.tool_names import is_plain_name, without_plain_names

NAMES = [
    ("Edit", True),
    ("mcp__github__create_issue2", True),
    ("str_replace_based_edit_tool", True),
    ("transfer-to-jane", True),
    ("Jane Doe", False),
    ("jane@example.com", False),
    ("call_457555462", False),
    ("AK" + "IA" + "QW3RTY7UIOP4ASDF", False),
    ("x" * 65, False),
    ("", False),
    (None, False),
    (7, False),
]


@pytest.mark.parametrize(("name", "plain"), NAMES)
def test_words_of_a_programmer_s_are_told_from_any_other_name(name, plain):
    assert is_plain_name(name) is plain


def test_names_are_left_out_where_tools_keep_them_and_nowhere_else():
    tools = [
        {"type": "function", "function": {"name": "Edit", "parameters": {"properties": {"name": {"name": "Edit"}}}}},
        {"type": "custom", "custom": {"name": "Jane Doe", "description": "Edit"}},
        {"type": "namespace", "name": "crm", "tools": [{"name": "Mark"}, {"name": "Jane Doe"}, "Edit"]},
        "Edit",
    ]
    assert without_plain_names(tools) == [
        {"type": "function", "function": {"parameters": {"properties": {"name": {"name": "Edit"}}}}},
        {"type": "custom", "custom": {"name": "Jane Doe", "description": "Edit"}},
        {"type": "namespace", "tools": [{}, {"name": "Jane Doe"}, "Edit"]},
        "Edit",
    ]
    assert tools[0]["function"]["name"] == "Edit"


def function(name):
    return {"type": "function", "function": {"name": name, "parameters": {}}}


def said(*messages, key="messages", **fields):
    return {key: [{"role": "user", "content": "x"}, *messages], **fields}


def call(name):
    return {"id": "c", "type": "function", "function": {"name": name, "arguments": "{}"}}


# Dialect, where the name stands, and a request that has it there.
PLACES = {
    "openai.chat": [
        (("tools", 0, "function", "name"), lambda name: said(tools=[function(name)])),
        (("tools", 0, "custom", "name"), lambda name: said(tools=[{"type": "custom", "custom": {"name": name}}])),
        (("functions", 0, "name"), lambda name: said(functions=[{"name": name}])),
        (("tool_choice", "function", "name"), lambda name: said(tool_choice=function(name))),
        (("function_call", "name"), lambda name: said(function_call={"name": name})),
        (("messages", 1, "tool_calls", 0, "function", "name"),
         lambda name: said({"role": "assistant", "tool_calls": [call(name)]})),
        (("messages", 1, "tool_calls", 0, "custom", "name"),
         lambda name: said({"role": "assistant", "tool_calls": [
             {"id": "c", "type": "custom", "custom": {"name": name, "input": ""}}]})),
        (("messages", 1, "function_call", "name"),
         lambda name: said({"role": "assistant", "function_call": {"name": name, "arguments": "{}"}})),
        (("messages", 1, "name"), lambda name: said({"role": "function", "name": name, "content": ""})),
    ],
    "openai.responses": [
        (("tools", 0, "name"), lambda name: said(key="input", tools=[{"type": "function", "name": name}])),
        (("tools", 0, "tools", 0, "name"),
         lambda name: said(key="input", tools=[
             {"type": "namespace", "name": "n", "tools": [{"type": "function", "name": name}]}])),
        (("tool_choice", "name"), lambda name: said(key="input", tool_choice={"type": "function", "name": name})),
        (("tool_choice", "tools", 0, "name"),
         lambda name: said(key="input", tool_choice={
             "type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": name}]})),
        (("input", 1, "name"),
         lambda name: said({"type": "function_call", "call_id": "c", "name": name, "arguments": "{}"}, key="input")),
        (("input", 1, "namespace"),
         lambda name: said(
             {"type": "custom_tool_call", "call_id": "c", "name": "f", "namespace": name, "input": ""}, key="input")),
        (("input", 1, "name"),
         lambda name: said({"type": "function_call_output", "call_id": "c", "name": name, "output": ""}, key="input")),
        (("input", 1, "tools", 0, "name"),
         lambda name: said(
             {"type": "additional_tools", "tools": [{"type": "function", "name": name}]}, key="input")),
    ],
    "anthropic.messages": [
        (("tools", 0, "name"), lambda name: said(tools=[{"name": name, "input_schema": {}}])),
        (("tool_choice", "name"), lambda name: said(tool_choice={"type": "tool", "name": name})),
        (("messages", 1, "content", 0, "name"),
         lambda name: said({"role": "assistant", "content": [
             {"type": "tool_use", "id": "c", "name": name, "input": {}}]})),
    ],
    "ollama.chat": [
        (("tools", 0, "function", "name"), lambda name: said(tools=[function(name)])),
        (("messages", 1, "tool_calls", 0, "function", "name"),
         lambda name: said({"role": "assistant", "content": "", "tool_calls": [
             {"function": {"name": name, "arguments": {}}}]})),
        (("messages", 1, "tool_name"), lambda name: said({"role": "tool", "content": "", "tool_name": name})),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "plain"), [each for each in NAMES if isinstance(each[0], str) and each[0]])
@pytest.mark.parametrize(
    ("dialect", "path", "request_of"),
    [(dialect, *place) for dialect, places in PLACES.items() for place in places],
    ids=lambda each: ".".join(map(str, each)) if isinstance(each, tuple) else None,
)
def test_every_dialect_goes_by_the_same_rule(dialect, path, request_of, name, plain):
    body = json.dumps({"model": "auto", **request_of(name)}).encode()
    found = [part.path for part in known.SPOKEN[dialect].parse_request(body, {}).parts if part.text == name]
    assert found == ([] if plain else [path])


@pytest.mark.parametrize("dialect", ["openai.chat", "openai.responses", "anthropic.messages"])
def test_who_speaks_is_no_tool(dialect):
    """A participant's name is somebody's, however it is spelt."""
    key = "input" if dialect == "openai.responses" else "messages"
    body = json.dumps({"model": "auto", key: [{"role": "user", "name": "jane", "content": "x"}]}).encode()
    assert "jane" in [part.text for part in known.SPOKEN[dialect].parse_request(body, {}).parts]
