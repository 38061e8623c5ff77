"""Sessions: as strict as the strictest that they have held, over restarts and replicas, and where nobody can know."""

import asyncio

import pytest

from tests.given import CALLER
from tidegate.core.values.errors import StoreError
from tidegate.core.values.session import Seen, SessionKey
from tidegate.services import sessions as module
from tidegate.services.sessions import SessionMemory

HOUR, DAY = 3600 * 10**9, 24 * 3600 * 10**9
NOW = 1_795_278_600_000_000_000
ONE = CALLER._replace(thread="one")
KEY = SessionKey("default", "loopback", "one")


class Clock:
    now = NOW

    def now_ns(self):
        return self.now


class Store:
    """Counts what is asked of it; `broken`: raises."""

    def __init__(self, since=0):
        self.since, self.kept, self.broken = since, {}, False
        self.read, self.written, self.forgotten = 0, [], []

    async def knows_since_ns(self):
        self._check()
        return self.since

    async def session(self, key):
        self.read += 1
        self._check()
        return self.kept.get(key)

    async def keep_session(self, key, seen):
        self._check()
        self.written.append(seen.level)
        self.kept[key] = seen

    async def forget_sessions(self, before_ns):
        self.forgotten.append(before_ns)
        self._check()
        return 0

    def _check(self):
        if self.broken:
            raise StoreError("scripted")


def memory(store, *, clock=None, **more):
    return SessionMemory(store, clock or Clock(), **more)


def said(kept, *levels, caller=ONE, has_history=True):
    """What each of some requests is told of those before it."""

    async def story():
        told = []
        for level in levels:
            told.append(await kept.level(caller, has_history=has_history))
            await kept.note(caller, level)
        return told

    return asyncio.run(story())


@pytest.mark.parametrize("has_history", [True, False])
def test_the_strictest_level_stays(has_history):
    levels = ("public", "internal", "public", "restricted", "public", "confidential", "public")
    told = said(memory(Store()), *levels, has_history=has_history)
    assert told == ["public", "public", "internal", "internal", "restricted", "restricted", "restricted"]


def test_a_session_is_read_once_and_written_when_it_gets_stricter():
    store = Store()
    said(memory(store), "public", "internal", "internal", "public", "restricted", "restricted", "public")
    assert (store.read, store.written) == (1, ["internal", "restricted"])


def test_a_restart_and_another_replica_know_it():
    store = Store()
    said(memory(store), "restricted")
    assert said(memory(store), "public") == ["restricted"]


@pytest.mark.parametrize("changed", [{"thread": "two"}, {"tenant": "other"}, {"key_id": "k2"}])
def test_nobody_else_s_session_is_touched(changed):
    kept = memory(Store())
    said(kept, "restricted")
    assert said(kept, "public", caller=ONE._replace(**changed)) == ["public"]


def test_of_a_conversation_without_a_name_nothing_is_kept():
    store = Store()
    assert said(memory(store), "restricted", "public", caller=CALLER) == ["public", "public"]
    assert (store.read, store.written) == (0, [])


def test_a_conversation_without_a_name_is_the_strictest_while_the_store_is_in_trouble():
    store = Store()
    kept = memory(store)
    store.broken = True
    assert said(kept, "public", caller=CALLER) == ["restricted"]
    assert said(kept, "public", caller=CALLER, has_history=False) == ["public"]
    store.broken = False
    assert said(kept, "public") == ["public"]  # a named one finds that it can be read again
    assert said(kept, "public", caller=CALLER) == ["public"]


def test_a_store_that_cannot_be_read_makes_a_history_the_strictest_and_is_asked_again():
    store = Store()
    kept = memory(store)
    store.broken = True
    assert said(kept, "public") == ["restricted"]
    assert said(kept, "public", has_history=False) == ["public"]
    store.broken = False
    assert said(kept, "public") == ["public"]


def test_what_cannot_be_kept_is_refused_and_owed():
    store = Store()
    kept = memory(store)
    said(kept, "public")
    store.broken = True
    with pytest.raises(StoreError):
        said(kept, "restricted")
    store.broken = False
    assert said(kept, "public") == ["restricted"]
    assert store.kept[KEY].level == "restricted"


@pytest.mark.parametrize(
    ("since", "has_history", "told"),
    [
        (NOW - DAY, True, "restricted"),
        (NOW - DAY, False, "public"),
        (NOW - 29 * DAY, True, "restricted"),
        (NOW - 31 * DAY, True, "public"),
        (0, True, "public"),
    ],
)
def test_a_store_that_was_emptied_knows_nothing_of_what_was_before(since, has_history, told):
    assert said(memory(Store(since)), "public", has_history=has_history) == [told]
    assert said(memory(Store(since)), "public", has_history=has_history, caller=CALLER) == [told]


def test_a_session_that_began_after_the_store_was_emptied_is_known_and_stays_so():
    store = Store(NOW - DAY)
    kept = memory(store)
    assert said(kept, "public", has_history=False) == ["public"]
    assert said(kept, "public") == ["public"]
    assert said(memory(store), "public") == ["public"]


def test_what_was_taken_for_the_strictest_stays_so():
    store = Store(NOW - DAY)
    said(memory(store), "internal")
    assert said(memory(store), "public") == ["restricted"]


def test_a_session_is_kept_from_when_it_was_last_asked_for():
    clock, store = Clock(), Store()
    kept = memory(store, clock=clock)
    said(kept, "restricted")
    for _ in range(3):
        clock.now += 20 * DAY
        assert said(kept, "public") == ["restricted"]
        assert said(memory(store, clock=clock), "public") == ["restricted"]
    clock.now += 31 * DAY
    assert said(memory(store, clock=clock), "public") == ["public"]


def test_where_others_write_too_what_was_read_is_read_again():
    clock, store = Clock(), Store()
    kept = memory(store, clock=clock, fresh_s=5)
    assert said(kept, "public") == ["public"]
    store.kept[KEY] = Seen("restricted", NOW)
    assert said(kept, "public") == ["public"]
    clock.now += 6 * 10**9
    assert said(kept, "public", "public") == ["restricted", "restricted"]
    read = store.read
    clock.now += HOUR
    assert said(kept, "public") == ["restricted"]
    assert store.read == read  # it cannot get stricter


def test_where_replicas_share_the_store_each_request_asks_and_the_strictest_is_not_asked_again():
    """What one replica has noted a moment ago is strict at the others at once."""
    store = Store()
    one, other = memory(store, fresh_s=0), memory(store, fresh_s=0)
    assert said(one, "public") == ["public"]
    assert said(other, "confidential") == ["public"]
    assert said(one, "public") == ["confidential"]
    assert said(other, "restricted") == ["confidential"]
    assert said(one, "public") == ["restricted"]
    read = store.read
    assert (said(one, "public"), store.read) == (["restricted"], read)


def test_what_is_read_again_never_gets_looser():
    clock, store = Clock(), Store()
    kept = memory(store, clock=clock, fresh_s=5)
    said(kept, "confidential")
    store.kept[KEY] = Seen("internal", NOW)
    clock.now += 6 * 10**9
    assert said(kept, "public") == ["confidential"]
    assert store.kept[KEY].level == "confidential"


def test_what_is_held_in_memory_is_bounded_and_forgets_nothing(monkeypatch):
    monkeypatch.setattr(module, "MOST_HELD", 3)
    store = Store()
    kept = memory(store)
    callers = [ONE._replace(thread=str(n)) for n in range(10)]
    for caller in callers:
        said(kept, "restricted", caller=caller)
    assert len(kept._held) <= 3
    assert all(said(kept, "public", caller=caller) == ["restricted"] for caller in callers)


def test_two_requests_at_once_leave_the_stricter():
    store = Store()
    kept = memory(store)

    async def one(level):
        await kept.level(ONE, has_history=True)
        await kept.note(ONE, level)

    async def story():
        await asyncio.gather(one("restricted"), one("internal"), one("public"))
        return await kept.level(ONE, has_history=True)

    assert asyncio.run(story()) == "restricted"
    assert store.kept[KEY].level == "restricted"


def test_sessions_that_are_over_are_erased_and_a_broken_store_ends_nothing():
    store = Store()
    kept = memory(store)
    store.broken = True

    async def story():
        kept.begin()
        await asyncio.sleep(0)
        await kept.aclose()

    asyncio.run(story())
    assert store.forgotten == [NOW - 30 * DAY]
