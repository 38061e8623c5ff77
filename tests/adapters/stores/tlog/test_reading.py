"""Reading a log, in use or not: entries in both directions, and proofs that hold against the checkpoint."""

import asyncio

import pytest

from tests.adapters.stores.tlog.kit import NOW_NS, abandon, exchange, open_log, refusal, until, write_log
from tidegate.adapters.stores.tlog import entries, prove_consistency, prove_inclusion
from tidegate.adapters.stores.tlog.reading import checkpoint, first_since, identity, nodes
from tidegate.core.ledger.entries import rfc3339
from tidegate.core.ledger.merkle import extends, includes, leaf_hash, root_at
from tidegate.core.values.errors import LedgerError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """600 sealed entries, of which the journal still holds the last few, and 10 that no checkpoint covers."""
    folder = tmp_path_factory.mktemp("audit") / "w0"

    async def work():
        log = open_log(folder, segment_bytes=4096)
        for number in range(600):
            log.append(refusal(f"r{number}"))
            if number % 40 == 39:
                await asyncio.sleep(0.002)
        await log.append(refusal("last"))
        await log.seal()
        for number in range(10):
            await log.append(refusal(f"unsealed{number}"))
        abandon(log)

    asyncio.run(work())
    return folder


WANTED = [*(refusal(f"r{n}") for n in range(600)), refusal("last"), *(refusal(f"unsealed{n}") for n in range(10))]


def test_the_journal_holds_only_a_part(folder):
    assert min(int(path.stem) for path in (folder / "wal").iterdir()) > 0


def test_entries_come_in_order(folder):
    assert list(entries(folder)) == list(enumerate(WANTED))


def test_entries_come_newest_first(folder):
    assert list(entries(folder, newest_first=True)) == list(enumerate(WANTED))[::-1]


@pytest.mark.parametrize("start", [0, 1, 255, 256, 257, 511, 512, 513, 600, 601, 610, 611, 1000])
def test_entries_come_from_a_start_on(folder, start):
    assert list(entries(folder, start=start)) == list(enumerate(WANTED))[start:]
    assert list(entries(folder, start=start, newest_first=True)) == list(enumerate(WANTED))[start:][::-1]


def test_every_sealed_entry_has_a_proof_against_the_checkpoint(folder):
    head, note = checkpoint(folder)
    assert head.size == 601
    for index in range(0, 601, 7):
        proof = prove_inclusion(folder, index)
        assert (proof.entry, proof.note) == (WANTED[index], note)
        assert includes(leaf_hash(proof.entry), index, head.size, proof.path, head.root)


@pytest.mark.parametrize("index", [-1, 601, 610])
def test_what_no_checkpoint_covers_has_no_proof(folder, index):
    with pytest.raises(LedgerError, match=f"covers entries 0 to 600; {index} is not among them"):
        prove_inclusion(folder, index)


@pytest.mark.parametrize(
    ("first", "second"), [(0, 601), (1, 601), (255, 256), (256, 601), (257, 512), (600, 601), (601, 601)]
)
def test_every_head_extends_every_earlier_one(folder, first, second):
    node = nodes(folder, 601)
    path = prove_consistency(folder, first, second)
    assert extends(first, root_at(first, node), second, root_at(second, node), path)


@pytest.mark.parametrize(("first", "second"), [(5, 4), (1, 602), (-1, 5)])
def test_there_is_no_proof_beyond_the_checkpoint(folder, first, second):
    with pytest.raises(LedgerError, match="there is no proof"):
        prove_consistency(folder, first, second)


def test_a_log_says_who_it_is(folder):
    assert identity(folder).origin == "tidegate/0199aa/w0"


@pytest.mark.parametrize("name", ["log", "checkpoint"])
def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path, name):
    write_log(tmp_path / "w0", 1)
    (tmp_path / "w0" / name).write_bytes(b"\xff")
    with pytest.raises(LedgerError, match=f"w0/{name} cannot be read"):
        checkpoint(tmp_path / "w0")


def test_a_damaged_journal_is_told_with_the_command_that_inspects_it(tmp_path, monkeypatch):
    monkeypatch.setattr("tidegate.adapters.stores.tlog.reading._PAUSE_S", 0)
    write_log(tmp_path / "w0", 2)
    segment = tmp_path / "w0" / "wal" / f"{0:020d}.seg"
    segment.write_bytes(segment.read_bytes().replace(b"r1", b"r2"))
    with pytest.raises(LedgerError, match="tidegate audit verify"):
        list(entries(tmp_path / "w0"))
    segment.unlink()
    with pytest.raises(LedgerError, match="is missing"):
        list(entries(tmp_path / "w0"))


def test_a_log_is_read_while_it_is_written(tmp_path):
    folder = tmp_path / "w0"

    def look():
        found = list(entries(folder))
        assert [index for index, _ in found] == list(range(len(found)))
        assert list(entries(folder, newest_first=True))[-1][0] == 0
        head, _ = checkpoint(folder)
        if head.size:
            proof = prove_inclusion(folder, head.size - 1)
            assert proof.index == head.size - 1
        return len(found)

    async def work():
        log = open_log(folder, segment_bytes=4096, seal_s=0.002)
        await exchange(log, "first")
        running = True

        async def write():
            number = 0
            while running:
                number += 1
                await exchange(log, f"r{number}")

        task = asyncio.create_task(write())
        sizes = [await asyncio.to_thread(look) for _ in range(20)]
        await until(lambda: log.size > sizes[-1])
        running = False
        await task
        await log.close()
        return sizes

    sizes = asyncio.run(work())
    assert sizes == sorted(sizes)


def test_the_first_entry_from_a_moment_on_is_found_in_tiles_and_journal(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0", segment_bytes=4096)
        for number in range(300):
            await log.append(refusal(f"r{number}", at_ns=NOW_NS + number // 3 * 1_000_000_000))
        await log.close()

    asyncio.run(work())
    for second in (0, 1, 50, 99):
        assert first_since(tmp_path / "w0", rfc3339(NOW_NS + second * 1_000_000_000)) == second * 3
    assert first_since(tmp_path / "w0", "") == 0
    assert first_since(tmp_path / "w0", "2020") == 0
    assert first_since(tmp_path / "w0", "2099-01-01") == 300
    assert first_since(tmp_path / "w0", "", newest=10) == 290
    assert first_since(tmp_path / "w0", rfc3339(NOW_NS), newest=10) == 290
    assert first_since(tmp_path / "w0", "", newest=1000) == 0
