"""Faults on the wire x strategy: real sockets on loopback, one target ill, the other well, both permitted."""

import asyncio
import contextlib
import json
import socket
import threading
import time

import pytest

from tests.fakes import runtimes
from tests.fakes.gateway import Gateway, upstreams
from tests.fakes.runtimes import LLAMACPP_LOADING, Runtime
from tests.fakes.upstream import Upstream, answers, closes, nothing, resets, sends
from tidegate.adapters.providers.http import HttpProvider
from tidegate.adapters.providers.http1 import Timeouts
from tidegate.adapters.system.clock import SystemClock
from tidegate.adapters.system.entropy import SystemEntropy
from tidegate.core.dispatch import seal
from tidegate.core.settle.record import Outcome
from tidegate.core.values.decision import Effect, TargetDecision
from tidegate.core.values.errors import Refusal
from tidegate.core.values.permit import Permit
from tidegate.core.values.route import Route, Wanted
from tidegate.core.values.target import Boundary, Target
from tidegate.services.routing import Router

ANSWER = json.dumps(
    {"id": "c", "object": "chat.completion", "model": "m",
     "choices": [{"index": 0, "message": {"role": "assistant", "content": "from here"}, "finish_reason": "stop"}]}
).encode()  # fmt: skip
SSN = "my SSN is " + "457-55-" + "5462"
FINE = answers(200, ANSWER)
TIMES = Timeouts(connect_s=0.3, head_s=0.3, body_s=0.3)
STRATEGIES = ("ordered", "weighted", "fastest", "least-loaded")


def limited(seconds):
    return answers(429, b'{"error":{"type":"rate_limit_error"}}', [("retry-after", str(seconds))])


class Wire:
    """A router before real providers; `urls`: name -> where it is, in order of preference."""

    def __init__(self, urls, route, kind="cloud"):
        place = Boundary("b", kind)
        self.targets = [
            Target(name=name, provider="openai-compatible", url=url, model="m", boundary=place)
            for name, url in urls.items()
        ]
        self.router = Router(self.targets, clock=SystemClock(), entropy=SystemEntropy(), default=route)
        self.providers = {
            one.name: HttpProvider(base_url=one.url, seal=seal.check, timeouts=TIMES) for one in self.targets
        }

    async def ask(self):
        """(who answered or the refusal's code, the attempts' errors)."""
        outcome = Outcome()
        permitted = [(one, TargetDecision(one.name, "b", Effect.RAW, ())) for one in self.targets]
        wanted = Wanted("auto", ("t", "k"), "", "chat", False, frozenset())
        try:
            routed = await self.router.first_answer(wanted, permitted, self._send, outcome)
        except Refusal as refusal:
            return refusal.code, [(one.target, one.error) for one in outcome.attempts]
        await routed.answer.read(10**6)
        await routed.answer.aclose()
        return routed.target.name, [(one.target, one.error) for one in outcome.attempts]

    async def _send(self, target, decision):
        permit = Permit(
            "r", 0, target.name, "b", target.boundary.kind, "POST", target.url + "/chat/completions", (), b"{}"
        )
        return await self.providers[target.name].send(permit, permit.body)

    async def aclose(self):
        for provider in self.providers.values():
            await provider.aclose()


FAULTS = [
    ("resets", resets(), "cut"),
    ("closes without a word", closes(), "cut"),
    ("never begins to answer", nothing, "timeout"),
    ("is at its limit for long", limited(60), "status"),
    ("is overloaded", answers(529), "status"),
    ("is down", answers(503), "status"),
    ("answers garbage", sends(b"garbage\r\n\r\n", then="close"), "protocol"),
]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(("script", "error"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_whatever_ails_one_the_other_answers_everybody(script, error, strategy):
    async def story():
        async with Upstream(script) as ill, Upstream(FINE) as well:
            wire = Wire({"ill": ill.url, "well": well.url}, Route(strategy=strategy, weights={"ill": 5}))
            told = [await wire.ask() for _ in range(12)]
            left = sum(one.in_flight for one in wire.router.standings.values())
            await wire.aclose()
            return told, len(ill.requests), left

    told, asked, left = asyncio.run(asyncio.wait_for(story(), 30))
    assert {who for who, _ in told} == {"well"}
    assert {kind for _, attempts in told for name, kind in attempts if name == "ill"} <= {
        error,
        "breaker_open",
        "resting",
    }
    assert asked <= 6, "it is left alone after a while"
    assert left == 0


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_where_nobody_is_only_the_first_request_finds_out(strategy):
    async def story():
        async with Upstream(FINE) as well:
            wire = Wire({"gone": closed_port(), "well": well.url}, Route(strategy=strategy, weights={"gone": 5}))
            told = [await wire.ask() for _ in range(12)]
            await wire.aclose()
            return told

    told = asyncio.run(story())
    assert {who for who, _ in told} == {"well"}
    assert sum(("gone", "connect") in attempts for _, attempts in told) <= 1


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_one_that_flaps_answers_when_it_can_and_nobody_is_lost(strategy):
    async def story():
        script = [step for _ in range(40) for step in (FINE, answers(503), resets())]
        async with Upstream(script) as flapping, Upstream(FINE) as well:
            wire = Wire({"flapping": flapping.url, "well": well.url}, Route(strategy=strategy, weights={"flapping": 5}))
            told = [await wire.ask() for _ in range(40)]
            await wire.aclose()
            return told

    told = asyncio.run(story())
    assert {who for who, _ in told} <= {"flapping", "well"}
    assert "well" in {who for who, _ in told}


ALONE = [
    ("503, then fine", [answers(503), FINE], "only"),
    ("529, then fine", [answers(529), FINE], "only"),
    ("reset, then fine", [resets(), FINE], "only"),
    ("429 with a short wait, then fine", [limited(0), FINE], "only"),
    ("429 with a long wait", [limited(60), FINE], "rate_limited"),
    ("loading, then fine", [answers(503, json.dumps(LLAMACPP_LOADING).encode())] * 2 + [FINE], "only"),
    ("503 for ever", [answers(503)], "no_target_available"),
]


@pytest.mark.parametrize(("script", "who"), [a[1:] for a in ALONE], ids=[a[0] for a in ALONE])
def test_alone_it_is_tried_again_where_that_may_help(script, who):
    async def story():
        async with Upstream(script) as only:
            wire = Wire({"only": only.url}, Route(wait_s=5.0), kind="local")
            told = await wire.ask()
            await wire.aclose()
            return told

    assert asyncio.run(story())[0] == who


# -- offline ---------------------------------------------------------------------------------------------------------


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/v1"


class BlackHole:
    """Its queue of connections is full, so that further ones are neither taken nor refused: as if packets were lost."""

    def __enter__(self):
        self._listening = socket.socket()
        self._listening.bind(("127.0.0.1", 0))
        self._listening.listen(0)
        self._filling = []
        for _ in range(8):
            one = socket.socket()
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect(self._listening.getsockname())
            self._filling.append(one)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/v1"
        return self

    def __exit__(self, *_):
        for one in (*self._filling, self._listening):
            one.close()


class Nowhere:
    def __init__(self, url):
        self.url, self.port = url, int(url.rsplit(":", 1)[1].removesuffix("/v1"))


@contextlib.contextmanager
def upstream_at(port):
    """One that answers everything, on that very port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    there = Upstream(FINE, port=port)
    try:
        asyncio.run_coroutine_threadsafe(there.__aenter__(), loop).result(10)
        yield there
    finally:
        asyncio.run_coroutine_threadsafe(there.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def attempts(outcome):
    return [(one["target"], one["error"]) for one in outcome["attempts"]]


def health_of(gateway, name):
    return json.loads(gateway.get("/readyz").body)["targets"][name]


def test_a_black_hole_costs_the_connect_timeout_once_and_local_work_nothing():
    with BlackHole() as outside, upstreams(FINE) as (inside,):
        with Gateway(inside, outside, upstream="connect_timeout_s = 0.5\nprobe_interval_s = 3600") as gateway:
            gateway.chat(SSN)
            for _ in range(25):
                answer = gateway.chat("hello")
                assert (answer.status, answer.headers["x-tidegate-target"]) == (200, "inside")
                time.sleep(0.1)
            outcomes = gateway.outcomes(26)
    tried = [one for one in outcomes if ("outside", "connect") in attempts(one)]
    assert len(tried) <= 1, "whoever asks beside all requests is the one that waits"
    assert attempts(outcomes[0]) == [("inside", "")]


def test_one_that_comes_back_is_used_again():
    gone = Nowhere(closed_port())
    with upstreams(FINE) as (inside,):
        with Gateway(inside, gone, upstream="probe_interval_s = 3600") as gateway:
            assert gateway.chat("hello").headers["x-tidegate-target"] == "inside"
            with upstream_at(gone.port):
                until = time.monotonic() + 20
                while gateway.chat("hello").headers["x-tidegate-target"] != "outside":
                    assert time.monotonic() < until
                    time.sleep(0.1)


def test_questions_find_out_beside_all_requests():
    """With the cloud first in the list and gone, no request ever tries it."""
    with BlackHole() as outside, upstreams(FINE) as (inside,):
        with Gateway(inside, outside, upstream="connect_timeout_s = 0.5\nprobe_interval_s = 30") as gateway:
            until = time.monotonic() + 15
            while health_of(gateway, "outside") != "failing":
                assert time.monotonic() < until
                time.sleep(0.05)
            answer = gateway.chat("hello")
            (outcome,) = gateway.outcomes()
    assert answer.headers["x-tidegate-target"] == "inside"
    assert attempts(outcome) == [("inside", "")]


def test_who_refuses_connections_costs_one_try():
    with upstreams(FINE) as (inside,):
        with Gateway(inside, Nowhere(closed_port())) as gateway:
            for _ in range(2):
                assert gateway.chat("hello").headers["x-tidegate-target"] == "inside"
            first, second = gateway.outcomes(2)
    assert attempts(first) == [("outside", "connect"), ("inside", "")]
    assert attempts(second) == [("inside", "")]


def test_what_must_stay_inside_is_told_to_come_back_when_the_house_is_down():
    with upstreams(FINE) as (outside,):
        with Gateway(Nowhere(closed_port()), outside) as gateway:
            answer = gateway.chat(SSN)
            (outcome,) = gateway.outcomes()
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert outside.requests == []
    assert [one["target"] for one in outcome["attempts"]] == ["inside"]


# -- what local runtimes tell of themselves --------------------------------------------------------------------------

HOUSE = """
[targets.ollama]
provider = "ollama"
url = "{ollama}"
model = "m"
boundary = "here"
[targets.lmstudio]
provider = "lmstudio"
url = "{lmstudio}"
model = "m"
boundary = "here"
[targets.llamacpp]
provider = "llamacpp"
url = "{llamacpp}"
model = "m"
boundary = "here"
[targets.vllm]
provider = "vllm"
url = "{vllm}"
model = "m"
boundary = "here"
[routes.busy]
strategy = "least-loaded"
"""
RUNTIMES = {
    "ollama": Runtime({"/api/ps": (200, runtimes.ollama_ps())}, chat=(200, runtimes.OLLAMA_CHAT)),
    "lmstudio": Runtime({"/api/v1/models": (200, runtimes.lmstudio_models("m", instances=["m"]))}),
    "llamacpp": Runtime({"/health": (200, {"status": "ok"}), "/metrics": (200, runtimes.llamacpp_metrics(2, 6))}),
    "vllm": Runtime({"/health": (200, b""), "/metrics": (200, runtimes.vllm_metrics({"m": (1, 0)}))}),
}


def test_what_is_in_memory_and_who_waits_there_decides_among_what_runs_inside(monkeypatch):
    monkeypatch.setenv("TIDEGATE__MODELS__HOUSE", '["ollama", "lmstudio"]')
    monkeypatch.setenv("TIDEGATE__MODELS__BUSY", '["llamacpp", "vllm"]')
    with upstreams(FINE, FINE, *RUNTIMES.values()) as (inside, outside, *house):
        urls = {name: one.url.removesuffix("/v1") for name, one in zip(RUNTIMES, house, strict=True)}
        with Gateway(inside, outside, upstream="probe_interval_s = 3600", more=HOUSE.format(**urls)) as gateway:
            until = time.monotonic() + 20
            while any(health_of(gateway, name) != "healthy" for name in RUNTIMES):
                assert time.monotonic() < until
                time.sleep(0.05)
            hasty = {"x-tidegate-latency-budget-ms": "1500"}
            told = [
                gateway.chat(SSN, model=model, headers=headers).headers["x-tidegate-target"]
                for model, headers in (("house", hasty), ("house", {}), ("house", hasty), ("busy", {}))
            ]
    assert told == ["lmstudio", "ollama", "ollama", "vllm"], "once it has answered, it is in memory"
    assert {method for one in RUNTIMES.values() for method, _ in one.asked} == {"GET", "POST"}
