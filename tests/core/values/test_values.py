"""What the stages hand each other: what it works out itself, and what it never shows."""

import dataclasses
from datetime import date

import pytest

from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.attempt import Attempt
from tidegate.core.values.decision import Decision, Effect, TargetDecision
from tidegate.core.values.envelope import Envelope, Part, Position
from tidegate.core.values.errors import BadRequest, ConfigError, PolicyRefusal, Refusal, Unavailable, UpstreamError
from tidegate.core.values.facts import TargetFacts
from tidegate.core.values.finding import Classification, Finding
from tidegate.core.values.keys import Keys
from tidegate.core.values.permit import Permit
from tidegate.core.values.target import Boundary, Contract, Target

PROMPT = "what nobody but the target may read"


def test_only_raw_and_redacted_targets_may_be_sent_to_now_and_keep_their_order():
    told = tuple(TargetDecision(effect.value, "here", effect, ()) for effect in reversed(Effect))
    assert [one.target for one in Decision(told, "digest").permitted] == ["redacted", "raw"]


def test_a_label_more_never_touches_the_findings():
    found = Classification((Finding("pii.email", 0, 3, 0.9, "email"),), frozenset({"pii.email"}), "internal")
    more = found.plus("unscannable")
    assert (more.findings, more.labels, more.level) == (found.findings, {"pii.email", "unscannable"}, "restricted")
    assert found.labels == {"pii.email"}


def envelope():
    return Envelope(
        dialect="openai_chat",
        operation="chat",
        body=PROMPT.encode(),
        document={"messages": [PROMPT]},
        original_model="auto",
        stream=False,
        parts=(Part(Position.USER, ("messages", 0), PROMPT),),
        unscannable=(),
        rest=frozenset(),
        tools_offered=False,
        tools=frozenset(),
        tools_called=frozenset(),
        capabilities=frozenset(),
        structured=False,
        conversation=PROMPT,
        has_history=False,
    )


def permit():
    body = PROMPT.encode()
    given = dict.fromkeys(Permit._fields, "")
    return Permit(**{**given, "body": body, "request_id": "r1", "target": "t", "absent": (body,)})


def keys():
    return Keys(
        epoch="e1", **{name: PROMPT.encode()[:32] for name in ("commitments", "fingerprints", "tags", "detection")}
    )


def target():
    return Target(
        name="cloud",
        provider="openai",
        url="https://cloud/v1",
        model="m",
        boundary=Boundary("there", "cloud"),
        contract=Contract(expires=date(2099, 1, 1)),
        credential="env:NAME",
    )


@pytest.mark.parametrize("make", [envelope, permit, keys], ids=["a request", "a permit", "keys"])
def test_what_holds_text_or_keys_does_not_show_them(make):
    value = make()
    for shown in (repr(value), str(value), f"{value}"):
        assert PROMPT[:20] not in shown


def test_a_contract_that_says_nothing_says_the_worst():
    assert dataclasses.astuple(Contract()) == (
        "unknown",
        "unknown",
        "unknown",
        "",
        False,
        False,
        frozenset(),
        None,
    )


def test_a_target_belongs_to_its_boundary():
    assert (target().boundary.name, target().boundary.kind) == ("there", "cloud")


def facts(**more):
    given = {
        "target": "cloud",
        "boundary": "there",
        "kind": "cloud",
        "region": "eu",
        "contract": True,
        "retention": "zero",
        "training": "never",
        "tier": "enterprise",
        "baa": False,
        "dpa": False,
        "capabilities_agreed": True,
        "fields_known": True,
        "approval": "unknown",
        "health": "unknown",
    }
    return TargetFacts(**{**given, **more})


@pytest.mark.parametrize(
    "other", [{"retention": "30d"}, {"baa": True}, {"region": "us"}, {"contract": False}, {"fields_known": False}]
)
def test_facts_that_differ_in_anything_are_not_taken_for_each_other(other):
    """Their hash reads three fields only: what compares them must read all."""
    assert {facts(): "one"}.get(facts(**other)) is None
    assert {facts(): "one"}[facts()] == "one"


@pytest.mark.parametrize(
    ("kind", "status"), [(Refusal, 400), (BadRequest, 400), (PolicyRefusal, 403), (Unavailable, 503)]
)
def test_a_refusal_has_the_status_of_its_kind_unless_it_says_another(kind, status):
    assert kind("code", "sentence").status == status
    assert kind("code", "sentence", status=418).status == 418
    assert str(kind("code", "sentence")) == "sentence"


def test_an_upstream_s_failure_comes_before_the_first_byte_unless_it_says_otherwise():
    assert UpstreamError("connect", "sentence").before_first_byte is True
    assert UpstreamError("cut", "sentence", before_first_byte=False).before_first_byte is False


def test_a_configuration_s_mistakes_are_told_all():
    error = ConfigError(["one", "two"])
    assert (error.mistakes, str(error)) == (("one", "two"), "one\ntwo")


def test_an_attempt_keeps_what_the_upstream_calls_it_up_to_a_length():
    attempt = Attempt("cloud", "there", "raw")
    attempt.answered(503, {"x-request-id": "r" * 1000})
    assert (attempt.status, attempt.provider_request_id) == (503, "r" * 200)
    attempt.answered(200, {})
    assert (attempt.status, attempt.provider_request_id) == (200, "")


def test_how_choices_ended_is_noted_as_words_and_not_without_end():
    notes = AnswerNotes()
    for reason in ("stop", "jane@example.com", "max_tokens"):
        notes.finished(reason)
    assert notes.finish_reasons == ["stop", "?", "max_tokens"]
    for _ in range(1000):
        notes.finished("stop")
    assert len(notes.finish_reasons) == 128
