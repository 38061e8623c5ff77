"""When the journal cannot be written: nobody is told yes, nothing is dispatched, and the log mends itself."""

import asyncio
import errno

import pytest

from tests.adapters.stores.tlog.kit import intent, open_log, outcome, refusal, until, write_log
from tidegate.adapters.stores.tlog import entries
from tidegate.adapters.stores.tlog.disk import Disk
from tidegate.core.values.errors import LedgerError
from tidegate.verify import verify


class Broken(Disk):
    """Takes nothing while `error` is set; half of a group may reach the file all the same."""

    def __init__(self):
        super().__init__()
        self.error = 0
        self.attempts = 0

    def write(self, fd, pieces, offset):
        if self.error:
            self.attempts += 1
            super().write(fd, (b"".join(pieces)[:300],), offset)
            raise OSError(self.error, "it broke")
        super().write(fd, pieces, offset)

    def create(self, path, size_bytes):
        if self.error:
            self.attempts += 1
            raise OSError(self.error, "it is still broken")
        return super().create(path, size_bytes)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_whoever_waits_is_told_no_and_so_is_whoever_comes(tmp_path, error):
    async def work():
        disk = Broken()
        log = open_log(tmp_path / "w0", disk=disk)
        await log.append(refusal("before"))
        disk.error = error
        waiting = [log.append(refusal(f"r{n}")) for n in range(5)]
        told = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(answer) for answer in told] == [LedgerError] * 5
        assert (log.writable, log.size) == (False, 1)
        assert str(tmp_path / "w0") in log.reason
        with pytest.raises(LedgerError, match="cannot be written: it"):
            log.append(refusal("later"))
        with pytest.raises(LedgerError, match="cannot be written: it"):
            await waiting[0]
        disk.error = 0
        await until(lambda: log.writable)
        assert log.reason == ""
        assert await log.append(refusal("after")) == 1
        await log.close()

    asyncio.run(work())
    assert [entry for _, entry in entries(tmp_path / "w0")] == [refusal("before"), refusal("after")]
    assert verify(tmp_path)["first_damage"] is None


def test_the_index_of_a_lost_intent_is_given_again_and_its_outcome_closes_nothing(tmp_path):
    """Otherwise the outcome of a request that was refused could close the intent of another."""

    async def work():
        disk = Broken()
        log = open_log(tmp_path / "w0", disk=disk)
        disk.error = errno.EIO
        lost = log.append(intent("lost"))
        with pytest.raises(LedgerError):
            await lost
        disk.error = 0
        await until(lambda: log.writable)
        assert await log.append(intent("next")) == lost.index
        with pytest.raises(LedgerError, match="nothing to close"):
            log.append(outcome("lost", lost.index))
        await log.append(outcome("next", lost.index))
        await log.close()

    asyncio.run(work())
    assert verify(tmp_path)["orphans"] == 0


def test_a_lost_outcome_leaves_its_intent_open(tmp_path):
    async def work():
        disk = Broken()
        log = open_log(tmp_path / "w0", disk=disk)
        index = await log.append(intent("a"))
        disk.error = errno.EIO
        with pytest.raises(LedgerError):
            await log.append(outcome("a", index))
        disk.error = 0
        await until(lambda: log.writable)
        assert verify(tmp_path)["open"] == 1
        await log.append(outcome("a", index))
        await log.close()

    asyncio.run(work())
    report = verify(tmp_path)
    assert (report["entries"], report["orphans"]) == (2, 0)


def test_probes_are_rare(tmp_path):
    async def work():
        disk = Broken()
        log = open_log(tmp_path / "w0", disk=disk, probe_s=3600)
        await log.append(refusal("a"))
        disk.error = errno.ENOSPC
        for _ in range(20):
            with pytest.raises(LedgerError):
                await log.append(refusal("b"))
        attempts = disk.attempts
        await log.close()
        return attempts

    assert asyncio.run(work()) == 1


def test_closing_a_log_that_is_broken_ends(tmp_path):
    async def work():
        disk = Broken()
        log = open_log(tmp_path / "w0", disk=disk)
        await log.append(intent("a"))
        disk.error = errno.ENOSPC
        log.append(refusal("lost"))
        await until(lambda: not log.writable)
        await asyncio.wait_for(log.close(), 10)

    asyncio.run(work())
    assert verify(tmp_path)["first_damage"] is None
    write_log(tmp_path / "w0", 0)
    report = verify(tmp_path)
    assert (report["first_damage"], report["orphans"]) == (None, 0)


def test_a_defect_in_the_writer_closes_the_log_instead_of_hanging_it(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0", probe_s=3600)

        def defect(*_):
            raise ValueError("a defect")

        log._writer.journal.write = defect
        with pytest.raises(LedgerError, match="cannot be written: a defect"):
            await asyncio.wait_for(log.append(refusal("a")), 10)
        await log.close()

    asyncio.run(work())


def test_what_gathers_during_one_sync_makes_one_group(tmp_path):
    groups = []

    class Counting(Disk):
        def write(self, fd, pieces, offset):
            groups.append(int.from_bytes(pieces[0][4:8]))
            super().write(fd, pieces, offset)

    async def work():
        log = open_log(tmp_path / "w0", disk=Counting())
        await log.append(refusal("alone"))
        await asyncio.gather(*(log.append(refusal(f"r{n}")) for n in range(200)))
        await log.close()

    asyncio.run(work())
    assert groups[0] == 1
    assert sum(groups) == 201
    assert len(groups) < 60


def test_a_group_does_not_grow_beyond_bounds(tmp_path, monkeypatch):
    monkeypatch.setattr("tidegate.adapters.stores.tlog.writer.GROUP_BYTES", 4096)

    async def work():
        log = open_log(tmp_path / "w0", segment_bytes=1 << 16)
        for number in range(100):
            log.append(refusal(f"r{number}", more="x" * 500), linger=True)
        await log.close()

    asyncio.run(work())
    assert len(list(entries(tmp_path / "w0"))) == 100
