"""Refusals as Ollama's own error object, and its error object as a problem."""

from typing import Any

import orjson

from tidegate.core.dialects import ndjson
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral.events import Problem
from tidegate.core.dialects.neutral.problems import problem
from tidegate.core.values.errors import BadRequest, Held, Refusal


def render_error(refusal: Refusal) -> bytes:
    """`error` is what Ollama's clients read; `code`, `rule` and `review` stand beside it."""
    told: dict[str, Any] = {"error": refusal.message, "code": refusal.code}
    if refusal.param:
        told["param"] = refusal.param
    if refusal.rule:
        told["rule"] = refusal.rule
    if isinstance(refusal, Held):
        told["review"] = refusal.review
    return orjson.dumps(told)


def render_stream_error(refusal: Refusal) -> bytes:
    """An error after the first byte: the stream's last line. No `done` follows, so no client takes it for an end."""
    return ndjson.render(render_error(refusal))


def read_problem(status: int, body: bytes) -> Problem:
    """Never raises."""
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        return problem(status, "")
    return problem_in(tree, status)


def problem_in(tree: Any, status: int) -> Problem:
    """`status`: of the answer; a line in the middle of one may tell its own (`status_code`)."""
    if not isinstance(tree, dict):
        return problem(status, "")
    error, own = tree.get("error"), tree.get("status_code")
    if isinstance(own, int) and not isinstance(own, bool) and 400 <= own < 600:
        status = own
    if isinstance(error, dict):  # what some servers that imitate the API send
        error = error.get("message")
    return problem(status, error if isinstance(error, str) else "")


def only_ollama() -> BadRequest:
    return BadRequest("not_expressible", "A request that only loads or unloads a model means nothing to this target.")
