import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.decide.lifecycle.kit import CAREFUL, entry, record
from tidegate.core.decide.lifecycle import pieces


@pytest.mark.parametrize(
    "more", [{}, {"order": {"targets": ["c", "l"]}, "original_model": "auto"}], ids=["older", "newer"]
)
def test_the_pieces_are_decision_facts_order_and_targets_as_they_stand(more):
    kept = record(CAREFUL, labels=["pii.email"]) | more
    cut = pieces.key(entry(kept))
    assert [pieces.value(one) for one in cut] == [kept["decision"], kept["facts"], kept.get("order"), kept["targets"]]
    assert pieces.is_whole(cut, kept)
    assert not pieces.is_whole(cut, {**kept, "facts": {}})
    assert pieces.text(entry(kept), pieces.POLICY).decode() == CAREFUL.digest
    assert pieces.text(entry(kept), pieces.REQUEST_ID) == b"r1"


@given(st.text(max_size=60), st.sampled_from(["team", "tenant", "actor", "residency", "workload"]))
def test_whatever_a_fact_says_the_pieces_are_whole(text, fact):
    kept = record(CAREFUL)
    for part in (',"facts":{', '],"tenant":', f'{text}"}}],"detectors_failed":', text):
        kept["facts"][fact] = part + text
        assert pieces.is_whole(pieces.key(entry(kept)), kept)


def test_what_the_gateway_writes_stands_in_that_order():
    from tests.core.decide.facts import request, target
    from tidegate.core.settle.record import told

    facts, targets = request("pii.email"), [target("cloud"), target("local")]
    what = told(facts, targets, CAREFUL.decide(facts, targets))
    between = {"blob": "", "detectors_failed": [], "findings": {}, "kind": "intent", "tenant": "t", "ts": ""}
    between |= {"order": what.order, "original_model": "auto"}
    written = orjson.dumps(
        dict(sorted({**between, "decision": what.decision, "facts": what.facts, "targets": what.targets}.items()))
    )
    assert pieces.is_whole(pieces.key(written), orjson.loads(written))


@pytest.mark.parametrize(
    "written",
    [
        b"{}",
        json.dumps(record(CAREFUL), sort_keys=True).encode(),  # with spaces
        json.dumps(dict(sorted(record(CAREFUL).items(), reverse=True)), separators=(",", ":")).encode(),
    ],
)
def test_another_spelling_is_taken_whole(written):
    assert pieces.key(written) == (written,)


@pytest.mark.parametrize(("written", "found"), [(b'{"a":1}', {"a": 1}), (b'{"a":', {}), (b"[1]", {}), (b"", {})])
def test_what_is_no_object_reads_as_an_empty_one(written, found):
    assert pieces.parsed(written) == found


def test_a_name_that_is_not_there_gives_nothing():
    assert pieces.text(b'{"a":1}', pieces.POLICY) == b""
