"""Which error objects are answers, and which speak of a target: by provider, as each documents its own."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dispatch.verdicts import MOST_BYTES, Verdict, refuses_content, retry_delay_s, verdict

ANSWER, BUSY, QUOTA, LOADING, ILL = (
    Verdict.ANSWER, Verdict.BUSY, Verdict.QUOTA, Verdict.LOADING, Verdict.ILL
)  # fmt: skip


def openai(code, kind, message="x"):
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def anthropic(kind, message="x"):
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}


def google(code, status, message="x", details=()):
    return {"error": {"code": code, "status": status, "message": message, "details": list(details)}}


AZURE_FILTER = {
    "error": {
        "message": "The response was filtered due to the prompt triggering the content management policy.",
        "type": None, "param": "prompt", "code": "content_filter", "status": 400,
        "innererror": {
            "code": "ResponsibleAIPolicyViolation",
            "content_filter_result": {"violence": {"filtered": True, "severity": "medium"}},
        },
    }
}  # fmt: skip
OPENROUTER_FLAGGED = {
    "error": {
        "code": 403,
        "message": "Your chosen model requires moderation and your input was flagged",
        "metadata": {"reasons": ["violence"], "flagged_input": "…", "provider_name": "P", "model_slug": "m"},
    }
}
RETRY_INFO = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "36.5s"}

CASES = [
    ("openai: content policy", 400, openai("content_policy_violation", "image_generation_user_error"), ANSWER),
    ("openai: content filter", 400, openai("content_filter", "invalid_request_error"), ANSWER),
    ("openai: prompt against usage policy", 400, openai("invalid_prompt", "invalid_request_error"), ANSWER),
    ("openai: rate limit", 429, openai("rate_limit_exceeded", "requests"), BUSY),
    ("openai: quota", 429, openai("insufficient_quota", "insufficient_quota"), QUOTA),
    ("openai: server error", 500, openai(None, "server_error"), ILL),
    ("openai: overloaded", 503, openai(None, "server_error"), BUSY),
    ("openai: no such model", 404, openai("model_not_found", "invalid_request_error"), ANSWER),
    ("azure: filter", 400, AZURE_FILTER, ANSWER),
    ("azure: filter behind a gateway that says 429", 429, AZURE_FILTER, ANSWER),
    ("azure: calls a minute", 429, {"error": {"code": "429", "message": "Requests have exceeded the limit"}}, BUSY),
    ("anthropic: output blocked", 400,
     anthropic("invalid_request_error", "Output blocked by content filtering policy"), ANSWER),
    ("anthropic: the same from a proxy that says 500", 500,
     anthropic("api_error", "Output blocked by content filtering policy"), ANSWER),
    ("anthropic: rate limit", 429, anthropic("rate_limit_error"), BUSY),
    ("anthropic: overloaded", 529, anthropic("overloaded_error"), BUSY),
    ("anthropic: internal", 500, anthropic("api_error"), ILL),
    ("anthropic: timeout", 504, anthropic("timeout_error"), ILL),
    ("anthropic: credit", 400, anthropic("invalid_request_error", "Your credit balance is too low"), ANSWER),
    ("anthropic: billing", 402, anthropic("billing_error"), QUOTA),
    ("gemini: blocked", 400, google(400, "INVALID_ARGUMENT", "PROHIBITED_CONTENT"), ANSWER),
    ("gemini: per minute", 429, google(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted"), BUSY),
    ("gemini: plan", 429,
     google(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details."),
     QUOTA),
    ("gemini: unavailable", 503, google(503, "UNAVAILABLE", "The model is overloaded."), BUSY),
    ("gemini: deadline", 504, google(504, "DEADLINE_EXCEEDED"), ILL),
    ("vertex: safety as a reason", 503, google(503, "UNAVAILABLE", details=[{"reason": "SAFETY"}]), ANSWER),
    ("bedrock: throttled", 429, {"message": "Too many requests, please wait before trying again."}, BUSY),
    ("bedrock: not ready", 503, {"message": "The service is temporarily unavailable."}, BUSY),
    ("bedrock: validation", 400, {"message": "Malformed input request"}, ANSWER),
    ("openrouter: flagged", 403, OPENROUTER_FLAGGED, ANSWER),
    ("openrouter: credits", 402, {"error": {"code": 402, "message": "Insufficient credits"}}, QUOTA),
    ("openrouter: provider limited", 429, {"error": {"code": 429, "message": "Provider returned error"}}, BUSY),
    ("openrouter: provider refused, wrapped", 502,
     {"error": {"code": 502, "message": "Provider returned error", "metadata": {"raw": "content_filter: Content "
      "violates usage guidelines."}}}, ANSWER),
    ("openrouter: model down", 502, {"error": {"code": 502, "message": "x"}}, ILL),
    ("xai: safety check", 403, {"code": "x", "error": "Content violates usage guidelines. Failed check: "
     "SAFETY_CHECK_TYPE_BIO"}, ANSWER),
    ("deepseek: risk", 400, openai("invalid_request_error", "invalid_request_error", "Content Exists Risk"), ANSWER),
    ("deepseek: balance", 402, openai("x", "unknown_error", "Insufficient Balance"), QUOTA),
    ("dashscope: inspection", 400, openai("data_inspection_failed", "data_inspection_failed"), ANSWER),
    ("mistral: limit", 429, {"message": "Requests rate limit exceeded", "type": "rate_limited", "code": "1300"}, BUSY),
    ("groq: flex", 498, openai("capacity_exceeded", "flex"), BUSY),
    ("groq: tool use failed", 400, openai("tool_use_failed", "invalid_request_error"), ANSWER),
    ("llama.cpp: loading", 503,
     {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, LOADING),
    ("ollama: queue", 503, {"error": "server busy, please try again.  maximum pending requests exceeded"}, BUSY),
    ("a proxy without a word", 502, None, ILL),
    ("a request that took too long", 408, None, ILL),
    ("fine", 200, {"id": "c"}, ANSWER),
    ("too large a request", 413, None, ANSWER),
]  # fmt: skip


def raw(document):
    return b"" if document is None else json.dumps(document).encode()


@pytest.mark.parametrize(("status", "document", "found"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_an_error_says(status, document, found):
    assert verdict(status, raw(document)) is found


REFUSING = [
    (name, document)
    for name, _, document, found in CASES
    if found is ANSWER
    and any(word in name for word in ("policy", "filter", "block", "flag", "safety", "risk", "refuse"))
]


@pytest.mark.parametrize("status", [402, 408, 429, 498, 500, 502, 503, 504, 529])
@pytest.mark.parametrize("document", [r[1] for r in REFUSING], ids=[r[0] for r in REFUSING])
def test_a_content_refusal_is_an_answer_whatever_status_it_comes_with(status, document):
    assert verdict(status, raw(document)) is ANSWER


def test_a_refusal_is_told_from_a_key_that_is_turned_away():
    assert refuses_content(raw(OPENROUTER_FLAGGED))
    assert not refuses_content(raw(openai("invalid_api_key", "invalid_request_error")))
    assert not refuses_content(b"<html>403 Forbidden</html>")


def test_google_says_in_the_body_how_long_to_wait():
    assert retry_delay_s(raw(google(429, "RESOURCE_EXHAUSTED", details=[RETRY_INFO]))) == 36.5
    assert retry_delay_s(raw(google(429, "RESOURCE_EXHAUSTED"))) is None
    for wrong in ("s", "-3s", "infs", "nans", "1" * 40 + "s", "36"):
        assert retry_delay_s(raw({"details": [{"retryDelay": wrong}]})) is None


@given(st.binary(max_size=200), st.integers(100, 599))
def test_no_body_breaks_it(body, status):
    assert verdict(status, body) in Verdict


def test_what_is_deep_or_large_is_not_looked_into():
    deep = b'{"a":' * 5000 + b"1" + b"}" * 5000
    assert verdict(503, deep) is BUSY
    large = raw({"error": {"code": "content_filter"}, "pad": "x" * MOST_BYTES})
    assert verdict(503, large) is BUSY
