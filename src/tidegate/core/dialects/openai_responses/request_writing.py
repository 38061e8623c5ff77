"""A meaning as a request."""

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects.neutral.chat import (
    Block,
    Chat,
    Format,
    Media,
    Refused,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.dialects.neutral.features import Cannot, Feature, Table
from tidegate.core.dialects.neutral.media import as_data_url

CANNOT: Table = MappingProxyType(
    {
        Feature.TOP_K: Cannot.DROPPED,
        Feature.SEED: Cannot.DROPPED,
        Feature.PRESENCE_PENALTY: Cannot.DROPPED,
        Feature.FREQUENCY_PENALTY: Cannot.DROPPED,
        Feature.LOGIT_BIAS: Cannot.DROPPED,
        Feature.LOGPROBS: Cannot.DROPPED,
        Feature.KEEP_ALIVE: Cannot.DROPPED,
        Feature.CONTEXT_TOKENS: Cannot.DROPPED,
        Feature.CACHE_HINTS: Cannot.DROPPED,
        Feature.THINKING: Cannot.DROPPED,
        Feature.THINKING_TOKENS: Cannot.DROPPED,
        Feature.THINKING_HISTORY: Cannot.DROPPED,
        Feature.PARTICIPANT_NAMES: Cannot.DROPPED,
        Feature.TOOL_FAILURES: Cannot.DROPPED,
        Feature.STOP: Cannot.REFUSED,
        Feature.CHOICES: Cannot.REFUSED,
        Feature.VIDEO: Cannot.REFUSED,
    }
)


_ITEMS = (ToolCall, ToolResult)


def write_request(ask: Chat | Embedding, model: str) -> bytes:
    """What CANNOT drops is left out."""
    assert isinstance(ask, Chat)  # dialects of one operation are crossed
    instructions, turns = _instructions(ask.turns)
    body: dict[str, Any] = {"model": model}
    if instructions:
        body["instructions"] = instructions
    body["input"] = _numbered([item for turn in turns for item in _items(turn)])
    body |= {key: value for key, value in _settings(ask) if value is not None and value != ""}
    if ask.tools:
        body["tools"] = [_tool(tool) for tool in ask.tools]
    if ask.tool_choice:
        body["tool_choice"] = _choice(ask)
    if ask.stream:
        body["stream"] = True
    return orjson.dumps(body)


def _numbered(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """No two items have the same id: the API refuses that."""
    for number, item in enumerate(items):
        if "id" in item:
            item["id"] = f"{item['id']}_{number}"
    return items


def _instructions(turns: Sequence[Turn]) -> tuple[str, Sequence[Turn]]:
    """The first turn, where it is a system's single text."""
    if turns and turns[0].role == "system" and len(turns[0].blocks) == 1:
        block = turns[0].blocks[0]
        if isinstance(block, Text):
            return block.text, turns[1:]
    return "", turns


def _settings(ask: Chat) -> Iterator[tuple[str, Any]]:
    yield "max_output_tokens", ask.max_tokens
    yield "temperature", ask.temperature
    yield "top_p", ask.top_p
    yield "parallel_tool_calls", ask.parallel_tools
    yield "reasoning", {"effort": ask.effort} if ask.effort else None
    text: dict[str, Any] = {"format": _format(ask.format)} if ask.format is not None else {}
    if ask.verbosity:
        text["verbosity"] = ask.verbosity
    yield "text", text or None
    yield "user", ask.user
    yield "metadata", ask.metadata


def _items(turn: Turn) -> list[dict[str, Any]]:
    """Pieces that belong together are one message; calls, results and messages keep their order."""
    role, blocks, _ = turn
    items: list[dict[str, Any]] = []
    pieces: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, _ITEMS):
            items += _message(role, pieces)
            pieces = []
            items.append(_call(block) if isinstance(block, ToolCall) else _result(block))
        elif piece := _piece(block, said=role == "assistant"):
            pieces.append(piece)
    items += _message(role, pieces)
    return items


def _message(role: str, pieces: list[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    if not pieces:
        return ()
    if len(pieces) == 1 and "text" in pieces[0]:
        return ({"role": role, "content": pieces[0]["text"]},)
    if role == "assistant":
        # In pieces it is an answer of the API's own, which has an id; what is not stored may have any.
        return ({"type": "message", "id": "msg", "status": "completed", "role": role, "content": pieces},)
    return ({"type": "message", "role": role, "content": pieces},)


def _piece(block: Block, *, said: bool) -> dict[str, Any] | None:
    if isinstance(block, Text):
        if said:
            return {"type": "output_text", "text": block.text, "annotations": []}
        return {"type": "input_text", "text": block.text}
    if isinstance(block, Refused):
        return {"type": "refusal", "refusal": block.text}
    return _media(block) if isinstance(block, Media) else None


def _media(media: Media) -> dict[str, Any]:
    detail = {"detail": media.detail} if media.detail else {}
    if media.kind == "audio":
        form = media.media_type.removeprefix("audio/")
        return {"type": "input_audio", "input_audio": {"data": media.data, "format": form}}
    if media.kind == "image":
        where = {"file_id": media.file_id} if media.file_id else {"image_url": as_data_url(media)}
        return {"type": "input_image", **where, "detail": media.detail or "auto"}
    named = {"filename": media.name} if media.name else {}
    if media.file_id:
        return {"type": "input_file", "file_id": media.file_id, **named, **detail}
    where = {"file_url": media.url} if media.url else {"file_data": as_data_url(media)}
    return {"type": "input_file", **where, **named, **detail}


def _call(call: ToolCall) -> dict[str, Any]:
    kind, key = ("custom_tool_call", "input") if call.free else ("function_call", "arguments")
    arguments = call.arguments if call.free else call.arguments or "{}"
    return {"type": kind, "call_id": call.id, "name": call.name, key: arguments}


def _result(result: ToolResult) -> dict[str, Any]:
    output: Any = [piece for block in result.blocks if (piece := _piece(block, said=False))]
    if len(output) <= 1 and (not result.blocks or isinstance(result.blocks[0], Text)):
        output = output[0]["text"] if output else ""
    kind = "custom_tool_call_output" if result.free else "function_call_output"
    return {"type": kind, "call_id": result.id, "output": output}


def _tool(tool: Tool) -> dict[str, Any]:
    described: dict[str, Any] = {"name": tool.name}
    if tool.description:
        described["description"] = tool.description
    if tool.free:
        if tool.grammar:
            described["format"] = {"type": "grammar", "syntax": tool.syntax, "definition": tool.grammar}
        return {"type": "custom", **described}
    # Left out, `strict` would be true here, and in most other dialects it is not.
    return {"type": "function", **described, "parameters": tool.schema, "strict": bool(tool.strict)}


def _choice(ask: Chat) -> Any:
    if ask.tool_choice != "named":
        return ask.tool_choice
    kind = "custom" if any(tool.free and tool.name == ask.tool_named for tool in ask.tools) else "function"
    return {"type": kind, "name": ask.tool_named}


def _format(wanted: Format) -> dict[str, Any]:
    if wanted.shape != "schema":
        return {"type": "json_object" if wanted.shape == "json" else "text"}
    described: dict[str, Any] = {"type": "json_schema", "name": wanted.name or "answer", "schema": wanted.schema or {}}
    if wanted.description:
        described["description"] = wanted.description
    if wanted.strict is not None:
        described["strict"] = wanted.strict
    return described
