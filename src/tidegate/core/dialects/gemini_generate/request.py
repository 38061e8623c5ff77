"""A meaning as a request to generateContent."""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects.gemini_generate.signed import NOBODYS, of_call, own
from tidegate.core.dialects.neutral.arguments import as_object
from tidegate.core.dialects.neutral.chat import (
    Block,
    Chat,
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

CANNOT: Table = MappingProxyType(
    {
        Feature.LOGIT_BIAS: Cannot.DROPPED,
        Feature.LOGPROBS: Cannot.DROPPED,
        Feature.USER: Cannot.DROPPED,
        Feature.METADATA: Cannot.DROPPED,
        Feature.KEEP_ALIVE: Cannot.DROPPED,
        Feature.CONTEXT_TOKENS: Cannot.DROPPED,
        Feature.VERBOSITY: Cannot.DROPPED,
        Feature.PARTICIPANT_NAMES: Cannot.DROPPED,
        Feature.CACHE_HINTS: Cannot.DROPPED,
        Feature.STRICT_TOOLS: Cannot.DROPPED,
        Feature.PARALLEL_TOOLS: Cannot.DROPPED,
        Feature.IMAGE_DETAIL: Cannot.DROPPED,
        Feature.FREE_TOOLS: Cannot.CONVENTION,
        Feature.FILE_ID: Cannot.REFUSED,
    }
)

# Models before the third think by a budget of tokens, later ones by a level; these are Google's own equivalents
# (ai.google.dev/gemini-api/docs/openai, "Thinking").
_EARLIER = re.compile(r"(?:.*/)?gemini-(?:1|2)(?![0-9])")
_BUDGETS: Mapping[str, int] = {"none": 0, "minimal": 1024, "low": 1024, "medium": 8192, "high": 24576}
_LEVELS: Mapping[str, str] = {"none": "low", "minimal": "low", "low": "low", "medium": "medium", "high": "high"}

_MODES: Mapping[str, str] = {"auto": "AUTO", "none": "NONE", "required": "ANY", "named": "ANY"}
# Gemini wants to be told what lies at an address; clients of other dialects do not say.
_KINDS: Mapping[MediaKind, str] = {
    "image": "image/jpeg", "audio": "audio/mpeg", "video": "video/mp4", "file": "application/pdf",
}  # fmt: skip
_ENDINGS: Mapping[str, str] = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif",
    "heic": "image/heic", "heif": "image/heif", "pdf": "application/pdf", "txt": "text/plain", "md": "text/markdown",
    "csv": "text/csv", "html": "text/html", "mp3": "audio/mpeg", "wav": "audio/wav", "ogg": "audio/ogg",
    "flac": "audio/flac", "mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm",
}  # fmt: skip


def write_request(ask: Chat | Embedding, model: str) -> bytes:
    """What CANNOT drops is left out. Instructions that come later join those at the beginning."""
    assert isinstance(ask, Chat)  # dialects of one operation are crossed
    system = [part for turn in ask.turns if turn.role == "system" for part in _parts(turn.blocks, signs=False)]
    body: dict[str, Any] = {"contents": _contents(ask.turns, signs=not _EARLIER.match(model))}
    if system:
        body["systemInstruction"] = {"parts": system}
    if ask.tools:
        body["tools"] = [{"functionDeclarations": [_declaration(tool) for tool in ask.tools]}]
    if ask.tool_choice:
        body["toolConfig"] = {"functionCallingConfig": _calling(ask)}
    if config := {key: value for key, value in _settings(ask, model) if value is not None}:
        body["generationConfig"] = config
    return orjson.dumps(body)


def unstored(body: bytes) -> bytes:
    """What is asked here is not kept as conversations are, and there are no words for it."""
    return body


def _settings(ask: Chat, model: str) -> Iterator[tuple[str, Any]]:
    yield "maxOutputTokens", ask.max_tokens
    yield "temperature", ask.temperature
    yield "topP", ask.top_p
    yield "topK", ask.top_k
    yield "stopSequences", list(ask.stop) or None
    yield "candidateCount", ask.choices
    yield "seed", ask.seed
    yield "presencePenalty", ask.presence_penalty
    yield "frequencyPenalty", ask.frequency_penalty
    yield "thinkingConfig", _thinking(ask, earlier=bool(_EARLIER.match(model))) or None
    if ask.format is not None and ask.format.shape != "text":
        yield "responseMimeType", "application/json"
        yield "responseJsonSchema", ask.format.schema if ask.format.shape == "schema" else None


def _thinking(ask: Chat, *, earlier: bool) -> dict[str, Any]:
    config: dict[str, Any] = {"includeThoughts": True} if ask.thinks else {}
    effort = "none" if ask.thinks is False else ask.effort
    if ask.thinking_tokens is not None and ask.thinks is not False:
        config["thinkingBudget"] = ask.thinking_tokens
    elif effort and earlier:
        config["thinkingBudget"] = _BUDGETS.get(effort, _BUDGETS["high"])
    elif effort:
        config["thinkingLevel"] = _LEVELS.get(effort, "high")
    return config


def _declaration(tool: Tool) -> dict[str, Any]:
    """The schema goes as it came: Gemini reads JSON Schema, and passes over keywords that it does not know."""
    declared: dict[str, Any] = {"name": tool.name}
    if tool.description:
        declared["description"] = tool.description
    if tool.schema is not None:
        declared["parametersJsonSchema"] = tool.schema
    return declared


def _calling(ask: Chat) -> dict[str, Any]:
    calling: dict[str, Any] = {"mode": _MODES[ask.tool_choice or "auto"]}
    if ask.tool_choice == "named":
        calling["allowedFunctionNames"] = [ask.tool_named]
    return calling


# -- turns -------------------------------------------------------------------------------------------------------------


def _contents(turns: Sequence[Turn], *, signs: bool) -> list[dict[str, Any]]:
    """Results answer the calls of the turn before in one turn of their own, and what was shown with them comes next."""
    contents: list[dict[str, Any]] = []
    results: list[ToolResult] = []
    for role, blocks, _ in turns:
        if role == "system":
            continue
        here = [block for block in blocks if isinstance(block, ToolResult)]
        results += here
        if role == "tool" and len(here) == len(blocks):
            continue
        if results:
            contents += _answered(results)
            results = []
        said = [block for block in blocks if not isinstance(block, ToolResult)] if here else blocks
        if parts := _parts(said, signs=signs):
            contents.append({"role": "model" if role == "assistant" else "user", "parts": parts})
    return contents + _answered(results)


def _answered(results: Sequence[ToolResult]) -> list[dict[str, Any]]:
    if not results:
        return []
    answered = [{"role": "user", "parts": [_result(result) for result in results]}]
    if media := [_media(block) for result in results for block in result.blocks if isinstance(block, Media)]:
        answered.append({"role": "user", "parts": media})
    return answered


def _parts(blocks: Sequence[Block], *, signs: bool) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    called, waiting = False, ""
    for block in blocks:
        if isinstance(block, Text):
            parts.append({"text": block.text})
        elif isinstance(block, ToolCall):
            parts.append(_call(block, waiting or (NOBODYS if signs and not called else "")))
            called, waiting = True, ""
        elif part := _part(block):
            parts.append(part)
        if isinstance(block, Thinking):
            waiting = of_call(block.signature) or waiting
    return parts


def _part(block: Block) -> dict[str, Any] | None:
    if isinstance(block, Refused):
        return {"text": block.text}
    if isinstance(block, Media):
        return _media(block)
    return _thought(block) if isinstance(block, Thinking) else None


def _thought(block: Thinking) -> dict[str, Any] | None:
    """A signature without a thought stood beside plain text, and comes back beside none."""
    signature = own(block.signature)
    signed = {"thoughtSignature": signature} if signature else {}
    if block.text:
        return {"text": block.text, "thought": True, **signed}
    return {"text": "", **signed} if signature else None


def _call(call: ToolCall, signature: str) -> dict[str, Any]:
    part: dict[str, Any] = {"functionCall": {"id": call.id, "name": call.name, "args": as_object(call.arguments)}}
    if signature:
        part["thoughtSignature"] = signature
    return part


def _result(result: ToolResult) -> dict[str, Any]:
    said = "\n".join([block.text for block in result.blocks if isinstance(block, Text)])
    response = {"error" if result.failed else "output": said}
    return {"functionResponse": {"id": result.id, "name": result.name or "tool", "response": response}}


def _media(media: Media) -> dict[str, Any]:
    if media.url:
        return {"fileData": {"mimeType": media.media_type or _type_at(media), "fileUri": media.url}}
    return {"inlineData": {"mimeType": media.media_type or _KINDS[media.kind], "data": media.data}}


def _type_at(media: Media) -> str:
    path = media.url.partition("?")[0].partition("#")[0]
    return _ENDINGS.get(path.rpartition(".")[2].lower(), _KINDS[media.kind])
