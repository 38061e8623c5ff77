"""Webhooks: recorded before they are told, signed anew each time, tried again a few times, never followed elsewhere."""

import asyncio
import json
from dataclasses import replace

import pytest

from tests.core.review.kit import NOW, S, waiting
from tests.fakes.upstream import Upstream, answers, closes, resets
from tidegate.adapters.providers.http import HttpProvider
from tidegate.adapters.providers.http1 import Timeouts
from tidegate.core.dispatch import seal
from tidegate.core.review import hook
from tidegate.core.values.errors import LedgerError, SealBroken, StoreError, UpstreamError
from tidegate.core.values.owed import Owed
from tidegate.core.values.target import Boundary
from tidegate.services import hooks as module
from tidegate.services.hooks import Hook, Hooks

SECRET = b"a-secret-of-the-" + b"webhook"
BODY = hook.message(waiting(), event_id="e1", now_ns=NOW)
HERE = Boundary("here", "local")
OK, MOVED = answers(204, b""), answers(302, b"", [("location", "http://127.0.0.1:9/elsewhere")])


class Clock:
    ns = NOW

    def now_ns(self):
        self.ns += S
        return self.ns


class Told:
    """Hooks with a log and a store of debts; `tell` waits until the message is told, or given up."""

    def __init__(self, *hooks, delays_s=(0, 0, 0)):
        self.entries, self.settled, self.log_down, self.store_down = [], [], False, False
        self.hooks = Hooks(hooks, Clock(), self.record, lambda: "id", delays_s=delays_s)

    async def record(self, entry):
        if self.log_down:
            raise LedgerError("scripted")
        self.entries.append(json.loads(entry))
        return len(self.entries) - 1

    async def tell(self, to="chat", number=1):
        async def settle():
            if self.store_down:
                raise StoreError("scripted")
            self.settled.append(number)

        self.hooks.tell(Owed(to, BODY, number), settle)
        tasks = list(self.hooks._under_way.values())
        await asyncio.wait_for(asyncio.gather(*tasks), 10)
        await asyncio.sleep(0)

    def acts(self):
        return [entry["act"] for entry in self.entries]


def chat(url, boundary=HERE):
    provider = HttpProvider(
        base_url=url.removesuffix("/v1"), credential="", seal=seal.check, timeouts=Timeouts(connect_s=2, head_s=2)
    )
    return Hook(name="chat", url=url + "/hook?room=7", boundary=boundary, provider=provider, secret=SECRET)


def telling(script, *, times=1, **more):
    """What a real receiver got, and what was written down."""

    async def story():
        async with Upstream(script) as receiver:
            told = Told(chat(receiver.url), **more)
            for number in range(times):
                await told.tell(number=number)
            await told.hooks.aclose()
            return receiver.requests, told

    return asyncio.run(story())


@pytest.mark.parametrize(
    ("script", "requests", "acts"),
    [
        ([OK], 1, ["review.told"]),
        ([answers(200, b"x" * 100_000)], 1, ["review.told"]),
        ([answers(500), OK], 2, ["review.told"]),
        ([answers(429), answers(408), answers(503), OK], 4, ["review.told"]),
        ([resets(), closes(), OK], 3, ["review.told"]),
        ([answers(500)], 4, ["review.told", "review.not_told"]),
        ([answers(404)], 1, ["review.told", "review.not_told"]),
        ([answers(400), OK], 1, ["review.told", "review.not_told"]),
        ([MOVED, OK], 1, ["review.told", "review.not_told"]),
    ],
)
def test_what_a_receiver_answers_decides_whether_it_is_told_again(script, requests, acts):
    found, told = telling(script)
    # A close may be taken for a stale connection, and the request be written twice: the same message, by its id.
    assert len(found) in (requests, requests + 1)
    assert told.acts() == acts
    assert told.settled == [0], "told or given up, it is not owed any more"
    assert told.hooks.untold == len(acts) - 1


def test_each_try_is_signed_anew_over_the_same_message():
    requests, _ = telling([answers(500), answers(500), OK])
    headers = [one.headers[hook.SIGNATURE] for one in requests]
    assert len({*headers}) == 3
    for one in requests:
        stated = int(one.headers[hook.SIGNATURE].partition(",")[0].removeprefix("t="))
        assert hook.is_signed(SECRET, one.body, one.headers[hook.SIGNATURE], stated)
        assert (one.method, one.target, one.body) == ("POST", "/v1/hook?room=7", BODY)
        assert "authorization" not in one.headers


def test_nothing_is_told_before_it_is_recorded():
    async def story():
        async with Upstream(OK) as receiver:
            told = Told(chat(receiver.url))
            told.log_down = True
            await told.tell()
            assert (receiver.requests, told.settled) == ([], []), "it stays owed"
            told.log_down = False
            await told.tell()
            await told.hooks.aclose()
            return receiver.requests, told.settled

    requests, settled = asyncio.run(story())
    assert (len(requests), settled) == (1, [1])


def test_what_cannot_be_settled_is_told_again_under_the_same_id():
    async def story():
        async with Upstream(OK) as receiver:
            told = Told(chat(receiver.url))
            told.store_down = True
            await told.tell()
            told.store_down = False
            await told.tell()
            await told.hooks.aclose()
            return [json.loads(one.body)["id"] for one in receiver.requests], told.settled

    assert asyncio.run(story()) == (["e1", "e1"], [1])


class Scripted:
    """A provider without a network."""

    def __init__(self, *outcomes):
        self.outcomes, self.permits = list(outcomes), []

    async def send(self, permit, body):
        self.permits.append(permit)
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, asyncio.Event):
            await outcome.wait()
        raise outcome if isinstance(outcome, Exception) else UpstreamError("connect", "scripted")

    async def aclose(self):
        pass


def scripted(*outcomes):
    return Hook(name="chat", url="https://h/x", boundary=HERE, provider=Scripted(*outcomes), secret=SECRET)


def test_a_permit_names_the_record_and_the_boundary_and_a_broken_seal_is_never_tried_again():
    one = scripted(SealBroken("the address is public"))
    told = Told(one)
    asyncio.run(told.tell())
    (permit,) = one.provider.permits
    assert (permit.intent, permit.boundary, permit.kind, permit.url) == (0, "here", "local", "https://h/x")
    assert told.entries[1]["reason"] == "the address is public"
    assert told.entries[1]["to"] == "chat (here)"


def test_a_local_webhook_that_leads_elsewhere_is_stopped_by_the_seal():
    permit = Told(chat("http://127.0.0.1:9/v1")).hooks._permit(chat("http://127.0.0.1:9/v1"), BODY, 0)
    with pytest.raises(SealBroken, match="local by configuration"):
        seal.check(permit, method="POST", url=permit.url, headers=permit.headers, body=BODY, address="93.184.215.14")


def test_a_webhook_that_is_configured_no_longer_is_owed_nothing():
    told = Told()
    asyncio.run(told.tell(to="gone"))
    assert (told.acts(), told.settled) == ([], [1])


def test_what_is_under_way_is_not_begun_twice_and_what_finds_no_room_stays_owed(monkeypatch):
    monkeypatch.setattr(module, "MOST_UNDER_WAY", 2)

    async def story():
        gate = asyncio.Event()
        told = Told(scripted(*[gate] * 9), delays_s=())

        async def settle():
            told.settled.append(1)

        for number in (1, 1, 2, 3):
            told.hooks.tell(Owed("chat", BODY, number), settle)
        assert {*told.hooks._under_way} == {1, 2}
        gate.set()
        await asyncio.gather(*told.hooks._under_way.values())
        await asyncio.sleep(0)
        assert told.hooks._under_way == {}
        return told.settled

    assert asyncio.run(story()) == [1, 1]


def test_closing_leaves_what_is_under_way_owed():
    async def story():
        told = Told(scripted(asyncio.Event()))

        async def settle():
            told.settled.append(1)

        told.hooks.tell(Owed("chat", BODY, 1), settle)
        await asyncio.sleep(0.01)
        await told.hooks.aclose()
        return told.settled

    assert asyncio.run(story()) == []


def test_a_defect_of_one_message_is_no_other_s():
    told = Told(scripted(ValueError("scripted")))
    asyncio.run(told.tell())
    assert told.settled == []


def test_the_secret_shows_in_no_repr():
    assert SECRET.decode() not in repr(replace(scripted(), name="x"))
