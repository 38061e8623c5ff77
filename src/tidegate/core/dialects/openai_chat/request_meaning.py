"""What a chat request means, and a meaning as a chat request."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects.neutral.chat import (
    Block,
    Chat,
    Choice,
    Format,
    Left,
    Media,
    MediaKind,
    Refused,
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
from tidegate.core.dialects.neutral.media import as_data_url, of_url

CANNOT: Table = MappingProxyType(
    {
        Feature.TOP_K: Cannot.DROPPED,
        Feature.KEEP_ALIVE: Cannot.DROPPED,
        Feature.CONTEXT_TOKENS: Cannot.DROPPED,
        Feature.CACHE_HINTS: Cannot.DROPPED,
        Feature.THINKING: Cannot.DROPPED,
        Feature.THINKING_TOKENS: Cannot.DROPPED,
        Feature.THINKING_HISTORY: Cannot.DROPPED,
        Feature.TOOL_FAILURES: Cannot.DROPPED,
        Feature.FREE_TOOLS: Cannot.CONVENTION,
        Feature.MEDIA_IN_RESULTS: Cannot.CONVENTION,
        Feature.FILE_URL: Cannot.REFUSED,
        Feature.VIDEO: Cannot.REFUSED,
    }
)

# Without these the request would be another one.
_ESSENTIAL = frozenset(("audio", "background", "conversation", "modalities", "plugins", "previous_response_id",
                        "search_parameters", "web_search_options"))  # fmt: skip
_ROLES: Mapping[str, Any] = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}


def read_request(document: Mapping[str, Any]) -> Chat:
    """Raises BadRequest with the field's path."""
    top = Fields(document)
    top.ignore(("model", "store", "messages"))
    lost: list[Left] = []
    turns = tuple([_turn(message, lost) for message in top.objects("messages")])
    tools = tuple(_tools(top, lost))
    choice, named = _tool_choice(top)
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


def _turn(message: Fields, lost: list[Left]) -> Turn:
    role = message.text("role")
    if role in ("tool", "function"):
        name, call = message.text("name"), message.text("tool_call_id")
        said = tuple([block for block in _content(message, lost) if isinstance(block, Text | Media)])
        lost += message.left()
        return Turn("tool", (ToolResult(call, name, said),))
    blocks = (*_thinking(message), *_content(message, lost), *_refusal(message), *_calls(message))
    if role not in _ROLES:
        raise message.wrong("role", f"one of {', '.join((*_ROLES, 'tool'))}")
    turn = Turn(_ROLES[role], blocks, message.text("name"))
    lost += message.left({"audio"})
    return turn


def _thinking(message: Fields) -> Iterator[Block]:
    """Not the dialect's own; several providers that speak it have it."""
    for key in ("reasoning_content", "reasoning"):
        found = message.raw(key)
        if isinstance(found, str) and found:
            yield Thinking(found)
            return


def _refusal(message: Fields) -> Iterator[Block]:
    if refusal := message.text("refusal"):
        yield Refused(refusal)


def _content(message: Fields, lost: list[Left]) -> Iterator[Block]:
    content = message.raw("content")
    if isinstance(content, str):
        if content:
            yield Text(content)
    elif content is not None:
        for piece in message.objects("content"):
            yield from _piece(piece, lost)
            lost += piece.left()


def _piece(piece: Fields, lost: list[Left]) -> Iterator[Block]:
    kind = piece.text("type")
    if kind == "text":
        yield Text(piece.text("text"))
    elif kind == "refusal":
        yield Refused(piece.text("refusal"))
    elif kind == "thinking":  # Mistral's
        yield from [Thinking(thought.text("text")) for thought in piece.objects("thinking")]
    elif kind in ("image_url", "video_url"):
        yield _at_url("image" if kind == "image_url" else "video", piece, kind)
    elif kind == "input_audio" and (audio := piece.object("input_audio")):
        yield Media("audio", f"audio/{audio.text('format')}", data=audio.text("data"))
    elif kind == "file" and (file := piece.object("file")):
        found = of_url("file", file.text("file_data"), name=file.text("filename"))
        yield found._replace(file_id=file.text("file_id"))
    else:
        piece.ignore((kind,))
        lost.append(Left(f"messages.content.{kind}", essential=True))


def _at_url(media: MediaKind, piece: Fields, key: str) -> Media:
    """The address stands in an object, or by itself."""
    if isinstance(url := piece.raw(key), str):
        return of_url(media, url)
    inner = piece.object(key)
    if inner is None:
        raise piece.wrong(key, "an object with a url")
    return of_url(media, inner.text("url"), detail=inner.text("detail"))


def _calls(message: Fields) -> Iterator[Block]:
    for call in message.objects("tool_calls"):
        if (custom := call.object("custom")) is not None:
            yield ToolCall(call.text("id"), custom.text("name"), custom.text("input"), free=True)
            continue
        function = call.object("function")
        if function is None:
            raise call.wrong("function", "an object")
        yield ToolCall(call.text("id"), function.text("name"), function.text("arguments"))
    if (function := message.object("function_call")) is not None:
        yield ToolCall("", function.text("name"), function.text("arguments"))


def _tools(top: Fields, lost: list[Left]) -> Iterator[Tool]:
    for tool in top.objects("tools"):
        if (custom := tool.object("custom")) is not None:
            yield _free_tool(custom)
        elif (function := tool.object("function")) is not None:
            yield _tool(function)
        else:
            lost.append(Left(f"tools.{tool.text('type')}"))
    for function in top.objects("functions"):
        yield _tool(function)


def _free_tool(custom: Fields) -> Tool:
    wanted = custom.object("format")
    grammar = wanted.object("grammar") if wanted else None
    syntax, definition = (grammar.text("syntax"), grammar.text("definition")) if grammar else ("", "")
    return Tool(custom.text("name"), custom.text("description"), free=True, syntax=syntax, grammar=definition)


def _tool(function: Fields) -> Tool:
    return Tool(
        function.text("name"), function.text("description"), function.tree("parameters"), function.truth("strict")
    )


def _tool_choice(top: Fields) -> tuple[Choice | None, str]:
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


# -- a meaning as a request --------------------------------------------------------------------------------------------


def write_request(ask: Chat | Embedding, model: str) -> bytes:
    """What CANNOT drops is left out."""
    assert isinstance(ask, Chat)  # dialects of one operation are crossed
    body: dict[str, Any] = {"model": model, "messages": [m for turn in ask.turns for m in _messages(turn)]}
    body |= {key: value for key, value in _settings(ask) if value is not None and value != ""}
    if ask.tools:
        body["tools"] = [_written_tool(tool) for tool in ask.tools]
    if ask.tool_choice:
        body["tool_choice"] = _written_choice(ask)
    if ask.format is not None:
        body["response_format"] = _written_format(ask.format)
    if ask.stream:
        body["stream"] = True
        body["stream_options"] = {"include_usage": True}
    return orjson.dumps(body)


def _settings(ask: Chat) -> Iterator[tuple[str, Any]]:
    yield "max_completion_tokens" if ask.effort else "max_tokens", ask.max_tokens
    yield "temperature", ask.temperature
    yield "top_p", ask.top_p
    yield "stop", list(ask.stop) or None
    yield "seed", ask.seed
    yield "presence_penalty", ask.presence_penalty
    yield "frequency_penalty", ask.frequency_penalty
    yield "logit_bias", ask.logit_bias
    yield "logprobs", ask.logprobs
    yield "top_logprobs", ask.top_logprobs
    yield "n", ask.choices
    yield "reasoning_effort", ask.effort
    yield "verbosity", ask.verbosity
    yield "user", ask.user
    yield "metadata", ask.metadata
    yield "parallel_tool_calls", ask.parallel_tools


def _messages(turn: Turn) -> Iterator[dict[str, Any]]:
    results = [block for block in turn.blocks if isinstance(block, ToolResult)]
    for result in results:
        content = _written_content([block for block in result.blocks if isinstance(block, Text)])
        yield {"role": "tool", "tool_call_id": result.id, "content": content or ""}
    blocks = [block for block in turn.blocks if not isinstance(block, ToolResult)]
    if turn.role == "tool" or (results and not blocks):
        return
    message: dict[str, Any] = {"role": turn.role}
    if turn.name:
        message["name"] = turn.name
    message["content"] = _written_content(blocks)
    if calls := [_written_call(block) for block in blocks if isinstance(block, ToolCall)]:
        message["tool_calls"] = calls
    yield message


def _written_content(blocks: "list[Any]") -> str | list[dict[str, Any]] | None:
    pieces = [piece for block in blocks if (piece := _written_piece(block))]
    if all(piece["type"] == "text" for piece in pieces) and len(pieces) <= 1:
        return pieces[0]["text"] if pieces else None
    return pieces


def _written_piece(block: Block) -> dict[str, Any] | None:
    if isinstance(block, Text):
        return {"type": "text", "text": block.text}
    if isinstance(block, Refused):
        return {"type": "refusal", "refusal": block.text}
    return _written_media(block) if isinstance(block, Media) else None


def _written_media(media: Media) -> dict[str, Any]:
    if media.file_id:
        return {"type": "file", "file": {"file_id": media.file_id}}
    if media.kind == "image":
        image = {"url": as_data_url(media)} | ({"detail": media.detail} if media.detail else {})
        return {"type": "image_url", "image_url": image}
    if media.kind == "audio":
        form = media.media_type.removeprefix("audio/")
        return {"type": "input_audio", "input_audio": {"data": media.data, "format": form}}
    file = {"file_data": as_data_url(media)} | ({"filename": media.name} if media.name else {})
    return {"type": "file", "file": file}


def _written_call(call: ToolCall) -> dict[str, Any]:
    if call.free:
        return {"id": call.id, "type": "custom", "custom": {"name": call.name, "input": call.arguments}}
    function = {"name": call.name, "arguments": call.arguments or "{}"}
    return {"id": call.id, "type": "function", "function": function}


def _written_tool(tool: Tool) -> dict[str, Any]:
    described = {"name": tool.name} | ({"description": tool.description} if tool.description else {})
    if tool.free:
        grammar = {"syntax": tool.syntax, "definition": tool.grammar}
        wanted = {"format": {"type": "grammar", "grammar": grammar}} if tool.grammar else {}
        return {"type": "custom", "custom": {**described, **wanted}}
    function: dict[str, Any] = {**described}
    if tool.schema is not None:
        function["parameters"] = tool.schema
    if tool.strict is not None:
        function["strict"] = tool.strict
    return {"type": "function", "function": function}


def _written_choice(ask: Chat) -> Any:
    if ask.tool_choice != "named":
        return ask.tool_choice
    kind = "custom" if any(tool.free and tool.name == ask.tool_named for tool in ask.tools) else "function"
    return {"type": kind, kind: {"name": ask.tool_named}}


def _written_format(wanted: Format) -> dict[str, Any]:
    if wanted.shape != "schema":
        return {"type": "json_object" if wanted.shape == "json" else "text"}
    described: dict[str, Any] = {"name": wanted.name or "answer"}
    if wanted.description:
        described["description"] = wanted.description
    if wanted.schema is not None:
        described["schema"] = wanted.schema
    if wanted.strict is not None:
        described["strict"] = wanted.strict
    return {"type": "json_schema", "json_schema": described}
