"""Reviews in the store: kept over restarts, changed from the turn that was seen, erased from the files."""

import asyncio

import pytest

from tests.core.review.kit import ID
from tidegate.adapters.stores.sql import SqlStore
from tidegate.core.values.owed import Owed
from tidegate.core.values.review import KeptReview

TEXT = b"a very particular ciphertext"
ROW = KeptReview(ID, "default", 0, b"same", is_open=True, until_ns=100, about=b"{}", sealed=TEXT)


class Entropy:
    def uuid7(self):
        return "01890000-0000-7000-8000-000000000000"


def within(url, story):
    async def told():
        store = await SqlStore.open(url, entropy=Entropy())
        try:
            return await story(store)
        finally:
            await store.aclose()

    return asyncio.run(told())


def row(number, **more):
    return ROW._replace(id=f"{ID[:-4]}{number:04d}", same=b"same %d" % number, **more)


def test_what_is_held_is_there_after_a_restart_with_what_it_owes(url):
    async def first(store):
        return await store.hold_review(ROW, 10, 0, [Owed("", b"held"), Owed("chat", b"told")])

    async def second(store):
        debts = await store.debts()
        await store.settle_debts([debts[0].number])
        return await store.review(ID), await store.reviews(), debts, await store.debts()

    assert within(url, first) == ROW
    found, every, debts, left = within(url, second)
    assert (found, every) == (ROW, [ROW])
    assert [(one.to, one.content) for one in debts] == [("", b"held"), ("chat", b"told")]
    assert left == debts[1:]
    assert isinstance(found.is_open, bool)


@pytest.mark.parametrize(
    ("known", "asked", "kept"),
    [
        (ROW, ROW._replace(id="b"), ROW),
        (ROW, ROW._replace(id="b", tenant="other"), None),
        (ROW, ROW._replace(id="b", same=b"another"), None),
        (ROW._replace(is_open=False), ROW._replace(id="b"), None),
        (ROW._replace(until_ns=5), ROW._replace(id="b"), None),
    ],
)
def test_only_an_open_one_that_is_the_same_is_the_answer(url, known, asked, kept):
    async def story(store):
        await store.hold_review(known, 10, 0)
        found = await store.hold_review(asked, 10, 5, [Owed("", b"held")])
        return found, len(await store.debts()), len(await store.reviews())

    assert within(url, story) == ((kept, 0, 1) if kept else (asked, 1, 2))


def test_as_many_as_may_wait_and_no_more_whoever_comes_at_once(url):
    async def story(store):
        found = await asyncio.gather(*(store.hold_review(row(n), 5, 0) for n in range(20)))
        after_their_end = await store.hold_review(row(99, until_ns=300), 5, 100)
        return sum(one is not None for one in found), after_their_end is not None

    assert within(url, story) == (5, True)


def test_of_those_who_change_one_turn_one_does(url):
    async def story(store):
        await store.hold_review(ROW, 10, 0)
        changes = [ROW._replace(turn=1, about=b"%d" % n) for n in range(10)]
        done = await asyncio.gather(*(store.change_review(one, [Owed("", one.about)]) for one in changes))
        return done, (await store.review(ID)).about, [one.content for one in await store.debts()]

    done, about, owed = within(url, story)
    assert (sum(done), owed) == (1, [about])


@pytest.mark.parametrize("turn", [0, 2, 7])
def test_a_turn_that_was_not_seen_is_not_changed(url, turn):
    async def story(store):
        await store.hold_review(ROW, 10, 0)
        return await store.change_review(ROW._replace(turn=turn, about=b"x")), await store.review(ID)

    assert within(url, story) == (False, ROW)


def test_what_is_no_longer_in_it_is_gone_from_the_files(file_url, path):
    async def story(store):
        await store.hold_review(ROW, 10, 0)
        assert any(TEXT in file.read_bytes() for file in path.parent.iterdir())
        await store.change_review(ROW._replace(turn=1, sealed=b"", is_open=False, until_ns=50))
        left = [file.name for file in path.parent.iterdir() if TEXT in file.read_bytes()]
        return left, [one.id for one in await store.reviews(only_open=True)], len(await store.reviews())

    assert within(file_url, story) == ([], [], 1)


@pytest.mark.parametrize(("before", "left"), [(49, 2), (50, 1), (1000, 1)])
def test_only_what_has_ended_is_forgotten(url, before, left):
    async def story(store):
        await store.hold_review(row(1), 10, 0)
        await store.hold_review(row(2), 10, 0)
        await store.change_review(row(2, turn=1, is_open=False, until_ns=50))
        gone = await store.forget_reviews(before)
        return gone, len(await store.reviews())

    assert within(url, story) == (2 - left, left)


def test_one_that_nobody_knows_is_none(url):
    async def story(store):
        return await store.review(ID), await store.change_review(ROW._replace(turn=1)), await store.debts()

    assert within(url, story) == (None, False, [])
