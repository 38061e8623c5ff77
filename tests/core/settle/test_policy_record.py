"""What is done to a policy is a leaf of the log: canonical, bounded, and with nothing of a request in it."""

import json

import pytest

from tidegate.core.ledger.entries import STANDS_ALONE, bearing
from tidegate.core.settle.policy_record import ACTS, MOST_CHARACTERS, MOST_SENTENCES, MOST_WAYS, policy_act

TS = "2026-11-21T14:00:00.000000000Z"


@pytest.mark.parametrize("act", ACTS)
def test_the_log_takes_each_act_as_a_leaf_that_closes_nothing(act):
    assert bearing(policy_act(request_id="r", ts=TS, act=act)) == ("r", STANDS_ALONE, TS)


def test_every_field_is_there_in_canonical_order():
    told = json.loads(policy_act(request_id="r", ts=TS, act=ACTS[0]))
    assert list(told) == sorted(told)
    full = json.loads(
        policy_act(request_id="r", ts=TS, act=ACTS[0], looser=["more"], difference={"bucket": "looser"}, revision=3)
    )
    assert full.keys() == told.keys()
    assert (full["revision"], full["looser"], full["looser_count"]) == (3, ["more"], 1)


def test_sentences_are_bounded_and_counted():
    told = json.loads(policy_act(request_id="r", ts=TS, act=ACTS[0], looser=["x" * 10_000] * 100, reason="y" * 10_000))
    assert len(told["looser"]) == MOST_SENTENCES
    assert {len(one) for one in told["looser"]} == {MOST_CHARACTERS} == {len(told["reason"])}
    assert told["looser_count"] == 100


def test_what_is_closed_is_named_up_to_a_bound_and_counted():
    told = json.loads(policy_act(request_id="r", ts=TS, act=ACTS[0], closed=["models.a"] * 1000, closed_by="Ada"))
    assert (told["closed"], told["closed_count"], told["closed_by"]) == (["models.a"] * MOST_WAYS, 1000, "Ada")
