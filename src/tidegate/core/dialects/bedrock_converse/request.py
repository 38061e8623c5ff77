"""A meaning as a request to Converse."""

import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects.bedrock_converse import media
from tidegate.core.dialects.neutral.arguments import as_object
from tidegate.core.dialects.neutral.chat import (
    Block,
    Chat,
    Format,
    Media,
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
from tidegate.core.dialects.neutral.identifiers import fitting
from tidegate.core.values.errors import BadRequest

CANNOT: Table = MappingProxyType(
    {
        Feature.SEED: Cannot.DROPPED,
        Feature.PRESENCE_PENALTY: Cannot.DROPPED,
        Feature.FREQUENCY_PENALTY: Cannot.DROPPED,
        Feature.LOGIT_BIAS: Cannot.DROPPED,
        Feature.LOGPROBS: Cannot.DROPPED,
        Feature.USER: Cannot.DROPPED,
        Feature.METADATA: Cannot.DROPPED,
        Feature.KEEP_ALIVE: Cannot.DROPPED,
        Feature.CONTEXT_TOKENS: Cannot.DROPPED,
        Feature.VERBOSITY: Cannot.DROPPED,
        Feature.PARTICIPANT_NAMES: Cannot.DROPPED,
        Feature.PARALLEL_TOOLS: Cannot.DROPPED,
        Feature.IMAGE_DETAIL: Cannot.DROPPED,
        Feature.UNSIGNED_THINKING_HISTORY: Cannot.DROPPED,
        # Words for these are each model family's own: Claude's are known (variations.py).
        Feature.TOP_K: Cannot.DROPPED,
        Feature.THINKING: Cannot.DROPPED,
        Feature.THINKING_TOKENS: Cannot.DROPPED,
        Feature.EFFORT: Cannot.DROPPED,
        Feature.CHOICES: Cannot.REFUSED,
        Feature.FREE_TOOLS: Cannot.CONVENTION,
        Feature.JSON: Cannot.REFUSED,
        Feature.IMAGE_URL: Cannot.REFUSED,
        Feature.AUDIO: Cannot.REFUSED,
        Feature.FILE_URL: Cannot.REFUSED,
        Feature.FILE_ID: Cannot.REFUSED,
    }
)

_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}", re.ASCII)
_SPOKEN = (Text, Refused)
_ANYTHING: dict[str, Any] = {"type": "object"}


def write_request(ask: Chat | Embedding, model: str) -> bytes:
    """What CANNOT drops is left out. Raises BadRequest `not_expressible` for what only some values of it cannot."""
    assert isinstance(ask, Chat)  # dialects of one operation are crossed
    body: dict[str, Any] = {"messages": _messages(ask.turns)}
    if system := [piece for turn in ask.turns if turn.role == "system" for piece in _prose(turn.blocks)]:
        body["system"] = system
    if config := {key: value for key, value in _settings(ask) if value is not None}:
        body["inferenceConfig"] = config
    if tools := _tool_config(ask):
        body["toolConfig"] = tools
    if ask.format is not None and ask.format.shape == "schema":
        body["outputConfig"] = {"textFormat": _format(ask.format)}
    if is_claude(model) and (fields := dict(_claudes(ask))):
        body["additionalModelRequestFields"] = fields
    return orjson.dumps(body)


def unstored(body: bytes) -> bytes:
    """Nothing that is asked here is kept, and there are no words for it."""
    return body


def is_claude(model: str) -> bool:
    """By the model's id, or by the name of the profile through which it is reached."""
    return "anthropic." in model


def _settings(ask: Chat) -> Iterator[tuple[str, Any]]:
    yield "maxTokens", ask.max_tokens
    yield "temperature", ask.temperature
    yield "topP", ask.top_p
    yield "stopSequences", list(ask.stop) or None


def _claudes(ask: Chat) -> Iterator[tuple[str, Any]]:
    """In the words of its own API, which Converse hands through."""
    if ask.top_k is not None:
        yield "top_k", ask.top_k
    if ask.thinks is False:
        yield "thinking", {"type": "disabled"}
    elif ask.thinking_tokens is not None:
        yield "thinking", {"type": "enabled", "budget_tokens": ask.thinking_tokens}
    elif ask.thinks:
        yield "thinking", {"type": "adaptive"}


def _format(wanted: Format) -> dict[str, Any]:
    described: dict[str, Any] = {"name": wanted.name or "answer"}
    described["schema"] = orjson.dumps(wanted.schema or _ANYTHING).decode()
    if wanted.description:
        described["description"] = wanted.description
    return {"type": "json_schema", "structure": {"jsonSchema": described}}


# -- tools -------------------------------------------------------------------------------------------------------------


def _tool_config(ask: Chat) -> dict[str, Any] | None:
    """A conversation that has called tools must name them, also where none is offered any more."""
    called = {b.name for turn in ask.turns for b in turn.blocks if isinstance(b, ToolCall) and b.name}
    if ask.tool_choice == "none":
        if called:
            message = "A conversation that has called tools cannot forbid them in bedrock.converse (tool_choice none)."
            raise BadRequest("not_expressible", message, param="tool_choice")
        return None
    tools = ask.tools or tuple([Tool(name) for name in sorted(called)])
    if not tools:
        return None
    config: dict[str, Any] = {"tools": [{"toolSpec": _tool(tool)} for tool in tools]}
    if ask.tool_choice == "named":
        config["toolChoice"] = {"tool": {"name": ask.tool_named}}
    elif ask.tool_choice:
        config["toolChoice"] = {"any" if ask.tool_choice == "required" else "auto": {}}
    return config


def _tool(tool: Tool) -> dict[str, Any]:
    spec: dict[str, Any] = {"name": tool.name}
    if tool.description:
        spec["description"] = tool.description
    spec["inputSchema"] = {"json": tool.schema or _ANYTHING}
    if tool.strict:
        spec["strict"] = True
    return spec


# -- turns -------------------------------------------------------------------------------------------------------------


def _messages(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """User and assistant take turns, and what tools gave comes first in its own."""
    messages: list[dict[str, Any]] = []
    for role, blocks, _ in turns:
        if role == "system":
            continue
        speaker = "assistant" if role == "assistant" else "user"
        if pieces := [piece for block in blocks for piece in _pieces(block)]:
            if messages and messages[-1]["role"] == speaker:
                messages[-1]["content"] += pieces
            else:
                messages.append({"role": speaker, "content": pieces})
    for message in messages:
        if len(message["content"]) > 1:
            message["content"].sort(key=_is_no_result)
    return messages


def _is_no_result(piece: dict[str, Any]) -> bool:
    return "toolResult" not in piece


def _prose(blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
    return (piece for block in blocks if isinstance(block, _SPOKEN) for piece in _pieces(block))


def _pieces(block: Block) -> Sequence[dict[str, Any]]:
    """Empty texts are refused there, so they are left out."""
    if isinstance(block, Text):
        return _text(block)
    if isinstance(block, ToolCall):
        call_id, name, arguments, _, _ = block
        return ({"toolUse": {"toolUseId": tool_id(call_id), "name": name, "input": as_object(arguments)}},)
    if isinstance(block, ToolResult):
        return ({"toolResult": _result(block)},)
    if isinstance(block, Refused):
        return ({"text": block.text},) if block.text else ()
    return (media.written(block),) if isinstance(block, Media) else _thought(block)


def _text(block: Text) -> Sequence[dict[str, Any]]:
    text, hint = block
    pieces: list[dict[str, Any]] = [{"text": text}] if text else []
    if hint:
        pieces.append({"cachePoint": {"type": "default"} | ({"ttl": "1h"} if hint == "1h" else {})})
    return pieces


def tool_id(given: str) -> str:
    return fitting(given, _ID, 32)


def _thought(block: Thinking) -> Sequence[dict[str, Any]]:
    """One that nobody signed is not believed there; nor is one with the signature of another provider."""
    if block.sealed:
        return ({"reasoningContent": {"redactedContent": block.sealed}},)
    if block.signature and ":" not in block.signature:
        return ({"reasoningContent": {"reasoningText": {"text": block.text, "signature": block.signature}}},)
    return ()


def _result(result: ToolResult) -> dict[str, Any]:
    content = [piece for block in result.blocks for piece in _pieces(block) if "cachePoint" not in piece]
    return {
        "toolUseId": tool_id(result.id),
        "content": content or [{"text": "(empty)"}],
        "status": "error" if result.failed else "success",
    }
