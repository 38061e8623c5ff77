"""A router with a clock that moves only when somebody sleeps, and targets that do what a script says."""

import asyncio
import json

from tidegate.core.settle.record import Outcome
from tidegate.core.values.decision import Effect, TargetDecision
from tidegate.core.values.errors import Refusal, UpstreamError
from tidegate.core.values.route import Route, Wanted
from tidegate.core.values.target import Boundary, Target
from tidegate.services.routing import Router

NOW_NS = 1_780_000_000_000_000_000
KINDS = {"here": "local", "own": "private", "there": "cloud"}


def target(name, boundary="there", model="m"):
    place = Boundary(boundary, KINDS[boundary])
    return Target(name=name, provider="openai-compatible", url=f"https://{name}/v1", model=model, boundary=place)


class Clock:
    def __init__(self):
        self.seconds = 1000.0
        self.slept = []

    def now_ns(self):
        return NOW_NS

    def monotonic_ns(self):
        return int(self.seconds * 1e9)

    async def sleep(self, seconds):
        self.slept.append(round(seconds, 3))
        self.seconds += seconds
        await asyncio.sleep(0)


class Entropy:
    """Always the middle, unless told otherwise."""

    def __init__(self, chance=0.5):
        self.value = chance

    def chance(self):
        return self.value

    def uuid7(self):
        return "0190"


class Answered:
    """`body` whole or, as a list, in pieces; `cut`: how it breaks then. `takes`: seconds before head or each piece."""

    def __init__(self, status=200, body=b"{}", *, headers=None, cut=None, takes=0.0):
        self.status, self.headers, self.cut, self.takes = status, headers or {}, cut, takes
        self.body = json.dumps(body).encode() if isinstance(body, dict) else body
        self.closed = 0
        self.clock = None

    async def read(self, limit_bytes):
        if self.cut:
            raise UpstreamError(self.cut, "scripted")
        if len(self.body) > limit_bytes:
            raise UpstreamError("too_large", "scripted")
        return self.body

    async def chunks(self):
        for piece in self.body:
            self.clock.seconds += self.takes
            yield piece
        if self.cut:
            raise UpstreamError(self.cut, "scripted", before_first_byte=False)

    async def aclose(self):
        self.closed += 1


def fails(kind):
    return UpstreamError(kind, "scripted")


class Tour:
    """`scripts`: by target, one step an attempt, the last one for all further ones. `permitted`: names in order."""

    def __init__(self, targets, scripts, *, route=None, chance=0.5, **more):
        self.targets = {one.name: one for one in targets}
        self.scripts = {
            name: list(steps) if isinstance(steps, list | tuple) else [steps] for name, steps in scripts.items()
        }
        self.clock, self.entropy = Clock(), Entropy(chance)
        self.sent, self.answers = [], []
        self.router = Router(
            targets, clock=self.clock, entropy=self.entropy, default=route, sleep=self.clock.sleep, **more
        )

    async def send(self, target, decision):
        self.sent.append(target.name)
        steps = self.scripts[target.name]
        step = steps.pop(0) if len(steps) > 1 else steps[0]
        if callable(step):
            step = await step(self)
        if isinstance(step, Exception):
            raise step
        step.clock = self.clock
        if not isinstance(step.body, list):
            self.clock.seconds += step.takes
        self.answers.append(step)
        return step

    async def go(
        self, *permitted, latency="", operation="chat", capabilities=(), stream=False, key=("t", "k"), model="auto"
    ):
        """(who answered or the refusal, the outcome)."""
        names = permitted or tuple(self.targets)
        outcome = Outcome()
        wanted = Wanted(model, key, latency, operation, stream, frozenset(capabilities))
        pairs = [(self.targets[n], TargetDecision(n, self.targets[n].boundary.name, Effect.RAW, ())) for n in names]
        try:
            routed = await self.router.first_answer(wanted, pairs, self.send, outcome)
        except Refusal as refusal:
            return refusal, outcome
        return routed, outcome

    async def ask(self, *permitted, **more):
        """One request, read to its end: (target or refusal code, status, [(target, error)])."""
        found, outcome = await self.go(*permitted, **more)
        told = [(attempt.target, attempt.error) for attempt in outcome.attempts]
        if isinstance(found, Refusal):
            return found.code, found.status, told
        if found.answer.status == 200 and not isinstance(self.answers[-1].body, list):
            await found.answer.read(10**6)
        await found.answer.aclose()
        return found.target.name, found.answer.status, told

    def tell(self, *permitted, **more):
        return asyncio.run(self.ask(*permitted, **more))

    @property
    def in_flight(self):
        return sum(one.in_flight + one.waiting for one in self.router.standings.values())


ONCE = Route(retries=0, wait_s=0.0)

CLOUD, OTHER, LOCAL = target("cloud"), target("other"), target("local", "here")
OK = Answered()


def tour(cloud=OK, other=OK, local=OK, **more):
    return Tour([CLOUD, OTHER, LOCAL], {"cloud": cloud, "other": other, "local": local}, **more)


def busy_then(release):
    async def act(tour):
        await release.wait()
        return Answered()

    return act
