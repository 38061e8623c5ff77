"""What Converse says, as events."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral.arguments import as_text
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import NOT_SAID, Usage, counted

REASONS: Mapping[str, e.Reason] = MappingProxyType(
    {
        "end_turn": "stop",
        "stop_sequence": "stop",
        "max_tokens": "length",
        "model_context_window_exceeded": "length",
        "tool_use": "tool_calls",
        "guardrail_intervened": "content_filter",
        "content_filtered": "content_filter",
        "refusal": "refusal",
        "pause_turn": "pause",
    }
)
_BESIDE = frozenset(("cachePoint",))


def read_answer(body: bytes) -> Sequence[e.Event]:
    """Raises UpstreamError `protocol` for what is no answer of Converse."""
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        tree = None
    output = tree.get("output") if isinstance(tree, dict) else None
    message = output.get("message") if isinstance(output, dict) else None
    if not isinstance(tree, dict) or not isinstance(message, dict):
        raise UpstreamError("protocol", "its answer is none of Converse.")
    return list(_events(tree, message))


def _events(tree: dict[str, Any], message: dict[str, Any]) -> Iterator[e.Event]:
    yield e.Began()
    content = message.get("content")
    for number, block in enumerate(content if isinstance(content, list) else ()):
        if isinstance(block, dict):
            yield from _block(number, block)
    yield from ended(tree)
    yield e.Used(usage_of(tree))


def ended(tree: dict[str, Any]) -> Iterator[e.Event]:
    """What says why an answer ended."""
    reason = tree.get("stopReason")
    meant = REASONS.get(reason, "other") if isinstance(reason, str) else "stop"
    if meant == "other" and isinstance(reason, str) and reason.isidentifier() and len(reason) <= 40:
        yield e.Lost(f"answer.stopReason.{reason}")
    yield e.Ended(meant, sequence=_sequence(tree) if reason == "stop_sequence" else "")


def _sequence(tree: dict[str, Any]) -> str:
    """Claude says which one it was, where it was asked for (`/stop_sequence`)."""
    fields = tree.get("additionalModelResponseFields")
    found = fields.get("stop_sequence") if isinstance(fields, dict) else None
    return found if isinstance(found, str) else ""


def usage_of(tree: dict[str, Any]) -> Usage:
    """What came out of a cache, and what was written into one, is counted beside the input."""
    usage = tree.get("usage")
    if not isinstance(usage, dict):
        return NOT_SAID
    read, found, kept = [
        counted(usage.get(name)) for name in ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")
    ]
    return Usage(
        input_tokens=read if read < 0 else read + max(found, 0) + max(kept, 0),
        output_tokens=counted(usage.get("outputTokens")),
        cached_input_tokens=found,
        cache_write_tokens=kept,
    )


def is_the_clients(call: dict[str, Any]) -> bool:
    """Tools that run there say so by their type."""
    return call.get("type") in (None, "tool_use")


def _block(number: int, block: dict[str, Any]) -> Iterator[e.Event]:
    for key, value in block.items():
        if key == "text" and isinstance(value, str):
            yield from _prose(number, "text", value)
        elif key == "reasoningContent" and isinstance(value, dict):
            yield from _thought(number, value)
        elif key == "toolUse" and isinstance(value, dict) and is_the_clients(value):
            yield from _call(number, value)
        elif key == "citationsContent" and isinstance(value, dict):
            yield from _cited(number, value)
        elif key not in _BESIDE:
            yield e.Lost(f"answer.{key}", unseen=True)


def _prose(number: int, kind: e.BlockKind, said: str) -> Iterator[e.Event]:
    if said:
        yield e.Opened(number, kind)
        yield e.Delta(number, said)
        yield e.Closed(number)


def _thought(number: int, thought: dict[str, Any]) -> Iterator[e.Event]:
    inner = thought.get("reasoningText")
    inner = inner if isinstance(inner, dict) else {}
    yield e.Opened(number, "thinking")
    if said := text(inner.get("text")):
        yield e.Delta(number, said)
    signature, sealed = text(inner.get("signature")), text(thought.get("redactedContent"))
    if signature or sealed:
        yield e.Sealed(number, signature, sealed)
    yield e.Closed(number)


def _call(number: int, call: dict[str, Any]) -> Iterator[e.Event]:
    yield e.Opened(number, "tool", id=text(call.get("toolUseId")), name=text(call.get("name")))
    arguments = call.get("input")
    yield e.Delta(number, as_text({} if arguments is None else arguments))
    yield e.Closed(number)


def _cited(number: int, cited: dict[str, Any]) -> Iterator[e.Event]:
    """The words reach the client; where they were found does not."""
    content = cited.get("content")
    pieces = [text(each.get("text")) for each in content if isinstance(each, dict)] if isinstance(content, list) else []
    yield from _prose(number, "text", "".join(pieces))
    yield e.Lost("answer.citations")


def text(value: object) -> str:
    return value if isinstance(value, str) else ""
