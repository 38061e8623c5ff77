"""A seal by itself: what it writes, that it can be made again, and what it tidies."""

import asyncio
import os

import pytest

from tests.adapters.stores.tlog.kit import SEED, exchange, intent, open_log, refusal, write_log
from tidegate.adapters.stores.tlog.disk import Disk
from tidegate.core.ledger.checkpoints import parse_history_line
from tidegate.core.ledger.notes import Signer
from tidegate.verify import verify


def steps_of(folder, entries_at_once):
    """The order in which a seal changes files."""
    steps = []

    class Watching(Disk):
        def place(self, path, data, temporary):
            steps.append(os.path.relpath(path, folder))
            super().place(path, data, temporary)

        def extend(self, path, data, offset):
            steps.append("history")
            super().extend(path, data, offset)

        def sync_folder(self, path):
            steps.append(f"names of {os.path.relpath(path, folder.parent)}")
            super().sync_folder(path)

    async def work():
        log = open_log(folder, disk=Watching())
        for number in range(entries_at_once):
            log.append(refusal(f"r{number}"))
        await log.append(refusal("last"))
        steps.clear()
        await log.seal()
        seal = list(steps)
        await log.close()
        return seal

    return asyncio.run(work())


def test_tiles_are_durable_before_the_history_and_that_before_the_checkpoint(tmp_path):
    steps = steps_of(tmp_path / "w0", 299)
    tiles = [place for place, step in enumerate(steps) if step.startswith("tile/")]
    assert [steps[place] for place in tiles] == [
        "tile/entries/000", "tile/entries/001.p/44", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1",
    ]  # fmt: skip
    names = {step for step in steps[tiles[-1] :] if step.startswith("names of w0/tile")}
    assert {f"names of w0/tile/{folder}" for folder in ("entries", "entries/001.p", "0", "0/001.p", "1/000.p")} <= names
    assert steps[-3:] == ["history", "checkpoint", "names of w0"]


def test_a_tile_that_did_not_change_is_not_written_again(tmp_path):
    written = []

    class Watching(Disk):
        def place(self, path, data, temporary):
            written.append(path.name)
            super().place(path, data, temporary)

    async def work():
        log = open_log(tmp_path / "w0", disk=Watching())
        for number in range(260):
            log.append(refusal(f"r{number}"))
        await log.seal()
        await log.append(refusal("one more"))
        await log.seal()
        written.clear()
        await log.append(refusal("and another"))
        await log.seal()
        again = list(written)
        await log.close()
        return again

    assert asyncio.run(work()) == ["6", "6", "checkpoint"]


def test_the_history_tells_from_where_a_restart_must_look_for_orphans(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0")
        await exchange(log, "a")
        await log.seal()
        await log.append(intent("open"))
        await exchange(log, "b")
        await log.seal()
        await log.close()

    asyncio.run(work())
    verifier = Signer("tidegate/0199aa/w0", SEED).verifier
    history = (tmp_path / "w0" / "checkpoints").read_text().splitlines(keepends=True)
    lines = [parse_history_line(line, verifier) for line in history]
    assert [(line.number, line.low, line.head.size) for line in lines] == [(1, 0, 0), (2, 2, 2), (3, 2, 5)]


@pytest.mark.parametrize("sizes", [[1] * 12, [300, 300], [255, 1, 1], [700]])
def test_any_rhythm_of_seals_leaves_a_sound_log_and_nothing_outgrown(tmp_path, sizes):
    async def work():
        log = open_log(tmp_path / "w0")
        for size in sizes:
            for number in range(size):
                log.append(refusal(f"r{number}"))
            await log.append(refusal("last"))
            await log.seal()
        await log.close()

    asyncio.run(work())
    total = sum(sizes) + len(sizes)
    partial = list((tmp_path / "w0" / "tile").rglob("*.p/*"))
    assert len(partial) == 3 - (total < 256) - (total % 256 == 0) * 2
    report = verify(tmp_path)
    assert (report["first_damage"], report["entries"]) == (None, total)


def test_many_small_lives_make_one_log(tmp_path):
    for _ in range(12):
        write_log(tmp_path / "w0", 3, seals=2, orphans=1, close=False)
    write_log(tmp_path / "w0", 0)
    report = verify(tmp_path)
    assert (report["first_damage"], report["entries"], report["orphans"]) == (None, 12 * 8, 0)
