"""What a request to go on with a prompt means: one turn of a conversation, where nothing more than that is asked."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects.neutral.chat import Block, Chat, Left, Media, Text, Turn
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.dialects.neutral.features import Cannot, Feature, Table
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.ollama import options
from tidegate.core.dialects.ollama.errors import only_ollama
from tidegate.core.dialects.ollama.media import image
from tidegate.core.dialects.ollama_chat.request_meaning import CANNOT as CHAT_CANNOT
from tidegate.core.values.errors import BadRequest

CANNOT: Table = MappingProxyType(
    {
        **CHAT_CANNOT,
        Feature.TOOLS: Cannot.REFUSED,
        Feature.TOOL_CHOICE: Cannot.REFUSED,
        Feature.PREFILL: Cannot.REFUSED,
        Feature.LATER_SYSTEM_TURNS: Cannot.REFUSED,
        Feature.THINKING_HISTORY: Cannot.DROPPED,
        Feature.REFUSAL_HISTORY: Cannot.REFUSED,
    }
)

# What a prompt stands in, or is followed by, in the model's own words: no chat has a place for it.
_RAW = ("raw", "template", "suffix", "context")


def read_request(document: Mapping[str, Any]) -> Chat:
    """Raises BadRequest with the field's path."""
    top = Fields(document)
    top.ignore(("model", "shift"))
    turns, prompt = [], top.text("prompt")
    if system := top.text("system"):
        turns.append(Turn("system", (Text(system),)))
    blocks: list[Block] = [Text(prompt)] if prompt else []
    for data in top.items("images"):
        if not isinstance(data, str):
            raise top.wrong("images", "an array of base64 texts")
        blocks.append(image(data))
    if not blocks:
        raise only_ollama()
    turns.append(Turn("user", tuple(blocks)))
    raw = tuple([Left(name, essential=True) for name in _RAW if top.raw(name)])
    said = options.read(top)
    left = (*raw, *said.pop("left"), *top.left())
    return Chat(turns=tuple(turns), left=left, **said)


def write_request(ask: Chat | Embedding, model: str) -> bytes:
    """What CANNOT drops is left out. Raises BadRequest `not_expressible` for a conversation of several turns."""
    assert isinstance(ask, Chat)  # dialects of one operation are crossed
    system = [turn for turn in ask.turns if turn.role == "system"]
    said = [turn for turn in ask.turns if turn.role != "system"]
    if len(said) != 1 or said[0].role != "user":
        raise BadRequest("not_expressible", "A conversation of several turns cannot be said in ollama.generate.")
    body: dict[str, Any] = {"model": model, "prompt": _prose(said), "stream": ask.stream}
    if system:
        body["system"] = _prose(system)
    if images := [block.data for block in said[0].blocks if isinstance(block, Media)]:
        body["images"] = images
    body.update(options.written(ask))
    return orjson.dumps(body)


def _prose(turns: list[Turn]) -> str:
    return "\n".join([block.text for turn in turns for block in turn.blocks if isinstance(block, Text)])
