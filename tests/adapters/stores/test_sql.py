"""The store as its port promises it: durable when it says so, never older than it was, and gone when it was erased."""

import asyncio
import io
import os
import re
import sqlite3
import stat
import subprocess
import sys
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from tidegate.adapters.stores.sql import SqlStore, read_anchors, schema, upgrading
from tidegate.adapters.stores.sql.connecting import connect
from tidegate.core.values.errors import StoreError, TidegateError
from tidegate.core.values.prints import Print
from tidegate.ports import Anchor

ORIGIN = "tidegate-0badcafe"


class Entropy:
    """Ids that tell in which order they were made."""

    def __init__(self):
        self.made = 0

    def uuid7(self):
        self.made += 1
        return f"id-{self.made}"


def head(size, root=b"r", note="signed"):
    return Anchor(ORIGIN, size, root * 32, note)


def sighting(number, tag=b"t"):
    return Print(tag * 16, "e1", b"sealed %d" % number)


@asynccontextmanager
async def opened(url, entropy=None):
    store = await SqlStore.open(url, entropy=entropy or Entropy())
    try:
        yield store
    finally:
        await store.aclose()


def within(url, story, entropy=None):
    async def told():
        async with opened(url, entropy) as store:
            return await story(store)

    return asyncio.run(told())


def versions(url):
    with connect(url) as connection:
        return list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


# -- what it keeps ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ([head(5)], head(5)),
        ([head(5), head(9, b"s")], head(9, b"s")),
        ([head(9), head(5)], head(9)),
        ([head(9), head(9)], head(9)),
        ([head(0), head(1)], head(1)),
        ([head(2**40)], head(2**40)),
    ],
)
def test_the_newest_head_of_a_log_is_kept(url, told, kept):
    async def story(store):
        for each in told:
            await store.anchor(each)
        return await store.anchored()

    assert within(url, story) == [kept]
    assert read_anchors(url) == [kept]


def test_two_heads_of_one_size_are_two_logs(url):
    async def story(store):
        await store.anchor(head(5, b"a"))
        with pytest.raises(StoreError, match="another root"):
            await store.anchor(head(5, b"b"))
        return await store.anchored()

    assert within(url, story) == [head(5, b"a")]


def test_a_gateway_looks_at_heads_of_its_own_logs_and_of_those_that_nobody_calls_theirs(url):
    async def keep(replica, origin):
        store = await SqlStore.open(url, entropy=Entropy(), replica=replica)
        await store.anchor(Anchor(origin, 1, b"r" * 32, ""))
        await store.aclose()

    for replica, origin in (("", "old"), ("a", "log-a"), ("b", "log-b")):
        asyncio.run(keep(replica, origin))
    assert [found.origin for found in read_anchors(url, replica="a")] == ["log-a", "old"]
    assert [found.origin for found in read_anchors(url)] == ["log-a", "log-b", "old"]


def test_each_log_has_a_head_of_its_own(url):
    async def story(store):
        await store.anchor(Anchor("b", 1, b"1" * 32, ""))
        await store.anchor(Anchor("a", 2, b"2" * 32, ""))
        return [found.origin for found in await store.anchored()]

    assert within(url, story) == ["a", "b"]


def test_prints_are_found_by_tenant_and_tag_in_the_order_they_came(url):
    async def story(store):
        await store.remember("default", [sighting(1), sighting(2, b"u")])
        await store.remember("other", [sighting(3)])
        await store.remember("default", [sighting(4)])
        await store.remember("default", [])
        return (
            await store.search("default", b"t" * 16),
            await store.search("other", b"t" * 16),
            await store.search("nobody", b"t" * 16),
        )

    assert within(url, story) == ([sighting(1), sighting(4)], [sighting(3)], [])


def test_a_value_that_was_erased_is_gone_from_the_files_too(file_url, path):
    sealed = b"a very particular ciphertext"

    async def story(store):
        await store.remember("default", [Print(b"t" * 16, "e1", sealed), sighting(2, b"u")])
        assert any(sealed in file.read_bytes() for file in path.parent.iterdir())
        gone = await store.forget("default", b"t" * 16)
        left = [file.name for file in path.parent.iterdir() if sealed in file.read_bytes()]
        return gone, left, await store.search("default", b"t" * 16), await store.search("default", b"u" * 16)

    assert within(file_url, story) == (1, [], [], [sighting(2, b"u")])


def test_nothing_of_another_tenant_is_erased(url):
    async def story(store):
        await store.remember("default", [sighting(1)])
        return await store.forget("other", b"t" * 16), await store.search("default", b"t" * 16)

    assert within(url, story) == (0, [sighting(1)])


def test_what_was_kept_is_there_after_a_restart(url):
    entropy = Entropy()

    async def first(store):
        await store.anchor(head(7))
        await store.remember("default", [sighting(1)])
        return store.epoch

    async def second(store):
        return store.epoch, await store.anchored(), await store.search("default", b"t" * 16)

    epoch = within(url, first, entropy)
    assert within(url, second, entropy) == (epoch, [head(7)], [sighting(1)])


def test_a_store_that_was_emptied_has_another_epoch(file_url, path):
    async def story(store):
        return store.epoch

    entropy = Entropy()
    before = within(file_url, story, entropy)
    for file in path.parent.iterdir():
        file.unlink()
    assert within(file_url, story, entropy) != before


# -- when it says so ----------------------------------------------------------------------------------

KILLED = """
import asyncio, os, sys
from tidegate.adapters.stores.sql import SqlStore
from tidegate.core.values.prints import Print
from tidegate.adapters.system.entropy import SystemEntropy

async def main(file_url):
    store = await SqlStore.open(file_url, entropy=SystemEntropy())
    for number in range(1000):
        await store.remember("default", [Print(b"t" * 16, "e", str(number).encode())])
        os.write(1, b"%d\\n" % number)

asyncio.run(main(sys.argv[1]))
"""


def test_a_process_that_is_killed_loses_nothing_that_it_was_told_is_kept(url):
    child = subprocess.Popen([sys.executable, "-c", KILLED, url], stdout=subprocess.PIPE)
    with child:
        acknowledged = [int(child.stdout.readline()) for _ in range(20)]
        child.kill()
        acknowledged += [int(line) for line in child.stdout.read().split(b"\n")[:-1]]

    async def story(store):
        return [int(found.sealed) for found in await store.search("default", b"t" * 16)]

    found = within(url, story)
    assert found[: len(acknowledged)] == acknowledged
    assert found == list(range(len(found)))


def test_callers_at_once_share_commits_and_the_loop_goes_on(file_url):
    commits = []

    async def story(store):
        await store._writer.run(
            lambda connection: connection.connection.driver_connection.set_trace_callback(
                lambda statement: commits.append(1) if statement == "COMMIT" else None
            )
        )
        turns = 0

        async def turning():
            nonlocal turns
            while True:
                await asyncio.sleep(0)
                turns += 1

        beside = asyncio.create_task(turning())
        await asyncio.gather(*(store.remember("default", [sighting(n)]) for n in range(300)))
        beside.cancel()
        return turns, len(await store.search("default", b"t" * 16))

    turns, kept = within(file_url, story)
    assert kept == 300
    assert turns > 0
    assert 1 <= len(commits) <= 30


def test_a_caller_s_fault_is_no_neighbour_s(url):
    async def story(store):
        await store.anchor(head(5, b"a"))
        results = await asyncio.gather(
            store.remember("default", [sighting(1)]),
            store.anchor(head(5, b"b")),
            store.remember("default", [sighting(2)]),
            return_exceptions=True,
        )
        return [type(result) for result in results], await store.search("default", b"t" * 16)

    assert within(url, story) == ([type(None), StoreError, type(None)], [sighting(1), sighting(2)])


def test_a_caller_that_leaves_takes_nobody_along(url):
    async def story(store):
        leaving = asyncio.create_task(store.remember("default", [sighting(1, b"x")]))
        staying = asyncio.create_task(store.remember("default", [sighting(2)]))
        await asyncio.sleep(0)
        leaving.cancel()
        await staying
        return leaving.cancelled() or (await asyncio.wait([leaving]))[0].pop().cancelled()

    assert within(url, story) is True


def test_closing_finishes_what_was_asked_for_and_takes_no_more(url):
    async def story():
        store = await SqlStore.open(url, entropy=Entropy())
        asked = [asyncio.create_task(store.remember("default", [sighting(n)])) for n in range(50)]
        await asyncio.sleep(0)
        await store.aclose()
        await asyncio.gather(*asked)
        await store.aclose()
        with pytest.raises(StoreError, match="closed"):
            await store.remember("default", [sighting(99)])

    asyncio.run(story())

    async def after(store):
        return len(await store.search("default", b"t" * 16))

    assert within(url, after) == 50


# -- files --------------------------------------------------------------------------------------------


def test_nobody_else_on_the_machine_may_read_it(file_url, path):
    async def story(store):
        await store.remember("default", [sighting(1)])
        return {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}

    before = os.umask(0)
    try:
        modes = within(file_url, story)
    finally:
        os.umask(before)
    assert modes == {"state.db": 0o600, "state.db-wal": 0o600, "state.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_store_that_was_left_open_to_others_is_closed_to_them(file_url, path):
    async def nothing(store):
        pass

    within(file_url, nothing)
    path.chmod(0o644)
    within(file_url, nothing)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_commit_is_synced(file_url):
    async def story(store):
        def pragmas(connection):
            raw = connection.connection.driver_connection
            return [raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]

        return await store._writer.run(pragmas)

    assert within(file_url, story) == ["wal", 2]


def test_a_home_folder_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))

    async def story(store):
        await store.anchor(head(1))

    within("sqlite:///~/kept/state.db", story)
    assert (tmp_path / "kept" / "state.db").exists()
    assert read_anchors("sqlite:///~/kept/state.db") == [head(1)]


@pytest.mark.parametrize("name", ["a b.db", "100%.db", "what?.db", "#1.db", "ünï.db"])
def test_any_file_name_will_do(tmp_path, name):
    url = f"sqlite:///{tmp_path}/{name}"

    async def story(store):
        await store.anchor(head(1))
        return read_anchors(url)

    assert within(url, story) == read_anchors(url) == [head(1)]
    assert (tmp_path / name).exists()


# -- a look from outside ------------------------------------------------------------------------------


def test_a_look_makes_and_changes_nothing(file_url, path):
    assert read_anchors(file_url) == []
    assert not path.parent.exists()

    async def story(store):
        await store.anchor(head(1))

    within(file_url, story)
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    assert read_anchors(file_url) == [head(1)]
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


def test_a_look_sees_what_a_running_gateway_has_kept(url):
    async def story(store):
        seen = []
        for size in (1, 2, 3):
            await store.anchor(head(size))
            seen += read_anchors(url)
        return seen

    assert within(url, story) == [head(1), head(2), head(3)]


def test_a_file_that_was_never_a_store_has_no_anchors(path, file_url):
    path.parent.mkdir()
    path.touch()
    assert read_anchors(file_url) == []


# -- versions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["_create", "_upgrade"])
def test_a_new_store_and_one_that_took_every_step_have_the_schema_that_statements_use(url, by, monkeypatch):
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    async def nothing(store):
        pass

    monkeypatch.setattr(upgrading, "_create", getattr(upgrading, by))
    within(url, nothing)
    config = Config()
    config.set_main_option("script_location", str(upgrading._STEPS))
    steps = list(ScriptDirectory.from_config(config).walk_revisions())
    assert tuple(step.revision for step in reversed(steps)) == schema.VERSIONS
    assert versions(url) == [schema.VERSIONS[-1]]
    with connect(url) as connection:
        made = inspect(connection)
        assert set(made.get_table_names()) == {*schema.metadata.tables, "alembic_version"}
        for table in schema.metadata.sorted_tables:
            columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in made.get_columns(table.name)}
            dialect = connection.dialect
            assert columns == {c.name: (c.type.compile(dialect), c.nullable) for c in table.columns}, table.name
            indexes = {i["name"]: i["column_names"] for i in made.get_indexes(table.name)}
            assert indexes == {i.name: [c.name for c in i.columns] for i in table.indexes}
            keys = made.get_pk_constraint(table.name)["constrained_columns"]
            assert keys == [c.name for c in table.primary_key], table.name


def test_the_steps_can_be_read_as_postgresql_s_statements_before_they_are_taken():
    from alembic import command
    from alembic.config import Config

    out = io.StringIO()
    config = Config(output_buffer=out)
    config.set_main_option("script_location", str(upgrading._STEPS))
    config.attributes["dialect"] = "postgresql"
    command.upgrade(config, "head", sql=True)
    assert "id BIGSERIAL NOT NULL" in out.getvalue()
    assert "root BYTEA NOT NULL" in out.getvalue()
    assert "CREATE INDEX ix_fingerprints_tenant_tag ON fingerprints (tenant, tag)" in out.getvalue()


@pytest.mark.parametrize("version", schema.VERSIONS[:-1])
def test_a_store_of_any_earlier_version_is_brought_up_with_what_it_has(url, version, monkeypatch):
    from alembic import command

    to_the_newest = command.upgrade
    with monkeypatch.context() as before:
        before.setattr(upgrading, "_create", upgrading._upgrade)
        before.setattr(command, "upgrade", lambda config, _: to_the_newest(config, version))
        before.setattr(upgrading, "VERSIONS", schema.VERSIONS[: schema.VERSIONS.index(version) + 1])

        async def nothing(store):
            return store.epoch

        epoch = within(url, nothing)
    assert versions(url) == [version]
    with connect(url) as connection, connection.begin():
        row = {"origin": "log", "size": 5, "root": b"r" * 32, "note": "signed", "at": 0}
        connection.execute(text("INSERT INTO anchors VALUES (:origin, :size, :root, :note, :at)"), row)
    assert read_anchors(url, replica="a") == [Anchor("log", 5, b"r" * 32, "signed")]

    async def story(store):
        await store.remember("default", [sighting(1)])
        return store.epoch, await store.anchored(), await store.debts()

    assert within(url, story) == (epoch, [Anchor("log", 5, b"r" * 32, "signed")], [])
    assert versions(url) == [schema.VERSIONS[-1]]
    assert read_anchors(url, replica="a") == [Anchor("log", 5, b"r" * 32, "signed")]


def test_a_new_store_and_one_that_is_up_to_date_open_without_alembic(url):
    script = (
        "import asyncio, sys\n"
        "from tidegate.adapters.stores.sql import SqlStore, read_anchors\n"
        "from tidegate.adapters.system.entropy import SystemEntropy\n"
        "async def main():\n"
        "    store = await SqlStore.open(sys.argv[1], entropy=SystemEntropy())\n"
        "    await store.aclose()\n"
        "asyncio.run(main()); read_anchors(sys.argv[1])\n"
        "print('alembic' in sys.modules)\n"
    )
    for _ in ("made", "opened"):
        told = subprocess.run([sys.executable, "-c", script, url], capture_output=True, text=True, check=True)
        assert told.stdout == "False\n"


def test_first_starts_at_once_make_one_store(url):
    script = (
        "import asyncio, sys\n"
        "from tidegate.adapters.stores.sql import SqlStore\n"
        "from tidegate.adapters.system.entropy import SystemEntropy\n"
        "async def main():\n"
        "    store = await SqlStore.open(sys.argv[1], entropy=SystemEntropy())\n"
        "    print(store.epoch)\n"
        "    await store.aclose()\n"
        "asyncio.run(main())\n"
    )
    children = [subprocess.Popen([sys.executable, "-c", script, url], stdout=subprocess.PIPE) for _ in range(4)]
    told = [child.communicate(timeout=60)[0] for child in children]
    assert [child.returncode for child in children] == [0] * 4
    assert len(set(told)) == 1
    assert versions(url) == [schema.VERSIONS[-1]]


def test_a_migration_that_fails_leaves_no_half_of_itself(url, monkeypatch):
    def breaks(connection):
        connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")
        raise StoreError("scripted")

    async def nothing(store):
        pass

    with monkeypatch.context() as patched:
        patched.setattr(upgrading, "_create", breaks)
        with pytest.raises(StoreError, match="scripted"):
            within(url, nothing)
    with connect(url) as connection:
        assert inspect(connection).get_table_names() == []
    within(url, nothing)
    assert versions(url) == [schema.VERSIONS[-1]]


# -- what breaks, and what is said --------------------------------------------------------------------


def spoil_with_text(path):
    path.parent.mkdir()
    path.write_text("this is a letter to my aunt, and no database at all" * 100)


def spoil_by_version(path):
    make(path)
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
        file.commit()


def spoil_in_the_middle(path):
    make(path)
    content = bytearray(path.read_bytes())
    content[4096 : len(content)] = os.urandom(len(content) - 4096)
    path.write_bytes(content)


def spoil_by_a_lost_table(path):
    make(path)
    with closing(sqlite3.connect(path)) as file:
        file.execute("DROP TABLE anchors")
        file.commit()


def spoil_by_a_folder(path):
    path.mkdir(parents=True)


def spoil_by_a_file_for_a_folder(path):
    path.parent.write_text("not a folder")


def make(path):
    async def nothing(store):
        pass

    within(f"sqlite:///{path}", nothing)


FAULTS = [
    (spoil_with_text, "no SQLite database.*backup"),
    (spoil_by_version, "newer tidegate.*9999"),
    (spoil_in_the_middle, "damaged.*backup"),
    (spoil_by_a_lost_table, "tables.*backup"),
    (spoil_by_a_folder, r"state\.db"),
    (spoil_by_a_file_for_a_folder, r"state\.db"),
]


@pytest.mark.parametrize(("spoil", "said"), FAULTS, ids=[fault[0].__name__ for fault in FAULTS])
def test_a_store_that_cannot_be_used_says_what_to_do(path, file_url, spoil, said):
    spoil(path)

    async def story(store):
        await store.anchor(head(1))

    with pytest.raises(
        StoreError, match=f"(?s){re.escape(str(path))}.*{said}" if "state" not in said else said
    ) as told:
        within(file_url, story)
    assert isinstance(told.value, TidegateError)
    assert "\n" not in str(told.value)
    assert told.value.__cause__ is None


@pytest.mark.parametrize("spoil", [fault[0] for fault in FAULTS[:4]], ids=[fault[0].__name__ for fault in FAULTS[:4]])
def test_a_look_at_a_store_that_cannot_be_used_says_so(path, file_url, spoil):
    spoil(path)
    with pytest.raises(StoreError, match=re.escape(str(path))):
        read_anchors(file_url)


def test_a_full_disk_is_told_and_ends_when_there_is_room_again(file_url):
    big = Print(b"t" * 16, "e1", b"x" * 200_000)

    def limit(pages):
        return lambda connection: connection.connection.driver_connection.execute(
            f"PRAGMA max_page_count={pages}"
        ).fetchone()

    async def story(store):
        await store._writer.run(limit(20), alone=True)
        with pytest.raises(StoreError, match="disk is full") as told:
            await store.remember("default", [big])
        await store._writer.run(limit(2**30), alone=True)
        await store.remember("default", [big])
        return str(told.value), await store.search("default", b"t" * 16)

    said, kept = within(file_url, story)
    assert kept == [big]
    assert "xxx" not in said


def test_a_store_that_another_process_keeps_locked_is_waited_for_and_then_refused(file_url, path, monkeypatch):
    make(path)
    monkeypatch.setattr("tidegate.adapters.stores.sql.connecting.BUSY_TIMEOUT_S", 0.1)

    async def story(store):
        pass

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            within(file_url, story)
        other.execute("ROLLBACK")
    within(file_url, story)


def test_a_lock_that_goes_away_is_forgotten(file_url, path, monkeypatch):
    monkeypatch.setattr("tidegate.adapters.stores.sql.connecting.BUSY_TIMEOUT_S", 0.1)

    async def story(store):
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="locked"):
                await store.remember("default", [sighting(1)])
            other.execute("ROLLBACK")
        await store.remember("default", [sighting(2)])
        return await store.search("default", b"t" * 16)

    assert within(file_url, story) == [sighting(2)]


def test_an_address_with_a_password_is_never_quoted():
    async def nothing(store):
        pass

    with pytest.raises(StoreError) as told:
        within("nosuchdatabase://user:hunter" + "2@db.example/tidegate", nothing)
    assert "hunter" not in str(told.value)
    assert "the nosuchdatabase database: this is neither sqlite nor postgresql" in str(told.value)


def test_no_thread_stays_behind(file_url):
    import threading

    async def nothing(store):
        pass

    within(file_url, nothing)
    assert [thread.name for thread in threading.enumerate() if thread.name == "tidegate-store"] == []
    assert Path(file_url.removeprefix("sqlite:///")).exists()
