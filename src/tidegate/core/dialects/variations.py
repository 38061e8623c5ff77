"""Where a provider, or a family of models, differs from the dialect that it speaks: told as data, not as cases.

Only requests that are crossed go by this: what a client says in the target's own dialect passes as its own bytes.
"""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral.chat import Block, Chat, Refused, ToolCall, ToolResult, Turn
from tidegate.core.dialects.neutral.features import Cannot, Feature, Table
from tidegate.core.dialects.neutral.identifiers import fitting

_NOTHING: Mapping[str, str] = MappingProxyType({})
_NINE = re.compile(r"[a-zA-Z0-9]{9}", re.ASCII)


class Variation(NamedTuple):
    """`cannot`: in place of what the dialect's table says; None: it can after all. `renamed`: fields of the request by
    another name, an empty one for none. `call_ids`: the form that ids of calls must have, `call_id_length` long.
    """

    dialect: str
    cannot: Mapping[Feature, Cannot | None] = MappingProxyType({})
    renamed: Mapping[str, str] = _NOTHING
    call_ids: re.Pattern[str] | None = None
    call_id_length: int = 0
    models: re.Pattern[str] = re.compile("")
    """Which models of the provider's it is about: found anywhere in the name."""
    source: str = ""


PLAIN = Variation("")
"""Nothing differs."""


def _drops(*features: Feature) -> dict[Feature, Cannot | None]:
    return dict.fromkeys(features, Cannot.DROPPED)


def _refuses(*features: Feature) -> dict[Feature, Cannot | None]:
    return dict.fromkeys(features, Cannot.REFUSED)


def _can(*features: Feature) -> dict[Feature, Cannot | None]:
    return dict.fromkeys(features, None)


F = Feature

# Where a request says what is dropped. What is not here is left out by the dialect's own table wherever it is dropped.
_FIELDS: Mapping[Feature, tuple[str, ...]] = MappingProxyType(
    {
        F.SEED: ("seed",),
        F.LOGIT_BIAS: ("logit_bias",),
        F.LOGPROBS: ("logprobs", "top_logprobs"),
        F.USER: ("user",),
        F.METADATA: ("metadata",),
        F.VERBOSITY: ("verbosity",),
        F.EFFORT: ("effort",),
        F.PARALLEL_TOOLS: ("parallel_tools",),
    }
)
_OF_TURNS = frozenset((F.PARTICIPANT_NAMES, F.REFUSAL_HISTORY))
_BLANK: Mapping[str, Any] = Chat._field_defaults

_CHAT = "openai.chat"
_OLD_NAME = {"max_completion_tokens": "max_tokens"}

VARIATIONS: Mapping[str, tuple[Variation, ...]] = MappingProxyType(
    {
        "mistral": (
            Variation(
                _CHAT,
                cannot=_drops(F.LOGIT_BIAS, F.USER, F.VERBOSITY, F.PARTICIPANT_NAMES, F.REFUSAL_HISTORY)
                | _refuses(F.FILE_DATA, F.FILE_ID),
                renamed={**_OLD_NAME, "seed": "random_seed", "stream_options": ""},
                call_ids=_NINE,
                call_id_length=9,
                source="docs.mistral.ai/api, chat completion",
            ),
        ),
        "groq": (
            Variation(
                _CHAT,
                cannot=_drops(F.LOGIT_BIAS, F.LOGPROBS, F.METADATA, F.VERBOSITY, F.PARTICIPANT_NAMES, F.REFUSAL_HISTORY)
                | _refuses(F.CHOICES, F.AUDIO, F.FILE_DATA, F.FILE_ID),
                source="console.groq.com/docs/openai, unsupported features",
            ),
        ),
        "deepseek": (
            Variation(
                _CHAT,
                cannot=_drops(
                    F.SEED, F.LOGIT_BIAS, F.USER, F.METADATA, F.VERBOSITY, F.EFFORT, F.PARALLEL_TOOLS, F.REFUSAL_HISTORY
                )
                | _refuses(F.CHOICES, F.JSON_SCHEMA, F.IMAGE_DATA, F.IMAGE_URL, F.AUDIO, F.FILE_DATA, F.FILE_ID),
                renamed=_OLD_NAME,
                source="api-docs.deepseek.com/api/create-chat-completion",
            ),
        ),
        "xai": (
            Variation(
                _CHAT,
                cannot=_drops(F.LOGIT_BIAS, F.METADATA, F.VERBOSITY, F.REFUSAL_HISTORY)
                | _refuses(F.AUDIO, F.FILE_DATA, F.FILE_ID),
                source="docs.x.ai/docs/api-reference, chat completions",
            ),
        ),
        "openrouter": (
            Variation(
                _CHAT,
                cannot=_refuses(F.FILE_ID),
                source="openrouter.ai/docs/api-reference/chat-completion",
            ),
        ),
        "azure-ai": (
            Variation(
                _CHAT,
                cannot=_drops(F.LOGIT_BIAS, F.LOGPROBS, F.USER, F.METADATA, F.VERBOSITY, F.PARTICIPANT_NAMES)
                | _refuses(F.CHOICES, F.FILE_DATA, F.FILE_ID),
                renamed=_OLD_NAME,
                source="learn.microsoft.com, Azure AI Model Inference REST reference",
            ),
        ),
        "bedrock": (
            Variation(
                "bedrock.converse",
                cannot=_can(F.TOP_K, F.THINKING, F.THINKING_TOKENS),
                models=re.compile(r"anthropic\."),
                source="docs.aws.amazon.com/bedrock, Anthropic Claude models, request parameters",
            ),
        ),
    }
)


@lru_cache(maxsize=256)
def variation(provider: str, dialect: str, model: str) -> Variation:
    """What is true of this model there; an empty one where nothing differs."""
    found = VARIATIONS.get(provider, ())
    fitting_ones = (each for each in found if each.dialect == dialect and each.models.search(model))
    return next(fitting_ones, PLAIN)


def table_of(table: Table, varied: Variation) -> Table:
    """The dialect's table as it holds there."""
    if not varied.cannot:
        return table
    together = {**table, **varied.cannot}
    return {feature: cannot for feature, cannot in together.items() if cannot is not None}


def varied_chat(chat: Chat, varied: Variation) -> Chat:
    """Without what is dropped there, and with ids of calls as they must be there."""
    if varied is PLAIN:
        return chat
    dropped = {feature for feature, cannot in varied.cannot.items() if cannot is Cannot.DROPPED}
    blank: dict[str, Any] = {name: _BLANK[name] for feature in dropped for name in _FIELDS.get(feature, ())}
    if not blank and not dropped & _OF_TURNS and varied.call_ids is None:
        return chat
    turns = tuple([_turn(turn, dropped, varied) for turn in chat.turns])
    return chat._replace(turns=turns, **blank)


def _turn(turn: Turn, dropped: AbstractSet[Feature], varied: Variation) -> Turn:
    blocks = turn.blocks
    if F.REFUSAL_HISTORY in dropped:
        blocks = tuple([block for block in blocks if not isinstance(block, Refused)])
    blocks = tuple([_with_id(block, varied) for block in blocks])
    return turn._replace(blocks=blocks, name="" if F.PARTICIPANT_NAMES in dropped else turn.name)


def _with_id(block: Block, varied: Variation) -> Block:
    if varied.call_ids is not None and isinstance(block, ToolCall | ToolResult):
        return block._replace(id=fitting(block.id, varied.call_ids, varied.call_id_length))
    return block


def renamed(body: bytes, varied: Variation) -> bytes:
    """A written request with its fields by their names there."""
    if not varied.renamed:
        return body
    tree = loads(body)
    if not any(name in tree for name in varied.renamed):
        return body
    return orjson.dumps({name: value for key, value in tree.items() if (name := varied.renamed.get(key, key))})


def providers_of(dialect: str) -> Sequence[tuple[str, Variation]]:
    """Who differs from it, for whoever writes the table down."""
    return [(name, each) for name, all_of in sorted(VARIATIONS.items()) for each in all_of if each.dialect == dialect]
