"""A real llama.cpp server tells how it is, over the way by which everything leaves."""

import asyncio

from tests.adapters.runtimes.children import KEY, Child
from tests.services.journeys import Clock, Entropy
from tidegate.adapters.providers.http import HttpProvider
from tidegate.core.dispatch import seal
from tidegate.core.values.permit import Permit
from tidegate.core.values.target import Boundary, Target
from tidegate.services.health import HealthWatch
from tidegate.services.routing import Router

ASKED = (
    b'{"model":"tidegate-tiny","stream":true,"max_tokens":400,"messages":[{"role":"user","content":"Tell me all."}]}'
)


def watched(engine: Child, provider: str):
    url = engine.answer["url"].removesuffix("/v1")
    target = Target(name="t", provider=provider, url=url, model="tidegate-tiny", boundary=Boundary("here", "local"))
    router = Router([target], clock=Clock(), entropy=Entropy())
    client = HttpProvider(base_url=url, credential=KEY, seal=seal.check)
    watch = HealthWatch(router, [target], {"t": client}, permits=lambda _: True, entropy=Entropy(), interval_s=30.0)
    return target, router, client, watch


def test_it_is_warm_and_idle(engine: Child):
    async def story():
        target, router, client, watch = watched(engine, "embedded")
        await watch.ask(target)
        await client.aclose()
        return router.standings["t"]

    standing = asyncio.run(story())
    assert (standing.load.warmth, standing.load.running, standing.load.waiting) == ("warm", 0, 0)
    assert standing.health(Clock().seconds) == "healthy"


def test_a_llamacpp_whose_slots_are_switched_off_tells_the_rest(engine: Child):
    async def story():
        target, router, client, watch = watched(engine, "llamacpp")
        await watch.ask(target)
        await client.aclose()
        return router.standings["t"].load

    assert asyncio.run(story()).warmth == "warm"


def test_it_tells_who_works_and_who_waits(engine: Child):
    """It works on two at once."""

    async def story():
        target, router, client, watch = watched(engine, "embedded")
        permit = Permit("r", 0, "t", "here", "local", "POST", target.url + "/v1/chat/completions", (), ASKED)
        running = [asyncio.ensure_future(client.send(permit, ASKED)) for _ in range(4)]
        most = 0
        while not all(one.done() for one in running) or most == 0:
            await watch.ask(target)
            load = router.standings["t"].load
            most = max(most, load.running + max(load.waiting, 0))
            if most > 2:
                break
            await asyncio.sleep(0.01)
        for one in await asyncio.gather(*running):
            await one.aclose()
        await client.aclose()
        return most

    assert asyncio.run(asyncio.wait_for(story(), 60)) >= 1
