"""Consent that is given, ends and is withdrawn; data that must stay where its subject says."""

import asyncio

import pytest

from tests.given import CALLER
from tidegate.core.values.errors import StoreError
from tidegate.core.values.wish import Wish
from tidegate.services import wishes as module
from tidegate.services.wishes import WishRegister

S = 10**9
ADA = CALLER._replace(subject="ada", consent_of="ada", consent=frozenset({"care", "research"}))


class Clock:
    now = 100 * S

    def now_ns(self):
        return self.now


class Store:
    def __init__(self, **said):
        self.said, self.broken, self.asked = said, False, 0

    async def wishes(self, tenant, about):
        self.asked += 1
        if self.broken:
            raise StoreError("scripted")
        return self.said.get(about, [])


def consent(word="care", **more):
    return Wish("consent", word, 1, **more)


def region(word):
    return Wish("residency", word, 1)


def told(store, caller=ADA, clock=None):
    return asyncio.run(WishRegister(store, clock or Clock()).apply(caller))


@pytest.mark.parametrize(
    ("said", "purposes"),
    [
        ([], set()),
        ([consent()], {"care"}),
        ([consent(), consent("research")], {"care", "research"}),
        ([consent("billing")], set()),  # the workload does not ask for it
        ([consent(until_ns=100 * S)], set()),
        ([consent(until_ns=101 * S)], {"care"}),
        ([consent(withdrawn_ns=50 * S)], set()),
        ([region("care")], set()),
    ],
)
def test_consent_is_what_was_given_and_is_in_force_of_what_the_work_declares(said, purposes):
    assert told(Store(ada=said)).consent == purposes


def test_a_header_that_names_fewer_purposes_still_counts():
    assert told(Store(ada=[consent(), consent("research")]), ADA._replace(consent=frozenset({"care"}))).consent == {
        "care"
    }


def test_without_anybody_named_nobody_has_consented():
    store = Store(ada=[consent()])
    assert told(store, ADA._replace(subject="", consent_of="")).consent == set()
    assert store.asked == 0


def test_where_the_work_declares_consent_for_all_the_register_is_not_asked():
    store = Store()
    caller = ADA._replace(subject="", consent_of=None)
    assert told(store, caller) is caller
    assert store.asked == 0


@pytest.mark.parametrize(
    ("said", "stated", "residency"),
    [
        ([], "", ""),
        ([region("eu")], "", "eu"),
        ([region("eu")], "eu", "eu"),
        ([region("eu")], "us", "eu and us"),
        ([region("eu"), region("ch")], "", "ch and eu"),
    ],
)
def test_where_a_subject_s_data_must_stay_joins_what_the_caller_says(said, stated, residency):
    assert told(Store(ada=said), ADA._replace(residency=stated)).residency == residency


def test_a_register_that_cannot_be_asked_has_nobody_s_consent_and_no_region():
    store = Store(ada=[consent(), region("eu")])
    store.broken = True
    found = told(store)
    assert (found.consent, found.residency) == (set(), "unknown")
    assert told(store, ADA._replace(residency="eu")).residency == "eu and unknown"


def test_a_withdrawal_arrives_within_two_seconds():
    store, clock = Store(ada=[consent()]), Clock()
    register = WishRegister(store, clock)

    def purposes():
        return asyncio.run(register.apply(ADA)).consent

    assert purposes() == {"care"}
    store.said = {"ada": [consent(withdrawn_ns=99 * S)]}
    assert (purposes(), store.asked) == ({"care"}, 1)
    clock.now += 2 * S
    assert (purposes(), store.asked) == (set(), 2)


def test_an_end_that_comes_while_it_is_held_counts():
    clock = Clock()
    register = WishRegister(Store(ada=[consent(until_ns=101 * S)]), clock)
    assert asyncio.run(register.apply(ADA)).consent == {"care"}
    clock.now += S
    assert asyncio.run(register.apply(ADA)).consent == set()


def test_what_is_held_is_bounded(monkeypatch):
    monkeypatch.setattr(module, "MOST_HELD", 3)
    register = WishRegister(Store(), Clock())
    for n in range(10):
        asyncio.run(register.apply(ADA._replace(subject=str(n), consent_of=str(n))))
    assert len(register._held) == 3
