"""What people said, as the log has it: who entered it, about whom by a keyed hash, until when."""

import json

import pytest

from tidegate.core.ledger.entries import STANDS_ALONE, bearing
from tidegate.core.settle.wish_record import ACTS, ERASED, act_of, wish_act
from tidegate.core.values.wish import Wish

TS = "2026-11-21T14:00:00.000000000Z"
HASH = "0123456789abcdef" * 2


def record(act, wish=None):
    return wish_act(
        request_id="id-1", ts=TS, act=act, tenant="default", which="subject", about=HASH, actor="root", wish=wish
    )


@pytest.mark.parametrize(
    ("wish", "act"),
    [
        (Wish("consent", "care", 1), "consent.given"),
        (Wish("consent", "care", 1, withdrawn_ns=2), "consent.withdrawn"),
        (Wish("residency", "eu", 1), "residency.given"),
        (Wish("residency", "eu", 1, withdrawn_ns=2), "residency.withdrawn"),
    ],
)
def test_an_act_is_what_became_of_the_wish(wish, act):
    assert act_of(wish) == act
    assert act in ACTS
    assert json.loads(record(act, wish))["word"] == wish.word


def test_an_end_is_a_moment():
    assert json.loads(record("consent.given", Wish("consent", "care", 1, until_ns=10**9)))["until"] == (
        "1970-01-01T00:00:01.000000000Z"
    )
    assert json.loads(record("consent.given", Wish("consent", "care", 1)))["until"] == ""


def test_an_erasure_names_no_purpose_any_more():
    assert json.loads(record(ERASED)) == {
        "about": HASH,
        "act": ERASED,
        "actor": "root",
        "kind": "admin",
        "request_id": "id-1",
        "tenant": "default",
        "ts": TS,
        "until": "",
        "v": 1,
        "which": "subject",
        "word": "",
    }


def test_the_log_takes_it_and_it_stands_alone():
    assert bearing(record(ERASED)) == ("id-1", STANDS_ALONE, TS)
