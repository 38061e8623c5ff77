"""The queue as a whole: the path holds and uses here, reviewers are answered, and time and commands are noticed."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from tidegate.core.review import keeping
from tidegate.core.review.binding import as_json, bind, same
from tidegate.core.review.excerpts import excerpts
from tidegate.core.review.hearing import Terms, ended, now_at, used
from tidegate.core.review.releasing import nobody_reviews, released, standing, unknown
from tidegate.core.review.sealing import seal
from tidegate.core.settle import review_record as told
from tidegate.core.values.decision import Effect
from tidegate.core.values.errors import LedgerError, Refusal, StoreError, Unavailable
from tidegate.core.values.keys import Keys
from tidegate.core.values.review import Binding, KeptReview, Question, Review, State
from tidegate.ports import Clock, Store
from tidegate.services.reviews.book import Book
from tidegate.services.reviews.reviewers import Reviewers
from tidegate.services.reviews.rules import Effects, Rules
from tidegate.services.reviews.waiting import Waiting

_log = logging.getLogger(__name__)

LOOKED_EVERY_S = 1.0
_FORGOTTEN_EVERY_NS = 600 * 10**9
KEPT_AFTER_NS = 24 * 3600 * 10**9
"""How long it is known of a review how it ended."""


class ReviewQueue:
    """`ports.Reviews`, and what reviewers ask."""

    def __init__(
        self, store: Store, clock: Clock, keys: Keys, rules: Rules, effects: Effects, *, every_s: float = LOOKED_EVERY_S
    ) -> None:
        self._clock, self._keys, self._rules, self._new_id = clock, keys, rules, effects.new_id
        self._every_s = every_s
        self._waiting = Waiting()
        self._book = Book(store, clock, rules, effects, decided=self._waiting.wake)
        self._reviewers = Reviewers(self._book, clock, keys, rules)
        self._looking: asyncio.Task[None] | None = None
        self._trouble = ""
        self._forgot_ns = 0

    def begin(self) -> None:
        """In the running event loop, once."""
        self._looking = asyncio.ensure_future(self._look_again())

    def end_waits(self) -> None:
        """Whoever waits is told to come back: the gateway is going down."""
        self._waiting.end()

    async def aclose(self) -> None:
        self.end_waits()
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    # -- the path ----------------------------------------------------------------------------------------------------

    async def wait(self, question: Question) -> str:
        """The review that its client names, or under which it is held from now on; empty where nobody can review.

        Waits for the reviewers as long as the client does. Raises Refusal, StoreError or LedgerError.
        """
        if not self._rules.reviewers:
            return ""
        review = question.review or await self._hold(question)
        wait_s = min(question.wait_s, self._rules.wait_s)
        await self._waiting.decided(review, wait_s, lambda: self._book.is_waiting(review))
        return review

    async def use(self, review_id: str, question: Question) -> Mapping[str, Effect] | Refusal:
        """What each approved target may see, this one time; or why nothing. Durable when it returns.

        Raises StoreError or LedgerError: then the approval may be spent, and nothing may be sent.
        """
        if not review_id:
            return nobody_reviews()
        row = await self._book.find(review_id)
        if row is None:
            return unknown()
        try:
            return await self._use(row, question)
        except Refusal as refusal:
            return refusal

    async def _hold(self, question: Question) -> str:
        now = self._clock.now_ns()
        until_ns = now + self._rules.terms.held_s * 10**9
        binding = bind(question, self._keys, review=self._new_id(), until=keeping.moment(until_ns))
        review = _review_of(question, binding, self._rules.terms, now, until_ns)
        row = keeping.kept(
            review,
            same=same(self._keys, question),
            sealed=seal(self._keys, binding, excerpts(question.envelope, question.found)),
        )
        record = self._book.record(told.HELD, review, request_id=question.request_id, bound_to=as_json(binding))
        kept = await self._book.hold(review, row, record)
        if kept is None:
            message = f"{self._rules.most} requests wait for reviewers already ([review] most). Try again later."
            raise Unavailable("reviews_full", message)
        await self._book.paid()
        return kept.id

    async def _use(self, row: KeptReview, question: Question) -> Mapping[str, Effect]:
        """Raises Refusal."""
        review, now = keeping.read(row), self._clock.now_ns()
        here = bind(question, self._keys, review=review.id, until=review.binding.until)
        effects = released(review, here, question.decision, self._rules.reviewers, self._rules.terms, now)
        after = used(review, question.request_id, now)
        seen = {target: effect.value for target, effect in effects.items()}
        record = self._book.record(told.USED, after, request_id=question.request_id, effects=seen)
        if not await self._book.change(row, after, record):
            latest = await self._book.find(review.id)
            raise standing(self._book.stands(latest)) if latest else unknown()
        await self._book.paid()
        return effects

    # -- reviewers, and whoever runs the gateway ---------------------------------------------------------------------

    async def answer(self, body: bytes) -> object:
        """What a reviewer's signed note asks for, or says. Raises Refusal."""
        return await self._reviewers.answer(body)

    async def open(self) -> list[dict[str, Any]]:
        """What waits, or is approved and not used yet; nothing of the requests' texts."""
        return await self._reviewers.open()

    async def forget(self, review_id: str, actor: str) -> str:
        """Erases what is kept of it. The state that it is in then, which is another one where it had ended before;
        empty where there is none.
        """
        while (row := await self._book.find(review_id)) is not None:
            before, now = keeping.read(row), self._clock.now_ns()
            if not before.is_open:
                return before.state.value
            after = ended(before, State.FORGOTTEN, now)
            if await self._book.change(row, after, self._book.record(told.FORGOTTEN, after, actor=actor)):
                return after.state.value
        return ""

    # -- what happens by itself --------------------------------------------------------------------------------------

    async def _look_again(self) -> None:
        while True:
            try:
                await self.look()
                self._trouble = ""
            except (StoreError, LedgerError) as error:
                if self._trouble != str(error):  # once, not every second
                    _log.error("held requests cannot be looked after: %s", error)
                self._trouble = str(error)
            except Exception as error:  # noqa: BLE001 - whoever looks after the queue must not stop looking
                _log.error("defect %s while looking after held requests", type(error).__name__)
            await asyncio.sleep(self._every_s)

    async def look(self) -> None:
        """What time has ended, what commands have changed, what is still owed, and what need not be known any more."""
        now = self._clock.now_ns()
        states: dict[str, State] = {}
        for row in await self._book.open():
            before = keeping.read(row)
            after = now_at(before, now)
            states[row.id] = after.state
            if after is not before:
                await self._book.change(row, after, self._book.record(told.EXPIRED, after))
        self._waiting.wake(*(one for one in self._waiting.reviews if states.get(one) is not State.WAITING))
        await self._book.pay()
        if now - self._forgot_ns > _FORGOTTEN_EVERY_NS:
            await self._book.forget_before(now - KEPT_AFTER_NS)
            self._forgot_ns = now


def _review_of(question: Question, binding: Binding, terms: Terms, now_ns: int, until_ns: int) -> Review:
    found = question.found
    counts: dict[str, int] = {}
    for one in found.findings:
        counts[one.label] = counts.get(one.label, 0) + 1
    reviewed = [one for one in question.decision.targets if one.effect is Effect.REVIEWED]
    return Review(
        binding=binding,
        request_id=question.request_id,
        labels=tuple(sorted(found.labels)),
        level=found.level,
        counts=counts,
        rules=tuple(sorted({rule for one in reviewed for rule in one.rules})),
        needs=terms.needs(found.labels),
        held_ns=now_ns,
        until_ns=until_ns,
    )
