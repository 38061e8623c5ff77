"""The log as the path sees it: durable indexes in order, tickets that may be dropped, heads as they are signed."""

import asyncio
import contextlib
import gc
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.stores.tlog.kit import (
    NOW_NS,
    canonical,
    exchange,
    intent,
    open_log,
    outcome,
    refusal,
    until,
    write_log,
)
from tidegate.adapters.stores.tlog import entries
from tidegate.core.ledger.merkle import leaf_hash, perfect_root, root_at
from tidegate.core.values.errors import LedgerError
from tidegate.verify import verify


def root_of(kept):
    leaves = [leaf_hash(entry) for entry in kept]
    return root_at(len(leaves), lambda level, n: perfect_root(leaves[n << level : (n + 1) << level]))


def test_an_append_resolves_to_the_entrys_index(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0")
        assert log.size == 0
        assert [await log.append(refusal(f"r{n}")) for n in range(3)] == [0, 1, 2]
        assert log.size == 3
        await log.close()

    asyncio.run(work())
    assert list(entries(tmp_path / "w0")) == [(n, refusal(f"r{n}")) for n in range(3)]


def test_what_was_awaited_is_on_disk_at_that_moment(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0")
        for number in range(5):
            await log.append(refusal(f"r{number}"))
            assert list(entries(tmp_path / "w0"))[-1] == (number, refusal(f"r{number}"))
        await log.close()

    asyncio.run(work())


def test_order_is_that_of_the_calls_whoever_awaits_what(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0")
        tickets = [log.append(refusal(f"r{n}")) for n in range(50)]
        random.Random(1).shuffle(tickets)
        indexes = await asyncio.gather(*tickets)
        assert indexes == [ticket.index for ticket in tickets]
        await log.close()

    asyncio.run(work())
    assert [entry for _, entry in entries(tmp_path / "w0")] == [refusal(f"r{n}") for n in range(50)]


def test_size_is_the_index_that_the_next_append_gets(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0")
        promised, ticket = log.size, log.append(refusal("a"))
        second, other = log.size, log.append(refusal("b"))
        assert (await ticket, await other) == (promised, second) == (0, 1)
        await log.close()

    asyncio.run(work())


def test_a_ticket_may_be_awaited_late_and_twice(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0")
        ticket = log.append(refusal("a"))
        await log.append(refusal("b"))
        assert await ticket == await ticket == 0
        shielded = log.append(refusal("c"))
        assert await asyncio.gather(asyncio.shield(shielded), shielded) == [2, 2]
        await log.close()

    asyncio.run(work())


def test_a_cancelled_wait_loses_nothing(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0")
        ticket = log.append(refusal("a"))

        async def wait():
            await ticket

        task = asyncio.create_task(wait())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await ticket == 0
        await log.close()

    asyncio.run(work())
    assert len(list(entries(tmp_path / "w0"))) == 1


def test_a_record_that_nobody_waits_for_is_written_all_the_same(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0")
        log.append(refusal("dropped"))
        log.append(refusal("lingering"), linger=True)
        await until(lambda: len(list(entries(tmp_path / "w0"))) == 2)
        log.append(refusal("alone"), linger=True)
        await until(lambda: len(list(entries(tmp_path / "w0"))) == 3)
        await log.close()

    asyncio.run(work())
    assert len(list(entries(tmp_path / "w0"))) == 3


def test_in_a_crowd_a_group_is_what_comes_before_the_loop_has_a_lull(tmp_path):
    """Eight that come one turn after another are one write, and so is a ninth with what lingers beside it."""

    async def work():
        log, groups = open_log(tmp_path / "w0"), []
        write = log._writer.journal.write
        log._writer.journal.write = lambda entries: (groups.append(len(entries)), write(entries))

        async def ask(turns):
            for _ in range(turns):
                await asyncio.sleep(0)
            await log.append(refusal(f"r{log.size}"))

        log._crowd = 1  # of those who waited for the group before this one
        await asyncio.gather(*[ask(turns) for turns in range(8)])
        assert groups == [8]
        log.append(refusal("lingers"), linger=True)
        await log.append(refusal("waits"))
        assert groups == [8, 2]
        await log.close()

    asyncio.run(work())


def test_a_loop_without_a_lull_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("tidegate.adapters.stores.tlog.log.LINGER_S", 0)

    async def work():
        log = open_log(tmp_path / "w0")
        log._crowd = 1
        waiting = asyncio.ensure_future(asyncio.wait_for(log.append(refusal("c")), 10))
        while not waiting.done():
            log.append(refusal(f"r{log.size}"), linger=True)
            await asyncio.sleep(0)
        assert waiting.result() == 0
        await log.close()

    asyncio.run(work())


def test_a_lingering_record_is_hurried_by_whoever_awaits_it(tmp_path, monkeypatch):
    monkeypatch.setattr("tidegate.adapters.stores.tlog.log.LINGER_S", 3600)

    async def work():
        log = open_log(tmp_path / "w0")
        assert await asyncio.wait_for(log.append(refusal("a"), linger=True), 10) == 0
        log.append(refusal("b"), linger=True)
        assert await asyncio.wait_for(log.append(refusal("c")), 10) == 2
        await log.close()

    asyncio.run(work())


def test_closing_writes_what_nobody_waits_for(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0")
        for number in range(300):
            log.append(refusal(f"r{number}"), linger=True)
        await log.close()
        await log.close()
        with pytest.raises(LedgerError, match="closed"):
            log.append(refusal("late"))
        assert not log.writable

    asyncio.run(work())
    assert len(list(entries(tmp_path / "w0"))) == 300


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b"no json", "takes no such record"),
        (canonical(kind="intent"), "`request_id`"),
        (outcome("r", 0), "nothing to close"),
        (refusal("r", more="x" * 70_000), "too large"),
    ],
)
def test_the_log_refuses_what_would_damage_it_and_goes_on(tmp_path, bad, words):
    async def work():
        log = open_log(tmp_path / "w0")
        with pytest.raises(LedgerError, match=words):
            log.append(bad)
        assert (log.size, log.writable) == (0, True)
        assert await log.append(refusal("good")) == 0
        await log.close()

    asyncio.run(work())
    assert verify(tmp_path)["ok"]


def test_an_intent_is_closed_once_and_by_its_own_request(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0")
        index = await log.append(intent("a"))
        with pytest.raises(LedgerError, match="nothing to close"):
            log.append(outcome("b", index))
        await log.append(outcome("a", index))
        with pytest.raises(LedgerError, match="nothing to close"):
            log.append(outcome("a", index))
        await log.close()

    asyncio.run(work())


def test_heads_are_handed_on_in_order_and_the_last_one_at_the_end(tmp_path):
    heads = []

    async def work():
        log = open_log(tmp_path / "w0", anchors=heads)
        first = log.head
        assert (first.size, first.origin) == (0, "tidegate/0199aa/w0")
        await exchange(log, "a")
        await log.seal()
        await until(lambda: len(heads) == 1)
        await log.seal()
        await exchange(log, "b")
        await log.close()
        await asyncio.sleep(0)
        assert heads[-1] == log.head

    asyncio.run(work())
    assert [head.size for head in heads] == [2, 4]
    assert all(head.note.startswith(f"{head.origin}\n{head.size}\n") for head in heads)
    assert heads[1].root == root_of([entry for _, entry in entries(tmp_path / "w0")])
    assert verify(tmp_path, anchors=heads)["ok"]


def test_the_log_seals_by_itself_when_it_has_grown(tmp_path):
    heads = []

    async def work():
        log = open_log(tmp_path / "w0", anchors=heads, seal_s=0.01)
        await exchange(log, "a")
        await until(lambda: heads)
        await asyncio.sleep(0.1)
        assert len(heads) == 1, "nothing grew since"
        await log.close()

    asyncio.run(work())
    assert [head.size for head in heads] == [2]


def test_segments_that_stand_in_full_tiles_go_and_nothing_is_lost(tmp_path):
    folder = tmp_path / "w0"

    async def work():
        log = open_log(folder, segment_bytes=8192)
        for number in range(300):
            log.append(refusal(f"r{number}"))
            if number % 10 == 9:
                await log.append(refusal(f"s{number}"))
            if number % 100 == 99:
                await log.seal()
        await log.close()

    asyncio.run(work())
    kept = sorted(int(path.stem) for path in (folder / "wal").iterdir())
    assert 0 < kept[0] <= 256
    assert len(list(entries(folder))) == 330
    assert verify(folder)["ok"]


def test_an_entry_larger_than_a_segment_fits(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0", segment_bytes=1024)
        for number in range(4):
            await log.append(refusal(f"r{number}", more="x" * (60_000 if number % 2 else 10)))
        await log.close()

    asyncio.run(work())
    assert verify(tmp_path)["ok"]
    assert len(list(entries(tmp_path / "w0"))) == 4


def test_outgrown_tiles_do_not_stay(tmp_path):
    write_log(tmp_path / "w0", exchanges=140, seals=20)
    names = {
        path.relative_to(tmp_path / "w0").as_posix() for path in (tmp_path / "w0" / "tile").rglob("*") if path.is_file()
    }
    assert names == {
        "tile/entries/000", "tile/entries/001.p/24", "tile/0/000", "tile/0/001.p/24", "tile/1/000.p/1",
    }  # fmt: skip


def test_a_failed_wait_that_nobody_looks_at_makes_no_noise(tmp_path, recwarn):
    complaints = []

    async def work():
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
        log = open_log(tmp_path / "w0", probe_s=3600)
        log._writer.journal._disk.write = _full
        waiting = [asyncio.ensure_future(log.append(refusal("a"))) for _ in range(3)]
        await asyncio.sleep(0)
        for task in waiting[1:]:
            task.cancel()
        with contextlib.suppress(LedgerError):  # the writer may be quick enough to have failed by now
            log.append(refusal("dropped"))
        await until(lambda: not log.writable)
        with pytest.raises(LedgerError, match="cannot be written"):
            await waiting[0]
        del waiting, task
        gc.collect()
        await asyncio.sleep(0)
        await log.close()

    asyncio.run(work())
    assert complaints == []


def _full(*_):
    raise OSError(28, "No space left on device")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.booleans()), min_size=1, max_size=30),
    st.integers(0, 2**32),
)
def test_any_interleaving_ends_in_the_tree_of_the_plain_list(tmp_path_factory, steps, seed):
    """Tasks append, yield, wait or do not, and seals fall in between: the tree is that of the order of the calls."""
    folder = tmp_path_factory.mktemp("audit") / "w0"
    called = []

    async def work():
        log = open_log(folder, segment_bytes=2048)
        chance = random.Random(seed)

        async def one(number, yields, waits, seals):
            for _ in range(yields):
                await asyncio.sleep(0)
            index, entry = log.size, intent(f"r{number}")
            called.append(entry)
            ticket = log.append(entry, linger=not waits)
            if waits:
                assert await ticket == index
            if seals:
                await log.seal()
            for _ in range(chance.randrange(3)):
                await asyncio.sleep(0)
            called.append(outcome(f"r{number}", index))
            log.append(called[-1], linger=True)

        await asyncio.gather(*(one(number, *step) for number, step in enumerate(steps)))
        await log.close()
        return log.head

    head = asyncio.run(work())
    assert [entry for _, entry in entries(folder)] == called
    assert (head.size, head.root) == (len(called), root_of(called))
    assert verify(folder)["ok"]


def test_times_of_records_reach_the_next_opening(tmp_path):
    async def work(now_ns):
        log = open_log(tmp_path / "w0")
        found = log.last_time_ns
        await exchange(log, f"r{now_ns}", at_ns=now_ns)
        await log.close()
        return found

    assert asyncio.run(work(NOW_NS + 5)) == 0
    assert asyncio.run(work(NOW_NS)) == NOW_NS + 5
    assert asyncio.run(work(NOW_NS)) == NOW_NS + 5
