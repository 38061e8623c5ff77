"""What routing adds to a request: CPU time of choosing, of a whole journey, and of what a runtime tells.

python -m bench.routing
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from functools import partial

from tidegate.core.dispatch import runtimes
from tidegate.core.dispatch.choice import Runner, order
from tidegate.core.dispatch.runtimes import Told
from tidegate.core.settle.record import Outcome
from tidegate.core.values.decision import Effect, TargetDecision
from tidegate.core.values.route import Lane, Route, Strategy, Wanted
from tidegate.core.values.target import Boundary, Target
from tidegate.services.routing import Router

ROUNDS, CALLS = 9, 4_000
STRATEGIES: tuple[Strategy, ...] = ("ordered", "weighted", "fastest", "least-loaded")


class Clock:
    def now_ns(self) -> int:
        return time.time_ns()

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()


class Entropy:
    def uuid7(self) -> str:
        return ""

    def chance(self) -> float:
        return 0.5


class Answer:
    status, headers = 200, {"content-type": "application/json"}

    async def read(self, _: int) -> bytes:
        return b"{}"

    async def aclose(self) -> None:
        return


def targets(count: int) -> list[Target]:
    place = Boundary("there", "cloud")
    return [Target(name=f"t{n}", provider="openai", url="https://t", model="m", boundary=place) for n in range(count)]


def best_us(call: Callable[[], object], calls: int = CALLS) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time_ns()
        for _ in range(calls):
            call()
        best = min(best, (time.process_time_ns() - began) / calls)
    return best / 1000


async def journeys_us(route: Route, count: int, latency: str, lane: Lane) -> float:
    """From the permitted targets to a read answer. Less a bare send and read, it is what routing costs a request."""
    some = targets(count)
    router = Router(some, clock=Clock(), entropy=Entropy(), default=route, lanes={one.name: lane for one in some})
    permitted = [(one, TargetDecision(one.name, "there", Effect.RAW, ())) for one in some]
    wanted = Wanted("auto", ("t", "k"), latency, "chat", False, frozenset())  # type: ignore[arg-type]

    async def send(_: Target, __: TargetDecision) -> Answer:
        return Answer()

    async def routed() -> None:
        found = await router.first_answer(wanted, permitted, send, Outcome())
        await found.answer.read(100)
        await found.answer.aclose()

    async def bare() -> None:
        Outcome()  # which every request has, routed or not
        answer = await send(*permitted[0])
        await answer.read(100)
        await answer.aclose()

    return await _best(routed) - await _best(bare)


async def _best(call: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time_ns()
        for _ in range(CALLS):
            await call()  # type: ignore[misc]
        best = min(best, (time.process_time_ns() - began) / CALLS)
    return best / 1000


def choices() -> Iterable[tuple[str, float]]:
    runners = [Runner(f"t{n}", False, "warm", n / 7 % 1, 0.1, n, 4) for n in range(6)]
    for strategy in STRATEGIES:
        for latency in ("", "interactive"):
            name = f"order of six, {strategy}{', interactive' if latency else ''}"
            yield name, best_us(partial(order, runners, Route(strategy=strategy), latency, 0.5))  # type: ignore[arg-type]


def main() -> None:
    for name, cost in choices():
        print(f"{name:<46}{cost:>8.2f} us")
    for strategy in STRATEGIES:
        cost = asyncio.run(journeys_us(Route(strategy=strategy), 3, "", Lane()))
        print(f"{f'journey through three, {strategy}':<46}{cost:>8.2f} us")
    cost = asyncio.run(journeys_us(Route(), 3, "interactive", Lane(most=64)))
    print(f"{'journey, ordered, interactive, with a limit':<46}{cost:>8.2f} us")
    metrics = b"".join(b'vllm:num_requests_running{model_name="m%d"} 3.0\n' % n for n in range(200))
    told = {"/health": Told(200, b""), "/metrics": Told(200, metrics)}
    print(f"{'read 200 lines of metrics':<46}{best_us(lambda: runtimes.read('vllm', told, 'm7'), 100):>8.2f} us")


if __name__ == "__main__":
    main()
