"""A meaning as a chat request."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects.neutral.chat import Chat, Format, Text, ToolCall, ToolResult, Turn
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.dialects.neutral.features import Cannot, Feature, Table
from tidegate.core.dialects.openai_chat.content import written_content
from tidegate.core.dialects.openai_chat.tools import written_call, written_choice, written_tool

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


def write_request(ask: Chat | Embedding, model: str) -> bytes:
    """What CANNOT drops is left out."""
    assert isinstance(ask, Chat)  # dialects of one operation are crossed
    body: dict[str, Any] = {"model": model, "messages": [m for turn in ask.turns for m in _messages(turn)]}
    body |= {key: value for key, value in _settings(ask) if value is not None and value != ""}
    if ask.tools:
        body["tools"] = [written_tool(tool) for tool in ask.tools]
    if ask.tool_choice:
        body["tool_choice"] = written_choice(ask)
    if ask.format is not None:
        body["response_format"] = _format(ask.format)
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


def _messages(turn: Turn) -> list[dict[str, Any]]:
    """Results are messages of their own, before what is said beside them."""
    role, blocks, name = turn
    results = [_result(block) for block in blocks if isinstance(block, ToolResult)]
    if role == "tool" or (results and len(results) == len(blocks)):
        return results
    message: dict[str, Any] = {"role": role}
    if name:
        message["name"] = name
    message["content"] = written_content(blocks)
    if calls := [written_call(block) for block in blocks if isinstance(block, ToolCall)]:
        message["tool_calls"] = calls
    return [*results, message]


def _result(result: ToolResult) -> dict[str, Any]:
    content = written_content([block for block in result.blocks if isinstance(block, Text)])
    return {"role": "tool", "tool_call_id": result.id, "content": content or ""}


def _format(wanted: Format) -> dict[str, Any]:
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
