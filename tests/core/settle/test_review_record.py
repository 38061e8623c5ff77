"""Records of reviews: one shape for every act, canonical bytes, and nothing else in them."""

import json

import orjson
import pytest

from tidegate.core.ledger.entries import STANDS_ALONE, bearing
from tidegate.core.settle.review_record import ACTS, review_act

TS = "2026-11-21T14:00:00.000000000Z"


def entry(**more):
    return review_act(
        **{"request_id": "r1", "ts": TS, "act": "review.held", "review": "v1", "tenant": "default", **more}
    )


@pytest.mark.parametrize("act", ACTS)
def test_every_act_has_every_field_and_stands_alone_in_the_log(act):
    raw = entry(act=act)
    assert bearing(raw) == ("r1", STANDS_ALONE, TS)
    assert {*json.loads(raw)} == {*json.loads(entry())}
    assert orjson.dumps(json.loads(raw), option=orjson.OPT_SORT_KEYS) == raw


def test_a_word_stands_there_as_it_was_signed():
    found = json.loads(entry(act="review.approved", word='{"a":1}\n', signature="— ben AAAA\n", key="0badcafe"))
    assert (found["word"], found["signature"], found["key"]) == ('{"a":1}\n', "— ben AAAA\n", "0badcafe")
