"""What a chat request means."""

from collections.abc import Mapping
from typing import Any

from tidegate.core.dialects.neutral.chat import (
    Block,
    Chat,
    Format,
    Left,
    Media,
    Refused,
    Role,
    Text,
    Thinking,
    ToolResult,
    Turn,
)
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.neutral.usual import spoken
from tidegate.core.dialects.openai_chat.content import read_content
from tidegate.core.dialects.openai_chat.tools import read_calls, read_choice, read_tools, usual_call

# Without these the request would be another one.
_ESSENTIAL = frozenset(("audio", "background", "conversation", "modalities", "plugins", "previous_response_id",
                        "search_parameters", "web_search_options"))  # fmt: skip
_ROLES: Mapping[str, Role] = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
_AUDIO = frozenset(("audio",))
_SHOWN = (Text, Media)


def read_request(document: Mapping[str, Any]) -> Chat:
    """Raises BadRequest with the field's path."""
    top = Fields(document)
    top.ignore(("model", "store", "messages"))
    lost: list[Left] = []
    turns = tuple([
        spoken(message, _ROLES) or _usual(message) or _turn(Fields(message, "messages", top, place), lost)
        for place, message in enumerate(top.items("messages"))
    ])  # fmt: skip
    tools = tuple(read_tools(top, lost))
    choice, named = read_choice(top)
    stream_options = top.object("stream_options")
    return Chat(
        turns=turns,
        tools=tools,
        tool_choice=choice,
        tool_named=named,
        parallel_tools=top.truth("parallel_tool_calls"),
        format=_format(top),
        stream=bool(top.truth("stream")),
        stream_usage=bool(stream_options and stream_options.truth("include_usage")),
        max_tokens=_first(top.whole("max_completion_tokens"), top.whole("max_tokens")),
        temperature=top.number("temperature"),
        top_p=top.number("top_p"),
        stop=top.texts("stop"),
        seed=top.whole("seed"),
        presence_penalty=top.number("presence_penalty"),
        frequency_penalty=top.number("frequency_penalty"),
        logit_bias=top.tree("logit_bias"),
        logprobs=top.truth("logprobs"),
        top_logprobs=top.whole("top_logprobs"),
        choices=top.whole("n"),
        effort=top.text("reasoning_effort"),
        verbosity=top.text("verbosity"),
        user=top.text("user"),
        metadata=top.tree("metadata"),
        left=(*lost, *top.left(_ESSENTIAL)),
    )


def _first(*found: int | None) -> int | None:
    return next((each for each in found if each is not None), None)


def _usual(message: object) -> Turn | None:
    """Calls of functions with a word before them, and what one gave, as nearly all are written; None for any other."""
    if type(message) is not dict or len(message) != 3:
        return None
    content, calls, call_id = message.get("content"), message.get("tool_calls"), message.get("tool_call_id")
    if message.get("role") == "tool" and type(content) is str and type(call_id) is str:
        return Turn("tool", (ToolResult(call_id, "", (Text(content),) if content else ()),))
    if message.get("role") == "assistant" and type(calls) is list and (content is None or type(content) is str):
        called = [found for call in calls if (found := usual_call(call))]
        if len(called) == len(calls) and "content" in message:
            return Turn("assistant", (Text(content), *called) if content else tuple(called))
    return None


def _turn(message: Fields, lost: list[Left]) -> Turn:
    role = message.text("role")
    if role in ("tool", "function"):
        return _result(message, lost)
    blocks = [*_thinking(message), *read_content(message, lost)]
    if refusal := message.text("refusal"):
        blocks.append(Refused(refusal))
    blocks += read_calls(message)
    if role not in _ROLES:
        raise message.wrong("role", f"one of {', '.join((*_ROLES, 'tool'))}")
    turn = Turn(_ROLES[role], tuple(blocks), message.text("name"))
    lost += message.left(_AUDIO)
    return turn


def _result(message: Fields, lost: list[Left]) -> Turn:
    name, call = message.text("name"), message.text("tool_call_id")
    said = tuple([block for block in read_content(message, lost) if isinstance(block, _SHOWN)])
    lost += message.left()
    return Turn("tool", (ToolResult(call, name, said),))


def _thinking(message: Fields) -> list[Block]:
    """Not the dialect's own; several providers that speak it have it."""
    for key in ("reasoning_content", "reasoning"):
        found = message.raw(key)
        if isinstance(found, str) and found:
            return [Thinking(found)]
    return []


def _format(top: Fields) -> Format | None:
    wanted = top.object("response_format")
    if wanted is None:
        return None
    kind = wanted.text("type")
    if kind == "json_schema" and (described := wanted.object("json_schema")):
        return Format(
            "schema",
            described.text("name"),
            described.tree("schema"),
            described.truth("strict"),
            described.text("description"),
        )
    if kind not in ("text", "json_object"):
        raise wanted.wrong("type", "text, json_object or json_schema")
    return Format("json" if kind == "json_object" else "text")
