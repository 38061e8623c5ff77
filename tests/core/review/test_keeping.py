"""A review as the store keeps it: read as it was, with text only while somebody has to look at it."""

from dataclasses import replace

import pytest

from tests.core.review.kit import ANNA, BEN, NOW, TEXT, S, waiting, word
from tidegate.core.review import keeping
from tidegate.core.review.binding import digest
from tidegate.core.review.hearing import ended, used
from tidegate.core.values.review import State

WAITING = waiting(needs=2)
HALF = replace(WAITING, words=(word(BEN, WAITING),))
APPROVED = replace(HALF, words=(*HALF.words, word(ANNA, WAITING, "redacted")), state=State.APPROVED)
REFUSED = ended(replace(HALF, words=(word(ANNA, WAITING, "refuse"),)), State.REFUSED, NOW + S)
ALL = [WAITING, HALF, APPROVED, REFUSED, used(APPROVED, "r2", NOW), ended(WAITING, State.EXPIRED, NOW)]


@pytest.mark.parametrize("review", ALL, ids=lambda review: f"{review.state} {len(review.words)}")
def test_it_is_read_as_it_was_kept(review):
    row = keeping.kept(review, same=b"same", sealed=b"sealed")
    assert keeping.read(row) == review
    assert (row.is_open, row.same) == (review.is_open, b"same" if review.is_open else b"")
    assert row.sealed == (b"sealed" if review.state is State.WAITING else b"")
    assert row.until_ns == (review.until_ns if review.is_open else review.ended_ns)
    assert TEXT.encode() not in row.about


def test_a_change_is_one_turn_on_and_keeps_what_is_still_needed():
    row = keeping.kept(WAITING, same=b"same", sealed=b"sealed")
    half = keeping.next_turn(row, HALF)
    assert (half.turn, half.same, half.sealed) == (1, b"same", b"sealed")
    approved = keeping.next_turn(half, APPROVED)
    assert (approved.turn, approved.same, approved.sealed) == (2, b"same", b"")
    assert keeping.next_turn(approved, used(APPROVED, "r2", NOW)).same == b""


def test_what_is_told_names_who_approved_and_until_when():
    told = keeping.told(APPROVED)
    assert (told["approved_by"], told["needs"], told["state"]) == (["ben", "anna"], 2, "approved")
    assert (told["held"], told["until"]) == (keeping.moment(NOW), keeping.moment(NOW + 3600 * S))
    assert keeping.told(REFUSED)["approved_by"] == []


def test_whoever_signs_can_work_out_what_they_sign():
    told = keeping.told_whole(WAITING)
    assert keeping.bound_of(told["bound_to"]) == told["binding"] == digest(WAITING.binding)
    assert keeping.bound_of({**told["bound_to"], "actor": "mallory"}) != told["binding"]


@pytest.mark.parametrize("told", [{}, {"targets": []}, {"targets": {}, "more": 1}, {"review": "x"}])
def test_what_is_no_binding_has_no_digest(told):
    assert keeping.bound_of(told) == ""
