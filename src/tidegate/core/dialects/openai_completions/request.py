"""A completions request: to an envelope, to its meaning, and a meaning as one."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects import document
from tidegate.core.dialects.asked import CAPABILITY_OF_FIELD
from tidegate.core.dialects.neutral.chat import Chat, Left, Text, Turn
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.dialects.neutral.features import Cannot, Feature, Table
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.walk import walk
from tidegate.core.values.envelope import Envelope, Part, Path, Position
from tidegate.core.values.errors import BadRequest

NAME = "openai.completions"
OPERATION = "chat"

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_FIELDS = frozenset((
    "model", "prompt", "suffix", "stream", "stream_options", "max_tokens", "temperature", "top_p", "n", "best_of",
    "logprobs", "echo", "stop", "presence_penalty", "frequency_penalty", "logit_bias", "seed", "user",
))  # fmt: skip
_SKIP = frozenset(("model", "prompt", "stream"))
_CARRIED = frozenset((
    Feature.MAX_TOKENS, Feature.TEMPERATURE, Feature.TOP_P, Feature.STOP, Feature.SEED, Feature.PRESENCE_PENALTY,
    Feature.FREQUENCY_PENALTY, Feature.LOGIT_BIAS, Feature.CHOICES, Feature.USER,
))  # fmt: skip
_DROPPED = frozenset((
    Feature.TOP_K, Feature.LOGPROBS, Feature.METADATA, Feature.KEEP_ALIVE, Feature.CONTEXT_TOKENS, Feature.VERBOSITY,
    Feature.THINKING, Feature.EFFORT, Feature.THINKING_TOKENS, Feature.THINKING_HISTORY, Feature.PARTICIPANT_NAMES,
    Feature.CACHE_HINTS, Feature.PARALLEL_TOOLS, Feature.STRICT_TOOLS,
))  # fmt: skip
CANNOT: Table = MappingProxyType(
    {each: Cannot.DROPPED if each in _DROPPED else Cannot.REFUSED for each in Feature if each not in _CARRIED}
)
# Without these the answer would be another one.
_ESSENTIAL = frozenset(("suffix", "echo", "best_of", "prompt"))


def parse_request(body: bytes, headers: Mapping[str, str] = _NO_HEADERS) -> Envelope:  # noqa: ARG001 - it has none
    """Raises BadRequest with the field's name; the rest of validation is the provider's own."""
    tree = document.parse(body)
    model, stream = tree.get("model"), tree.get("stream")
    if not isinstance(model, str) or not model:
        raise BadRequest("missing_model", "model must be a non-empty string.", param="model")
    if stream is not None and not isinstance(stream, bool):
        raise BadRequest("invalid_type", "stream must be true or false.", param="stream")
    parts: list[Part] = []
    unscannable: list[Path] = []
    _prompt(tree.get("prompt"), parts, unscannable)
    rest = frozenset(key for key, value in tree.items() if key not in _FIELDS and value is not None)
    try:
        for key, value in tree.items():
            if key in _SKIP:
                continue
            if key not in _FIELDS:  # also where it is null: its name may say anything
                parts.append(Part(Position.REST, (key,), key, is_key=True))
            position = Position.USER if key == "suffix" else Position.METADATA if key == "user" else Position.REST
            walk(value, (key,), position, parts, unscannable)
    except RecursionError:
        raise BadRequest("too_deep", "The body is nested too deeply. Send a flatter document.") from None
    return Envelope(
        dialect=NAME,
        operation=OPERATION,
        body=body,
        document=tree,
        original_model=model,
        stream=bool(stream),
        parts=tuple(parts),
        unscannable=tuple(unscannable),
        rest=rest,
        tools_offered=False,
        tools=frozenset(),
        tools_called=frozenset(),
        capabilities=frozenset(CAPABILITY_OF_FIELD[key] for key in rest if key in CAPABILITY_OF_FIELD),
        structured=False,
        conversation=next((part.text for part in parts if part.path[0] == "prompt"), ""),
        has_history=False,
    )


def _prompt(prompt: Any, parts: list[Part], unscannable: list[Path]) -> None:
    """Texts; or tokens, which only the model that they belong to can read."""
    if isinstance(prompt, str):
        if prompt:
            parts.append(Part(Position.USER, ("prompt",), prompt))
        return
    if not isinstance(prompt, list) or not prompt:
        raise BadRequest("invalid_type", "prompt must be a string or an array that is not empty.", param="prompt")
    if any(isinstance(each, int) for each in prompt):
        unscannable.append(("prompt",))
    for index, each in enumerate(prompt):
        if isinstance(each, str) and each:
            parts.append(Part(Position.USER, ("prompt", index), each))
        elif isinstance(each, list) and all(isinstance(token, int) for token in each):
            unscannable.append(("prompt", index))
        elif not isinstance(each, int | str):
            where = f"prompt[{index}]"
            raise BadRequest("invalid_type", f"{where} must be a string or an array of tokens.", param=where)


def unstored(body: bytes) -> bytes:
    """The dialect keeps nothing, and has no word for it."""
    return body


def with_model(body: bytes, model: str) -> bytes:
    """The client's own bytes with another model's name."""
    return document.splice_string(body, "model", model)


# -- meaning ---------------------------------------------------------------------------------------------------------


def read_request(tree: Mapping[str, Any]) -> Chat:
    """One prompt is one user's turn. Raises BadRequest with the field's path."""
    top = Fields(tree)
    top.ignore(("model",))
    lost: list[Left] = []
    turns = (Turn("user", tuple(_texts(top, lost))),)
    options = top.object("stream_options")
    for key, plain in (("echo", False), ("best_of", 1), ("suffix", "")):
        if tree.get(key) == plain:
            top.ignore((key,))
    return Chat(
        turns=turns,
        stream=bool(top.truth("stream")),
        stream_usage=bool(options and options.truth("include_usage")),
        max_tokens=top.whole("max_tokens"),
        temperature=top.number("temperature"),
        top_p=top.number("top_p"),
        stop=top.texts("stop"),
        seed=top.whole("seed"),
        presence_penalty=top.number("presence_penalty"),
        frequency_penalty=top.number("frequency_penalty"),
        logit_bias=top.tree("logit_bias"),
        choices=top.whole("n"),
        user=top.text("user"),
        left=(*lost, *top.left(_ESSENTIAL)),
    )


def _texts(top: Fields, lost: list[Left]) -> Iterator[Text]:
    prompt = top.raw("prompt")
    if isinstance(prompt, list) and len(prompt) == 1:
        prompt = prompt[0]
    if isinstance(prompt, str):
        yield Text(prompt)
    else:  # several prompts want several answers; tokens are another model's
        lost.append(Left("prompt", essential=True))


def write_request(ask: Chat | Embedding, model: str) -> bytes:
    """One user's text is a prompt. Raises BadRequest `not_expressible` for more of a conversation than that."""
    assert isinstance(ask, Chat)  # dialects of one operation are crossed
    texts = [block.text for turn in ask.turns for block in turn.blocks if isinstance(block, Text)]
    if len(ask.turns) != 1 or ask.turns[0].role != "user" or len(texts) != len(ask.turns[0].blocks):
        raise BadRequest("not_expressible", f"A conversation cannot be said in {NAME}: it has one prompt.")
    body: dict[str, Any] = {"model": model, "prompt": "\n\n".join(texts)}
    body |= {key: value for key, value in _settings(ask) if value is not None and value != ""}
    if ask.stream:
        body["stream"] = True
        body["stream_options"] = {"include_usage": True}
    return orjson.dumps(body)


def _settings(ask: Chat) -> Iterator[tuple[str, Any]]:
    yield "max_tokens", ask.max_tokens
    yield "temperature", ask.temperature
    yield "top_p", ask.top_p
    yield "stop", list(ask.stop) or None
    yield "seed", ask.seed
    yield "presence_penalty", ask.presence_penalty
    yield "frequency_penalty", ask.frequency_penalty
    yield "logit_bias", ask.logit_bias
    yield "n", ask.choices
    yield "user", ask.user
