"""What reviewers' words come to: tables for one and for four eyes, and every way through the states."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.review.kit import ANNA, BEN, CALLER, NOW, REVIEWERS, S, question, waiting, word
from tidegate.core.ledger.notes import Signer
from tidegate.core.review.hearing import NotHeard, Terms, agreed, ended, heard, in_force, now_at, used
from tidegate.core.review.signed import Reviewer
from tidegate.core.values.review import OPEN, State, Verdict

ONE, TWO = Terms(), Terms(four_eyes=("phi",))
CARL = Signer("carl", b"c" * 32)
ALL = {**REVIEWERS, "carl": Reviewer("carl", CARL.verifier, "findings")}
SIGNERS = {"anna": ANNA, "ben": BEN, "carl": CARL}


def hears(review, *words, terms=ONE, now=NOW):
    """Each of `words`: (who, verdict) or (who, verdict, more)."""
    for who, verdict, *more in words:
        said = word(SIGNERS[who], review, verdict, reviewers=ALL, **{"at": now, **(more[0] if more else {})})
        review = heard(review, ALL[who], said, terms, now)
    return review


@pytest.mark.parametrize(
    ("four_eyes", "labels", "needs"),
    [
        ((), {"phi.mrn"}, 1),
        (("phi",), {"phi.mrn"}, 2),
        (("phi.mrn",), {"phi.mrn"}, 2),
        (("phi.mrn.x",), {"phi.mrn"}, 1),
        (("ph",), {"phi.mrn"}, 1),
        (("secret", "pii"), {"phi.mrn", "pii.email"}, 2),
        (("phi",), set(), 1),
    ],
)
def test_how_many_must_approve_follows_from_the_labels(four_eyes, labels, needs):
    assert Terms(four_eyes=four_eyes).needs(labels) == needs


@pytest.mark.parametrize(
    ("needs", "words", "state"),
    [
        (1, [("ben", "raw")], "approved"),
        (1, [("ben", "redacted")], "approved"),
        (1, [("ben", "refuse")], "refused"),
        (1, [("ben", "raw"), ("anna", "refuse")], "refused"),
        (1, [("ben", "raw"), ("ben", "refuse")], "refused"),
        (2, [("ben", "raw")], "waiting"),
        (2, [("ben", "raw"), ("anna", "raw")], "approved"),
        (2, [("ben", "raw"), ("anna", "redacted")], "approved"),
        (2, [("ben", "raw"), ("anna", "refuse")], "refused"),
        (2, [("ben", "refuse")], "refused"),
    ],
)
def test_what_words_come_to(needs, words, state):
    assert hears(waiting(needs=needs), *words).state == state


@pytest.mark.parametrize(
    ("needs", "words", "says"),
    [
        (2, [("ben", "raw"), ("ben", "raw")], "approved it already; another reviewer"),
        (2, [("ben", "raw"), ("ben", "redacted")], "approved it already; another reviewer"),
        (1, [("ben", "raw"), ("anna", "raw")], "approved already"),
        (1, [("ben", "refuse"), ("anna", "raw")], "refused already"),
        (1, [("ben", "raw", {"binding": "00" * 32})], "another request was signed"),
        (1, [("ben", "raw", {"review": "another"})], "another request was signed"),
        (1, [("ben", "raw", {"targets": ("elsewhere",)})], "names targets that wait"),
        (1, [("ben", "raw", {"targets": ()})], "names targets that wait"),
        (1, [("ben", "refuse", {"reason": ""})], "needs a reason"),
        (1, [("ben", "raw", {"for_s": 3600 + 301})], "60 minutes at most"),
        (1, [("ben", "raw", {"for_s": 0})], "60 minutes at most"),
        (2, [("ben", "raw", {"targets": ("cloud",)}), ("anna", "raw", {"targets": ("other",)})], "none would be left"),
    ],
)
def test_words_that_change_nothing_say_why(needs, words, says):
    before = hears(waiting(needs=needs), *words[:-1])
    with pytest.raises(NotHeard, match=says):
        hears(before, words[-1])


def test_nobody_approves_a_request_of_their_own_and_may_still_refuse_it():
    own = waiting(question(caller=CALLER._replace(actor="ben")))
    with pytest.raises(NotHeard, match="of their own"):
        hears(own, ("ben", "raw"))
    assert hears(own, ("ben", "refuse")).state is State.REFUSED


def test_four_eyes_that_were_asked_for_meanwhile_are_asked_for():
    assert hears(waiting(needs=1), ("ben", "raw"), terms=TWO).state is State.WAITING


def test_an_approval_that_has_run_out_is_none_of_the_two():
    first = hears(waiting(needs=2), ("ben", "raw", {"for_s": 60}))
    later = NOW + 61 * S
    assert hears(first, ("anna", "raw"), now=later).state is State.WAITING
    both = hears(first, ("anna", "raw"), ("ben", "raw"), now=later)
    assert (both.state, {one.reviewer for one in both.words}) == (State.APPROVED, {"anna", "ben"})


def test_an_approval_holds_as_long_as_the_shorter_of_both_words():
    both = hears(waiting(needs=2), ("ben", "raw", {"for_s": 1800}), ("anna", "raw", {"for_s": 60}))
    assert both.until_ns == NOW + 60 * S


@pytest.mark.parametrize(
    ("late_s", "state"), [(0, "waiting"), (3599, "waiting"), (3600, "expired"), (99999, "expired")]
)
def test_waiting_ends(late_s, state):
    assert now_at(waiting(held_s=3600), NOW + late_s * S).state == state


def test_an_approval_ends_however_long_it_could_have_waited():
    review = hears(waiting(held_s=10**6), ("ben", "raw", {"for_s": 60}))
    assert now_at(review, NOW + 59 * S).state is State.APPROVED
    assert now_at(review, NOW + 60 * S).state is State.EXPIRED


def test_what_all_agree_on_is_what_each_names():
    review = waiting(needs=2)
    words = [word(ANNA, review, targets=("cloud",)), word(BEN, review)]
    assert agreed(words, ("cloud", "other")) == {"cloud"}
    assert agreed((), ("cloud",)) == {"cloud"}
    assert len(in_force([*words, word(ANNA, review, "refuse")], NOW)) == 2


# -- every way through the states ------------------------------------------------------------------------------------

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from(sorted(SIGNERS)), st.sampled_from([*Verdict]), st.integers(1, 4000)),
        st.tuples(st.just("wait"), st.integers(1, 4000)),
        st.tuples(st.just("use")),
        st.tuples(st.just("forget")),
    ),
    max_size=12,
)
LEADS = {
    State.WAITING: {State.WAITING, State.APPROVED, State.REFUSED, State.EXPIRED, State.FORGOTTEN},
    State.APPROVED: {State.APPROVED, State.REFUSED, State.USED, State.EXPIRED, State.FORGOTTEN},
}


@settings(max_examples=300, deadline=None)
@given(STEPS, st.sampled_from([ONE, TWO]))
def test_no_way_leads_around_the_reviewers(steps, terms):
    """Used only after enough different reviewers approved, in time; and nothing leads on from an end."""
    review, now, uses = waiting(needs=terms.needs({"phi.mrn"})), NOW, 0
    for what, *more in steps:
        before = review
        if what == "wait":
            now += more[0] * S
            review = now_at(review, now)
        elif what == "forget" and review.is_open:
            review = ended(review, State.FORGOTTEN, now)
        elif what == "use" and now_at(review, now).state is State.APPROVED:
            assert len({one.reviewer for one in in_force(review.words, now)}) >= review.needs
            assert all(one.verdict is not Verdict.REFUSE for one in review.words)
            review, uses = used(review, "r2", now), uses + 1
        elif what == "say":
            who, verdict, for_s = more
            said = word(SIGNERS[who], review, verdict, at=now, for_s=for_s, reviewers=ALL)
            try:
                review = heard(review, ALL[who], said, terms, now)
            except NotHeard:
                review = before
        assert review.state is before.state or review.state in LEADS.get(before.state, set())
        assert uses <= 1
        assert review.is_open == (review.state in OPEN) == (not review.ended_ns)
        assert replace(review, words=()).binding == waiting().binding, "what it is about never changes"
