"""What an upstream's status and error object say: of the request, which is an answer, or of the target.

Sources, each provider's own reference of errors as of 2026: OpenAI (guides/error-codes), Azure OpenAI (content
filtering), Anthropic (api/errors), Gemini (troubleshooting), Amazon Bedrock (Converse, errors), OpenRouter (errors and
debugging), Mistral, Groq (docs/errors), xAI, DeepSeek (error codes), DashScope; llama.cpp (tools/server), Ollama
(server/sched.go), vLLM.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

import orjson

MOST_BYTES = 64 * 1024
"""An error object that is larger is not looked into."""


class Verdict(Enum):
    ANSWER = "it is an answer to this request, a refusal on its content among them: the client gets it as it is"
    BUSY = "it has too much to do, and says so"
    QUOTA = "what was paid for is used up: asking again soon helps nobody"
    LOADING = "it is there and its model is not yet"
    ILL = "it failed: nobody knows whether the request was worked on"


# Statuses that speak of the target. Any other is an answer to this request.
_OF_TARGET: Mapping[int, Verdict] = {
    402: Verdict.QUOTA,
    408: Verdict.ILL,
    429: Verdict.BUSY,
    498: Verdict.BUSY,  # Groq: flex capacity exceeded
    500: Verdict.ILL,
    502: Verdict.ILL,
    503: Verdict.BUSY,
    504: Verdict.ILL,
    529: Verdict.BUSY,  # Anthropic: overloaded
}

_CONTENT = frozenset((
    "bio_policy", "content_filter", "content_policy", "content_policy_violation", "cyber_policy",
    "data_inspection_failed", "invalid_prompt", "moderation_blocked", "permanent_content_block", "prohibited_content",
    "responsibleaipolicyviolation", "safety",
))  # fmt: skip
_CONTENT_WORDS = (
    "blocked by content filtering policy",  # Anthropic, as an invalid_request_error
    "content exists risk",  # DeepSeek
    "content violates usage guidelines",  # xAI, with 403
    "requires moderation",  # OpenRouter, with 403
    "safety_check_type",  # xAI
    "content management policy",  # Azure, where its code was lost on the way
    "prohibited_content",  # Gemini, inside a sentence
)
_QUOTA = frozenset((
    "billing_hard_limit_reached", "billing_not_active", "credits_exhausted", "insufficient_balance",
    "insufficient_quota", "payment_required", "quota_exceeded", "spend_limit_exceeded",
))  # fmt: skip
_QUOTA_WORDS = ("check your plan and billing", "credit balance is too low", "insufficient balance")
_LOADING_WORDS = ("loading model", "model is loading", "model loading", "model is still loading")


def speaks_of_target(status: int) -> bool:
    """Whether `verdict` needs the body to be sure."""
    return status in _OF_TARGET


def verdict(status: int, body: bytes) -> Verdict:
    """What an answer of that status means. A content refusal is an answer whatever status it comes with: what one
    provider would not answer is never handed to the next.
    """
    at_first = _OF_TARGET.get(status, Verdict.ANSWER)
    if at_first is Verdict.ANSWER:
        return at_first
    codes, words = _told(body)
    if codes & _CONTENT or _any(_CONTENT_WORDS, words):
        return Verdict.ANSWER
    if status == 429 and (codes & _QUOTA or _any(_QUOTA_WORDS, words)):
        return Verdict.QUOTA
    if status == 503 and _any(_LOADING_WORDS, words):
        return Verdict.LOADING
    return at_first


def refuses_content(body: bytes) -> bool:
    """Whether an error object says that the provider will not answer to this content."""
    codes, words = _told(body)
    return bool(codes & _CONTENT) or _any(_CONTENT_WORDS, words)


def retry_delay_s(body: bytes) -> float | None:
    """What Gemini and Vertex write into a 429's body instead of a header: `google.rpc.RetryInfo`."""
    for item in _objects(_parsed(body)):
        delay = item.get("retryDelay")
        if isinstance(delay, str) and delay.endswith("s") and len(delay) <= 16:
            try:
                seconds = float(delay[:-1])
            except ValueError:
                continue
            return seconds if 0 <= seconds < float("inf") else None
    return None


def _any(phrases: tuple[str, ...], words: str) -> bool:
    return any(phrase in words for phrase in phrases)


def _parsed(body: bytes) -> Any:
    if not body or len(body) > MOST_BYTES:
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _told(body: bytes) -> tuple[frozenset[str], str]:
    """Codes and types of an error object however deep it lies, and its sentences, all in lower case."""
    codes: set[str] = set()
    words: list[str] = []
    for item in _objects(_parsed(body)):
        for name, value in item.items():
            if not isinstance(value, str):
                continue
            if name in ("code", "type", "status", "reason", "error_code"):
                codes.add(value.lower())
            elif name in ("message", "error", "detail", "raw"):
                words.append(value.lower())
    return frozenset(codes), " ".join(words)


def _objects(tree: Any, depth: int = 6) -> Iterator[dict[str, Any]]:
    if depth and isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _objects(value, depth - 1)
    elif depth and isinstance(tree, list):
        for value in tree[:32]:
            yield from _objects(value, depth - 1)
