"""What targets are asked, what becomes of their answers, and who is not asked."""

import asyncio
import json

import pytest

from tests.fakes import runtimes as fakes
from tests.services.journeys import Answered, Clock, Entropy
from tidegate.core.dispatch import seal
from tidegate.core.values.errors import SealBroken, UpstreamError
from tidegate.core.values.route import Load
from tidegate.core.values.target import Boundary, Target
from tidegate.services.health import INSIDE_S, HealthWatch
from tidegate.services.routing import Router


def target(provider, kind="local", url="http://127.0.0.1:1", model="m"):
    return Target(name=provider, provider=provider, url=url, model=model, boundary=Boundary("b", kind))


class Scripted:
    """A provider that answers by path; a path that is not there is 404."""

    def __init__(self, base, answers):
        self.base, self.answers, self.asked, self.permits = base, answers, [], []

    async def send(self, permit, body):
        seal.check(permit, method="GET", url=permit.url, headers=permit.headers, body=body, address="127.0.0.1")
        self.permits.append(permit)
        path = permit.url.removeprefix(self.base)
        self.asked.append(path)
        found = self.answers.get(path, (404, {}))
        if isinstance(found, Exception):
            raise found
        if found == "never":
            await asyncio.Event().wait()
        status, document = found
        return Answered(status, document if isinstance(document, bytes) else json.dumps(document).encode())


class Watched:
    def __init__(self, one, answers, *, permitted=True, interval_s=30.0):
        self.target, self.clock, self.entropy = one, Clock(), Entropy()
        self.provider = Scripted(one.url, answers)
        self.router = Router([one], clock=self.clock, entropy=self.entropy)
        self.permitted = permitted
        self.watch = HealthWatch(
            self.router,
            [one],
            {one.name: self.provider},
            permits=lambda _: self.permitted,
            entropy=self.entropy,
            interval_s=interval_s,
        )

    @property
    def standing(self):
        return self.router.standings[self.target.name]

    @property
    def health(self):
        return self.standing.health(self.clock.seconds)

    def ask(self):
        asyncio.run(self.watch.ask(self.target))
        return self

    async def ticks(self, count, every_s=1.0):
        """So many rounds of the watch, `every_s` of the scripted clock apart."""
        for _ in range(count):
            for one in [self.target]:
                if self.watch._is_due(one, self.clock.seconds):
                    await self.watch.ask(one)
            self.clock.seconds += every_s


ANSWERS = [
    ("ollama, in memory", "ollama", {"/api/ps": (200, fakes.ollama_ps("m:latest"))}, "healthy", Load("warm")),
    ("ollama, not in memory", "ollama", {"/api/ps": (200, fakes.ollama_ps())}, "healthy", Load("cold")),
    (
        "lm studio",
        "lmstudio",
        {"/api/v1/models": (200, fakes.lmstudio_models("m", instances=["m"]))},
        "healthy",
        Load("warm"),
    ),
    (
        "llama.cpp",
        "llamacpp",
        {"/health": (200, {}), "/metrics": (200, fakes.llamacpp_metrics(1, 2)), "/slots": (501, {})},
        "healthy",
        Load("warm", 1, 2),
    ),
    ("llama.cpp loads", "llamacpp", {"/health": (503, fakes.LLAMACPP_LOADING)}, "unknown", Load("loading")),
    ("vllm", "vllm", {"/health": (200, b""), "/metrics": (200, fakes.vllm_metrics({"m": (3, 4)}))}, "healthy",
     Load("warm", 3, 4)),
    ("a cloud", "openai", {"/v1/models": (200, {"data": []})}, "healthy", Load()),
    ("a cloud that turns the key away is there", "openai", {"/v1/models": (401, {})}, "healthy", Load()),
    ("one that knows no such path is there", "openai-compatible", {}, "healthy", Load()),
    ("one that has no GET is there", "openai-compatible", {"/models": (501, {})}, "healthy", Load()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("provider", "answers", "health", "load"), [a[1:] for a in ANSWERS], ids=[a[0] for a in ANSWERS]
)
def test_what_an_answer_says(provider, answers, health, load):
    watched = Watched(target(provider), answers).ask()
    assert watched.health == health
    assert watched.standing.load == load


FAILURES = [
    ("nobody there", UpstreamError("connect", "x"), 1),
    ("silent", UpstreamError("timeout", "x"), 5),
    ("500", (500, {}), 5),
    ("503 of a cloud", (503, {}), 5),
]


@pytest.mark.parametrize(("answer", "times"), [f[1:] for f in FAILURES], ids=[f[0] for f in FAILURES])
def test_what_counts_as_a_failure_and_how_often(answer, times):
    watched = Watched(target("openai", "cloud", "https://c"), {"/v1/models": answer})
    for _ in range(times):
        assert watched.health != "failing"
        watched.ask()
    assert watched.health == "failing"


def test_a_question_is_a_get_without_a_body_and_rests_on_no_record():
    watched = Watched(target("openai", "cloud", "https://c"), {}).ask()
    (permit,) = watched.provider.permits
    assert (permit.method, permit.url, permit.body, permit.intent) == ("GET", "https://c/v1/models", b"", -1)
    assert {name for name, _ in permit.headers} == {"accept", "accept-encoding", "user-agent"}


def test_where_policy_lets_nothing_go_nothing_is_asked():
    watched = Watched(target("openai", "cloud", "https://c"), {}, permitted=False)
    asyncio.run(watched.ticks(100))
    assert watched.provider.asked == []
    watched.permitted = True
    asyncio.run(watched.ticks(40))
    assert watched.provider.asked


def test_whoever_has_no_harmless_path_is_asked_nothing():
    watched = Watched(target("somebody", "cloud", "https://c"), {})
    assert watched.watch._targets == []


def test_questions_come_in_the_configured_interval_and_more_often_inside():
    cloud, inside = Watched(target("openai", "cloud", "https://c"), {}), Watched(target("ollama"), {})
    asyncio.run(cloud.ticks(300))
    asyncio.run(inside.ticks(300))
    assert len(cloud.provider.asked) == 10
    assert len(inside.provider.asked) == 300 / INSIDE_S


def test_intervals_differ_by_chance():
    watched = Watched(target("openai", "cloud", "https://c"), {})
    gaps = set()
    for chance in (0.0, 0.5, 0.999):
        watched.entropy.value = chance
        watched.watch._due.clear()
        watched.watch._is_due(watched.target, watched.clock.seconds)
        gaps.add(round(watched.watch._due["openai"] - watched.clock.seconds))
    assert gaps == {24, 30, 36}


def test_a_cloud_that_has_just_answered_somebody_is_not_asked():
    watched = Watched(target("openai", "cloud", "https://c"), {})
    watched.standing.went_well(watched.clock.seconds)
    asyncio.run(watched.ticks(29))
    assert watched.provider.asked == []


def test_one_that_comes_back_is_noticed_as_soon_as_it_has_rested():
    watched = Watched(target("openai", "cloud", "https://c"), {"/v1/models": UpstreamError("connect", "x")})
    asyncio.run(watched.ticks(3))
    watched.provider.answers["/v1/models"] = (200, {})
    asyncio.run(watched.ticks(3))
    assert watched.standing.objection(watched.clock.seconds) == ""


def test_one_that_is_gone_and_then_silent_is_still_gone():
    watched = Watched(target("ollama"), {"/api/ps": UpstreamError("connect", "x")}).ask()
    watched.provider.answers["/api/ps"] = UpstreamError("timeout", "x")
    watched.clock.seconds += 1
    watched.ask()
    assert watched.standing.breaker.is_gone
    assert watched.standing.objection(watched.clock.seconds) == "breaker_open"


def test_one_that_is_gone_is_asked_ever_less_often():
    watched = Watched(target("ollama"), {"/api/ps": UpstreamError("connect", "x")})
    asyncio.run(watched.ticks(300))
    assert 8 < len(watched.provider.asked) < 24


def test_a_broken_seal_is_told_once_and_stops_nothing(caplog):
    watched = Watched(target("openai", "cloud", "https://c"), {"/v1/models": SealBroken("not decided")})
    watched.ask().ask()
    assert [record.message for record in caplog.records] == ["not decided"]


def test_one_that_is_silent_keeps_nobody_else_waiting_and_is_left_at_the_end():
    async def story():
        silent, there = target("openai", "cloud", "https://c"), target("ollama")
        clock, entropy = Clock(), Entropy()
        router = Router([silent, there], clock=clock, entropy=entropy)
        providers = {
            "openai": Scripted("https://c", {"/v1/models": "never"}),
            "ollama": Scripted(there.url, {"/api/ps": (200, fakes.ollama_ps("m:latest"))}),
        }
        watch = HealthWatch(
            router, [silent, there], providers, permits=lambda _: True, entropy=entropy, interval_s=30.0
        )
        watch.begin()
        while router.standings["ollama"].load == Load():
            await asyncio.sleep(0.001)
        await watch.aclose()
        return len(asyncio.all_tasks())

    assert asyncio.run(story()) == 1


def test_an_interval_of_nothing_asks_nobody():
    async def story():
        watched = Watched(target("ollama"), {}, interval_s=0)
        watched.watch.begin()
        await asyncio.sleep(0.01)
        await watched.watch.aclose()
        return watched.provider.asked

    assert asyncio.run(story()) == []
