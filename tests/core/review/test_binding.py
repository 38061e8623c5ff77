"""What an approval is bound to: every row is one thing in which a request could differ."""

from dataclasses import replace
from datetime import date

import pytest

from tests.core.review.kit import CALLER, CLOUD, FOUND, ID, KEYS, OTHER, POLICY, TEXT, question
from tidegate.core.review.binding import bind, difference, digest, same, text
from tidegate.core.values.decision import Effect
from tidegate.core.values.finding import Classification


def bound(asked=None, review=ID):
    return bind(asked or question(), KEYS, review=review, until="2026-11-21T18:00:00Z")


def test_the_very_same_request_differs_in_nothing():
    assert difference(bound(), bound()) == ""
    assert digest(bound()) == digest(bound())


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (question(caller=CALLER._replace(tenant="else")), "another caller"),
        (question(caller=CALLER._replace(actor="mallory")), "another caller"),
        (question(caller=CALLER._replace(key_id="k2")), "another key"),
        (question(caller=CALLER._replace(agent="robot")), "another agent"),
        (question(caller=CALLER._replace(workload="support")), "another workload"),
        (question(dialect="anthropic"), "another endpoint"),
        (question(operation="embeddings"), "another endpoint"),
        (question(body=b'{"model":"auto"}'), "byte for byte"),
        (question(carried=(("x-beta", "on"),)), "byte for byte"),
        (question(policy="cd" * 32), "another policy"),
        (question(found=FOUND.plus("secret.aws_access_key")), "not what the reviewers saw"),
        (question(found=Classification(FOUND.findings[:1], FOUND.labels, "restricted")), "not what the reviewers saw"),
        (question(found=replace(FOUND, failed=("names",))), "not what the reviewers saw"),
    ],
)
def test_whatever_differs_is_said(asked, says):
    assert says in difference(bound(), bound(asked))
    assert digest(bound()) != digest(bound(asked))


def test_a_score_that_wavers_is_no_difference():
    wavered = tuple(one._replace(score=0.5) for one in FOUND.findings)
    assert difference(bound(), bound(question(found=replace(FOUND, findings=wavered)))) == ""


@pytest.mark.parametrize(
    "other",
    [
        replace(CLOUD, url="https://elsewhere/v1"),
        replace(CLOUD, model="bigger"),
        replace(CLOUD, provider="ollama"),
        replace(CLOUD, approval="withdrawn"),
        replace(CLOUD, contract=None),
        replace(CLOUD, contract=replace(CLOUD.contract, expires=date(2026, 5, 27))),
        replace(CLOUD, contract=replace(CLOUD.contract, training="unknown")),
        replace(CLOUD, boundary=replace(CLOUD.boundary, region="us")),
    ],
)
def test_a_target_is_bound_to_all_that_is_declared_of_it(other):
    before, after = dict(bound().targets), dict(bound(question(targets=(other, OTHER))).targets)
    assert before["cloud"] != after["cloud"]
    assert before["other"] == after["other"]


def test_the_last_day_of_a_contract_is_a_difference():
    soon = replace(CLOUD, contract=replace(CLOUD.contract, expires=date(2026, 5, 28)))
    there = [
        dict(bound(question(targets=(soon, OTHER), today=day)).targets)
        for day in (date(2026, 5, 28), date(2026, 5, 29))
    ]
    assert there[0]["cloud"] != there[1]["cloud"]


def test_only_targets_that_wait_are_bound():
    assert [name for name, _ in bound(question(effects=(Effect.NONE, Effect.REVIEWED))).targets] == ["other"]


def test_nothing_of_the_text_can_be_guessed_from_it():
    told = text(bound())
    assert TEXT.encode() not in told
    assert bound(review="other").body != bound().body, "the same body under two reviews tells nothing"
    assert bind(question(), replace(KEYS, commitments=b"x" * 32), review=ID, until="").body != bound().body


@pytest.mark.parametrize(
    ("asked", "is_same"),
    [
        (question(), True),
        (question(request_id="r2", wait_s=5), True),
        (question(body=b"{ }"), False),
        (question(policy="cd" * 32), False),
        (question(caller=CALLER._replace(workload="support")), False),
        (question(caller=CALLER._replace(key_id="k2")), False),
    ],
)
def test_a_request_that_is_sent_again_is_known_again(asked, is_same):
    assert (same(KEYS, asked) == same(KEYS, question())) is is_same
    assert POLICY.encode() not in same(KEYS, asked)
