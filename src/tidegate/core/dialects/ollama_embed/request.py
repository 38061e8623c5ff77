"""A request for embeddings: to an envelope, to what it means, and a meaning as a request."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral.chat import Chat
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.dialects.neutral.features import Cannot, Feature, Table
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.ollama import options, parsing
from tidegate.core.dialects.ollama.errors import only_ollama
from tidegate.core.values.envelope import Envelope, Position
from tidegate.core.values.errors import BadRequest

NAME = "ollama.embed"
OPERATION = "embeddings"
CANNOT: Table = MappingProxyType({Feature.USER: Cannot.DROPPED, Feature.TOKEN_INPUT: Cannot.REFUSED})

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_NOTHING: Mapping[str, Any] = {}
_KNOWN = frozenset(("model", "input", "truncate", "options", "keep_alive", "dimensions"))
_SKIP = frozenset(("model", "input"))


def parse_request(body: bytes, headers: Mapping[str, str] = _NO_HEADERS) -> Envelope:  # noqa: ARG001 - it has none
    """Raises BadRequest with the field's name; the rest of validation is the target's own."""
    reading = parsing.begin(body, _KNOWN)
    found = reading.tree.get("input")
    texts = _texts(found)
    for at, text in enumerate(texts):
        reading.text(text, ("input", at) if isinstance(found, list) else ("input",), Position.USER)
    if not any(texts):
        reading.rest.add(parsing.LOADING)
    reading.conversation = texts[0] if texts else ""
    try:
        reading.top(_SKIP)
    except RecursionError:
        raise parsing.too_deep() from None
    return reading.envelope(dialect=NAME, operation=OPERATION, body=body, stream=False)


def _texts(found: Any) -> tuple[str, ...]:
    if found is None:
        return ()
    if isinstance(found, str):
        return (found,)
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise BadRequest("invalid_type", "input must be a string or an array of strings.", param="input")
    return tuple(found)


def read_request(document: Mapping[str, Any]) -> Embedding:
    """Raises BadRequest with the field's path."""
    top = Fields(document)
    top.ignore(("model",))
    found = top.raw("input")
    inputs = _texts(found)
    if not any(inputs):
        raise only_ollama()
    settings = top.object("options") or Fields(_NOTHING, "options")
    return Embedding(
        inputs=inputs,
        single=isinstance(found, str),
        dimensions=top.whole("dimensions"),
        truncate=top.truth("truncate"),
        keep_alive=options.keep_alive(top),
        left=(*settings.left(), *top.left()),
    )


def write_request(ask: Chat | Embedding, model: str) -> bytes:
    """What CANNOT drops is left out."""
    assert isinstance(ask, Embedding)  # dialects of one operation are crossed
    body: dict[str, Any] = {"model": model, "input": ask.inputs[0] if ask.single else list(ask.inputs)}
    if ask.dimensions is not None:
        body["dimensions"] = ask.dimensions
    if ask.truncate is not None:
        body["truncate"] = ask.truncate
    if ask.keep_alive:
        body["keep_alive"] = loads(ask.keep_alive)
    return orjson.dumps(body)
