"""What a chat request means, and a meaning as a chat request."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects.neutral.chat import (
    Block,
    Chat,
    Left,
    Media,
    Refused,
    Role,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.dialects.neutral.features import Cannot, Feature, Table
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.neutral.usual import declared, spoken
from tidegate.core.dialects.ollama import options
from tidegate.core.dialects.ollama.arguments import as_object
from tidegate.core.dialects.ollama.errors import only_ollama
from tidegate.core.dialects.ollama.media import image

CANNOT: Table = MappingProxyType(
    {
        Feature.LOGIT_BIAS: Cannot.DROPPED,
        Feature.USER: Cannot.DROPPED,
        Feature.METADATA: Cannot.DROPPED,
        Feature.VERBOSITY: Cannot.DROPPED,
        Feature.THINKING_TOKENS: Cannot.DROPPED,
        Feature.PARTICIPANT_NAMES: Cannot.DROPPED,
        Feature.CACHE_HINTS: Cannot.DROPPED,
        Feature.STRICT_TOOLS: Cannot.DROPPED,
        Feature.PARALLEL_TOOLS: Cannot.DROPPED,
        Feature.TOOL_FAILURES: Cannot.DROPPED,
        Feature.IMAGE_DETAIL: Cannot.DROPPED,
        Feature.CHOICES: Cannot.REFUSED,
        Feature.FREE_TOOLS: Cannot.CONVENTION,
        Feature.TOOL_CHOICE_REQUIRED: Cannot.REFUSED,
        Feature.TOOL_CHOICE_NAMED: Cannot.REFUSED,
        Feature.MEDIA_IN_RESULTS: Cannot.CONVENTION,
        Feature.IMAGE_URL: Cannot.REFUSED,
        Feature.AUDIO: Cannot.REFUSED,
        Feature.VIDEO: Cannot.REFUSED,
        Feature.FILE_DATA: Cannot.REFUSED,
        Feature.FILE_URL: Cannot.REFUSED,
        Feature.FILE_ID: Cannot.REFUSED,
    }
)

_SPOKEN = (Text, Refused)
_USUAL = frozenset(("role", "content", "tool_calls", "tool_call_id", "tool_name"))
_SPEAKERS: Mapping[str, Role] = {"system": "system", "user": "user", "assistant": "assistant"}
_ROLES: Mapping[str, Role] = {**_SPEAKERS, "tool": "tool"}


def read_request(document: Mapping[str, Any]) -> Chat:
    """Raises BadRequest with the field's path."""
    top = Fields(document)
    top.ignore(("model", "shift"))
    lost: list[Left] = []
    turns = tuple([
        spoken(message, _SPEAKERS) or _usual(message) or _turn(Fields(message, "messages", top, place), lost)
        for place, message in enumerate(top.items("messages"))
    ])  # fmt: skip
    if not turns:
        raise only_ollama()
    tools = tuple(_tools(top, lost))
    said = options.read(top)
    left = (*lost, *said.pop("left"), *top.left())
    return Chat(turns=turns, tools=tools, left=left, **said)


def _usual(message: object) -> Turn | None:
    """Calls with a word before them, and what one gave, as nearly all are written; None for any other."""
    if type(message) is not dict or not message.keys() <= _USUAL or type(content := message.get("content")) is not str:
        return None
    calls, call_id, name = message.get("tool_calls"), message.get("tool_call_id", ""), message.get("tool_name", "")
    if message.get("role") == "tool" and calls is None and type(call_id) is str and type(name) is str:
        return Turn("tool", (ToolResult(call_id, name, (Text(content),) if content else ()),))
    if message.get("role") == "assistant" and type(calls) is list and not call_id and not name:
        called = [found for call in calls if (found := _usual_call(call))]
        if len(called) == len(calls):
            return Turn("assistant", (Text(content), *called) if content else tuple(called))
    return None


def _usual_call(call: object) -> ToolCall | None:
    function = call.get("function") if type(call) is dict else None
    if type(call) is not dict or type(function) is not dict:
        return None
    call_id, name, arguments = call.get("id", ""), function.get("name"), function.get("arguments")
    if type(call_id) is str and type(name) is str and type(arguments) is dict:
        return ToolCall(call_id, name, options.as_json(arguments))
    return None


def _turn(message: Fields, lost: list[Left]) -> Turn:
    role = _ROLES.get(message.text("role"))
    if role is None:
        raise message.wrong("role", f"one of {', '.join(_ROLES)}")
    if role == "tool":
        told = tuple(_said(message))
        block = ToolResult(message.text("tool_call_id"), message.text("tool_name"), told)
        turn = Turn("tool", (block,))
    else:
        thought = message.text("thinking")
        blocks: list[Block] = [Thinking(thought)] if thought else []
        turn = Turn(role, (*blocks, *_said(message), *_calls(message)))
    lost += message.left()
    return turn


def _said(message: Fields) -> Iterator[Text | Media]:
    if text := message.text("content"):
        yield Text(text)
    for data in message.items("images"):
        if not isinstance(data, str):
            raise message.wrong("images", "an array of base64 texts")
        yield image(data)


def _calls(message: Fields) -> Iterator[ToolCall]:
    for call in message.objects("tool_calls"):
        function = call.object("function")
        if function is None:
            raise call.wrong("function", "an object")
        yield ToolCall(call.text("id"), function.text("name"), options.as_json(function.tree("arguments") or {}))


def _tools(top: Fields, lost: list[Left]) -> Iterator[Tool]:
    for place, tool in enumerate(top.items("tools")):
        usual = declared(tool.get("function"), "parameters") if type(tool) is dict else None
        if usual is not None and usual.strict is None:
            yield usual
        else:
            yield from _tool(Fields(tool, "tools", top, place), lost)


def _tool(tool: Fields, lost: list[Left]) -> Iterator[Tool]:
    function = tool.object("function")
    if function is None:
        lost.append(Left(f"tools.{tool.text('type')}"))
    else:
        yield Tool(function.text("name"), function.text("description"), function.tree("parameters"))


# -- a meaning as a request --------------------------------------------------------------------------------------------


def write_request(ask: Chat | Embedding, model: str) -> bytes:
    """What CANNOT drops is left out."""
    assert isinstance(ask, Chat)  # dialects of one operation are crossed
    messages = [message for turn in ask.turns for message in _messages(turn)]
    body: dict[str, Any] = {"model": model, "messages": messages, "stream": ask.stream}
    body.update(options.written(ask))
    if ask.tools and ask.tool_choice != "none":  # there is no other word for "do not call them"
        body["tools"] = [_written_tool(tool) for tool in ask.tools]
    return orjson.dumps(body)


def _messages(turn: Turn) -> list[dict[str, Any]]:
    role, blocks, _ = turn
    results = [_written_result(block) for block in blocks if isinstance(block, ToolResult)]
    if role == "tool" or (results and len(results) == len(blocks)):
        return results
    message: dict[str, Any] = {"role": role, "content": _prose(blocks)}
    if len(blocks) > 1 or message["content"] == "":
        _add_beside(blocks, message)
    return [*results, message]


def _add_beside(blocks: Sequence[Block], message: dict[str, Any]) -> None:
    """What stands beside the text."""
    if thought := "\n".join([block.text for block in blocks if isinstance(block, Thinking) and block.text]):
        message["thinking"] = thought
    if images := [block.data for block in blocks if isinstance(block, Media)]:
        message["images"] = images
    if calls := [_written_call(block) for block in blocks if isinstance(block, ToolCall)]:
        message["tool_calls"] = calls


def _prose(blocks: Sequence[Block]) -> str:
    return "\n".join([block.text for block in blocks if isinstance(block, _SPOKEN)])


def _written_result(result: ToolResult) -> dict[str, Any]:
    message = {"role": "tool", "content": _prose(result.blocks)}
    if result.name:
        message["tool_name"] = result.name
    if result.id:
        message["tool_call_id"] = result.id
    return message


def _written_call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": as_object(call.arguments)}
    return {"id": call.id, "function": function} if call.id else {"function": function}


def _written_tool(tool: Tool) -> dict[str, Any]:
    function: dict[str, Any] = {"name": tool.name, "description": tool.description}
    function["parameters"] = tool.schema if tool.schema is not None else {"type": "object", "properties": {}}
    return {"type": "function", "function": function}
