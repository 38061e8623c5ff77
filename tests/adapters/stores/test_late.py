"""A store that opens behind a running gateway."""

import asyncio

import pytest

from tidegate.adapters.stores.late import LateStore
from tidegate.core.values.errors import StoreError


class Opened:
    def __init__(self):
        self.remembered, self.closed, self.trouble = [], False, ""

    async def remember(self, tenant, prints):
        self.remembered.append((tenant, prints))

    async def anchor(self, head):
        self.remembered.append(head)

    async def aclose(self):
        self.closed = True


def test_whoever_needs_it_waits_and_it_is_opened_once():
    async def story():
        gate, opened, times = asyncio.Event(), Opened(), []

        async def open_store():
            times.append(1)
            await gate.wait()
            return opened

        store = LateStore(open_store)
        store.begin()
        waiting = [asyncio.ensure_future(store.remember("t", [n])) for n in range(3)]
        await asyncio.sleep(0.01)
        assert opened.remembered == []
        gate.set()
        await asyncio.gather(*waiting)
        assert opened.remembered == [("t", [0]), ("t", [1]), ("t", [2])]
        assert times == [1]
        await store.aclose()
        assert opened.closed

    asyncio.run(story())


def test_one_that_cannot_be_opened_refuses_whoever_needs_it_and_says_why():
    async def story():
        async def open_store():
            raise StoreError("no space")

        store = LateStore(open_store)
        store.begin()
        for _ in range(2):
            with pytest.raises(StoreError, match="no space"):
                await store.remember("t", [])
        assert store.trouble == "no space"
        await store.aclose()

    asyncio.run(story())


def test_a_client_that_leaves_while_it_waits_closes_it_for_nobody_else():
    async def story():
        gate, opened = asyncio.Event(), Opened()

        async def open_store():
            await gate.wait()
            return opened

        store = LateStore(open_store)
        leaving = asyncio.ensure_future(store.remember("t", [1]))
        await asyncio.sleep(0)
        leaving.cancel()
        staying = asyncio.ensure_future(store.remember("t", [2]))
        await asyncio.sleep(0)
        gate.set()
        await staying
        assert opened.remembered == [("t", [2])]

    asyncio.run(story())


def test_one_that_was_never_begun_is_not_opened_by_its_closing():
    times = []

    async def open_store():
        times.append(1)

    asyncio.run(LateStore(open_store).aclose())
    assert times == []


def test_every_question_of_the_port_is_passed_on():
    class Telling:
        def __init__(self):
            self.asked = []

        def __getattr__(self, name):
            async def answer(*said):
                self.asked.append((name, *said))
                return name

            return answer

    async def story():
        told = Telling()

        async def open_store():
            return told

        store = LateStore(open_store)
        answers = [await store.traces(1), await store.purge(2)]
        await store.leave("trace")
        answers += [await store.hold_review("row", 3, 4, ["owed"]), await store.review("id")]
        answers += [await store.change_review("row", ["owed"]), await store.forget_reviews(5)]
        answers += [await store.debts(), await store.settle_debts([6])]
        await store.aclose()
        return told.asked, answers

    asked = [
        ("traces", 1),
        ("purge", 2),
        ("leave", "trace"),
        ("hold_review", "row", 3, 4, ["owed"]),
        ("review", "id"),
        ("change_review", "row", ["owed"]),
        ("forget_reviews", 5),
        ("debts",),
        ("settle_debts", [6]),
        ("aclose",),
    ]
    names = ["traces", "purge", "hold_review", "review", "change_review", "forget_reviews", "debts", None]
    assert asyncio.run(story()) == (asked, names)


def test_one_that_could_not_be_opened_is_tried_again_and_says_so_until_it_is_there():
    async def story():
        answers = [StoreError("down"), StoreError("still down"), Opened()]

        async def open_store():
            answer = answers.pop(0)
            if isinstance(answer, StoreError):
                raise answer
            return answer

        store = LateStore(open_store, again_after_s=0.02)
        store.begin()
        for sentence in ("down", "down"):  # the second comes too early
            with pytest.raises(StoreError, match=sentence):
                await store.anchor("head")
        assert (len(answers), store.trouble) == (2, "down")
        await asyncio.sleep(0.03)
        with pytest.raises(StoreError, match="still down"):
            await store.anchor("head")
        assert store.trouble == "still down"
        await asyncio.sleep(0.03)
        await store.anchor("head")
        assert (answers, store.trouble) == ([], "")
        await store.aclose()

    asyncio.run(story())


def test_what_an_opened_store_says_of_itself_is_passed_on():
    async def story():
        opened = Opened()

        async def open_store():
            return opened

        store = LateStore(open_store)
        await store.anchor("head")
        opened.trouble = "it was shut down"
        assert store.trouble == "it was shut down"
        await store.aclose()

    asyncio.run(story())
