"""Refusals as the dialect's own objects."""

import orjson

from tidegate.core.dialects import sse
from tidegate.core.dialects.openai_chat.errors import render_error
from tidegate.core.values.errors import Refusal

__all__ = ["render_error", "render_stream_error"]


def render_stream_error(refusal: Refusal) -> bytes:
    """An error after the first byte: the stream's last event. No `response.completed` follows, so no client takes it
    for an end.
    """
    error = {
        "type": "error",
        "code": refusal.code,
        "message": refusal.message,
        "param": refusal.param or None,
        "sequence_number": 0,
    }
    return b"event: error\n" + sse.render(orjson.dumps(error))
