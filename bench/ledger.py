"""How fast the audit log takes records, and how fast it is verified.

    python bench/ledger.py [--seconds 5] [--folder PATH]

Each line is a run with so many requests in flight: each appends an intent, waits for it, and appends an outcome that
nobody waits for, as the path does. CPU is that of the whole process: loop, writer, sealer and the kernel's share.
`floor` is the same loop without a log, so that the log's own share can be read off.
"""

import argparse
import asyncio
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from tidegate import verify
from tidegate.adapters.stores.tlog import TileLog
from tidegate.core.ledger.entries import OPENS, Bearing, rfc3339

try:
    import uvloop
except ImportError:
    uvloop = None

SEED = bytes(range(32))


def canonical(record: dict[str, Any]) -> bytes:
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def intent(number: int) -> bytes:
    """About the size and shape of a real one: 1.5 KB, nested facts of two targets."""
    target = {
        "target": "claude",
        "boundary": "cloud-eu",
        "kind": "cloud",
        "region": "eu",
        "contract": True,
        "retention": "zero",
        "training": "never",
        "tier": "enterprise",
        "baa": False,
        "fields_known": True,
    }
    return canonical(
        {
            "v": 1,
            "kind": "intent",
            "ts": rfc3339(time.time_ns()),
            "tenant": "default",
            "request_id": f"{number:036d}",
            "session": "5" * 64,
            "parent": "",
            "sources": [],
            "workload": "support",
            "dialect": "openai.chat",
            "actor": {"type": "loopback", "id": "loopback", "key": "", "team": ""},
            "operation": "chat",
            "stream": False,
            "original_model": "auto",
            "bytes_in": 2100,
            "labels": ["pii.email"],
            "level": "internal",
            "blob": "",
            "findings": {"pii.email": 1},
            "detectors_failed": [],
            "unscannable": 0,
            "rest": [],
            "epoch": "e1",
            "facts": {"tenant": "default", "actor": "loopback", "labels": ["pii", "pii.email"], "level": "internal"},
            "targets": [target, target],
            "policy": "a" * 64,
            "prompt_commit": "b" * 64,
            "decision": [{"target": "claude", "boundary": "cloud-eu", "effect": "redacted", "rules": ["pii-cloud"]}]
            * 2,
        }
    )


def outcome(number: int, index: int) -> bytes:
    return canonical(
        {
            "v": 1,
            "kind": "outcome",
            "ts": rfc3339(time.time_ns()),
            "tenant": "default",
            "request_id": f"{number:036d}",
            "intent": index,
            "status": "completed",
            "http_status": 200,
            "code": "",
            "target": "claude",
            "boundary": "cloud-eu",
            "attempts": [{"target": "claude", "boundary": "cloud-eu", "effect": "redacted"}],
            "response_model": "claude-sonnet-4-5",
            "usage": {"input_tokens": 512, "output_tokens": 128},
            "redactions": 1,
            "restored": 1,
            "bytes_out": 812,
            "response_commit": "c" * 64,
            "duration_us": 812345,
        }
    )


class NoLog:
    """What the same loop costs by itself: records made, tasks switched, nothing kept."""

    size = 0

    async def _at_once(self) -> None:
        await asyncio.sleep(0)

    def append(self, entry: bytes, bearing: Bearing, *, linger: bool = False) -> Awaitable[Any] | None:  # noqa: ARG002
        self.size += 1
        return None if linger else self._at_once()

    async def close(self) -> None:
        pass


class Load(NamedTuple):
    """Seconds; p50 and p99 of waiting for an intent in milliseconds."""

    records: int
    took: float
    user: float
    system: float
    p50: float
    p99: float

    @property
    def cpu_us(self) -> float:
        return (self.user + self.system) / self.records * 1e6


def cpu() -> tuple[float, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime, used.ru_stime


async def load(log: TileLog | NoLog, in_flight: int, seconds: float) -> "Load":
    number = 0
    waits: list[float] = []
    until = time.perf_counter() + seconds

    async def requests() -> None:
        nonlocal number
        while time.perf_counter() < until:
            number += 1
            mine, index, began = number, log.size, time.perf_counter()
            await log.append(intent(mine), (f"{mine:036d}", OPENS, ""))
            waits.append(time.perf_counter() - began)
            log.append(outcome(mine, index), (f"{mine:036d}", index, ""), linger=True)

    before, began = cpu(), time.perf_counter()
    await asyncio.gather(*(requests() for _ in range(in_flight)))
    await log.close()
    took = time.perf_counter() - began
    user, system = (after - start for after, start in zip(cpu(), before, strict=True))
    waits.sort()
    return Load(number * 2, took, user, system, waits[len(waits) // 2] * 1e3, waits[int(len(waits) * 0.99)] * 1e3)


def opened(folder: Path) -> TileLog:
    def nothing_to_recover(entry: bytes, index: int) -> bytes:
        raise AssertionError(f"entry {index} of a new log is an orphan: {entry!r}")

    return TileLog.open(
        folder,
        signing_key=SEED,
        origin_id="bench",
        recovered=nothing_to_recover,
        anchor=lambda _: None,
        now_ns=time.time_ns(),
    )


def run(root: Path, in_flight: int, seconds: float) -> tuple[Path, int]:
    floor = asyncio.run(load(NoLog(), in_flight, min(1, seconds)))
    folder = root / f"w{in_flight}"
    found = asyncio.run(load(opened(folder), in_flight, seconds))
    user, kernel = (share / found.records * 1e6 for share in (found.user, found.system))
    print(
        f"{in_flight:4} in flight: {found.records / found.took:8,.0f} records/s   "
        f"intent p50 {found.p50:6.2f} p99 {found.p99:6.2f} ms   "
        f"CPU/record {found.cpu_us:6.1f} us (user {user:.1f}, kernel {kernel:.1f}; floor {floor.cpu_us:.1f}; "
        f"the log's own {found.cpu_us - floor.cpu_us:.1f})",
        flush=True,
    )
    return folder, found.records


def check(folder: Path, records: int) -> None:
    before = sum(cpu())
    report = verify.verify(folder)
    used = sum(cpu()) - before
    size = sum(path.stat().st_size for path in (folder / "tile" / "entries").rglob("*") if path.is_file())
    assert report["ok"], report["first_damage"]
    assert report["entries"] == records
    print(f"verify: {records / used:,.0f} records/s of CPU ({records} records, {size / used / 1e6:.0f} MB/s)")


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    words.add_argument("--seconds", type=float, default=5)
    words.add_argument("--folder", type=Path, help="where the logs are written (default: a temporary folder)")
    given = words.parse_args()
    if uvloop is not None:
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    root = Path(tempfile.mkdtemp(prefix="tidegate-bench-", dir=given.folder))
    try:
        for in_flight in (1, 32, 256):
            last = run(root, in_flight, given.seconds)
        check(*last)
    finally:
        shutil.rmtree(root)
    return 0


if __name__ == "__main__":
    sys.exit(main())
