"""Where held requests are written down, each change together with what it owes.

Every change is one step of the store from the state that whoever makes it has seen, so of two that race one finds that
it was too late. What a change owes, its record in the log and its messages to webhooks, is kept in the same step and
paid after it: a stop in between loses nothing, and an approval that is used stays used. Nobody is told of a change
before its record is durable.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from tidegate.core.ledger.entries import rfc3339
from tidegate.core.review import hook, keeping
from tidegate.core.review.binding import digest
from tidegate.core.review.hearing import now_at
from tidegate.core.settle import review_record as told
from tidegate.core.values.owed import Owed
from tidegate.core.values.review import KeptReview, Review, State
from tidegate.ports import Clock, Store
from tidegate.services.reviews.rules import Effects, Rules


class Book:
    """`decided` is told the id of each review that waits no longer. All of it raises StoreError; what pays, LedgerError
    too.
    """

    def __init__(
        self, store: Store, clock: Clock, rules: Rules, effects: Effects, *, decided: Callable[[str], None]
    ) -> None:
        self._store, self._clock, self._rules, self._effects = store, clock, rules, effects
        self._decided = decided
        self._paying = asyncio.Lock()

    # -- how they stand ----------------------------------------------------------------------------------------------

    async def find(self, review_id: str) -> KeptReview | None:
        return await self._store.review(review_id)

    def stands(self, row: KeptReview) -> Review:
        """As it is by now, whether anybody has noted what time has ended or not."""
        return now_at(keeping.read(row), self._clock.now_ns())

    async def is_waiting(self, review_id: str) -> bool:
        row = await self.find(review_id)
        return row is not None and self.stands(row).state is State.WAITING

    async def open(self) -> list[KeptReview]:
        """Those whose end nobody has noted."""
        return list(await self._store.reviews(only_open=True))

    # -- changes -----------------------------------------------------------------------------------------------------

    async def hold(self, review: Review, row: KeptReview, record: bytes) -> KeptReview | None:
        """The one that waits for the same already, or this one. None: as many as may wait do."""
        return await self._store.hold_review(
            row, self._rules.most, self._clock.now_ns(), self._owed_for(review, record)
        )

    async def change(self, row: KeptReview, after: Review, record: bytes) -> bool:
        """False: it is no longer as `row` says."""
        done = await self._store.change_review(keeping.next_turn(row, after), self._owed_for(after, record))
        if done and after.state is not State.WAITING:
            self._decided(after.id)
        return done

    def record(self, act: str, review: Review, **more: Any) -> bytes:
        about = {
            "request_id": self._effects.new_id(),
            "ts": rfc3339(self._clock.now_ns()),
            "act": act,
            "review": review.id,
            "tenant": review.binding.tenant,
            "binding": digest(review.binding),
            "labels": review.labels,
            "level": review.level,
            "needs": review.needs,
            "state": review.state.value,
        }
        return told.review_act(**{**about, **more})

    async def forget_before(self, ended_ns: int) -> None:
        await self._store.forget_reviews(ended_ns)

    # -- what they owe -----------------------------------------------------------------------------------------------

    async def note(self, record: bytes) -> None:
        """Of what changes nothing: durable when it returns."""
        await self._effects.record(record)

    async def paid(self) -> None:
        """Whoever leaves in the middle of it leaves it to be done."""
        await asyncio.shield(asyncio.ensure_future(self.pay()))

    async def pay(self) -> None:
        """Records that are owed, in order, one payer at a time. A stop between record and settling repeats a record,
        byte for byte; it never loses one.
        """
        async with self._paying:
            for debt in await self._store.debts():
                if debt.to:
                    self._effects.tell(debt, partial(self._store.settle_debts, [debt.number]))
                    continue
                await self._effects.record(debt.content)
                await self._store.settle_debts([debt.number])

    def _owed_for(self, review: Review, record: bytes) -> list[Owed]:
        now = self._clock.now_ns()
        return [
            Owed("", record),
            *(
                Owed(name, hook.message(review, event_id=self._effects.new_id(), now_ns=now))
                for name in self._rules.hooks
            ),
        ]
