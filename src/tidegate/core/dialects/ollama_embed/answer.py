"""Embeddings as they come and go."""

from collections.abc import Sequence
from typing import Any

import orjson

from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral import vectors
from tidegate.core.dialects.ollama.errors import problem_in
from tidegate.core.dialects.ollama.texts import relayed, usage_of
from tidegate.core.dialects.ollama.writing import counts
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import OpenChannel
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import NOT_SAID

_SINGLE, _SEVERAL = "embedding", "embeddings"


def pass_answer(
    body: bytes,
    notes: AnswerNotes,
    open_channel: OpenChannel | None,  # noqa: ARG001 - there is no text in it
    *,
    keep_logprobs: bool = True,  # noqa: ARG001
) -> bytes:
    """The bytes that came, noted. `notes.error` where it is no answer."""
    tree = _object(body)
    if tree is None:
        notes.error = "not_json"
        return body
    if not isinstance(tree.get(_SEVERAL, tree.get(_SINGLE)), list):
        notes.error = "not_an_answer"
        return body
    if isinstance(model := tree.get("model"), str):
        notes.response_model = model
    notes.usage, notes.relayed = usage_of(tree), relayed(tree)
    notes.complete = True
    return body


def read_answer(body: bytes) -> Sequence[e.Event]:
    """Raises UpstreamError `protocol` for what are no embeddings."""
    tree = _object(body)
    if tree is None:
        raise UpstreamError("protocol", "it sent something that is no JSON object.")
    if "error" in tree:
        return [e.Failed(problem_in(tree, 502))]
    model = tree.get("model")
    found = vectors.read_all(tree[_SEVERAL] if _SEVERAL in tree else [tree.get(_SINGLE)])
    told = [e.Relayed(relay)] if (relay := relayed(tree)) else []
    return [e.Began("", model if isinstance(model, str) else ""), *told, found, e.Used(usage_of(tree))]


def write_answer(events: Sequence[e.Event], asked: Asked) -> bytes:
    told, usage = e.Vectors(()), NOT_SAID
    for event in events:
        if isinstance(event, e.Vectors):
            told = event
        elif isinstance(event, e.Used):
            usage = event.usage
    spent = {"total_duration": asked.elapsed_ns(), "load_duration": 0, **counts(usage)}
    return orjson.dumps({"model": asked.model, _SEVERAL: [list(one) for one in told.vectors], **spent})


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        return None
    return tree if isinstance(tree, dict) else None
