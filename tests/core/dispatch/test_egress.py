"""What a client is told when nothing may, or nothing can, answer."""

import pytest

from tidegate.core.dialects import openai_responses
from tidegate.core.dialects.openai_chat import parse_request
from tidegate.core.dispatch import egress
from tidegate.core.values.attempt import Attempt
from tidegate.core.values.decision import Decision, Effect, TargetDecision
from tidegate.core.values.errors import LedgerError, SealBroken, UpstreamError
from tidegate.core.values.target import Boundary, Target


def test_a_permit_is_bound_to_body_place_and_record():
    local = Target(name="t", provider="lmstudio", url="http://h:1", model="m", boundary=Boundary("here", "local"))
    envelope = parse_request(b'{"model":"a","stream":true,"messages":[{"role":"user","content":"x"}]}')
    permit = egress.permit("r", 7, local, envelope, egress.Outgoing(b"{}", absent=(b"secret",), dialect="openai.chat"))
    assert (permit.intent, permit.method, permit.url) == (7, "POST", "http://h:1/v1/chat/completions")
    assert ("accept", "text/event-stream") in permit.headers
    assert "secret" not in repr(permit)


@pytest.mark.parametrize(("more", "once"), [("", False), (',"store":true', True), (',"prompt_cache_key":"k"', False)])
def test_what_keeps_something_is_permitted_once(more, once):
    local = Target(name="t", provider="lmstudio", url="http://h:1", model="m", boundary=Boundary("here", "local"))
    envelope = openai_responses.parse_request(f'{{"model":"a","input":"x"{more}}}'.encode())
    permit = egress.permit("r", 7, local, envelope, egress.Outgoing(b"{}", dialect="openai.responses"))
    assert (permit.once, permit.url) == (once, "http://h:1/v1/responses")


def test_a_policy_refusal_names_the_rule_and_its_reason():
    decision = Decision((TargetDecision("t", "b", Effect.NONE, ("inside-only",)),), "p")
    refusal = egress.refused_by_policy(decision, {"inside-only": "Secrets stay inside."}.get)
    assert (refusal.status, refusal.rule) == (403, "inside-only")
    assert "Secrets stay inside." in refusal.message


def test_without_any_rule_the_default_is_named():
    assert egress.refused_by_policy(Decision((), "p"), lambda rule: "").rule == "default-deny"


ENDS = [
    ([Attempt("a", "b", "raw", 429, "status")], 429, "rate_limited"),
    ([Attempt("a", "b", "raw", 429, "status"), Attempt("c", "b", "raw", 500, "status")], 503, "no_target_available"),
    ([Attempt("a", "b", "raw", 0, "connect")], 503, "no_target_available"),
    ([], 503, "no_target_available"),
]


@pytest.mark.parametrize(("attempts", "status", "code"), ENDS)
def test_when_none_answered_the_client_learns_which_and_how(attempts, status, code):
    refusal = egress.none_answered(attempts)
    assert (refusal.status, refusal.code) == (status, code)
    assert all(attempt.target in refusal.message for attempt in attempts)


@pytest.mark.parametrize("status", [401, 403, 404, 405, 407])
def test_a_target_that_turns_the_gateway_away_is_the_operator_s_matter(status):
    refusal = egress.misconfigured("t", status, b"")
    assert refusal.status == 502
    assert "doctor" in refusal.message


def test_other_errors_are_the_client_s():
    assert egress.misconfigured("t", 400, b"") is None
    assert egress.misconfigured("t", 403, b'{"error":{"code":"content_filter"}}') is None


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (UpstreamError("cut", "it ended early."), 502, "upstream_cut"),
        (SealBroken("inner words"), 503, "seal_broken"),
        (LedgerError("disk full"), 503, "record_unavailable"),
    ],
)
def test_failures_become_sentences(error, status, code):
    refusal = egress.told("t", error)
    assert (refusal.status, refusal.code) == (status, code)
    assert "inner words" not in refusal.message
