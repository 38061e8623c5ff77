"""Traces: kept over restarts, told apart by tenant, gone when they expire, and gone from the files."""

import asyncio
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import create_engine

from tidegate.adapters.stores.sql import SqlStore, traces, upgrading
from tidegate.core.values.trace import Trace
from tidegate.ports import Anchor

HOUR = 3600 * 10**9


class Entropy:
    def uuid7(self):
        return "id"


def within(url, story):
    async def told():
        store = await SqlStore.open(url, entropy=Entropy())
        try:
            return await story(store)
        finally:
            await store.aclose()

    return asyncio.run(told())


def trace(hours, sealed=b"s", tenant="default"):
    return Trace(tenant, "e1", hours * HOUR, sealed)


def test_what_was_left_is_there_after_a_restart_soonest_to_expire_first(url):
    async def first(store):
        for one in (trace(24, b"b"), trace(3, b"a"), trace(24, b"c", "other")):
            await store.leave(one)

    async def second(store):
        return await store.traces(0)

    within(url, first)
    assert within(url, second) == [trace(3, b"a"), trace(24, b"b"), trace(24, b"c", "other")]


@pytest.mark.parametrize(("now", "left"), [(2, 3), (3, 2), (23, 2), (24, 0)])
def test_what_has_expired_is_not_told_and_is_erased(url, now, left):
    async def story(store):
        for one in (trace(24, b"b"), trace(3, b"a"), trace(24, b"c")):
            await store.leave(one)
        told = await store.traces(now * HOUR)
        gone = await store.purge(now * HOUR)
        return len(told), gone, len(await store.traces(0)), await store.purge(now * HOUR)

    assert within(url, story) == (left, 3 - left, left, 0)


def test_a_tenant_s_traces_can_be_erased_from_the_files_too(file_url, path):
    sealed = b"a very particular ciphertext"

    async def story(store):
        await store.leave(trace(24, sealed))
        await store.leave(trace(24, b"x", "other"))
        assert any(sealed in file.read_bytes() for file in path.parent.iterdir())
        gone = await store.forget_traces("default")
        left = [file.name for file in path.parent.iterdir() if sealed in file.read_bytes()]
        return gone, left, await store.traces(0)

    assert within(file_url, story) == (1, [], [trace(24, b"x", "other")])


def test_many_at_once_share_commits(url):
    async def story(store):
        await asyncio.gather(*(store.leave(trace(n + 1)) for n in range(200)))
        return len(await store.traces(0))

    assert within(url, story) == 200


def test_a_store_from_before_there_were_traces_keeps_what_it_has(file_url, path, monkeypatch):
    from alembic import command

    to_the_newest = command.upgrade
    with monkeypatch.context() as before:
        before.setattr(upgrading, "_create", upgrading._upgrade)
        before.setattr(command, "upgrade", lambda config, _: to_the_newest(config, "0001"))

        async def old(store):
            pass

        within(file_url, old)
    with closing(sqlite3.connect(path)) as file:
        assert not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'traces'").fetchall()
        file.execute("INSERT INTO anchors VALUES ('log', 5, ?, 'signed', 0)", (b"r" * 32,))
        file.commit()

    async def new(store):
        await store.leave(trace(24))
        # Of a log that it knew before it could say from when on, it is taken to know all.
        return await store.traces(0), await store.anchored(), await store.knows_since_ns()

    assert within(file_url, new) == ([trace(24)], [Anchor("log", 5, b"r" * 32, "signed")], 0)


def test_statements_name_the_columns_of_the_schema():
    from tidegate.adapters.stores.sql.schema import metadata

    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        traces.leave(connection, trace(1))
        assert traces.left(connection, 0) == [trace(1)]
        assert (traces.erase(connection, "nobody"), traces.purge(connection, HOUR)) == (0, 1)
    engine.dispose()
