"""What items mean, and what of a request has no meaning elsewhere."""

import json

import pytest

from tidegate.core.dialects import openai_chat
from tidegate.core.dialects import openai_responses as dialect
from tidegate.core.dialects.crossing import cross_request
from tidegate.core.dialects.neutral.chat import Format, Media, Refused, Text, Thinking, Tool, ToolCall, ToolResult, Turn
from tidegate.core.values.errors import BadRequest


def read(given="Hi.", **more):
    return dialect.read_request({"model": "auto", "input": given, **more})


def user(*content):
    return {"role": "user", "content": list(content)}


CALL = {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "c1", "output": "done"}
ITEMS = [
    ("Hi.", [Turn("user", (Text("Hi."),))]),
    ([user({"type": "input_text", "text": "a"})], [Turn("user", (Text("a"),))]),
    ([{"role": "developer", "content": "a"}], [Turn("system", (Text("a"),))]),
    ([{"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}]}], [Turn("assistant", (Refused("no"),))]),
    ([user({"type": "input_image", "image_url": "data:image/png;base64,AA", "detail": "auto"})],
     [Turn("user", (Media("image", "image/png", data="AA"),))]),
    ([user({"type": "input_image", "image_url": "https://x/y", "detail": "low"})],
     [Turn("user", (Media("image", url="https://x/y", detail="low"),))]),
    ([user({"type": "input_image", "file_id": "f"})], [Turn("user", (Media("image", file_id="f"),))]),
    ([user({"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,AA"})],
     [Turn("user", (Media("file", "application/pdf", data="AA", name="a.pdf"),))]),
    ([user({"type": "input_file", "file_data": "AA"})], [Turn("user", (Media("file", data="AA"),))]),
    ([user({"type": "input_file", "file_url": "https://x/y"})], [Turn("user", (Media("file", url="https://x/y"),))]),
    ([user({"type": "input_audio", "input_audio": {"data": "AA", "format": "wav"}})],
     [Turn("user", (Media("audio", "audio/wav", data="AA"),))]),
    ([CALL, OUTPUT],
     [Turn("assistant", (ToolCall("c1", "f", "{}"),)), Turn("tool", (ToolResult("c1", "", (Text("done"),)),))]),
    ([{"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": each} for each in "ab"],
       "encrypted_content": "AA"}], [Turn("assistant", (Thinking("a\n\nb", sealed="AA"),))]),
    ([{"type": "custom_tool_call", "call_id": "c", "name": "p", "input": "x"}],
     [Turn("assistant", (ToolCall("c", "p", "x", free=True),))]),
    ([{"type": "function_call", "call_id": "c", "name": "f", "namespace": "n", "arguments": "{}"}],
     [Turn("assistant", (ToolCall("c", "n__f", "{}"),))]),
    ([{"type": "local_shell_call", "id": "l", "call_id": "c", "status": "completed",
       "action": {"type": "exec", "command": ["ls", "-l"], "env": {}, "timeout_ms": None}}],
     [Turn("assistant", (ToolCall("c", "local_shell", '{"command":["ls","-l"]}'),))]),
    ([{"type": "local_shell_call_output", "id": "c", "output": "x"}],
     [Turn("tool", (ToolResult("c", "", (Text("x"),)),))]),
    ([{"type": "apply_patch_call", "call_id": "c", "status": "completed",
       "operation": {"type": "delete_file", "path": "p"}}],
     [Turn("assistant", (ToolCall("c", "apply_patch", '{"type":"delete_file","path":"p"}'),))]),
    ([{"type": "apply_patch_call_output", "call_id": "c", "status": "failed", "output": "no"}],
     [Turn("tool", (ToolResult("c", "", (Text("no"),), failed=True),))]),
    ([{"type": "shell_call_output", "call_id": "c", "output": [{"stdout": "a", "stderr": "", "outcome": None}]}],
     [Turn("tool", (ToolResult("c", "", (Text('{"stdout":"a","stderr":"","outcome":null}'),)),))]),
]  # fmt: skip


@pytest.mark.parametrize(("given", "turns"), ITEMS)
def test_each_item_has_its_meaning(given, turns):
    ask = read(given)
    assert list(ask.turns) == turns
    assert not ask.left


def test_what_the_model_said_thought_and_called_in_a_row_is_one_turn():
    """Chats want all parallel calls in one message, and results right behind it."""
    thought = {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": "hm"}]}
    said = {"role": "assistant", "content": "I look."}
    other = {**CALL, "call_id": "c2"}
    ask = read([user({"type": "input_text", "text": "Hi."}), thought, said, CALL, other, OUTPUT,
                {**OUTPUT, "call_id": "c2"}])  # fmt: skip
    assert [turn.role for turn in ask.turns] == ["user", "assistant", "tool", "tool"]
    assert [type(block).__name__ for block in ask.turns[1].blocks] == ["Thinking", "Text", "ToolCall", "ToolCall"]


def test_two_messages_in_a_row_stay_two():
    said = {"role": "assistant", "content": "a"}
    assert [turn.role for turn in read([said, said]).turns] == ["assistant", "assistant"]


def test_instructions_come_first():
    assert read(instructions="Be kind.").turns[0] == Turn("system", (Text("Be kind."),))


TOOLS = [
    ({"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}, "strict": True},
     Tool("f", "d", {"type": "object"}, strict=True)),
    ({"type": "custom", "name": "p", "description": "d", "format": {"type": "text"}}, Tool("p", "d", free=True)),
    ({"type": "custom", "name": "p", "format": {"type": "grammar", "syntax": "lark", "definition": "start: A"}},
     Tool("p", free=True, syntax="lark", grammar="start: A")),
    ({"type": "namespace", "name": "n", "description": "d", "tools": [{"type": "function", "name": "f"}]},
     Tool("n__f")),
]  # fmt: skip


@pytest.mark.parametrize(("given", "tool"), TOOLS)
def test_each_tool_has_its_meaning(given, tool):
    ask = read(tools=[given])
    assert ask.tools == (tool,)
    assert not ask.left


@pytest.mark.parametrize("kind", ["local_shell", "apply_patch", "shell"])
def test_tools_that_the_client_runs_are_functions_elsewhere(kind):
    (tool,) = read(tools=[{"type": kind}]).tools
    assert tool.name == kind
    assert tool.schema["required"]


CHOICES = [
    ("auto", ("auto", "", None)),
    ("none", ("none", "", None)),
    ("required", ("required", "", None)),
    ({"type": "function", "name": "f"}, ("named", "f", None)),
    ({"type": "custom", "name": "p"}, ("named", "p", None)),
    ({"type": "local_shell"}, ("named", "local_shell", None)),
    (
        {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "g"}]},
        ("required", "", ["g"]),
    ),
]


@pytest.mark.parametrize(("given", "expected"), CHOICES)
def test_each_choice_has_its_meaning(given, expected):
    choice, named, names = expected
    ask = read(tools=[{"type": "function", "name": name} for name in "fg"], tool_choice=given)
    assert (ask.tool_choice, ask.tool_named) == (choice, named)
    assert [tool.name for tool in ask.tools] == (names or ["f", "g"])


def test_settings_have_their_meaning():
    schema = {"type": "object"}
    ask = read(
        max_output_tokens=5, temperature=0.5, top_p=0.9, parallel_tool_calls=False, user="u", metadata={"a": "b"},
        reasoning={"effort": "low"}, stream=True, include=["message.output_text.logprobs"], top_logprobs=2,
        text={"format": {"type": "json_schema", "name": "n", "schema": schema, "strict": True}, "verbosity": "low"},
    )  # fmt: skip
    assert (ask.max_tokens, ask.temperature, ask.top_p, ask.parallel_tools) == (5, 0.5, 0.9, False)
    assert (ask.effort, ask.verbosity, ask.stream, ask.logprobs, ask.top_logprobs) == ("low", "low", True, True, 2)
    assert ask.format == Format("schema", "n", schema, strict=True)
    assert not ask.left


ESSENTIAL = [
    {"previous_response_id": "r"},
    {"conversation": "c"},
    {"prompt": {"id": "p"}},
    {"background": True},
    {"tools": [{"type": "file_search", "vector_store_ids": ["v"]}]},
    {"tools": [{"type": "mcp", "server_label": "s", "server_url": "https://x"}]},
    {"tools": [{"type": "shell", "environment": {"type": "container_auto"}}]},
    {"tool_choice": {"type": "web_search"}},
    {"given": [{"type": "item_reference", "id": "i"}]},
    {"given": [{"type": "computer_call_output", "call_id": "c", "output": {}}]},
    {"given": [{"type": "mcp_call", "id": "m", "name": "f", "server_label": "s", "arguments": "{}"}]},
    {"given": [{"type": "unheard_of"}]},
]


@pytest.mark.parametrize("fields", ESSENTIAL)
def test_what_only_the_provider_has_is_refused_and_named(fields):
    body = json.dumps({"model": "m", "input": fields.pop("given", "Hi."), **fields}).encode()
    with pytest.raises(BadRequest) as caught:
        cross_request(body, dialect, openai_chat, "m")
    assert caught.value.code == "not_expressible"


def test_what_agents_offer_by_habit_is_dropped_and_named():
    body = {"model": "m", "input": "Hi.", "tools": [{"type": "web_search"}, {"type": "function", "name": "f"}]}
    crossed = cross_request(json.dumps(body).encode(), dialect, openai_chat, "m")
    assert crossed.dropped == ("tools.web_search",)
    assert len(json.loads(crossed.body)["tools"]) == 1


def test_what_says_only_how_an_answer_travels_is_dropped_and_named():
    travels = {
        "include": ["reasoning.encrypted_content"],
        "store": False,
        "service_tier": "auto",
        "prompt_cache_key": "k",
        "safety_identifier": "s",
        "max_tool_calls": 3,
        "truncation": "auto",
        "reasoning": {"effort": "low", "summary": "auto"},
        "stream_options": {"include_obfuscation": False},
    }
    body = {"model": "m", "input": "Hi.", **travels}
    crossed = cross_request(json.dumps(body).encode(), dialect, openai_chat, "m")
    assert set(crossed.dropped) == {
        "include",
        "prompt_cache_key",
        "safety_identifier",
        "max_tool_calls",
        "reasoning.summary",
    }
    assert json.loads(crossed.body) == {
        "model": "m", "messages": [{"role": "user", "content": "Hi."}], "reasoning_effort": "low",
    }  # fmt: skip
