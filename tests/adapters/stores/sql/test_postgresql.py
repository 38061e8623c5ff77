"""PostgreSQL alone: how it is reached, what is said when it is not, and two gateways on one."""

import asyncio
import ssl

import pytest

from tidegate.adapters.stores.sql import SqlStore, postgresql, read_anchors
from tidegate.core.values.errors import StoreError
from tidegate.core.values.owed import Owed
from tidegate.core.values.prints import Print
from tidegate.core.values.review import KeptReview
from tidegate.core.values.session import Seen, SessionKey
from tidegate.core.values.trace import Trace
from tidegate.core.values.wish import Wish

KEY = SessionKey("default", "loopback", "s")
SECRET = "hunter" + "2"


class Entropy:
    def uuid7(self):
        return "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def url(postgres):
    """PostgreSQL alone."""
    return postgres.database()


def both(url, story, replicas=("a", "b")):
    """A story of two gateways on one database."""

    async def told():
        stores = [await SqlStore.open(url, entropy=Entropy(), replica=replica) for replica in replicas]
        try:
            return await story(*stores)
        finally:
            for store in stores:
                await store.aclose()

    return asyncio.run(told())


def one(url, story):
    return both(url, story, ("a",))


# -- two gateways --------------------------------------------------------------------------------------------------


def test_what_one_keeps_the_other_finds_at_once(url):
    async def story(a, b):
        assert a.epoch == b.epoch
        await a.keep_session(KEY, Seen("restricted", 5))
        await a.keep_wish("default", "ada", Wish("consent", "care", 1))
        await a.remember("default", [Print(b"t" * 16, "e1", b"sealed")])
        return (
            await b.session(KEY),
            await b.wishes("default", ["ada"]),
            await b.search("default", b"t" * 16),
        )

    told = both(url, story)
    assert told == (Seen("restricted", 5), {"ada": [Wish("consent", "care", 1)]}, [Print(b"t" * 16, "e1", b"sealed")])


def test_of_levels_that_are_noted_at_once_the_strictest_stays_whoever_comes_last(url):
    """Without one statement for both, the slower of two writers would put back what it had read before."""
    levels = ["public", "internal", "confidential", "restricted"]

    async def story(a, b):
        found = []
        for round_ in range(30):
            key = KEY._replace(session=str(round_))
            order = levels if round_ % 2 else levels[::-1]
            writes = [(a, b)[n % 2].keep_session(key, Seen(level, n)) for n, level in enumerate(order)]
            await asyncio.gather(*writes)
            found.append(await a.session(key))
        return set(found)

    assert both(url, story) == {Seen("restricted", 3)}


def test_a_wish_that_both_keep_at_once_is_there_once(url):
    async def story(a, b):
        wishes = [Wish("consent", "care", n) for n in range(40)]
        await asyncio.gather(*((a, b)[n % 2].keep_wish("default", "ada", wish) for n, wish in enumerate(wishes)))
        return len((await a.wishes("default", ["ada"]))["ada"])

    assert both(url, story) == 1


def held(number, same=b""):
    name = f"01890000-0000-7000-8000-{number:012d}"
    return KeptReview(name, "default", 0, same or b"%d" % number, is_open=True, until_ns=100, about=b"{}", sealed=b"s")


def test_a_request_that_both_hold_at_once_is_held_once(url):
    async def story(a, b):
        rows = [held(n, same=b"the same") for n in range(20)]
        found = await asyncio.gather(*((a, b)[n % 2].hold_review(row, 50, 0) for n, row in enumerate(rows)))
        return len({one.id for one in found}), len(await a.reviews())

    assert both(url, story) == (1, 1)


def test_no_more_wait_than_may_however_many_gateways_hold_them(url):
    async def story(a, b):
        found = await asyncio.gather(*((a, b)[n % 2].hold_review(held(n), 5, 0) for n in range(20)))
        return sum(one is not None for one in found), len(await b.reviews())

    assert both(url, story) == (5, 5)


def test_an_approval_is_used_once_whichever_gateway_is_asked(url):
    async def story(a, b):
        await a.hold_review(held(1), 5, 0)
        used = held(1)._replace(turn=1, is_open=False, until_ns=50, sealed=b"")
        done = await asyncio.gather(*((a, b)[n % 2].change_review(used) for n in range(10)))
        return sum(done)

    assert both(url, story) == 1


def test_each_debt_is_paid_by_one(url):
    async def story(a, b):
        command = await SqlStore.open(url, entropy=Entropy())
        for n in range(20):
            await command.keep_wish("default", str(n), Wish("consent", "care", n), [Owed("", b"%d" % n)])
        await command.aclose()
        seen = await asyncio.gather(a.debts(), b.debts(), a.debts(), b.debts())
        return [sorted({debt.content for debt in found}) for found in seen]

    first, second, first_again, second_again = both(url, story)
    assert (first_again, second_again) == (first, second)
    assert not set(first) & set(second)
    assert sorted({*first, *second}) == sorted(b"%d" % n for n in range(20))


def test_debts_of_one_that_does_not_pay_are_the_other_s_after_a_while(url, monkeypatch):
    monkeypatch.setattr("tidegate.adapters.stores.sql.debts.HELD_NS", 0)

    async def story(a, b):
        await a.keep_wish("default", "ada", Wish("consent", "care", 1), [Owed("", b"x")])
        first = await a.debts()
        second = await b.debts()
        await b.settle_debts([debt.number for debt in second])
        return [debt.content for debt in first], [debt.content for debt in second], await a.debts()

    assert both(url, story) == ([b"x"], [b"x"], [])


def test_traces_have_numbers_by_which_others_find_new_ones(url):
    async def story(a, b):
        first = await a.leave(Trace("default", "e1", 10, b"1"))
        second = await b.leave(Trace("default", "e1", 99, b"2"))
        every = await a.new_traces(0, 5)
        return (
            every == [(first, Trace("default", "e1", 10, b"1")), (second, Trace("default", "e1", 99, b"2"))],
            [trace.sealed for _, trace in await a.new_traces(first, 5)],
            [trace.sealed for _, trace in await a.new_traces(0, 50)],
        )

    assert both(url, story) == (True, [b"2"], [b"2"])


# -- connections that are lost -----------------------------------------------------------------------------------------


def test_a_connection_that_an_administrator_ends_is_made_again_and_nobody_notices(url, postgres):
    async def story(store):
        await store.keep_session(KEY, Seen("internal", 1))
        postgres.end_sessions(url)
        before = await store.session(KEY)
        postgres.end_sessions(url)
        await store.keep_session(KEY, Seen("restricted", 2))
        return before, await store.session(KEY), store.trouble

    assert one(url, story) == (Seen("internal", 1), Seen("restricted", 2), "")


def test_a_server_that_goes_away_is_an_error_at_once_and_is_found_again_when_it_is_back(url, postgres):
    async def story(store):
        await store.keep_session(KEY, Seen("internal", 1))
        postgres.stop()
        try:
            for _ in range(3):
                with pytest.raises(StoreError, match="cannot be reached: check that it runs") as told:
                    await store.session(KEY)
                assert "correct horse" not in str(told.value)
            results = await asyncio.gather(
                *(store.keep_session(KEY, Seen("restricted", n)) for n in range(20)), return_exceptions=True
            )
            assert {type(result) for result in results} == {StoreError}
            trouble = store.trouble
        finally:
            postgres.start()
        await asyncio.sleep(postgresql.AGAIN_AFTER_S)
        await store.keep_session(KEY, Seen("confidential", 2))
        return trouble != "", await store.session(KEY), store.trouble

    assert one(url, story) == (True, Seen("confidential", 2), "")


def test_nothing_is_written_twice_where_nobody_knows_whether_it_was_written(url, postgres):
    """The connection goes at the very moment of the commit: the caller is told, and no one tries again."""

    async def story(store):
        await store.remember("default", [Print(b"t" * 16, "e1", b"before")])

        def ends_while_it_is_committed(connection):
            postgresql_connection = connection.connection.driver_connection
            real = postgresql_connection.commit

            def commit():
                postgres.end_sessions(url)
                return real()

            postgresql_connection.commit = commit
            connection.exec_driver_sql("SELECT 1")

        with pytest.raises(StoreError):
            await store._writer.run(ends_while_it_is_committed)
        return len(await store.search("default", b"t" * 16))

    assert one(url, story) == 1


def test_a_database_that_was_emptied_behind_its_back_is_refused(url, postgres):
    async def story(store):
        def another_epoch(connection):
            connection.exec_driver_sql("UPDATE meta SET value = 'another' WHERE key = 'epoch'")

        await store._writer.run(another_epoch)
        postgres.end_sessions(url)
        with pytest.raises(StoreError, match="another store than the one that this gateway began with"):
            await store.session(KEY)

    one(url, story)


def test_each_session_has_its_bounds_and_commits_to_disk(url):
    async def story(store):
        def settings(connection):
            names = ("statement_timeout", "lock_timeout", "synchronous_commit", "application_name")
            return [connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names]

        return await store._writer.run(settings)

    assert one(url, story) == ["20s", "10s", "on", "tidegate"]


def test_a_server_that_would_commit_in_memory_is_asked_not_to(url, postgres):
    import psycopg

    name = url.rpartition("/")[2]
    with psycopg.connect(postgres.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = 'off'")

    async def story(store):
        return await store._writer.run(lambda made: made.exec_driver_sql("SHOW synchronous_commit").scalar_one())

    assert one(url, story) == "on"


# -- what is said ----------------------------------------------------------------------------------------------------


def test_a_password_is_asked_for_and_held_against_and_never_told(url, postgres):
    name = url.rpartition("/")[2]
    for password, sentence in ((SECRET, "does not take this password"), ("", "wants a password")):
        with pytest.raises(StoreError, match=sentence) as told:
            read_anchors(postgres.url(name, password))
        assert SECRET not in str(told.value)
        assert str(told.value).startswith(f"the PostgreSQL database {name} on 127.0.0.1: ")
    assert read_anchors(postgres.url(name, ""), password="correct horse") == []


def test_a_database_that_is_not_there_is_told(postgres):
    with pytest.raises(StoreError, match="it has no such database: create it"):
        read_anchors(postgres.url("nowhere"))


class RefusalError(Exception):
    def __init__(self, words="", sqlstate=None):
        super().__init__(words)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RefusalError(sqlstate="53100"), "its disk is full"),
        (RefusalError(sqlstate="25006"), "it is a standby"),
        (RefusalError(f"value {SECRET}", sqlstate="22P02"), "it refuses with error 22P02"),
        (RefusalError('connection failed: FATAL:  no pg_hba.conf entry for host "1.2.3.4"'), "its pg_hba.conf"),
        (RefusalError("connection failed: SSL error: certificate verify failed"), "its certificate does not hold"),
        (RefusalError("server does not support SSL, but SSL was required"), "check sslmode"),
        (RefusalError("FATAL:  the database system is starting up"), "it is starting or stopping"),
        (RefusalError(f"nobody has seen this before, {SECRET}"), "it cannot be reached"),
    ],
)
def test_each_refusal_has_a_sentence_and_none_its_values(error, sentence):
    assert sentence in postgresql.reason(error)
    assert SECRET not in postgresql.reason(error)


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("postgresql://db.example/x", {"host": "db.example", "dbname": "x", "sslmode": "verify-full"}),
        ("postgresql://db.example/x?sslmode=require", {"host": "db.example", "sslmode": "require"}),
        ("postgresql://ada@localhost:5433/x", {"user": "ada", "host": "localhost", "port": "5433"}),
        ("postgresql:///x?host=/run/pg", {"host": "/run/pg", "dbname": "x"}),
        ("postgresql://a%40b@one:1,[::1]:2/x", {"user": "a@b", "host": "one,::1", "port": "1,2"}),
    ],
)
def test_how_it_is_reached(url, options):
    found = postgresql.options(url, SECRET)
    assert {name: found.get(name) for name in options} == options
    assert (found["password"], found["target_session_attrs"], found["connect_timeout"]) == (SECRET, "read-write", 5)
    assert ("sslmode" in found) == ("sslmode" in options or "one" in url)
    if options.get("sslmode") == "verify-full":
        assert found["sslrootcert"] == (ssl.get_default_verify_paths().cafile or "system")


def test_without_its_driver_it_says_which_extra_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'tidegate\[postgres\]'"):
        read_anchors("postgresql://db/x")
