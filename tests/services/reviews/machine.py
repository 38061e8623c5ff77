"""What outlives a process, and processes on it."""

import asyncio
import json

import orjson

from tests.core.review.kit import BEN, KEYS, NOW, REVIEWERS, note, question
from tests.fakes.reviews import HeldInMemory, Stopped
from tidegate.core.review import keeping
from tidegate.core.review.signed import order_note
from tidegate.core.values.errors import LedgerError
from tidegate.core.values.review import Verdict
from tidegate.services.reviews import Effects, ReviewQueue, Rules


class Clock:
    ns = NOW

    def now_ns(self):
        return self.ns


class Log:
    def __init__(self):
        self.entries, self.down, self.stop_before, self.stop_after = [], False, False, False

    async def record(self, entry):
        if self.down:
            raise LedgerError("scripted")
        if self.stop_before:
            raise Stopped
        self.entries.append(entry)
        await asyncio.sleep(0)
        if self.stop_after:
            raise Stopped
        return len(self.entries) - 1

    def acts(self):
        return [json.loads(entry)["act"] for entry in self.entries]


class Machine:
    """What outlives a process: the store and the log. `start` begins a process on them."""

    def __init__(self, **rules):
        self.store, self.log, self.clock, self.ids, self.told = HeldInMemory(), Log(), Clock(), 0, []
        self.rules = Rules(**{"reviewers": REVIEWERS, "wait_s": 5, "hooks": ("chat",), **rules})
        self.queue = self.start()

    def start(self, keys=KEYS, **more):
        self.queue = ReviewQueue(self.store, self.clock, keys, self.rules, self.effects(), **more)
        return self.queue

    def effects(self):
        return Effects(record=self.log.record, new_id=self.new_id, tell=lambda owed, paid: self.told.append(owed))

    def new_id(self):
        self.ids += 1
        return f"0190abcd-0000-7000-8000-{self.ids:012x}"

    def hold(self, **more):
        return run(self.queue.wait(question(**more)))

    def use(self, review, **more):
        return run(self.queue.use(review, question(review=review, **{"request_id": "r2", **more})))

    def say(self, review, signer=BEN, verdict=Verdict.RAW, **more):
        said = note(signer, self.read(review), verdict, at=self.clock.ns, **more)
        return self.send(said)

    def send(self, said):
        return run(self.queue.answer(orjson.dumps({"note": said})))

    def order(self, do, review="", signer=BEN):
        return self.send(order_note(signer, do, at=keeping.moment(self.clock.ns), review=review))

    def read(self, review):
        return keeping.read(self.store.rows[review])

    def look(self):
        run(self.queue.look())


def run(work):
    return asyncio.run(work)


def approved(**rules):
    machine = Machine(**rules)
    review = machine.hold()
    machine.say(review)
    return machine, review
