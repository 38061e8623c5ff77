"""A process that fills a log until it is killed: `log_writer.py FOLDER [LIMIT]`. Tells each index it was promised."""

import asyncio
import os
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.adapters.stores.tlog.kit import intent, open_log, outcome, until
from tidegate.core.values.errors import LedgerError


def tell(words):
    os.write(1, f"{words}\n".encode())


async def fill(folder):
    """32 requests at a time, each telling when its intent is durable."""
    log = open_log(folder, segment_bytes=1 << 16, seal_s=0.02)
    tell(f"opened {log.size}")

    async def requests(name):
        number = 0
        while True:
            number += 1
            index = await log.append(intent(f"{name}-{number}-{os.getpid()}"))
            tell(f"kept {index} {name}-{number}-{os.getpid()}")
            log.append(outcome(f"{name}-{number}-{os.getpid()}", index), linger=True)

    await asyncio.gather(*(requests(n) for n in range(32)))


async def fill_up(folder, limit):
    """Files may not grow beyond `limit` bytes for a while, as on a full disk."""
    log = open_log(folder, segment_bytes=limit, seal_s=3600, probe_s=0.02)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit // 2, resource.RLIM_INFINITY))
    number = kept = 0
    try:
        while True:
            kept = await log.append(intent(f"r{number}", more="x" * 1000))
            number += 1
    except LedgerError as error:
        tell(f"refused after {kept}: {error}")
    try:
        log.append(intent("refused"))
    except LedgerError:
        tell(f"closed {log.writable} {log.size}")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await until(lambda: log.writable)
    tell(f"open again {await log.append(intent('after', more='x' * 1000))}")
    await log.close()


if __name__ == "__main__":
    where = Path(sys.argv[1])
    asyncio.run(fill_up(where, int(sys.argv[2])) if len(sys.argv) > 2 else fill(where))
