"""What a gateway keeps in mind of local answers: at once, over restarts, and when the store is not there."""

import asyncio
import logging

from tidegate.core.classify.derived import LABEL, Derived
from tidegate.core.values.envelope import Part, Position
from tidegate.core.values.errors import StoreError
from tidegate.core.values.finding import Classification
from tidegate.core.values.keys import Keys
from tidegate.services import derived as service
from tidegate.services.derived import KEPT_S, DerivedMemory

ANSWER = (
    "The committee found that the northern warehouse had been leaking since early spring, and that the insurer had "
    "already been told about it twice. It recommends to move the remaining stock before the autumn rains begin."
)
KEYS = Keys(epoch="e1", commitments=b"", fingerprints=b"", tags=b"", detection=b"d" * 32)


class Clock:
    def __init__(self):
        self.now = 10**18

    def now_ns(self):
        return self.now


class Memory:
    """A store that keeps traces, fails when it is told to, and waits where a gate is closed."""

    def __init__(self):
        self.kept, self.broken, self.gate, self.asked, self.unseen = [], False, None, [], set()

    async def leave(self, trace):
        await asyncio.sleep(0)
        if self.broken:
            raise StoreError("scripted")
        self.kept.append(trace)
        return len(self.kept)

    async def new_traces(self, after, now_ns):
        if self.broken:
            raise StoreError("scripted")
        self.asked.append(after)
        numbered = enumerate(self.kept, 1)
        return [one for one in numbered if one[0] > after and one[0] not in self.unseen and one[1].expires_ns > now_ns]

    async def traces(self, now_ns):
        if self.gate:
            await self.gate.wait()
        if self.broken:
            raise StoreError("scripted")
        return [trace for trace in self.kept if trace.expires_ns > now_ns]

    async def purge(self, now_ns):
        if self.broken:
            raise StoreError("scripted")
        self.kept = [trace for trace in self.kept if trace.expires_ns > now_ns]
        return 0


def knows(memory, text=ANSWER):
    nothing = Classification((), frozenset(), "public")
    return LABEL in memory.derived.mark(nothing, [Part(Position.USER, (), text)], "default").labels


def within(story, store=None, clock=None):
    async def told():
        memory = DerivedMemory(Derived(KEYS), store or Memory(), clock or Clock())
        memory.begin()
        try:
            return await story(memory)
        finally:
            await memory.aclose()

    return asyncio.run(told())


async def settled(memory):
    await asyncio.gather(*memory._leaving)


def test_an_answer_is_known_before_the_store_has_it_and_after_a_restart():
    store = Memory()

    async def first(memory):
        assert await memory.ready()
        memory.remember("default", [ANSWER])
        assert store.kept == []
        await asyncio.sleep(0)
        return knows(memory)

    async def second(memory):
        assert await memory.ready()
        return knows(memory)

    assert within(first, store)
    assert len(store.kept) == 1
    assert within(second, store)


def test_the_first_requests_wait_until_the_store_has_told():
    store = Memory()

    async def story(memory):
        asked = asyncio.ensure_future(memory.ready())
        memory.remember("default", [ANSWER])
        await asyncio.sleep(0.01)
        assert not asked.done()
        store.gate.set()
        return await asked, knows(memory)

    async def told():
        store.gate = asyncio.Event()
        memory = DerivedMemory(Derived(KEYS), store, Clock())
        memory.begin()
        result = await story(memory)
        await memory.aclose()
        return result

    assert asyncio.run(told()) == (True, True)


def test_where_the_store_cannot_be_read_nobody_is_told_that_all_is_known(caplog):
    store = Memory()
    store.broken = True

    async def story(memory):
        return await memory.ready()

    with caplog.at_level(logging.ERROR):
        assert within(story, store) is False
    assert "nothing is sent to a cloud: scripted" in caplog.text


def test_what_cannot_be_stored_is_kept_in_memory_and_no_text_of_it_is_logged(caplog):
    store = Memory()

    async def story(memory):
        await memory.ready()
        store.broken = True
        memory.remember("default", [ANSWER])
        await settled(memory)
        return knows(memory)

    with caplog.at_level(logging.DEBUG):
        assert within(story, store)
    assert "kept in memory only: scripted" in caplog.text
    assert "warehouse" not in caplog.text


def test_traces_of_other_keys_are_counted_and_left(caplog):
    store = Memory()
    other = Keys(epoch="e0", commitments=b"", fingerprints=b"", tags=b"", detection=b"x" * 32)
    store.kept = [Derived(other).learn("default", [ANSWER], expires_ns=2 * 10**18)]

    async def story(memory):
        return await memory.ready(), knows(memory)

    with caplog.at_level(logging.WARNING):
        assert within(story, store) == (True, False)
    assert "1 traces of local answers belong to other keys" in caplog.text


def test_what_has_expired_is_forgotten_here_and_there(monkeypatch):
    monkeypatch.setattr(service, "_PURGED_EVERY_S", 0.001)
    store, clock = Memory(), Clock()

    async def story(memory):
        await memory.ready()
        memory.remember("default", [ANSWER])
        await settled(memory)
        before = knows(memory), len(store.kept)
        clock.now += KEPT_S * 10**9
        store.broken = True
        await asyncio.sleep(0.02)
        store.broken = False
        await asyncio.sleep(0.02)
        return before, knows(memory), len(store.kept)

    assert within(story, store, clock) == ((True, 1), False, 0)


def test_a_long_answer_is_learned_in_blocks_and_known_all_through():
    store = Memory()
    paragraphs = [f"{ANSWER} This is paragraph number {n} of {n * 7919} that were written down." for n in range(900)]

    async def story(memory):
        await memory.ready()
        memory.remember("default", ["\n".join(paragraphs), "short", ANSWER])
        await settled(memory)
        return knows(memory, paragraphs[-1])

    assert within(story, store)
    assert len(store.kept) > 5


OTHER = (
    "The auditors would like to see the invoices of the second quarter again, in particular those of the two carriers "
    "whose names were left out of the summary that the board had been given in the middle of July last year."
)


def sharing(store, clock=None):
    return DerivedMemory(Derived(KEYS), store, clock or Clock(), shared=True)


async def reached(claim):
    for _ in range(400):
        if claim():
            return
        await asyncio.sleep(0.005)
    raise AssertionError


def test_what_another_gateway_has_learned_is_known_here_soon_and_once(monkeypatch):
    monkeypatch.setattr(service, "_FOLLOWED_EVERY_S", 0.01)
    store = Memory()

    async def story():
        one, other = sharing(store), sharing(store)
        for memory in (one, other):
            memory.begin()
            assert await memory.ready()
        one.remember("default", [ANSWER])
        await reached(lambda: knows(other))
        other.remember("default", [OTHER])
        await reached(lambda: knows(one, OTHER))
        await asyncio.sleep(0.05)
        shingles = one.derived.shingles, other.derived.shingles
        for memory in (one, other):
            await memory.aclose()
        return shingles

    one, other = asyncio.run(story())
    assert one == other
    alone = Derived(KEYS)
    for text in (ANSWER, OTHER):
        alone.learn("default", [text], expires_ns=10**19)
    assert one == alone.shingles


def test_a_number_that_is_seen_late_is_not_passed_over():
    """Of two that are left at the same time the later number may be there first."""
    store, clock = Memory(), Clock()

    async def story():
        writer, reader = sharing(store, clock), sharing(store, clock)
        reader.begin()
        assert await reader.ready()
        await writer._remember("default", [ANSWER], ())
        await writer._remember("default", [OTHER], ())
        store.unseen = {1}
        await reader._take_over()
        assert (knows(reader), knows(reader, OTHER)) == (False, True)
        store.unseen = set()
        await reader._take_over()
        assert knows(reader)
        clock.now += 61 * 10**9
        await reader._take_over()
        await reader._take_over()
        await reader.aclose()

    asyncio.run(story())
    assert store.asked[-1] == 2  # after a minute all below is settled


def test_a_store_that_comes_back_is_asked_again(monkeypatch):
    monkeypatch.setattr(service, "_LOADED_AGAIN_S", 0.01)
    store = Memory()
    store.broken = True

    async def story(memory):
        assert not await memory.ready()
        store.broken = False
        for _ in range(400):
            if await memory.ready():
                return True
            await asyncio.sleep(0.005)
        return False

    assert within(story, store)
