"""Which revision may rule next, and what one can go back to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.decide.bundle.standing import KEPT, Refused, Ruling, Standing


def signed(revision, content="a"):
    return Ruling(
        bundle=f"{revision}{content}", policy=f"p{revision}", name="house", revision=revision, source="command",
        signed_by="policy-team",
    )  # fmt: skip


def unsigned(content):
    return Ruling(bundle=content, policy=content, name="house", revision=0, source="folder")


def after(*rulings):
    standing = Standing()
    for one in rulings:
        standing = standing.activated(one)
    return standing


@pytest.mark.parametrize(
    ("revision", "content", "why"),
    [(4, "a", ""), (3, "a", ""), (3, "b", "other content"), (2, "a", "older than 3"), (0, "a", "older than 3")],
)
def test_only_a_newer_revision_may_rule_next(revision, content, why):
    found = after(signed(1), signed(2), signed(3)).too_old(revision, f"{revision}{content}")
    assert (why in found) if why else found == ""


def test_a_rollback_opens_no_door_to_what_is_older():
    standing = after(signed(1), signed(2), signed(3))
    back = standing.rolled_back(standing.earlier(1))
    assert back.ruling.revision == 1
    assert back.too_old(2, "2a")
    assert back.too_old(3, "3a") == ""
    assert back.too_old(4, "4a") == ""
    assert [one.revision for one in back.before] == [3, 2]


def test_a_rollback_leads_to_the_one_before_unless_a_revision_is_named():
    standing = after(signed(1), signed(2), signed(3))
    assert standing.earlier(None).revision == 2
    assert standing.earlier(1).revision == 1
    assert standing.earlier(9) is None
    assert Standing().earlier(None) is None


def test_what_nobody_signed_is_counted_up_and_never_counts_as_signed():
    standing = after(unsigned("a"), unsigned("b"), unsigned("a"))
    assert standing.ruling.revision == 3
    assert [(one.bundle, one.revision) for one in standing.before] == [("b", 2)]
    assert standing.highest == 0


def test_an_activation_clears_what_was_refused():
    standing = Standing(refused=Refused("a bundle", ("no",), "now"))
    assert standing.activated(signed(1)).refused is None


@given(st.lists(st.integers(1, 12), max_size=40))
def test_what_is_at_hand_is_bounded_and_holds_nothing_twice(revisions):
    standing = after(*map(signed, revisions))
    known = [one.bundle for one in standing.before]
    assert len(known) == len(set(known)) <= KEPT
    assert standing.ruling is None or standing.ruling.bundle not in known
    assert standing.highest == max(revisions, default=0)
    assert standing.bundles() == {*known, *([standing.ruling.bundle] if standing.ruling else [])}


def test_titles_name_who_signed():
    assert signed(3).title() == "house revision 3 (policy p3, signed by policy-team)"
    assert unsigned("a").title() == "house revision 0 (policy a)"


A, B = "models.a -> targets.x (there)", "models.b -> targets.x (there)"


@pytest.mark.parametrize(
    ("now", "before", "closing"),
    [
        ((), (), ()),
        ((A,), (), (A,)),
        ((A,), (A,), ()),
        ((A, B), (A,), (B,)),
        ((), (A,), ()),
        ((f"workloads.w -> {A}",), (A,), ()),
    ],
)
def test_a_policy_closes_what_was_not_closed_before_it(now, before, closing):
    ruling = unsigned("b").with_closed(now, "Ada")
    assert ruling.closing(unsigned("a").with_closed(before, "")) == closing
    assert ruling.closing(None) == now


def test_what_nobody_names_any_more_is_forgotten_with_whoever_accepted_it():
    standing = after(unsigned("a").with_closed((A, B), "Ada"))
    assert (standing.closed(), Standing().closed()) == ((A, B), ())
    fewer = standing.closing((B,))
    assert (fewer.ruling.closed, fewer.ruling.closed_by) == ((B,), "Ada")
    none = fewer.closing(())
    assert (none.ruling.closed, none.ruling.closed_by) == ((), "")
    assert Standing().closing((A,)) == Standing()
