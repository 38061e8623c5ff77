"""When the log cannot be sealed it closes, and opens again with the seal that succeeds."""

import asyncio
import errno
import tracemalloc

import orjson
import pytest

from tests.adapters.stores.tlog.kit import exchange, open_log, refusal, until
from tidegate.adapters.stores.tlog.disk import Disk
from tidegate.core.values.errors import LedgerError
from tidegate.verify import verify


class Broken(Disk):
    """While `where` is set, that step of a seal fails."""

    where = ""

    def _break(self, where):
        if where and self.where == where:
            raise OSError(errno.ENOSPC, "No space left on device")

    def place(self, path, data, temporary):
        self._break("tiles" if "tile" in path.parts else path.name)
        super().place(path, data, temporary)

    def extend(self, path, data, offset):
        if self.where == "half a line":
            super().extend(path, data[:40], offset)
        self._break("half a line")
        self._break("checkpoints")
        super().extend(path, data, offset)

    def sync_folder(self, path):
        self._break("names" if "tile" in path.parts else "top" if path.name == "w0" else "")
        super().sync_folder(path)


@pytest.mark.parametrize("where", ["tiles", "names", "checkpoints", "half a line", "checkpoint", "top"])
def test_a_seal_that_fails_closes_the_log_until_one_succeeds(tmp_path, where):
    async def work():
        heads, disk = [], Broken()
        log = open_log(tmp_path / "w0", disk=disk, anchors=heads, seal_s=0.01)
        await exchange(log, "a")
        await log.seal()
        disk.where = where
        await exchange(log, "b")
        with pytest.raises(LedgerError, match="cannot be sealed: No space left on device"):
            await log.seal()
        assert not log.writable
        with pytest.raises(LedgerError, match="cannot be sealed"):
            log.append(refusal("refused"))
        assert [head.size for head in heads] == [2], "no head is handed on that is not on disk"
        disk.where = ""
        await until(lambda: log.writable)
        await exchange(log, "c")
        await log.close()
        await asyncio.sleep(0)
        return [head.size for head in heads]

    assert asyncio.run(work()) == [2, 4, 6]
    report = verify(tmp_path)
    assert (report["first_damage"], report["entries"]) == (None, 6)


def test_what_cannot_be_sealed_at_the_end_is_sealed_at_the_next_start(tmp_path):
    async def work():
        disk = Broken()
        log = open_log(tmp_path / "w0", disk=disk)
        await exchange(log, "a")
        disk.where = "tiles"
        await asyncio.wait_for(log.close(), 10)

    asyncio.run(work())
    assert verify(tmp_path)["logs"][0]["exposure"]["behind_checkpoint"] == 2
    log = open_log(tmp_path / "w0")
    assert log.head.size == 2
    asyncio.run(log.close())


def test_a_defect_in_the_sealer_closes_the_log_too(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0")

        def defect(*_):
            raise ValueError("a defect")

        log._sealer.sealing.seal = defect
        await exchange(log, "a")
        with pytest.raises(LedgerError, match="a defect"):
            await log.seal()
        assert not log.writable
        await log.close()

    asyncio.run(work())


def test_sealing_nothing_new_changes_nothing(tmp_path):
    async def work():
        heads = []
        log = open_log(tmp_path / "w0", anchors=heads)
        await log.seal()
        await exchange(log, "a")
        await asyncio.gather(log.seal(), log.seal(), log.seal())
        await log.seal()
        await log.close()
        return heads

    assert [head.size for head in asyncio.run(work())] == [2]
    assert len((tmp_path / "w0" / "checkpoints").read_text().splitlines()) == 2


def test_what_cannot_be_tidied_is_no_reason_to_close(tmp_path):
    class Keeping(Disk):
        def remove(self, path):
            raise PermissionError(errno.EACCES, "Permission denied")

    async def work():
        log = open_log(tmp_path / "w0", disk=Keeping())
        for name in "abc":
            await exchange(log, name)
            await log.seal()
        assert log.writable
        await log.close()

    asyncio.run(work())
    report = verify(tmp_path)
    assert (report["first_damage"], report["entries"]) == (None, 6)


def test_entries_that_wait_for_their_seal_take_their_length_in_memory(tmp_path):
    """Writers of JSON hand out far more memory than what they wrote is long."""
    entries, length = 300, 1200

    async def work():
        log = open_log(tmp_path / "w0", seal_s=60)
        tracemalloc.start()
        try:
            for number in range(entries):
                about = orjson.loads(refusal(f"r{number}"))
                await log.append(orjson.dumps({**about, "padding": "p" * length}))
            await asyncio.sleep(0)
            return tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()
            await log.close()

    assert entries * length < asyncio.run(work()) < 2 * entries * length
