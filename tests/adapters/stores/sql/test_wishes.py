"""Wishes in the store: kept over restarts, replaced word by word, erased with their person."""

import asyncio

from tidegate.adapters.stores.sql import SqlStore
from tidegate.core.values.owed import Owed
from tidegate.core.values.wish import Wish


class Entropy:
    def uuid7(self):
        return "01890000-0000-7000-8000-000000000000"


def within(url, story):
    async def told():
        store = await SqlStore.open(url, entropy=Entropy())
        try:
            return await story(store)
        finally:
            await store.aclose()

    return asyncio.run(told())


CARE, RESEARCH, EU = Wish("consent", "care", 1), Wish("consent", "research", 2, 9), Wish("residency", "eu", 3)


def keep(url, *wishes, tenant="default", about="ada"):
    async def story(store):
        for wish in wishes:
            await store.keep_wish(tenant, about, wish)

    within(url, story)


def told(url, tenant="default", about="ada"):
    async def story(store):
        return (await store.wishes(tenant, [about]))[about]

    return within(url, story)


def test_what_was_said_is_there_after_a_restart(url):
    keep(url, EU, RESEARCH, CARE)
    assert told(url) == [CARE, RESEARCH, EU]
    assert told(url, tenant="other") == told(url, about="bob") == []


def test_what_is_owed_is_kept_in_the_same_step(url):
    async def story(store):
        await store.keep_wish("default", "ada", CARE, [Owed("", b"given")])
        await store.forget_wishes("default", "nobody", [Owed("", b"nothing was erased")])
        await store.forget_wishes("default", "ada", [Owed("", b"erased")])
        return [(one.to, one.content) for one in await store.debts()]

    assert within(url, story) == [("", b"given"), ("", b"erased")]


def test_many_are_asked_for_at_once(url):
    keep(url, CARE)
    keep(url, EU, about="bob")

    async def story(store):
        return await store.wishes("default", ["ada", "bob", "eve"])

    assert within(url, story) == {"ada": [CARE], "bob": [EU], "eve": []}


def test_a_withdrawal_takes_the_place_of_what_was_given(url):
    keep(url, CARE, RESEARCH, CARE._replace(withdrawn_ns=7))
    assert told(url) == [Wish("consent", "care", 1, 0, 7), RESEARCH]


def test_all_that_a_person_said_can_be_erased(url):
    keep(url, CARE, EU)
    keep(url, CARE, about="bob")

    async def story(store):
        return await store.forget_wishes("default", "ada")

    assert (within(url, story), told(url), told(url, about="bob")) == (2, [], [CARE])
