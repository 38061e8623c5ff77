"""Refusals as the dialect's own objects."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.values.errors import Held, Refusal

KINDS: Mapping[int, str] = MappingProxyType(
    {
        400: "invalid_request_error",
        401: "authentication_error",
        402: "billing_error",
        403: "permission_error",
        404: "not_found_error",
        408: "timeout_error",
        409: "conflict_error",
        413: "request_too_large",
        429: "rate_limit_error",
        503: "overloaded_error",
        504: "timeout_error",
        529: "overloaded_error",
    }
)
"""The API's word for each status; other ones below 500 are faults of the request, above it of the server."""


def render_error(refusal: Refusal) -> bytes:
    """The dialect's own error object; what it has no field for stands beside: code, field, rule, review."""
    kind = KINDS.get(refusal.status, "invalid_request_error" if refusal.status < 500 else "api_error")
    error: dict[str, Any] = {"type": kind, "message": refusal.message, "code": refusal.code}
    if refusal.param:
        error["param"] = refusal.param
    if refusal.rule:
        error["rule"] = refusal.rule
    if isinstance(refusal, Held):
        error["review"] = refusal.review
    whole: dict[str, Any] = {"type": "error", "error": error}
    if refusal.request_id:
        whole["request_id"] = refusal.request_id
    return orjson.dumps(whole)


def render_stream_error(refusal: Refusal) -> bytes:
    """An error after the first byte: the stream's last event. No `message_stop` follows, so no client takes it for an
    end.
    """
    return event("error", render_error(refusal))


def event(name: str, data: bytes) -> bytes:
    """One event of a stream. `data` holds no line break (compact JSON never does)."""
    return b"event: " + name.encode() + b"\ndata: " + data + b"\n\n"
