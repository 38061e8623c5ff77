"""Small logs for tests: entries as the gateway writes them, and an open log with everything at hand."""

import asyncio
import json
import os
import time
from pathlib import Path

from tidegate.adapters.stores.tlog import TileLog
from tidegate.core.ledger.entries import bearing, rfc3339

SEED = bytes(range(32))
OTHER_SEED = bytes(range(1, 33))
NOW_NS = 1_795_000_000_123_456_789


def canonical(**fields):
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def intent(request, *, at_ns=NOW_NS, **more):
    return canonical(kind="intent", request_id=request, ts=rfc3339(at_ns), v=1, **more)


def outcome(request, index, *, at_ns=NOW_NS, **more):
    return canonical(kind="outcome", request_id=request, intent=index, ts=rfc3339(at_ns), v=1, **more)


def refusal(request, *, at_ns=NOW_NS, **more):
    return canonical(kind="refusal", request_id=request, ts=rfc3339(at_ns), v=1, **more)


def recovered(entry, index):
    return canonical(kind="recovered", request_id=bearing(entry)[0], intent=index, ts=rfc3339(NOW_NS), v=1)


def open_log(folder, **wishes):
    """`anchors`: a list that gets each head. Sealing waits for a call unless `seal_s` says otherwise."""
    heads = wishes.pop("anchors", [])
    given = {
        "signing_key": SEED, "origin_id": "0199aa", "recovered": recovered, "anchor": heads.append, "now_ns": NOW_NS,
        "segment_bytes": 1 << 16, "seal_s": 3600, "probe_s": 0.01,
    }  # fmt: skip
    return TileLog.open(Path(folder), **(given | wishes))


async def exchange(log, request, **more):
    """One request's two records; gives the index of its intent."""
    index = await log.append(intent(request, **more))
    await log.append(outcome(request, index, **more))
    return index


def write_log(folder, exchanges=10, *, orphans=0, close=True, seals=1, **wishes):
    """A finished log, or (without `close`) one that was let go of in the middle, as by SIGKILL."""

    async def work():
        log = open_log(folder, **wishes)
        for number in range(exchanges):
            await exchange(log, f"r{number}")
            if seals and number % max(1, exchanges // seals) == 0:
                await log.seal()
        for number in range(orphans):
            await log.append(intent(f"orphan{number}"))
        if close:
            await log.close()
        else:
            abandon(log)

    asyncio.run(work())


def abandon(log):
    """What SIGKILL does to it: threads end without a last word, the lock goes, nothing more is written."""
    log._writer.journal.write = log._sealer.sealing.seal = _dead
    log._writer.end()
    log._sealer.end()
    log._writer.thread.join()
    log._sealer.thread.join()
    log._writer.journal.close()
    os.close(log._lock)


def _dead(*_):
    raise OSError("the process is gone")


async def until(claim, patience_s=10):
    """Waits for something that other threads bring about."""
    end = time.monotonic() + patience_s
    while not claim():
        assert time.monotonic() < end, "it did not come to pass"
        await asyncio.sleep(0.005)
