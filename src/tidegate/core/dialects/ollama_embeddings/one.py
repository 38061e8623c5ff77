"""One prompt, one vector."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral.chat import Chat
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.dialects.neutral.features import Cannot, Feature, Table
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.ollama import options, parsing
from tidegate.core.dialects.ollama.errors import only_ollama
from tidegate.core.values.envelope import Envelope, Position
from tidegate.core.values.errors import BadRequest

NAME = "ollama.embeddings"
OPERATION = "embeddings"
CANNOT: Table = MappingProxyType(
    {
        Feature.USER: Cannot.DROPPED,
        Feature.TRUNCATE: Cannot.DROPPED,
        Feature.DIMENSIONS: Cannot.REFUSED,
        Feature.TOKEN_INPUT: Cannot.REFUSED,
    }
)

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_NOTHING: Mapping[str, Any] = {}
_KNOWN = frozenset(("model", "prompt", "options", "keep_alive"))
_SKIP = frozenset(("model", "prompt"))


def parse_request(body: bytes, headers: Mapping[str, str] = _NO_HEADERS) -> Envelope:  # noqa: ARG001 - it has none
    """Raises BadRequest with the field's name; the rest of validation is the target's own."""
    reading = parsing.begin(body, _KNOWN)
    prompt = reading.tree.get("prompt")
    if prompt is not None and not isinstance(prompt, str):
        raise BadRequest("invalid_type", "prompt must be a string.", param="prompt")
    if not prompt:
        reading.rest.add(parsing.LOADING)
    reading.text(prompt or "", ("prompt",), Position.USER)
    reading.conversation = prompt or ""
    try:
        reading.top(_SKIP)
    except RecursionError:
        raise parsing.too_deep() from None
    return reading.envelope(dialect=NAME, operation=OPERATION, body=body, stream=False)


def read_request(document: Mapping[str, Any]) -> Embedding:
    """Raises BadRequest with the field's path."""
    top = Fields(document)
    top.ignore(("model",))
    prompt = top.text("prompt")
    if not prompt:
        raise only_ollama()
    settings = top.object("options") or Fields(_NOTHING, "options")
    keep = options.keep_alive(top)
    return Embedding(inputs=(prompt,), single=True, keep_alive=keep, left=(*settings.left(), *top.left()))


def write_request(ask: Chat | Embedding, model: str) -> bytes:
    """Raises BadRequest `not_expressible` for more than one text."""
    assert isinstance(ask, Embedding)  # dialects of one operation are crossed
    if len(ask.inputs) != 1:
        raise BadRequest("not_expressible", "Several inputs cannot be said in ollama.embeddings.")
    body: dict[str, Any] = {"model": model, "prompt": ask.inputs[0]}
    if ask.keep_alive:
        body["keep_alive"] = loads(ask.keep_alive)
    return orjson.dumps(body)


def write_answer(events: Sequence[e.Event], asked: Asked) -> bytes:  # noqa: ARG001 - nothing but the vector is told
    told = next((event.vectors for event in events if isinstance(event, e.Vectors)), ())
    return orjson.dumps({"embedding": list(told[0]) if told else []})
