"""A request for embeddings: to an envelope, to what it means, and a meaning as a request."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects import document
from tidegate.core.dialects.neutral.chat import Chat
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.dialects.neutral.features import Cannot, Feature, Table
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.walk import walk
from tidegate.core.values.envelope import Envelope, Part, Path, Position
from tidegate.core.values.errors import BadRequest

NAME = "openai.embeddings"
OPERATION = "embeddings"
CANNOT: Table = MappingProxyType({Feature.TRUNCATE: Cannot.DROPPED, Feature.KEEP_ALIVE: Cannot.DROPPED})

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_PLAIN = frozenset(("model", "input", "encoding_format", "dimensions", "user"))
_EXPECTED = "a string, an array of strings, or tokens"


def parse_request(body: bytes, headers: Mapping[str, str] = _NO_HEADERS) -> Envelope:  # noqa: ARG001 - it has none
    """Raises BadRequest with the field's name; the rest of validation is the provider's own."""
    tree = document.parse(body)
    model = tree.get("model")
    if not isinstance(model, str) or not model:
        raise BadRequest("missing_model", "model must be a non-empty string.", param="model")
    parts: list[Part] = []
    unscannable: list[Path] = []
    inputs = inputs_of(tree.get("input"))
    for at, each in enumerate(inputs):
        path: Path = ("input", at) if isinstance(tree["input"], list) else ("input",)
        if isinstance(each, str):
            if each:
                parts.append(Part(Position.USER, path, each))
        else:
            unscannable.append(("input",))  # text that only its model can read: nobody has looked
    rest = _others(tree, parts, unscannable)
    return Envelope(
        dialect=NAME,
        operation=OPERATION,
        body=body,
        document=tree,
        original_model=model,
        stream=False,
        parts=tuple(parts),
        unscannable=tuple(dict.fromkeys(unscannable)),
        rest=rest,
        tools_offered=False,
        tools=frozenset(),
        tools_called=frozenset(),
        capabilities=frozenset(),
        structured=False,
        conversation=next((each for each in inputs if isinstance(each, str)), ""),
        has_history=False,
    )


def _others(tree: dict[str, Any], parts: list[Part], unscannable: list[Path]) -> frozenset[str]:
    rest = set()
    try:
        for key, value in tree.items():
            if key in ("model", "input"):
                continue
            if key not in _PLAIN:
                if value is not None:  # a null asks for nothing, and its name may say anything
                    rest.add(key)
                parts.append(Part(Position.REST, (key,), key, is_key=True))
            walk(value, (key,), Position.METADATA if key == "user" else Position.REST, parts, unscannable)
    except RecursionError:
        raise BadRequest("too_deep", "The body is nested too deeply. Send a flatter document.") from None
    return frozenset(rest)


def inputs_of(found: Any, name: str = "input") -> tuple[str | tuple[int, ...], ...]:
    """A text, texts, the tokens of one, or of several. Raises BadRequest."""
    if isinstance(found, str):
        return (found,)
    if not isinstance(found, list) or not found:
        raise _wrong(name)
    if all(isinstance(each, str) for each in found):
        return tuple(found)
    rows = [found] if _are_tokens(found) else found
    if not all(_are_tokens(row) for row in rows):
        raise _wrong(name)
    return tuple([tuple(row) for row in rows])


def _are_tokens(row: Any) -> bool:
    return isinstance(row, list) and bool(row) and all(type(each) is int for each in row)


def _wrong(name: str) -> BadRequest:
    return BadRequest("invalid_type", f"{name} must be {_EXPECTED}.", param=name)


def with_model(body: bytes, model: str) -> bytes:
    """The client's own bytes with another model's name."""
    return document.splice_string(body, "model", model)


def unstored(body: bytes) -> bytes:
    """Embeddings are not kept, and there are no words for it."""
    return body


def read_request(document: Mapping[str, Any]) -> Embedding:
    """Raises BadRequest with the field's path."""
    top = Fields(document)
    top.ignore(("model",))
    found = top.raw("input")
    inputs = inputs_of(found)
    form = top.text("encoding_format")
    if form not in ("", "float", "base64"):
        raise top.wrong("encoding_format", '"float" or "base64"')
    return Embedding(
        inputs=inputs,
        single=isinstance(found, str) or _are_tokens(found),
        dimensions=top.whole("dimensions"),
        base64=form == "base64",
        user=top.text("user"),
        left=tuple(top.left()),
    )


def write_request(ask: Chat | Embedding, model: str) -> bytes:
    """Vectors are asked for as numbers, which every server has. What CANNOT drops is left out."""
    assert isinstance(ask, Embedding)  # dialects of one operation are crossed
    body: dict[str, Any] = {"model": model, "input": ask.inputs[0] if ask.single else list(ask.inputs)}
    if ask.dimensions is not None:
        body["dimensions"] = ask.dimensions
    if ask.user:
        body["user"] = ask.user
    return orjson.dumps(body)
