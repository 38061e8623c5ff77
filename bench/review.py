"""What holding, hearing and using cost, with the real store and log on disk: `python -m bench.review`.

Wall time, median and most: each waits for the disk a few times. CPU time of what is pure, least of several rounds.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson

from tests.core.review.kit import ANNA, BEN, KEYS, REVIEWERS, note, question, waiting, word
from tidegate.adapters.stores.sql import SqlStore
from tidegate.adapters.stores.tlog import TileLog
from tidegate.adapters.system.clock import SystemClock
from tidegate.adapters.system.entropy import SystemEntropy
from tidegate.core.ledger.entries import rfc3339
from tidegate.core.review import keeping
from tidegate.core.review.binding import bind
from tidegate.core.review.hearing import Terms, heard
from tidegate.core.review.releasing import released
from tidegate.core.settle import record
from tidegate.core.values.review import Verdict
from tidegate.services.reviews import Effects, ReviewQueue, Rules

COUNT, ROUNDS = 200, 9


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as folder:
        asyncio.run(_on_disk(Path(folder)))
    asked, review = question(), waiting()
    said = word(BEN, review)
    approved = heard(review, REVIEWERS["ben"], said, Terms(), review.held_ns)
    here = bind(asked, KEYS, review=review.id, until=review.binding.until)
    _tell("bind a request", lambda: bind(asked, KEYS, review=review.id, until=""))
    now = review.held_ns
    _tell("may it go", lambda: released(approved, here, asked.decision, REVIEWERS, Terms(), now))


async def _on_disk(folder: Path) -> None:
    entropy, clock = SystemEntropy(), SystemClock()
    store = await SqlStore.open(f"sqlite:///{folder}/state.db", entropy=entropy)
    log = TileLog.open(
        folder / "w0",
        signing_key=b"s" * 32,
        origin_id=entropy.uuid7(),
        recovered=lambda entry, index: record.recovered(entry, index, rfc3339(clock.now_ns())),
        anchor=lambda _head: None,
        now_ns=clock.now_ns(),
    )
    effects = Effects(record=log.append, new_id=entropy.uuid7)
    queue = ReviewQueue(store, clock, KEYS, Rules(reviewers=REVIEWERS, most=COUNT), effects)
    taken: dict[str, list[float]] = {"hold": [], "hear": [], "use": []}

    async def timed(what: str, work: Callable[[], Awaitable[object]]) -> object:
        began = time.perf_counter_ns()
        done = await work()
        taken[what].append((time.perf_counter_ns() - began) / 1e6)
        return done

    for number in range(COUNT):
        asked = question(body=b"%d" % number)
        held = str(await timed("hold", lambda asked=asked: queue.wait(asked)))
        row = await store.review(held)
        assert row is not None
        said = orjson.dumps({"note": note(ANNA, keeping.read(row), Verdict.RAW, at=clock.now_ns())})
        await timed("hear", lambda said=said: queue.answer(said))
        used = await timed("use", lambda asked=asked, held=held: queue.use(held, asked))
        assert isinstance(used, dict), used
    for what, times in taken.items():
        print(f"{what}: {statistics.median(times):.1f} ms median, {max(times):.1f} ms most of {COUNT}")
    await log.close()
    await store.aclose()


def _tell(what: str, work: Callable[[], object]) -> None:
    """The least of several rounds, in microseconds of CPU."""
    least = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time_ns()
        for _ in range(500):
            work()
        least = min(least, (time.process_time_ns() - began) / 500_000)
    print(f"{what}: {least:.0f} us CPU")


if __name__ == "__main__":
    main()
