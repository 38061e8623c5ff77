"""Embeddings as they come and go."""

from collections.abc import Sequence
from typing import Any

import orjson

from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral import vectors
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import OpenChannel
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import NOT_SAID, Usage, counted


def pass_answer(
    body: bytes,
    notes: AnswerNotes,
    open_channel: OpenChannel | None,  # noqa: ARG001 - there is no text in it
    *,
    keep_logprobs: bool = True,  # noqa: ARG001
) -> bytes:
    """The bytes that came, noted. `notes.error` where it is no answer."""
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        notes.error = "not_json"
        return body
    if not isinstance(tree, dict) or not isinstance(tree.get("data"), list):
        notes.error = "not_an_answer"
        return body
    notes.response_id, notes.response_model = _text(tree.get("id")), _text(tree.get("model"))
    notes.usage = _usage(tree)
    notes.complete = True
    return body


def read_answer(body: bytes) -> Sequence[e.Event]:
    """Raises UpstreamError `protocol` for what are no embeddings."""
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        tree = None
    data = tree.get("data") if isinstance(tree, dict) else None
    if not isinstance(data, list) or not all(isinstance(each, dict) for each in data):
        raise UpstreamError("protocol", "its answer has no list of embeddings.")
    in_order = sorted(enumerate(data), key=lambda numbered: _index(numbered[1], numbered[0]))
    found = vectors.read_all([each.get("embedding") for _, each in in_order])
    return [e.Began(_text(tree.get("id")), _text(tree.get("model"))), found, e.Used(_usage(tree))]


def write_answer(events: Sequence[e.Event], asked: Asked) -> bytes:
    """In the form that was asked for: the SDKs ask for base64."""
    base64 = asked.document.get("encoding_format") == "base64"
    told, usage = e.Vectors(()), NOT_SAID
    for event in events:
        if isinstance(event, e.Vectors):
            told = event
        elif isinstance(event, e.Used):
            usage = event.usage
    data = [
        {"object": "embedding", "index": at, "embedding": vectors.as_base64(one) if base64 else list(one)}
        for at, one in enumerate(told.vectors)
    ]
    read = max(usage.input_tokens, 0)
    spent = {"prompt_tokens": read, "total_tokens": read}
    return orjson.dumps({"object": "list", "data": data, "model": asked.model, "usage": spent})


def _usage(tree: dict[str, Any]) -> Usage:
    usage = tree.get("usage")
    return Usage(input_tokens=counted(usage.get("prompt_tokens"))) if isinstance(usage, dict) else NOT_SAID


def _index(numbered: dict[str, Any], place: int) -> int:
    index = numbered.get("index")
    return index if type(index) is int else place


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
