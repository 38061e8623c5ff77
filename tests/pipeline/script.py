"""A playbook for the path: real stages, scripted ports, and one list of what happened in which order.

story = Story(cloud=[answer("hello")])
story.ask("a prompt")
assert story.events == ["intent", "send cloud", "respond 200", "outcome completed"]
"""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from pathlib import Path

import orjson

from tests.fakes.reviews import HeldInMemory
from tidegate.app import compiled_policy
from tidegate.core.classify.derived import Derived
from tidegate.core.classify.engine import Engine
from tidegate.core.dispatch import seal
from tidegate.core.inspect import OutputRules
from tidegate.core.values.errors import LedgerError, StoreError, UpstreamError
from tidegate.core.values.keys import Keys
from tidegate.core.values.limits import Limits
from tidegate.core.values.route import Route
from tidegate.core.values.target import Boundary, Contract, Target
from tidegate.core.values.workload import Workload
from tidegate.crossing import Handling
from tidegate.judgement import Judge
from tidegate.pipeline import Pipeline
from tidegate.services.kept import Kept
from tidegate.services.reviews import Effects, ReviewQueue, Rules
from tidegate.services.routing import Router
from tidegate.services.sessions import SessionMemory
from tidegate.services.wishes import WishRegister

KEYS = Keys(epoch="e1", commitments=b"c" * 32, fingerprints=b"f" * 32, tags=b"t" * 32, detection=b"d" * 32)
CONTRACT = Contract(retention="zero", training="never", tier="enterprise", region="eu", expires=date(2099, 1, 1))
HERE, THERE = Boundary("here", "local"), Boundary("there", "cloud", "eu")
CLOUD = Target(
    name="cloud", provider="openai-compatible", url="https://cloud/v1", model="big", boundary=THERE, contract=CONTRACT
)
LOCAL = Target(name="local", provider="llamacpp", url="http://local", model="small", boundary=HERE)
GOLDEN = Path(__file__).parents[1] / "golden"

engine = cache(Engine)
policy = cache(lambda: compiled_policy(None))


def answer(text, **more):
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    body = {"id": "c1", "object": "chat.completion", "model": "m", "choices": [choice], "usage": usage, **more}
    return Scripted(200, orjson.dumps(body))


def stream(*pieces, end=True, cut=None):
    """Each piece is one chunk of the wire; `cut` ends it with an UpstreamError of that kind."""
    chunks = [event({"content": piece}) for piece in pieces]
    if end:
        chunks += [event({}, "stop"), b"data: [DONE]\n\n"]
    return Scripted(200, chunks, content_type="text/event-stream", cut=cut)


def event(delta, reason=None):
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return b"data: " + orjson.dumps({"id": "c1", "model": "m", "choices": [choice]}) + b"\n\n"


class Scripted:
    """One upstream answer as it was written into the script. `body` may be a function of the bytes that were sent."""

    def __init__(self, status, body, *, content_type="application/json", cut=None, headers=None):
        self.status, self.body, self.cut = status, body, cut
        self.headers = {"content-type": content_type, **(headers or {})}
        self.closed = 0

    def sent(self, body):
        if callable(self.body):
            self.body = self.body(body)
        return self

    async def read(self, limit_bytes):
        if self.cut:
            raise UpstreamError(self.cut, "scripted", before_first_byte=False)
        if len(self.body) > limit_bytes:
            raise UpstreamError("too_large", "scripted")
        return self.body

    async def chunks(self):
        for chunk in self.body:
            await asyncio.sleep(0)
            yield chunk
        if self.cut:
            raise UpstreamError(self.cut, "scripted", before_first_byte=False)

    async def aclose(self):
        self.closed += 1


class ScriptedProvider:
    def __init__(self, name, script, story):
        self.name, self.script, self.story = name, list(script), story

    async def send(self, permit, body):
        seal.check(permit, method="POST", url=permit.url, headers=permit.headers, body=body, address="127.0.0.1")
        assert self.story.durable > permit.intent, "bytes left before their intent record was durable"
        self.story.events.append(f"send {self.name}")
        self.story.sent.append((self.name, body))
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step.sent(body)

    async def aclose(self):
        pass


class ScriptedLedger:
    """Durable one turn of the loop later. `broken`: refuses from the nth append on."""

    def __init__(self, story, broken=None):
        self.story, self.broken, self.entries = story, broken, []

    @property
    def size(self):
        return len(self.entries)

    def append(self, entry, bearing=None, *, linger=False):
        if self.broken is not None and len(self.entries) >= self.broken:
            raise LedgerError("scripted: disk full")
        index = len(self.entries)
        self.entries.append(entry)
        done = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(0.001, self._durable, done, index)
        return done

    def _durable(self, done, index):
        tree = json.loads(self.entries[index])
        told = f" {tree['status']}" if tree["kind"] == "outcome" else ""
        self.story.events.append(tree["kind"] + told)
        self.story.durable = index + 1
        if not done.cancelled():
            done.set_result(index)


class ScriptedStore(HeldInMemory):
    def __init__(self, story, broken):
        super().__init__()
        self.story, self.broken, self.prints, self.sessions, self.said = story, broken, [], {}, {}

    async def anchor(self, head):
        pass

    async def remember(self, tenant, prints):
        if self.broken:
            raise StoreError("scripted")
        self.story.events.append("fingerprints")
        self.prints += prints

    async def knows_since_ns(self):
        if self.broken:
            raise StoreError("scripted")
        return 0

    async def session(self, key):
        if self.broken:
            raise StoreError("scripted")
        return self.sessions.get(key)

    async def wishes(self, tenant, abouts):
        if self.broken:
            raise StoreError("scripted")
        return {about: self.said.get(about, []) for about in abouts}

    async def keep_session(self, key, seen):
        if self.broken:
            raise StoreError("scripted")
        self.story.events.append(f"session {seen.level}")
        self.sessions[key] = seen

    async def aclose(self):
        pass


class ScriptedMemory:
    """What local answers left; `known` is False where the store could not tell."""

    def __init__(self, known):
        self.derived, self.known, self.remembered = Derived(KEYS), known, []

    async def ready(self):
        return self.known

    def remember(self, tenant, texts, besides=()):
        self.remembered.append((texts, besides))
        self.derived.learn(tenant, texts, besides=besides, expires_ns=2**62)


class ScriptedClock:
    def now_ns(self):
        return 1_780_000_000_000_000_000

    def monotonic_ns(self):
        return 0


class ScriptedEntropy:
    count = 0

    def uuid7(self):
        self.count += 1
        return f"0190-{self.count}"

    def chance(self):
        return 0.5


class ReviewIds:
    """As real ones are spelled: clients send them back."""

    count = 0

    def uuid7(self):
        self.count += 1
        return f"0190abcd-0000-7000-8000-{self.count:012x}"


class ScriptedDownstream:
    """`leaves_after`: the client goes after that many streamed writes."""

    def __init__(self, body, headers, story, leaves_after=None):
        self.path, self.headers, self._body, self._story = "/v1/chat/completions", headers, body, story
        self.started, self.finished, self.status, self.told, self.out = False, False, 0, {}, b""
        self._leaves_after = leaves_after

    async def body(self, limit_bytes):
        if isinstance(self._body, Exception):
            raise self._body
        return self._body

    async def respond(self, status, headers, body):
        self._story.events.append(f"respond {status}")
        self.started = self.finished = True
        self.status, self.told, self.out = status, dict(headers), body

    async def start(self, status, headers):
        self._story.events.append(f"start {status}")
        self.started, self.status, self.told = True, status, dict(headers)

    async def write(self, chunk):
        self.out += chunk
        if self._leaves_after is not None:
            self._leaves_after -= 1
            if self._leaves_after <= 0:
                asyncio.current_task().cancel()
                await asyncio.sleep(0)

    async def finish(self):
        self._story.events.append("finish")
        self.finished = True


class Story:
    """One gateway with scripted targets; `ask` tells one exchange through it."""

    def __init__(
        self,
        *,
        cloud=(),
        local=(),
        detectors=(),
        log_breaks_at=None,
        store_broken=False,
        strict=False,
        models=None,
        output=None,
        memory_ready=True,
        rules=None,
        review=None,
        route=None,
    ):
        self.events, self.sent, self.durable = [], [], 0
        self.ledger = ScriptedLedger(self, log_breaks_at)
        self.store = ScriptedStore(self, store_broken)
        self.memory = ScriptedMemory(memory_ready)
        self.pipeline = Pipeline(
            engine=engine(),
            detectors=detectors,
            judge=Judge(rules or policy()),
            models=models or {"auto": (CLOUD, LOCAL), "cloud-only": (CLOUD,), "local": (LOCAL,)},
            workloads={"support": Workload(), "us-only": Workload("us", frozenset({"auto"}))},
            providers={
                "cloud": ScriptedProvider("cloud", cloud, self),
                "local": ScriptedProvider("local", local, self),
            },
            routing=Router(
                (CLOUD, LOCAL, *(one for few in (models or {}).values() for one in few)),
                clock=ScriptedClock(),
                entropy=ScriptedEntropy(),
                default=route or Route(retries=0, wait_s=0.0),
            ),
            ledger=self.ledger,
            store=self.store,
            clock=ScriptedClock(),
            entropy=ScriptedEntropy(),
            keys=KEYS,
            scanners=ThreadPoolExecutor(1),
            memory=self.memory,
            sessions=SessionMemory(self.store, ScriptedClock()),
            wishes=WishRegister(self.store, ScriptedClock(), KEYS.tags),
            kept=Kept(),
            reviews=ReviewQueue(
                self.store,
                ScriptedClock(),
                KEYS,
                review or Rules(),
                Effects(record=self.ledger.append, new_id=ReviewIds().uuid7),
            ),
            handling=Handling(output=dict.fromkeys(("local", "cloud"), OutputRules(output or {}))),
            limits=Limits(answer_bytes=100_000),
            strict=strict,
        )

    def ask(self, prompt, *, model="auto", leaves_after=None, headers=None, body=None, **more):
        message = prompt if isinstance(prompt, list) else [{"role": "user", "content": prompt}]
        raw = body if body is not None else orjson.dumps({"model": model, "messages": message, **more})
        downstream = ScriptedDownstream(raw, headers or {}, self, leaves_after)
        asyncio.run(self._serve(downstream))
        return downstream

    async def _serve(self, downstream):
        task = asyncio.ensure_future(self.pipeline.serve(downstream))
        await asyncio.wait([task])
        await asyncio.sleep(0.01)  # the outcome joins the next group
        self.left = task.cancelled()
        if not self.left:
            task.result()

    def records(self, kind):
        return [tree for entry in self.ledger.entries if (tree := json.loads(entry))["kind"] == kind]

    @property
    def outcome(self):
        (found,) = self.records("outcome")
        return found
