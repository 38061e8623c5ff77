"""Errors of upstreams: what kind a status is, and the status that each kind has for clients."""

from collections.abc import Mapping
from types import MappingProxyType

from tidegate.core.dialects.neutral.events import Problem, ProblemKind

_KINDS: Mapping[int, ProblemKind] = MappingProxyType(
    {
        400: "invalid",
        401: "authentication",
        403: "permission",
        404: "not_found",
        408: "timeout",
        413: "too_large",
        422: "invalid",
        429: "rate_limit",
        503: "overloaded",
        504: "timeout",
        529: "overloaded",
    }
)


def problem(status: int, message: str, *, code: str = "", param: str = "") -> Problem:
    """What a status and an upstream's own words say. A message that is missing is made from the status."""
    kind = _KINDS.get(status, "invalid" if 400 <= status < 500 else "server")
    return Problem(kind, status, code or f"upstream_{kind}", message or f"The upstream answered {status}.", param)
