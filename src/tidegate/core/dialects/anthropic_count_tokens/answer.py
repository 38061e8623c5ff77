"""The answer to a request to count: one number. It goes on as it came; no text stands in it."""

from collections.abc import Sequence

import orjson

from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import OpenChannel
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import Usage


def pass_answer(
    body: bytes,
    notes: AnswerNotes,
    open_channel: OpenChannel | None,  # noqa: ARG001 - a number has no text
    *,
    keep_logprobs: bool = True,  # noqa: ARG001
) -> bytes:
    """Counting consumes nothing, so no usage is noted. A body that is no count leaves an error note."""
    if _count(body) is None:
        notes.error = "not_an_answer"
    else:
        notes.complete = True
    return body


def read_answer(body: bytes) -> Sequence[e.Event]:
    """Raises UpstreamError `protocol` for what is no count."""
    count = _count(body)
    if count is None:
        raise UpstreamError("protocol", "its answer is no count of tokens.")
    return [e.Began(), e.Ended("stop"), e.Used(Usage(input_tokens=count))]


def write_answer(events: Sequence[e.Event], asked: Asked) -> bytes:  # noqa: ARG001 - a count names nobody
    used = [event.usage.input_tokens for event in events if isinstance(event, e.Used)]
    return orjson.dumps({"input_tokens": max([0, *used])})


def _count(body: bytes) -> int | None:
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        return None
    count = tree.get("input_tokens") if isinstance(tree, dict) else None
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None
