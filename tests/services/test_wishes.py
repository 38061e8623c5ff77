"""Consent that is given, ends and is withdrawn; data that must stay where its subject says."""

import asyncio

import pytest

from tests.given import CALLER
from tidegate.core.values.errors import StoreError
from tidegate.core.values.wish import Wish, about
from tidegate.services import wishes as module
from tidegate.services.wishes import WishRegister

S = 10**9
SECRET = b"s" * 32
ADA = CALLER._replace(subject="ada", consent_of="ada", consent=frozenset({"care", "research"}))


class Clock:
    now = 100 * S

    def now_ns(self):
        return self.now


class Store:
    def __init__(self, **said):
        self.said, self.broken, self.asked = said, False, 0

    async def wishes(self, tenant, abouts):
        self.asked += 1
        if self.broken:
            raise StoreError("scripted")
        return {about: self.said[about] for about in abouts if about in self.said}


def consent(word="care", **more):
    return Wish("consent", word, 1, **more)


def region(word):
    return Wish("residency", word, 1)


def told(store, caller=ADA, clock=None):
    return asyncio.run(WishRegister(store, clock or Clock(), SECRET).apply(caller))


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


def test_where_nothing_was_said_and_consent_is_declared_for_all_the_caller_stays_as_it_is():
    caller = ADA._replace(subject="", consent_of=None)
    assert told(Store(), caller) is caller


TAGS = {
    "tenant": about(SECRET, "default", "tenant", "default"),
    "caller": about(SECRET, "default", "caller", "local"),
    "key": about(SECRET, "default", "key", "loopback"),
}


@pytest.mark.parametrize("which", TAGS)
def test_a_tenant_a_caller_and_a_key_have_a_region_whatever_the_request_names(which):
    caller = ADA._replace(subject="", consent_of=None)
    assert told(Store(**{TAGS[which]: [region("eu")]}), caller).residency == "eu"
    others = {"tenant": {"tenant": "x"}, "caller": {"actor": "x"}, "key": {"key_id": "x"}}[which]
    assert told(Store(**{TAGS[which]: [region("eu")]}), caller._replace(**others)).residency == ""
    assert told(Store(**{TAGS[which]: [consent()]}), ADA).consent == set()  # nobody consents for others


@pytest.mark.parametrize(
    ("tenant", "caller", "key", "subject", "stated", "residency"),
    [
        ("eu", "eu", "eu", "eu", "eu", "eu"),
        ("eu", "", "", "", "", "eu"),
        ("eu", "us", "", "", "", "eu and us"),
        ("", "", "ch", "eu", "", "ch and eu"),
        ("eu", "", "", "us", "ch", "ch and eu and us"),
        ("eu", "", "", "", "ch and eu", "ch and eu"),
    ],
)
def test_the_strictest_of_all_holds_and_two_regions_are_none(tenant, caller, key, subject, stated, residency):
    given = {TAGS["tenant"]: tenant, TAGS["caller"]: caller, TAGS["key"]: key, "ada": subject}
    store = Store(**{about_: [region(word)] for about_, word in given.items() if word})
    assert told(store, ADA._replace(residency=stated)).residency == residency
    assert store.asked == 1


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
    register = WishRegister(store, clock, SECRET)

    def purposes():
        return asyncio.run(register.apply(ADA)).consent

    assert purposes() == {"care"}
    store.said = {"ada": [consent(withdrawn_ns=99 * S)]}
    assert (purposes(), store.asked) == ({"care"}, 1)
    clock.now += 2 * S
    assert (purposes(), store.asked) == (set(), 2)


def test_what_is_asked_for_all_the_time_is_asked_again_before_anybody_has_to_wait():
    store, clock = Store(), Clock()
    register = WishRegister(store, clock, SECRET)

    async def story():
        await register.apply(ADA)
        clock.now += S
        store.said = {"ada": [region("eu")]}
        assert (await register.apply(ADA)).residency == ""
        await asyncio.sleep(0)  # the question that went out beside it
        assert (store.asked, (await register.apply(ADA)).residency) == (2, "eu")
        store.broken = True
        clock.now += S
        assert (await register.apply(ADA)).residency == "eu"
        await asyncio.sleep(0)
        clock.now += S
        assert (await register.apply(ADA)).residency == "unknown"
        await register.aclose()

    asyncio.run(story())


def test_a_tag_that_is_set_holds_for_plain_requests_within_two_seconds_as_well():
    store, clock = Store(), Clock()
    register = WishRegister(store, clock, SECRET)
    plain = ADA._replace(subject="", consent_of=None)

    async def story():
        assert await register.apply(plain) is plain
        store.said = {TAGS["tenant"]: [region("eu")]}
        assert (await register.apply(plain), store.asked) == (plain, 1)
        clock.now += 2 * S
        assert (await register.apply(plain)).residency == "eu"
        store.said, store.broken = {}, True
        clock.now += 2 * S
        assert (await register.apply(plain)).residency == "unknown"
        await register.aclose()

    asyncio.run(story())


def test_what_others_have_pushed_out_meanwhile_is_not_taken_for_nothing(monkeypatch):
    """Somebody's wishes are held and fresh, others are asked for, and the answer pushes the first ones out."""
    monkeypatch.setattr(module, "MOST_HELD", 4)
    store, clock = Store(ada=[region("eu")]), Clock()
    register = WishRegister(store, clock, SECRET)

    async def story():
        await register.apply(ADA)
        clock.now += S // 2
        asked = store.wishes

        async def meanwhile(tenant, abouts):
            store.wishes = asked
            await register.apply(ADA._replace(actor="other", key_id="other", subject="bob", consent_of=None))
            return await asked(tenant, abouts)

        store.wishes = meanwhile
        found = await register.apply(ADA._replace(consent_of="somebody"))
        assert found.residency in ("eu", "unknown")
        assert found.consent == set()

    asyncio.run(story())


def test_an_end_that_comes_while_it_is_held_counts():
    clock = Clock()
    register = WishRegister(Store(ada=[consent(until_ns=101 * S)]), clock, SECRET)
    assert asyncio.run(register.apply(ADA)).consent == {"care"}
    clock.now += S
    assert asyncio.run(register.apply(ADA)).consent == set()


def test_what_is_held_is_bounded(monkeypatch):
    monkeypatch.setattr(module, "MOST_HELD", 3)
    register = WishRegister(Store(), Clock(), SECRET)
    for n in range(10):
        asyncio.run(register.apply(ADA._replace(subject=str(n), consent_of=str(n))))
    assert len(register._held) == 3
