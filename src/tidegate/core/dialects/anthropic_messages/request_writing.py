"""A meaning as a request."""

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects.neutral.arguments import as_object
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
from tidegate.core.dialects.neutral.identifiers import fitting
from tidegate.core.values.errors import BadRequest

CANNOT: Table = MappingProxyType(
    {
        Feature.SEED: Cannot.DROPPED,
        Feature.PRESENCE_PENALTY: Cannot.DROPPED,
        Feature.FREQUENCY_PENALTY: Cannot.DROPPED,
        Feature.LOGIT_BIAS: Cannot.DROPPED,
        Feature.LOGPROBS: Cannot.DROPPED,
        Feature.METADATA: Cannot.DROPPED,
        Feature.KEEP_ALIVE: Cannot.DROPPED,
        Feature.CONTEXT_TOKENS: Cannot.DROPPED,
        Feature.VERBOSITY: Cannot.DROPPED,
        Feature.PARTICIPANT_NAMES: Cannot.DROPPED,
        Feature.IMAGE_DETAIL: Cannot.DROPPED,
        # Its own thoughts come back only sealed by its own signature, which no other dialect brings along.
        Feature.THINKING_HISTORY: Cannot.DROPPED,
        Feature.CHOICES: Cannot.REFUSED,
        Feature.FREE_TOOLS: Cannot.CONVENTION,
        Feature.JSON: Cannot.REFUSED,
        Feature.AUDIO: Cannot.REFUSED,
        Feature.VIDEO: Cannot.REFUSED,
        Feature.FILE_ID: Cannot.REFUSED,
    }
)

MAX_TOKENS = 8192
"""What an answer may have where the client set no bound: the API demands one, and all models in service allow this."""
LEAST_THINKING = 1024
"""The smallest budget for thinking that the API takes."""
OPENING = "."
"""Stands for a first turn of the user's where a conversation begins with the assistant's: the API demands one."""

_ID, _ID_LENGTH = re.compile(r"[a-zA-Z0-9_-]{1,128}", re.ASCII), 24
_EFFORTS = {"minimal": "low"}
_CHOICES: Mapping[str, str] = MappingProxyType({"auto": "auto", "required": "any", "none": "none", "named": "tool"})


def write_request(ask: Chat | Embedding, model: str) -> bytes:
    """What CANNOT drops is left out. Raises BadRequest `not_expressible` for a file or a stop sequence that the API has
    no form for.
    """
    assert isinstance(ask, Chat)  # dialects of one operation are crossed
    max_tokens = ask.max_tokens or MAX_TOKENS + (ask.thinking_tokens or 0)
    body: dict[str, Any] = {"model": model, "max_tokens": max_tokens}
    if system := [text for turn in ask.turns if turn.role == "system" for text in _prose(turn.blocks)]:
        body["system"] = _content(system)
    body["messages"] = _messages(ask.turns)
    body |= {key: value for key, value in _settings(ask, max_tokens) if value is not None}
    return orjson.dumps(body)


def tool_id(given: str) -> str:
    """An id as the API takes it."""
    return fitting(given, _ID, _ID_LENGTH)


# -- turns -----------------------------------------------------------------------------------------------------------


def _messages(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """Turns of one role become one; the first is the user's; what tools gave comes first in its turn."""
    merged: list[tuple[str, list[Any]]] = []
    for speaker, blocks, _ in turns:
        if speaker == "system":
            continue
        role = "assistant" if speaker == "assistant" else "user"
        if written := [piece for block in blocks if (piece := _piece(block))]:
            if merged and merged[-1][0] == role:
                merged[-1][1].extend(written)
            else:
                merged.append((role, written))
    if not merged or merged[0][0] != "user":
        merged.insert(0, ("user", [{"type": "text", "text": OPENING}]))
    if merged[-1][0] == "assistant":
        _without_trailing_space(merged[-1][1])
    return [{"role": role, "content": _content(_results_first(written))} for role, written in merged]


def _results_first(written: list[Any]) -> list[Any]:
    return sorted(written, key=lambda piece: piece["type"] != "tool_result") if len(written) > 1 else written


def _without_trailing_space(written: list[Any]) -> None:
    """The API refuses white space at the end of a turn that the model is to go on with."""
    if written[-1]["type"] == "text":
        written[-1]["text"] = written[-1]["text"].rstrip()


def _content(written: list[Any]) -> Any:
    """A text alone is a string."""
    alone = written[0] if len(written) == 1 else {}
    return alone["text"] if len(alone) == 2 and "text" in alone else written


def _prose(blocks: Iterable[Block]) -> Iterable[dict[str, Any]]:
    return [piece for block in blocks if isinstance(block, Text) and (piece := _piece(block))]


def _piece(block: Block) -> dict[str, Any] | None:
    """None for what the API refuses when it is empty, and for what CANNOT drops."""
    if isinstance(block, Text):
        return _text(block) if block.text.strip() else None
    if isinstance(block, ToolCall):
        return {"type": "tool_use", "id": tool_id(block.id), "name": block.name, "input": as_object(block.arguments)}
    if isinstance(block, ToolResult):
        return _result(block)
    if isinstance(block, Refused):
        return {"type": "text", "text": block.text} if block.text.strip() else None
    return _media(block) if isinstance(block, Media) else None


def _text(block: Text) -> dict[str, Any]:
    text, hint = block
    if not hint:
        return {"type": "text", "text": text}
    cache = {"type": "ephemeral"} | ({"ttl": hint} if hint != "5m" else {})
    return {"type": "text", "text": text, "cache_control": cache}


def _result(result: ToolResult) -> dict[str, Any]:
    written: dict[str, Any] = {"type": "tool_result", "tool_use_id": tool_id(result.id)}
    if said := [piece for block in result.blocks if (piece := _piece(block))]:
        written["content"] = _content(said)
    if result.failed:
        written["is_error"] = True
    return written


def _media(media: Media) -> dict[str, Any]:
    named = {"title": media.name} if media.name and media.kind == "file" else {}
    kind = "image" if media.kind == "image" else "document"
    if media.url:
        return {"type": kind, "source": {"type": "url", "url": media.url}, **named}
    if kind == "document" and media.media_type.startswith("text/"):
        source = {"type": "text", "media_type": "text/plain", "data": _plain_text(media)}
        return {"type": kind, "source": source, **named}
    if kind == "document" and media.media_type not in ("", "application/pdf"):
        raise _unsaid(f"a file of the type {media.media_type[:60]}")
    media_type = media.media_type or ("application/pdf" if kind == "document" else "image/png")
    return {"type": kind, "source": {"type": "base64", "media_type": media_type, "data": media.data}, **named}


def _plain_text(media: Media) -> str:
    try:
        return b64decode(media.data, validate=True).decode()
    except ValueError:
        raise _unsaid("a text file that is not base64 of UTF-8") from None


def _unsaid(what: str) -> BadRequest:
    return BadRequest("not_expressible", f"What this request uses cannot be said in anthropic.messages: {what}.")


# -- settings --------------------------------------------------------------------------------------------------------


def _settings(ask: Chat, max_tokens: int) -> Iterator[tuple[str, Any]]:
    yield "temperature", None if ask.temperature is None else min(ask.temperature, 1)  # others go up to 2
    yield "top_p", None if ask.top_p == 1 else ask.top_p  # no bound at all; some models refuse two bounds at once
    yield "top_k", ask.top_k
    yield "stop_sequences", _stops(ask.stop)
    yield "stream", ask.stream or None
    yield "thinking", _thinking(ask, max_tokens)
    yield "output_config", _output(ask) or None
    yield "metadata", {"user_id": ask.user} if ask.user else None
    tools = [_tool(tool) for tool in ask.tools] or _called(ask.turns)
    yield "tools", tools or None
    yield "tool_choice", _choice(ask) if tools else None


def _stops(stop: Sequence[str]) -> list[str] | None:
    if any(not each.strip() for each in stop):
        raise _unsaid("stop sequences of white space alone")
    return list(stop) or None


def _thinking(ask: Chat, max_tokens: int) -> dict[str, Any] | None:
    """The budget lies within `max_tokens`. In the middle of calls, whose thoughts are not here, the API would refuse to
    think on.
    """
    if ask.thinks is False:
        return {"type": "disabled"}
    if not ask.thinks or _amid_calls(ask.turns):
        return None
    if ask.thinking_tokens is None:
        return {"type": "adaptive"}
    budget = min(max(ask.thinking_tokens, LEAST_THINKING), max_tokens - 1)
    return {"type": "enabled", "budget_tokens": budget} if budget >= LEAST_THINKING else None


def _amid_calls(turns: Sequence[Turn]) -> bool:
    return bool(turns) and any(isinstance(block, ToolResult) for block in turns[-1].blocks)


def _output(ask: Chat) -> dict[str, Any]:
    config: dict[str, Any] = {}
    if ask.effort:
        config["effort"] = _EFFORTS.get(ask.effort, ask.effort)
    if ask.format is not None and ask.format.shape == "schema":
        config["format"] = _format(ask.format)
    return config


def _format(wanted: Format) -> dict[str, Any]:
    return {"type": "json_schema", "schema": _closed(wanted.schema or {"type": "object", "properties": {}})}


def _closed(schema: Any) -> Any:
    """The API takes only objects that say they have no further properties. An answer to the stricter schema is one to
    the client's own.
    """
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: value if key in _VALUES else _closed(value) for key, value in schema.items()}
    if closed.get("type") == "object" or isinstance(closed.get("properties"), dict):
        closed["additionalProperties"] = False
    return closed


_VALUES = frozenset(("const", "default", "enum", "examples", "required"))


def _tool(tool: Tool) -> dict[str, Any]:
    described: dict[str, Any] = {"name": tool.name} | ({"description": tool.description} if tool.description else {})
    described["input_schema"] = {"type": "object", **(tool.schema or {"properties": {}})}
    if tool.strict is not None:
        described["strict"] = tool.strict
    return described


def _called(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """Tools that only the history shows: the API wants each declared, and a choice of none keeps them uncalled."""
    names = {block.name: None for turn in turns for block in turn.blocks if isinstance(block, ToolCall)}
    return [{"name": name, "input_schema": {"type": "object", "properties": {}}} for name in names]


def _choice(ask: Chat) -> dict[str, Any] | None:
    if not ask.tools:
        return {"type": "none"}
    choice = ask.tool_choice or ("auto" if ask.parallel_tools is not None else None)
    if choice is None:
        return None
    written: dict[str, Any] = {"type": _CHOICES[choice]}
    if choice == "named":
        written["name"] = ask.tool_named
    if ask.parallel_tools is not None and choice != "none":
        written["disable_parallel_tool_use"] = not ask.parallel_tools
    return written
