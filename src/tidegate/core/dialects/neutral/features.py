"""What a request uses, feature by feature: what the table of each dialect is about."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum

from tidegate.core.dialects.neutral.chat import Block, Chat, Media, Refused, Text, ToolCall, ToolResult, Turn
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.values.errors import BadRequest
from tidegate.core.values.spelling import all_told


class Feature(StrEnum):
    """By the name that receipts, refusals and the table have for it."""

    MAX_TOKENS = "max_tokens"
    TEMPERATURE = "temperature"
    TOP_P = "top_p"
    TOP_K = "top_k"
    STOP = "stop"
    SEED = "seed"
    PRESENCE_PENALTY = "presence_penalty"
    FREQUENCY_PENALTY = "frequency_penalty"
    LOGIT_BIAS = "logit_bias"
    LOGPROBS = "logprobs"
    CHOICES = "choices"
    USER = "user"
    METADATA = "metadata"
    KEEP_ALIVE = "keep_alive"
    CONTEXT_TOKENS = "context_tokens"
    VERBOSITY = "verbosity"
    THINKING = "thinking"
    EFFORT = "effort"
    THINKING_TOKENS = "thinking_tokens"
    THINKING_HISTORY = "thinking_history"
    UNSIGNED_THINKING_HISTORY = "unsigned_thinking_history"
    REFUSAL_HISTORY = "refusal_history"
    PARTICIPANT_NAMES = "participant_names"
    LATER_SYSTEM_TURNS = "later_system_turns"
    PREFILL = "prefill"
    CACHE_HINTS = "cache_hints"
    TOOLS = "tools"
    FREE_TOOLS = "free_tools"
    STRICT_TOOLS = "strict_tools"
    TOOL_CHOICE = "tool_choice"
    TOOL_CHOICE_REQUIRED = "tool_choice_required"
    TOOL_CHOICE_NAMED = "tool_choice_named"
    PARALLEL_TOOLS = "parallel_tools"
    TOOL_FAILURES = "tool_failures"
    MEDIA_IN_RESULTS = "media_in_results"
    JSON = "json_format"
    JSON_SCHEMA = "json_schema_format"
    IMAGE_DATA = "image_data"
    IMAGE_URL = "image_url"
    IMAGE_DETAIL = "image_detail"
    AUDIO = "audio"
    VIDEO = "video"
    FILE_DATA = "file_data"
    FILE_URL = "file_url"
    FILE_ID = "file_id"
    DIMENSIONS = "dimensions"
    TOKEN_INPUT = "token_input"  # noqa: S105 - inputs given as tokens of a model's
    TRUNCATE = "truncate"


class Cannot(StrEnum):
    """What becomes of a feature that a dialect has no word for. What is not in a dialect's table is carried."""

    DROPPED = "dropped"  # the request goes without it, and the receipt says so
    REFUSED = "refused"  # the request would mean something else without it
    CONVENTION = "by_convention"  # said in other words, which are read back in the answer; the receipt says so


Table = Mapping[Feature, Cannot]

_PLAIN = (
    ("max_tokens", Feature.MAX_TOKENS),
    ("temperature", Feature.TEMPERATURE),
    ("top_p", Feature.TOP_P),
    ("top_k", Feature.TOP_K),
    ("seed", Feature.SEED),
    ("presence_penalty", Feature.PRESENCE_PENALTY),
    ("frequency_penalty", Feature.FREQUENCY_PENALTY),
    ("logit_bias", Feature.LOGIT_BIAS),
    ("logprobs", Feature.LOGPROBS),
    ("top_logprobs", Feature.LOGPROBS),
    ("thinks", Feature.THINKING),
    ("thinking_tokens", Feature.THINKING_TOKENS),
    ("context_tokens", Feature.CONTEXT_TOKENS),
    ("metadata", Feature.METADATA),
    ("parallel_tools", Feature.PARALLEL_TOOLS),
)
_WORDS = (
    ("stop", Feature.STOP),
    ("user", Feature.USER),
    ("keep_alive", Feature.KEEP_ALIVE),
    ("verbosity", Feature.VERBOSITY),
    ("effort", Feature.EFFORT),
    ("tools", Feature.TOOLS),
)
_CHOICES = {
    "none": Feature.TOOL_CHOICE,
    "required": Feature.TOOL_CHOICE_REQUIRED,
    "named": Feature.TOOL_CHOICE_NAMED,
}
_SHAPES = {"json": Feature.JSON, "schema": Feature.JSON_SCHEMA}
_SOUND = {"audio": Feature.AUDIO, "video": Feature.VIDEO}


def fit(ask: Chat | Embedding, table: Table, dialect: str) -> tuple[str, ...]:
    """Names of what `dialect` cannot say of this and does without, or says by a convention. Raises BadRequest
    (`not_expressible`) for what it cannot do without, naming all of it.
    """
    return fit_used(ask, used_by(ask), table, dialect)


def fit_used(ask: Chat | Embedding, used: AbstractSet[Feature], table: Table, dialect: str) -> tuple[str, ...]:
    """The same, where somebody knows what is used."""
    odd = sorted([each for each in used if each in table])
    lost = [each.name for each in ask.left if not each.essential]
    lost += [each for each in odd if table[each] is Cannot.DROPPED]
    lost += [f"{each}:{Cannot.CONVENTION}" for each in odd if table[each] is Cannot.CONVENTION]
    missing = [each.name for each in ask.left if each.essential]
    missing += [each for each in odd if table[each] is Cannot.REFUSED]
    if isinstance(ask, Chat) and _forces_a_tool_that_is_not_there(ask):
        missing.append("tool_choice")
    if missing:
        raise BadRequest(
            "not_expressible", f"What this request uses cannot be said in {dialect}: {', '.join(all_told(missing))}."
        )
    return tuple(lost)


def _forces_a_tool_that_is_not_there(ask: Chat) -> bool:
    """A tool of the provider's own can be left out of those that a model may call, not out of those that it must."""
    if ask.tool_choice == "named":
        return all(tool.name != ask.tool_named for tool in ask.tools)
    return ask.tool_choice == "required" and not ask.tools


def used_by(ask: Chat | Embedding) -> set[Feature]:
    """Everything beyond plain turns of text."""
    if isinstance(ask, Embedding):
        return set(_used_by_embedding(ask))
    used = {feature for name, feature in _PLAIN if getattr(ask, name) is not None}
    used.update([feature for name, feature in _WORDS if getattr(ask, name)])
    if ask.choices is not None and ask.choices != 1:
        used.add(Feature.CHOICES)
    if ask.tool_choice in _CHOICES:
        used.add(_CHOICES[ask.tool_choice])
    if ask.format is not None and ask.format.shape in _SHAPES:
        used.add(_SHAPES[ask.format.shape])
    for tool in ask.tools:
        if tool.free:
            used.add(Feature.FREE_TOOLS)
        if tool.strict:
            used.add(Feature.STRICT_TOOLS)
    _add_turns(ask.turns, used)
    return used


def _add_turns(turns: tuple[Turn, ...], used: set[Feature]) -> None:
    begun = False
    for role, blocks, name in turns:
        if name:
            used.add(Feature.PARTICIPANT_NAMES)
        if role != "system":
            begun = True
        elif begun:
            used.add(Feature.LATER_SYSTEM_TURNS)
        for block in blocks:
            if not isinstance(block, Text) or block.cache:
                _add_block(block, used)
    if turns and turns[-1].role == "assistant":
        used.add(Feature.PREFILL)


def _add_block(block: Block, used: set[Feature]) -> None:
    if isinstance(block, Text):
        if block.cache:
            used.add(Feature.CACHE_HINTS)
    elif isinstance(block, ToolCall):
        used.add(Feature.FREE_TOOLS if block.free else Feature.TOOLS)
    elif isinstance(block, ToolResult):
        _add_result(block, used)
    elif isinstance(block, Media):
        used.update(_used_by_media(block))
    elif isinstance(block, Refused):
        used.add(Feature.REFUSAL_HISTORY)
    else:
        used.add(Feature.THINKING_HISTORY)
        if not block.signature and not block.sealed:
            used.add(Feature.UNSIGNED_THINKING_HISTORY)


def _add_result(result: ToolResult, used: set[Feature]) -> None:
    used.add(Feature.TOOLS)
    if result.failed:
        used.add(Feature.TOOL_FAILURES)
    for block in result.blocks:
        if isinstance(block, Media):
            used.add(Feature.MEDIA_IN_RESULTS)
        _add_block(block, used)


def _used_by_media(media: Media) -> Iterator[Feature]:
    if media.detail:
        yield Feature.IMAGE_DETAIL
    if media.file_id:
        yield Feature.FILE_ID
    elif media.kind == "image":
        yield Feature.IMAGE_URL if media.url else Feature.IMAGE_DATA
    elif media.kind in _SOUND:
        yield _SOUND[media.kind]
    else:
        yield Feature.FILE_URL if media.url else Feature.FILE_DATA


def _used_by_embedding(ask: Embedding) -> Iterator[Feature]:
    if ask.dimensions is not None:
        yield Feature.DIMENSIONS
    if ask.truncate is not None:
        yield Feature.TRUNCATE
    if ask.user:
        yield Feature.USER
    if ask.keep_alive:
        yield Feature.KEEP_ALIVE
    if any(not isinstance(each, str) for each in ask.inputs):
        yield Feature.TOKEN_INPUT
