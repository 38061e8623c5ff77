"""Sessions in the store: kept over restarts, never looser, gone when they are over."""

import asyncio

import pytest
from sqlalchemy import text

from tidegate.adapters.stores.sql import SqlStore
from tidegate.adapters.stores.sql.connecting import connect
from tidegate.core.values.session import Seen, SessionKey
from tidegate.ports import Anchor

KEY = SessionKey("default", "loopback", "s")


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


def kept(url, *seen, key=KEY):
    async def story(store):
        for one in seen:
            await store.keep_session(key, one)
        return await store.session(key)

    return within(url, story)


def test_what_a_session_has_held_is_known_after_a_restart(url):
    assert kept(url) is None
    assert kept(url, Seen("confidential", 5)) == ("confidential", 5)
    assert kept(url) == ("confidential", 5)


@pytest.mark.parametrize(
    ("writes", "told"),
    [
        ([Seen("internal", 1), Seen("restricted", 2)], ("restricted", 2)),
        ([Seen("restricted", 1), Seen("internal", 2)], ("restricted", 2)),
        ([Seen("restricted", 2), Seen("public", 1)], ("restricted", 2)),
    ],
)
def test_a_level_only_rises_and_a_time_only_moves_on(url, writes, told):
    assert kept(url, *writes) == told


@pytest.mark.parametrize("other", [KEY._replace(tenant="t"), KEY._replace(key="k"), KEY._replace(session="x")])
def test_a_session_belongs_to_one_tenant_and_key(url, other):
    kept(url, Seen("restricted", 1))
    assert kept(url, key=other) is None


def test_a_level_of_another_version_reads_as_the_strictest(url):
    kept(url, Seen("internal", 1))
    with connect(url) as connection, connection.begin():
        connection.execute(text("UPDATE sessions SET level = 'ultraviolet'"))
    assert kept(url) == ("restricted", 1)
    assert kept(url, Seen("internal", 2)) == ("restricted", 2)


def test_what_is_over_is_forgotten(url):
    async def story(store):
        for n in range(4):
            await store.keep_session(KEY._replace(session=str(n)), Seen("internal", n))
        gone = await store.forget_sessions(1)
        return gone, [await store.session(KEY._replace(session=str(n))) is not None for n in range(4)]

    assert within(url, story) == (2, [False, False, True, True])


MADE = 0x018900000000 * 1_000_000


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ({}, MADE),  # nobody can tell yet
        ({"a": [0, 5, 9]}, 0),
        ({"a": [5, 9]}, MADE),
        ({"a": [0, 5], "b": [7]}, MADE),
        ({"a": [0, 5], "b": [0]}, 0),
    ],
)
def test_a_store_that_is_younger_than_a_log_was_not_told_everything(url, sizes, told):
    async def write(store):
        for origin, heads in sizes.items():
            for size in heads:
                await store.anchor(Anchor(origin, size, b"r" * 32, "note"))

    async def ask(store):
        return await store.knows_since_ns()

    within(url, write)
    assert within(url, ask) == told
