"""May it go on? Every row is one way in which it may not, with the sentence that says so."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.review.kit import (
    ANNA,
    BEN,
    CALLER,
    CLOUD,
    DAY,
    FOUND,
    KEYS,
    NOW,
    OTHER,
    REVIEWERS,
    S,
    question,
    waiting,
    word,
)
from tidegate.core.ledger.notes import Signer
from tidegate.core.review.binding import bind
from tidegate.core.review.hearing import Terms, ended, heard, used
from tidegate.core.review.releasing import nobody_reviews, released
from tidegate.core.review.signed import Reviewer
from tidegate.core.values.decision import Effect
from tidegate.core.values.errors import Held, PolicyRefusal, Refusal
from tidegate.core.values.review import State, Verdict

TERMS = Terms()
R, N = Effect.REVIEWED, Effect.NONE


def approved(*words, needs=1, terms=TERMS, asked=None):
    review = waiting(asked, needs=needs)
    for signer, verdict, *more in words or [(BEN, Verdict.RAW)]:
        said = word(signer, review, verdict, **(more[0] if more else {}))
        review = heard(review, REVIEWERS[signer.verifier.name], said, terms, NOW)
    return review


def goes(review, asked=None, *, reviewers=REVIEWERS, terms=TERMS, now=NOW):
    asked = asked or question()
    here = bind(asked, KEYS, review=review.id, until=review.binding.until)
    return released(review, here, asked.decision, reviewers, terms, now)


@pytest.mark.parametrize(
    ("words", "needs", "effects"),
    [
        ([(BEN, "raw")], 1, {"cloud": "raw", "other": "raw"}),
        ([(BEN, "redacted")], 1, {"cloud": "redacted", "other": "redacted"}),
        ([(BEN, "raw", {"targets": ("other",)})], 1, {"other": "raw"}),
        ([(BEN, "raw"), (ANNA, "redacted")], 2, {"cloud": "redacted", "other": "redacted"}),
        ([(BEN, "raw", {"targets": ("other",)}), (ANNA, "raw")], 2, {"other": "raw"}),
    ],
)
def test_what_was_approved_goes_as_it_was_approved(words, needs, effects):
    assert goes(approved(*words, needs=needs)) == effects


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (question(body=b"{}"), "byte for byte"),
        (question(caller=CALLER._replace(workload="support")), "another workload"),
        (question(caller=CALLER._replace(agent="robot")), "another agent"),
        (question(policy="cd" * 32), "another policy"),
        (question(found=FOUND.plus("pii.email")), "what is found in it now"),
        (question(dialect="anthropic"), "another endpoint"),
        (
            question(targets=(replace(CLOUD, contract=None), replace(OTHER, contract=None))),
            "what is declared of target cloud, or in force of its contract",
        ),
        (question(today=date(2099, 1, 2)), "in force of its contract"),
        (question(targets=(CLOUD,), effects=(N,)), "policy no longer lets it go to cloud"),
        (question(effects=(N, N)), "policy no longer lets it go to cloud"),
        (question(effects=(Effect.RAW, Effect.REDACTED)), "policy no longer lets it go"),
    ],
)
def test_what_differs_does_not_go(asked, says):
    with pytest.raises(PolicyRefusal, match=says) as refused:
        goes(approved(), asked)
    assert (refused.value.status, refused.value.code) == (403, "review_differs")


@pytest.mark.parametrize("name", ["tenant", "actor", "key_id"])
def test_somebody_else_is_not_even_told_that_there_is_one(name):
    with pytest.raises(PolicyRefusal) as refused:
        goes(approved(), question(caller=CALLER._replace(**{name: "mallory"})))
    assert refused.value.code == "review_unknown"


@pytest.mark.parametrize(
    ("review", "kind", "code", "says"),
    [
        (waiting(), Held, "review_required", "send the very same body again"),
        (approved((BEN, "raw"), needs=2), Held, "review_required", "1 of 2"),
        (approved((BEN, "refuse")), PolicyRefusal, "review_refused", "too much of it"),
        (used(approved(), "r9", NOW), PolicyRefusal, "review_used", "has been used"),
        (ended(waiting(), State.EXPIRED, NOW), PolicyRefusal, "review_expired", "has expired"),
        (ended(waiting(), State.FORGOTTEN, NOW), PolicyRefusal, "review_expired", "was erased"),
    ],
)
def test_where_it_is_not_approved_its_caller_learns_how_it_stands(review, kind, code, says):
    with pytest.raises(kind, match=says) as refused:
        goes(review)
    assert refused.value.code == code


def test_after_its_end_it_does_not_go():
    review = approved((BEN, "raw", {"for_s": 60}))
    assert goes(review, now=NOW + 59 * S)
    with pytest.raises(PolicyRefusal, match="has expired"):
        goes(review, now=NOW + 60 * S)


@pytest.mark.parametrize(
    ("reviewers", "terms"),
    [
        ({}, TERMS),
        ({"anna": REVIEWERS["anna"]}, TERMS),
        ({"ben": Reviewer("ben", Signer("ben", b"x" * 32).verifier, "findings")}, TERMS),
        (REVIEWERS, Terms(four_eyes=("phi",))),
    ],
)
def test_who_may_review_no_longer_has_approved_nothing(reviewers, terms):
    with pytest.raises(PolicyRefusal, match="Not enough of those"):
        goes(approved(), reviewers=reviewers, terms=terms)


def test_only_signatures_count_not_what_a_store_says_beside_them():
    review = approved((BEN, "redacted"))
    (said,) = review.words
    for forged in (
        replace(review, words=(said._replace(verdict=Verdict.RAW),)),
        replace(review, words=(said._replace(targets=("cloud", "other", "third")),)),
        replace(review, words=(said._replace(until="2099-01-01T00:00:00Z"),)),
    ):
        assert goes(forged) == {"cloud": "redacted", "other": "redacted"}
    for forged in (
        replace(review, words=()),
        replace(review, words=(said._replace(reviewer="anna"),)),
        replace(review, words=(said._replace(text=said.text.replace("redacted", "raw")),)),
        replace(review, words=(word(BEN, waiting(review="0190abcd-0000-7000-8000-000000000002")),)),
        replace(waiting(needs=2), words=(said, said), state=State.APPROVED),
    ):
        with pytest.raises(PolicyRefusal, match="Not enough"):
            goes(forged)


def test_where_nobody_reviews_the_setting_is_named():
    assert "[review.reviewers]" in nobody_reviews().message


TARGETS = (CLOUD, OTHER, replace(CLOUD, name="third"))
EFFECTS = st.tuples(*[st.sampled_from(list(Effect))] * 3)


@settings(max_examples=200, deadline=None)
@given(EFFECTS, EFFECTS, st.sets(st.sampled_from(["cloud", "other", "third"]), min_size=1), st.booleans())
def test_an_approval_never_widens(before, after, named, redacted):
    """Whatever policy said then and says now: what it still wants reviewed goes, and only where it was approved."""
    then = question(targets=TARGETS, effects=before)
    waits = {target.name for target, effect in zip(TARGETS, before, strict=True) if effect is R}
    named &= waits
    if not named:
        return
    verdict = Verdict.REDACTED if redacted else Verdict.RAW
    review = approved((BEN, verdict, {"targets": tuple(sorted(named))}), asked=then)
    try:
        found = goes(review, question(targets=TARGETS, effects=after, today=DAY))
    except Refusal:
        found = {}
    still = {target.name for target, effect in zip(TARGETS, after, strict=True) if effect is R}
    assert {*found} == named & still
    assert {*found.values()} <= {Effect(verdict.value)}
