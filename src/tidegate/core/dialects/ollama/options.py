"""What stands beside the text of a request: `options` and the settings at its top."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral.chat import Chat, Format
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.values.errors import BadRequest

OPTIONS = frozenset(
    (
        "num_ctx", "num_batch", "num_gpu", "main_gpu", "low_vram", "f16_kv", "logits_all", "vocab_only", "use_mmap",
        "use_mlock", "embedding_only", "num_thread", "numa", "num_keep", "seed", "num_predict", "top_k", "top_p",
        "min_p", "tfs_z", "typical_p", "repeat_last_n", "temperature", "repeat_penalty", "presence_penalty",
        "frequency_penalty", "mirostat", "mirostat_tau", "mirostat_eta", "penalize_newline", "stop",
    )
)  # fmt: skip
"""Numbers, switches and stop sequences: api/types.go, `Options` and `Runner`. Any other option may ask for anything."""

_NOTHING: Mapping[str, Any] = {}
_LEVELS = {"minimal": "low", "low": "low", "medium": "medium", "high": "high", "xhigh": "high", "max": "high"}


def as_json(value: Any) -> str:
    """A value as JSON text. Raises BadRequest for a number of more than 64 bits."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        raise BadRequest("invalid_number", "The body holds a number of more than 64 bits.") from None


def read(top: Fields) -> dict[str, Any]:
    """Settings as `Chat` names them; what has no name there is the last thing, `left`."""
    options = top.object("options") or Fields(_NOTHING, "options")
    most, keep = options.whole("num_predict"), top.raw("keep_alive")
    said = {
        "max_tokens": most if most is not None and most > 0 else None,  # -1 and -2: without an end
        "context_tokens": options.whole("num_ctx"),
        "temperature": options.number("temperature"),
        "top_p": options.number("top_p"),
        "top_k": options.whole("top_k"),
        "stop": options.texts("stop"),
        "seed": options.whole("seed"),
        "presence_penalty": options.number("presence_penalty"),
        "frequency_penalty": options.number("frequency_penalty"),
        "logprobs": top.truth("logprobs"),
        "top_logprobs": top.whole("top_logprobs"),
        "keep_alive": "" if keep is None else as_json(keep),
        "format": _format(top),
        "stream": streams(top),
        "stream_usage": True,
        **_thinking(top),
    }
    return {**said, "left": tuple(options.left())}


def streams(top: Fields) -> bool:
    """They do unless they say no."""
    return top.truth("stream") is not False


def keep_alive(top: Fields) -> str:
    keep = top.raw("keep_alive")
    return "" if keep is None else as_json(keep)


def _format(top: Fields) -> Format | None:
    wanted = top.raw("format")
    if wanted is None or wanted == "":
        return None
    if wanted == "json":
        return Format("json")
    if not isinstance(wanted, dict):
        raise top.wrong("format", '"json" or a JSON schema')
    return Format("schema", schema=wanted)


def _thinking(top: Fields) -> dict[str, Any]:
    think = top.raw("think")
    if think is None or isinstance(think, bool):
        return {"thinks": think}
    if not isinstance(think, str):
        raise top.wrong("think", "true, false or a level")
    return {"thinks": True, "effort": think}


def written(ask: Chat) -> Iterator[tuple[str, Any]]:
    """Fields of a request's top, without those that say nothing."""
    options = {name: value for name, value in _written_options(ask) if value is not None}
    if options:
        yield "options", options
    if ask.format is not None and ask.format.shape != "text":
        schema = ask.format.schema if ask.format.shape == "schema" else None
        yield "format", schema if schema is not None else "json"
    if ask.keep_alive:
        yield "keep_alive", loads(ask.keep_alive)
    if (think := _written_thinking(ask)) is not None:
        yield "think", think
    if ask.logprobs is not None:
        yield "logprobs", ask.logprobs
    if ask.top_logprobs is not None:
        yield "top_logprobs", ask.top_logprobs


def _written_options(ask: Chat) -> Iterator[tuple[str, Any]]:
    yield "num_ctx", ask.context_tokens
    yield "num_predict", ask.max_tokens
    yield "temperature", ask.temperature
    yield "top_p", ask.top_p
    yield "top_k", ask.top_k
    yield "stop", list(ask.stop) or None
    yield "seed", ask.seed
    yield "presence_penalty", ask.presence_penalty
    yield "frequency_penalty", ask.frequency_penalty


def _written_thinking(ask: Chat) -> bool | str | None:
    if ask.thinks is False or ask.effort == "none":
        return False
    return _LEVELS.get(ask.effort) or ask.thinks
