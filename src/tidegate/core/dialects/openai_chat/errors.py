"""Refusals and lists as the dialect's own objects."""

from typing import Any

import orjson

from tidegate.core.dialects import sse
from tidegate.core.values.errors import Held, Refusal

_TYPES = {
    400: "invalid_request_error",
    403: "policy_refusal",
    404: "invalid_request_error",
    409: "review_required",
    429: "rate_limit_error",
}


def render_error(refusal: Refusal) -> bytes:
    """The dialect's own error object."""
    kind = _TYPES.get(refusal.status, "invalid_request_error" if refusal.status < 500 else "server_error")
    error: dict[str, Any] = {
        "message": refusal.message,
        "type": kind,
        "param": refusal.param or None,
        "code": refusal.code,
    }
    if refusal.rule:
        error["rule"] = refusal.rule
    if isinstance(refusal, Held):
        error["review"] = refusal.review
    return orjson.dumps({"error": error})


def render_stream_error(refusal: Refusal) -> bytes:
    """An error after the first byte: the stream's last event. No `[DONE]` follows, so no client takes it for an end."""
    return sse.render(render_error(refusal))
