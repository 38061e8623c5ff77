"""The log, broken at each single call by which it changes a file, in each way in which a call can break.

Whatever breaks: what was acknowledged is there, in its place; the log opens again without help; the verifier finds
nothing wrong, also against the heads that were handed on before; every orphan is closed; and the log goes on.
"""

import asyncio
import errno
import os
import random
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.adapters.stores.tlog import breaking
from tests.adapters.stores.tlog.breaking import DIES_AFTER, DIES_BEFORE, DIES_HALFWAY, DIES_UNSYNCED, FAILS, BreakingOs
from tests.adapters.stores.tlog.kit import abandon, intent, open_log, outcome, refusal, until, write_log
from tidegate.adapters.stores.tlog import disk, entries
from tidegate.core.values.errors import LedgerError
from tidegate.verify import verify

SEGMENT = 2048
EVERY = os.environ.get("TIDEGATE_FAULTS") == "long"


@contextmanager
def place():
    """In memory where that is possible: thousands of syncs to a real disk would take minutes and show nothing more."""
    home = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    try:
        (home / "disk").mkdir()
        yield home
    finally:
        shutil.rmtree(home)


class Told:
    """What the world outside was told: entries that were acknowledged, by index, and heads that were handed on."""

    def __init__(self):
        self.acknowledged, self.heads, self.refused = {}, [], 0

    async def put(self, log, entry):
        index = log.size
        try:
            index = await log.append(entry)
        except LedgerError:
            self.refused += 1
            return None
        self.acknowledged[index] = entry
        return index

    async def exchange(self, log, name):
        index = await self.put(log, intent(name, more="x" * 300))
        if index is not None:
            await self.put(log, outcome(name, index))


async def story(folder, told, *, opening=lambda log: None):
    """All that a log does: it is made, fills segments, seals, drops segments, leaves an orphan, and closes."""
    log = open_log(folder, segment_bytes=SEGMENT, anchors=told.heads, probe_s=0.001)
    opening(log)
    for number in range(4):
        await told.exchange(log, f"a{number}")
    await seal(log)
    for number in range(250):
        entry = refusal(f"b{number}")
        told_later = log.append(entry) if log.writable and number % 50 else None
        if told_later is None:
            await told.put(log, entry)
    await seal(log)
    await told.put(log, intent("orphan"))
    await seal(log)
    await told.exchange(log, "c")
    return log


async def seal(log):
    with suppress(LedgerError):
        await log.seal()


def must_hold(audit, told):
    """Opens what is left, and compares it with what the world was told."""

    async def work():
        log = open_log(audit / "w0", segment_bytes=SEGMENT, anchored=told.heads[-1] if told.heads else None)
        size = log.size
        assert await log.append(refusal("after")) == size
        await log.close()

    asyncio.run(work())
    kept = dict(entries(audit / "w0"))
    assert {index: kept.get(index) for index in told.acknowledged} == told.acknowledged
    report = verify(audit, anchors=told.heads)
    assert report["first_damage"] is None
    assert (report["orphans"], report["open"]) == (0, 0)


def calls_of(work):
    with place() as home:
        fake = BreakingOs(home / "disk")
        run(home / "disk" / "audit", fake, Told(), work)
        fake.release()
        return fake.calls


def run(audit, fake, told, work):
    """The whole story under `fake`, and then the end of the process, by itself or by what broke."""

    async def whole():
        log = None

        def opened(found):
            nonlocal log
            log = found

        try:
            log = await work(audit / "w0", told, opening=opened)
        except LedgerError:
            assert fake.dead or fake.how == FAILS or work is glance
        if log is not None and fake.dead:
            abandon(log)
        elif log is not None and work is not glance:
            await log.close()
            await asyncio.sleep(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk, "os", fake)
        asyncio.run(whole())


async def glance(folder, told, *, opening=lambda log: None):
    """Opening it, telling its head, and dying at once: what the opening built upon must be durable by then."""
    log = open_log(folder, segment_bytes=SEGMENT)
    opening(log)
    told.heads.append(log.head)
    abandon(log)
    raise LedgerError("it is gone")


async def restart(folder, told, *, opening=lambda log: None):
    """Opening a log that was let go of in the middle: a torn tail, orphans, a seal that was not finished."""
    log = open_log(folder, segment_bytes=SEGMENT, anchors=told.heads, probe_s=0.001)
    opening(log)
    await told.exchange(log, f"again{log.size}")
    told.heads.append(log.head)
    return log


CALLS = len(calls_of(story))


def sample(count, most):
    """All break points while they are few; else those of the log's creation, the last ones, a fixed choice between."""
    numbers = list(range(1, count + 1))
    if EVERY or count <= most:
        return numbers
    chosen = random.Random(3).sample(numbers[45:-15], most - 60)
    return sorted([*numbers[:45], *numbers[-15:], *chosen])


def test_the_story_comes_to_every_kind_of_call():
    assert set(calls_of(story)) == {
        "mkdir", "open", "pwrite", "pwritev", "ftruncate", "fallocate", "fsync", "replace", "rename", "unlink", "rmdir",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("how", [DIES_BEFORE, DIES_HALFWAY, DIES_UNSYNCED, DIES_AFTER])
def test_a_process_that_ends_at_any_call_loses_nothing_that_it_acknowledged(how):
    broken = 0
    for at in sample(CALLS, 70):
        with place() as home:
            fake, told = BreakingOs(home / "disk", at, how), Told()
            run(home / "disk" / "audit", fake, told, story)
            broken += fake.dead
            (home / "killed").mkdir()
            if (home / "disk" / "audit").exists():
                shutil.copytree(home / "disk" / "audit", home / "killed" / "audit")
            cuts = [home / "killed"]
            for number, chance in enumerate(breaking.outcomes(at)):
                cuts.append(home / f"cut{number}")
                fake.power_cut(cuts[-1], chance)
            for cut in cuts:
                must_hold(cut / "audit", told)
            fake.dead, fake.at = False, 0
            run(home / "disk" / "audit", fake, told, restart if at % 2 else glance)
            fake.power_cut(home / "later", random.Random(at) if at % 3 else None)
            fake.release()
            must_hold(home / "later" / "audit", told)
    assert broken >= 60, "the break points were reached"


@pytest.mark.slow
@pytest.mark.parametrize(("error", "times"), [(errno.ENOSPC, 1), (errno.EIO, 1), (errno.ENOSPC, 5)])
def test_a_call_that_fails_closes_the_log_until_it_is_mended_and_loses_nothing(error, times):
    refused = 0
    for at in sample(CALLS, 60):
        with place() as home:
            fake, told = BreakingOs(home / "disk", at, FAILS, times=times, error=error), Told()
            run(home / "disk" / "audit", fake, told, mending)
            fake.power_cut(home / "cut")
            fake.release()
            refused += told.refused
            must_hold(home / "disk" / "audit", told)
            must_hold(home / "cut" / "audit", told)
    assert refused, "some were told no"


async def mending(folder, told, *, opening=lambda log: None):
    """The story, told by somebody who tries again as long as the log says no."""
    for _ in range(10):
        try:
            log = open_log(folder, segment_bytes=SEGMENT, anchors=told.heads, probe_s=0.001, seal_s=0.01)
            break
        except LedgerError:
            continue
    opening(log)
    for number in range(40):
        await until(lambda: log.writable)
        await told.exchange(log, f"a{number}")
        if number % 10 == 9:
            await seal(log)
    await until(lambda: log.writable)
    return log


@pytest.mark.slow
@pytest.mark.parametrize("how", [DIES_BEFORE, DIES_HALFWAY, DIES_UNSYNCED, DIES_AFTER, FAILS])
def test_a_restart_that_breaks_can_be_made_again(how):
    with place() as home:
        first = Told()
        write_torn(home / "torn" / "audit", first)
        fake = BreakingOs(home / "torn")
        run(home / "torn" / "audit", fake, Told(), restart)
        fake.release()
        count = len(fake.calls)
    broken = 0
    for at in range(1, count + 1):
        with place() as home:
            told = Told()
            write_torn(home / "torn" / "audit", told)
            fake = BreakingOs(home / "torn", at, how)
            run(home / "torn" / "audit", fake, told, restart)
            broken += fake.dead
            fake.power_cut(home / "cut", random.Random(at))
            fake.release()
            must_hold(home / "torn" / "audit", told)
            must_hold(home / "cut" / "audit", told)
    assert broken == (0 if how == FAILS else count)


def write_torn(audit, told):
    write_log(audit / "w0", 6, orphans=3, close=False, seals=2, segment_bytes=SEGMENT)
    told.acknowledged.update(entries(audit / "w0"))
    segment = max((audit / "w0" / "wal").iterdir())
    content = bytearray(segment.read_bytes())
    end = -(-len(bytes(content).rstrip(b"\0")) // 512) * 512
    content[end + 512 : end + 1024] = b"x" * 511 + b"}"  # the second sector of a group whose first never came
    segment.write_bytes(content)
