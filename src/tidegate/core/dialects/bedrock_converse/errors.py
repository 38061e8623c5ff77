"""Errors of Bedrock: JSON with a message, their kind in a header, in `__type`, or as the name of an event."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral.events import Problem
from tidegate.core.dialects.neutral.problems import problem

_STATUS: Mapping[str, int] = MappingProxyType(
    {
        "AccessDeniedException": 403,
        "ConflictException": 400,
        "ExpiredTokenException": 403,
        "InternalServerException": 500,
        "ModelErrorException": 424,
        "ModelNotReadyException": 429,
        "ModelStreamErrorException": 424,
        "ModelTimeoutException": 408,
        "ResourceNotFoundException": 404,
        "ServiceQuotaExceededException": 400,
        "ServiceUnavailableException": 503,
        "ThrottlingException": 429,
        "UnrecognizedClientException": 403,
        "ValidationException": 400,
    }
)


def read_problem(status: int, body: bytes) -> Problem:
    """Never raises."""
    tree = _tree(body)
    kind = _name(tree.get("__type"))
    message = tree.get("message") or tree.get("Message")
    return _of(kind, status, message if isinstance(message, str) else "")


def problem_in_stream(kind: str, payload: bytes) -> Problem:
    """An exception as a message of a stream. `kind`: as its header names it, which begins in lower case."""
    tree = _tree(payload)
    name = _name(kind[:1].upper() + kind[1:])
    message = tree.get("message") or tree.get("originalMessage")
    status = tree.get("originalStatusCode")
    known = _STATUS.get(name, 502)
    if known == 424 and isinstance(status, int) and 400 <= status < 600:
        known = status
    return _of(name, known, message if isinstance(message, str) else "")


def _of(name: str, status: int, message: str) -> Problem:
    found = problem(status, message, code=name)
    if status == 424:  # the model failed, not the request
        return found._replace(kind="server", status=502)
    return found


def _tree(body: bytes) -> dict[str, Any]:
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        tree = None
    return tree if isinstance(tree, dict) else {}


def _name(kind: object) -> str:
    """Without the namespace before it, and the address behind it."""
    if not isinstance(kind, str):
        return ""
    return kind.rpartition("#")[2].partition(":")[0][:80]
