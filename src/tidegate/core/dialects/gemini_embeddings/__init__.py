"""Gemini embeddings, as targets understand them (ai.google.dev/api/embeddings, `batchEmbedContents`)."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral import vectors
from tidegate.core.dialects.neutral.chat import Chat
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.dialects.neutral.features import Cannot, Feature, Table
from tidegate.core.dialects.neutral.problems import problem
from tidegate.core.dialects.unstreamed import STREAM_TYPE, open_reader
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import NOT_SAID, Usage

NAME = "gemini.embeddings"
OPERATION = "embeddings"
CANNOT: Table = MappingProxyType(
    {
        Feature.USER: Cannot.DROPPED,
        Feature.KEEP_ALIVE: Cannot.DROPPED,
        Feature.TRUNCATE: Cannot.DROPPED,
        Feature.TOKEN_INPUT: Cannot.REFUSED,
    }
)

__all__ = [
    "CANNOT",
    "NAME",
    "OPERATION",
    "STREAM_TYPE",
    "open_reader",
    "read_answer",
    "read_problem",
    "unstored",
    "write_request",
]


def write_request(ask: Chat | Embedding, model: str) -> bytes:
    """One text or many: always as many. What CANNOT drops is left out."""
    assert isinstance(ask, Embedding)  # dialects of one operation are crossed
    name = model if "/" in model else f"models/{model}"
    size = {} if ask.dimensions is None else {"outputDimensionality": ask.dimensions}
    requests = [{"model": name, "content": {"parts": [{"text": text}]}, **size} for text in ask.inputs]
    return orjson.dumps({"requests": requests})


def unstored(body: bytes) -> bytes:
    """Embeddings are not kept, and there are no words for it."""
    return body


def read_answer(body: bytes) -> Sequence[e.Event]:
    """Raises UpstreamError `protocol` for what are no embeddings."""
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        tree = None
    found = tree.get("embeddings") if isinstance(tree, dict) else None
    if found is None and isinstance(tree, dict) and "embedding" in tree:  # what `embedContent` says
        found = [tree["embedding"]]
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise UpstreamError("protocol", "its answer has no list of embeddings.")
    return [e.Began(), vectors.read_all([each.get("values") for each in found]), e.Used(_usage(tree))]


def read_problem(status: int, body: bytes) -> e.Problem:
    """Never raises."""
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        tree = None
    error = tree.get("error") if isinstance(tree, dict) else None
    if not isinstance(error, dict):
        return problem(status, "")
    message, code = error.get("message"), error.get("status")
    return problem(status, message if isinstance(message, str) else "", code=code if isinstance(code, str) else "")


def _usage(tree: Any) -> Usage:
    usage = tree.get("usageMetadata")
    read = usage.get("promptTokenCount") if isinstance(usage, dict) else None
    return Usage(input_tokens=read) if isinstance(read, int) and read >= 0 else NOT_SAID
