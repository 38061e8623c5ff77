"""What a KB costs: CPU time of the whole classification, ours and the peers', in one process on the same texts.

python -m bench.detect.speed
"""

import gc
import resource
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bench.classify import code, dense, prose, records
from bench.detect.peers import DetectSecrets, Presidio
from tidegate.core.classify import Engine
from tidegate.core.values.envelope import Part, Position

KINDS: dict[str, Callable[[int], str]] = {"English": prose, "code": code, "JSON": records, "dense with findings": dense}
SIZES = (2_048, 20_480, 204_800)
_CALLS = {2_048: 400, 20_480: 60, 204_800: 12}


class Cost(NamedTuple):
    """Microseconds of CPU: the best of all calls, and the 99th percentile."""

    best: float
    p99: float


def cost(call: Callable[[], object], calls: int) -> Cost:
    spent = []
    for _ in range(calls):
        start = time.thread_time_ns()
        call()
        spent.append(time.thread_time_ns() - start)
    spent.sort()
    return Cost(spent[0] / 1000, spent[min(calls - 1, calls * 99 // 100)] / 1000)


def ours(engine: Engine) -> Iterator[tuple[str, int, Cost]]:
    for name, make in KINDS.items():
        for size in SIZES:
            parts = (Part(Position.USER, ("text",), make(size)),)
            yield name, size, cost(lambda parts=parts: engine.classify(parts), _CALLS[size])  # type: ignore[misc]


def peers() -> Iterator[tuple[str, str, int, Cost]]:
    """Presidio and detect-secrets at 2 KB and 20 KB: more of it would take minutes and say the same."""
    for peer, asked in (("Presidio", Presidio()), ("detect-secrets", DetectSecrets())):
        for name in ("English", "code"):
            for size in SIZES[:2]:
                text = KINDS[name](size)
                asked.find(text)
                yield peer, name, size, cost(lambda asked=asked, text=text: asked.find(text), 3)  # type: ignore[misc]


def memory_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    engine = Engine(kept_bytes=0)
    gc.disable()
    for name, size, spent in ours(engine):
        kb = size / 1024
        print(f"{name:<22}{size // 1024:>4} KB {spent.best / kb:>8.1f} us/KB   p99 {spent.p99 / 1000:>7.3f} ms")
    for peer, name, size, spent in peers():
        print(f"{peer:<15}{name:<8}{size // 1024:>3} KB {spent.best / (size / 1024):>9.0f} us/KB")


if __name__ == "__main__":
    main()
