"""Tools that a request offers, which of them is to be called, and those that a conversation has called; both ways."""

from typing import Any

from tidegate.core.dialects.neutral.chat import Chat, Choice, Left, Tool, ToolCall
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.neutral.usual import declared


def read_tools(top: Fields, lost: list[Left]) -> list[Tool]:
    """Raises BadRequest with the field's path."""
    found: list[Tool] = []
    for place, tool in enumerate(top.items("tools")):
        if type(tool) is dict and "custom" not in tool and (usual := declared(tool.get("function"), "parameters")):
            found.append(usual)
        elif other := _tool(Fields(tool, "tools", top, place), lost):
            found.append(other)
    found += [_function(function) for function in top.objects("functions")]
    return found


def _tool(tool: Fields, lost: list[Left]) -> Tool | None:
    """None for one that the provider runs."""
    if (custom := tool.object("custom")) is not None:
        return _free(custom)
    if (function := tool.object("function")) is not None:
        return _function(function)
    lost.append(Left(f"tools.{tool.text('type')}"))
    return None


def _free(custom: Fields) -> Tool:
    wanted = custom.object("format")
    grammar = wanted.object("grammar") if wanted else None
    syntax, definition = (grammar.text("syntax"), grammar.text("definition")) if grammar else ("", "")
    return Tool(custom.text("name"), custom.text("description"), free=True, syntax=syntax, grammar=definition)


def _function(function: Fields) -> Tool:
    return Tool(
        function.text("name"), function.text("description"), function.tree("parameters"), function.truth("strict")
    )


def read_choice(top: Fields) -> tuple[Choice | None, str]:
    """(choice, name)"""
    key = "tool_choice" if top.raw("tool_choice") is not None else "function_call"
    top.ignore(("tool_choice", "function_call"))
    choice = top.raw(key)
    if choice is None or choice == "auto":
        return ("auto" if choice else None), ""
    if choice == "none":
        return "none", ""
    if choice in ("required", "any"):  # "any" is Mistral's word
        return "required", ""
    named = Fields(choice, top.path(key))
    inner = named.object("function") or named.object("custom") or named
    return "named", inner.text("name")


def read_calls(message: Fields) -> list[ToolCall]:
    """Raises BadRequest with the field's path."""
    calls = [_call(call) for call in message.objects("tool_calls")]
    if (function := message.object("function_call")) is not None:
        calls.append(ToolCall("", function.text("name"), function.text("arguments")))
    return calls


def usual_call(call: object) -> ToolCall | None:
    """A call of a function that says no more than that; None for any other, and for a wrong one (`neutral.usual`)."""
    if type(call) is dict and len(call) == 3 and "type" in call:
        call_id, function = call.get("id"), call.get("function")
        if type(call_id) is str and type(function) is dict:
            name, arguments = function.get("name"), function.get("arguments")
            if type(name) is str and type(arguments) is str:
                return ToolCall(call_id, name, arguments)
    return None


def _call(call: Fields) -> ToolCall:
    if (custom := call.object("custom")) is not None:
        return ToolCall(call.text("id"), custom.text("name"), custom.text("input"), free=True)
    function = call.object("function")
    if function is None:
        raise call.wrong("function", "an object")
    return ToolCall(call.text("id"), function.text("name"), function.text("arguments"))


def written_call(call: ToolCall) -> dict[str, Any]:
    if call.free:
        return {"id": call.id, "type": "custom", "custom": {"name": call.name, "input": call.arguments}}
    function = {"name": call.name, "arguments": call.arguments or "{}"}
    return {"id": call.id, "type": "function", "function": function}


def written_tool(tool: Tool) -> dict[str, Any]:
    described: dict[str, Any] = {"name": tool.name}
    if tool.description:
        described["description"] = tool.description
    if tool.free:
        if tool.grammar:
            grammar = {"syntax": tool.syntax, "definition": tool.grammar}
            described["format"] = {"type": "grammar", "grammar": grammar}
        return {"type": "custom", "custom": described}
    if tool.schema is not None:
        described["parameters"] = tool.schema
    if tool.strict is not None:
        described["strict"] = tool.strict
    return {"type": "function", "function": described}


def written_choice(ask: Chat) -> Any:
    if ask.tool_choice != "named":
        return ask.tool_choice
    kind = "custom" if any(tool.free and tool.name == ask.tool_named for tool in ask.tools) else "function"
    return {"type": kind, kind: {"name": ask.tool_named}}
