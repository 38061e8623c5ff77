"""What lies at a provider goes back to whoever made it, and to nobody else."""

import tracemalloc
from typing import NamedTuple

import pytest

from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import BadRequest
from tidegate.services import kept
from tidegate.services.kept import Kept


class Someone(NamedTuple):
    tenant: str = "default"
    key_id: str = "key"


class Target(NamedTuple):
    name: str


class Asked(NamedTuple):
    kept: tuple = ()
    capabilities: frozenset = frozenset(("stored-responses",))


ONE, OTHER = Target("one"), Target("other")
BOTH = [ONE, OTHER]


def noted(*ids, target="one", caller=Someone(), known=None, **asked):  # noqa: B008 - it is frozen
    known = known or Kept()
    known.note(caller, Asked(**asked), target, AnswerNotes(response_id=ids[0], items=set(ids[1:])))
    return known


def test_a_response_goes_back_to_who_made_it():
    known = noted("resp_1", "msg_1")
    assert known.only(BOTH, Asked(("resp_1",)), Someone()) == [ONE]
    assert known.only(BOTH, Asked(("resp_1", "msg_1")), Someone()) == [ONE]


def test_a_request_that_refers_to_nothing_goes_anywhere():
    assert Kept().only(BOTH, Asked(), Someone()) == BOTH


def test_where_there_is_one_target_nobody_else_can_be_meant():
    assert Kept().only([ONE], Asked(("resp_1",)), Someone()) == [ONE]


UNKNOWN = [
    (Kept(), Someone(), ("resp_1",)),
    (noted("resp_1"), Someone(tenant="another"), ("resp_1",)),
    (noted("resp_1"), Someone(key_id="another"), ("resp_1",)),
    (noted("resp_1"), Someone(tenant="defaul", key_id="tkey"), ("resp_1",)),
    (noted("resp_1"), Someone(), ("resp_1", "resp_2")),
    (noted("resp_2", target="other", known=noted("resp_1")), Someone(), ("resp_1", "resp_2")),
    (noted("resp_1", capabilities=frozenset()), Someone(), ("resp_1",)),
    (noted("resp_1", target="gone"), Someone(), ("resp_1",)),
]


@pytest.mark.parametrize(("known", "caller", "ids"), UNKNOWN)
def test_what_is_not_known_goes_nowhere(known, caller, ids):
    with pytest.raises(BadRequest) as caught:
        known.only(BOTH, Asked(ids), caller)
    assert caught.value.code == "unknown_reference"


def test_the_oldest_is_forgotten_first(monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    known = Kept()
    for each in "abc":
        noted(each, known=known)
    assert known.only(BOTH, Asked(("c",)), Someone()) == [ONE]
    with pytest.raises(BadRequest):
        known.only(BOTH, Asked(("a",)), Someone())


def test_whatever_a_provider_calls_its_responses_memory_does_not_grow_with_it():
    known = Kept()
    tracemalloc.start()
    try:
        for number in range(100):
            noted(f"{number}-" + "x" * 100_000, known=known)
        assert tracemalloc.get_traced_memory()[0] < 100_000
    finally:
        tracemalloc.stop()
    assert known.only(BOTH, Asked(("0-" + "x" * 100_000,)), Someone()) == [ONE]


@pytest.mark.parametrize("name", ["", "\ud800", "\0", "x" * 100_000])
def test_any_name_is_one(name):
    assert noted(name).only(BOTH, Asked((name,)), Someone()) == [ONE]
