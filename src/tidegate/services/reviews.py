"""Requests that wait for a person: held, shown to reviewers, approved or refused by them, and used once.

Every change is one step of the store from the state that whoever makes it has seen, so of two that race one finds that
it was too late. What a change owes, its record in the log and its messages to webhooks, is kept in the same step and
paid after it: a stop in between loses nothing, and an approval that is used stays used. Nobody is told of a change
before its record is durable.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tidegate.core.dialects import document
from tidegate.core.ledger.entries import rfc3339
from tidegate.core.review import hook, keeping
from tidegate.core.review.binding import as_json, bind, digest, same
from tidegate.core.review.excerpts import excerpts, for_role
from tidegate.core.review.hearing import NotHeard, Terms, ended, heard, now_at, used
from tidegate.core.review.releasing import nobody_reviews, released, standing, unknown
from tidegate.core.review.sealing import seal, unseal
from tidegate.core.review.signed import NotSigned, Order, Reviewer, opened
from tidegate.core.settle import review_record as told
from tidegate.core.values.decision import Effect
from tidegate.core.values.errors import BadRequest, LedgerError, Refusal, StoreError, Unavailable
from tidegate.core.values.keys import Keys
from tidegate.core.values.owed import Owed
from tidegate.core.values.review import Binding, KeptReview, Question, Review, State, Verdict, Word
from tidegate.ports import Clock, Store

_log = logging.getLogger(__name__)

LOOKED_EVERY_S = 1.0
_FORGOTTEN_EVERY_NS = 600 * 10**9
KEPT_AFTER_NS = 24 * 3600 * 10**9
"""How long it is known of a review how it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`reviewers` by name; without any nothing is held. `most`: held at once. `hooks`: names of webhooks to tell."""

    reviewers: Mapping[str, Reviewer] = field(default_factory=dict)
    terms: Terms = field(default_factory=Terms)
    wait_s: int = 0
    most: int = 200
    hooks: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """`record`: the entry is durable when it returns; its index. `tell`: takes messages for webhooks over."""

    record: Callable[[bytes], Awaitable[int]]
    new_id: Callable[[], str]
    tell: Callable[[Owed, Callable[[], Awaitable[None]]], None] = lambda _owed, _paid: None


class ReviewQueue:
    """`ports.Reviews`, and what reviewers ask."""

    def __init__(
        self, store: Store, clock: Clock, keys: Keys, rules: Rules, effects: Effects, *, every_s: float = LOOKED_EVERY_S
    ) -> None:
        self._store, self._clock, self._keys, self._rules, self._effects = store, clock, keys, rules, effects
        self._every_s = every_s
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}
        self._paying = asyncio.Lock()
        self._looking: asyncio.Task[None] | None = None
        self._closing = False
        self._trouble = ""
        self._forgot_ns = 0

    def begin(self) -> None:
        """In the running event loop, once."""
        self._looking = asyncio.ensure_future(self._look_again())

    def end_waits(self) -> None:
        """Whoever waits is told to come back: the gateway is going down."""
        self._closing = True
        self._wake(*self._waiting)

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
        if wait_s and not self._closing:
            await self._decided(review, wait_s)
        return review

    async def use(self, review_id: str, question: Question) -> Mapping[str, Effect] | Refusal:
        """What each approved target may see, this one time; or why nothing. Durable when it returns.

        Raises StoreError or LedgerError: then the approval may be spent, and nothing may be sent.
        """
        if not review_id:
            return nobody_reviews()
        row = await self._store.review(review_id)
        if row is None:
            return unknown()
        try:
            return await self._use(row, question)
        except Refusal as refusal:
            return refusal

    async def _hold(self, question: Question) -> str:
        now = self._clock.now_ns()
        until_ns = now + self._rules.terms.held_s * 10**9
        binding = bind(question, self._keys, review=self._effects.new_id(), until=keeping.moment(until_ns))
        review = _review_of(question, binding, self._rules.terms, now, until_ns)
        row = keeping.kept(
            review,
            same=same(self._keys, question),
            sealed=seal(self._keys, binding, excerpts(question.envelope, question.found)),
        )
        record = self._record(told.HELD, review, request_id=question.request_id, bound_to=as_json(binding))
        kept = await self._store.hold_review(row, self._rules.most, now, self._owed(review, record))
        if kept is None:
            message = f"{self._rules.most} requests wait for reviewers already ([review] most). Try again later."
            raise Unavailable("reviews_full", message)
        await self._paid()
        return kept.id

    async def _use(self, row: KeptReview, question: Question) -> Mapping[str, Effect]:
        """Raises Refusal."""
        review, now = keeping.read(row), self._clock.now_ns()
        here = bind(question, self._keys, review=review.id, until=review.binding.until)
        effects = released(review, here, question.decision, self._rules.reviewers, self._rules.terms, now)
        after = used(review, question.request_id, now)
        record = self._record(
            told.USED,
            after,
            request_id=question.request_id,
            effects={target: effect.value for target, effect in effects.items()},
        )
        if not await self._change(row, after, record):
            latest = await self._store.review(review.id)
            raise standing(now_at(keeping.read(latest), now)) if latest else unknown()
        await self._paid()
        return effects

    async def _decided(self, review_id: str, wait_s: float) -> None:
        decided = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(review_id, set()).add(decided)
        try:
            # Looked at only now: a word that comes after this look wakes whoever waits.
            row = await self._store.review(review_id)
            if row is not None and now_at(keeping.read(row), self._clock.now_ns()).state is State.WAITING:
                await asyncio.wait([decided], timeout=wait_s)
        finally:
            waiting = self._waiting[review_id]
            waiting.discard(decided)
            if not waiting:
                del self._waiting[review_id]

    # -- reviewers ---------------------------------------------------------------------------------------------------

    async def answer(self, body: bytes) -> object:
        """What a reviewer's signed note asks for, or says. Raises Refusal."""
        try:
            return await self._answer(body)
        except (StoreError, LedgerError) as error:
            _log.error("a reviewer could not be answered: %s", error)
            why = "Nothing can be kept or recorded, so nothing is said of it. `tidegate doctor` says why."
            raise Unavailable("record_unavailable", why) from None

    async def _answer(self, body: bytes) -> object:
        note = document.parse(body).get("note")
        if not isinstance(note, str):
            raise BadRequest("missing_note", 'Send {"note": "…"}: an order or a word, signed.', param="note")
        try:
            reviewer, said = opened(note, self._rules.reviewers, self._clock.now_ns())
        except NotSigned as why:
            raise Refusal("not_a_reviewer", f"This is not taken: {why}.", status=403) from None
        if isinstance(said, Word):
            return await self._hear(reviewer, said)
        if said.do == "list":
            return {"object": "tidegate.reviews", **self._here(reviewer), "reviews": await self.open()}
        if said.do == "about":
            _, review = await self._known(said.review)
            return {"object": "tidegate.review", **self._here(reviewer), **keeping.told_whole(review)}
        if said.do == "show":
            return await self._show(reviewer, said)
        raise BadRequest("unknown_order", "There is no such order: it is list, about or show.", param="note")

    async def open(self) -> list[dict[str, Any]]:
        """What waits, or is approved and not used yet; nothing of the requests' texts."""
        now = self._clock.now_ns()
        found = [now_at(keeping.read(row), now) for row in await self._store.reviews(only_open=True)]
        return [keeping.told(review) for review in found if review.is_open]

    async def _show(self, reviewer: Reviewer, order: Order) -> dict[str, Any]:
        """Who has looked at what is in the log before they see it."""
        row, review = await self._known(order.review)
        contents = unseal(self._keys, review.binding, row.sealed) if review.state is State.WAITING else None
        if contents is not None:
            await self._effects.record(self._record(told.SHOWN, review, **_by(reviewer), to=reviewer.role))
        return {
            "object": "tidegate.review",
            **self._here(reviewer),
            **keeping.told_whole(review),
            "contents": None if contents is None else for_role(contents, reviewer.role),
        }

    async def _hear(self, reviewer: Reviewer, word: Word) -> dict[str, Any]:
        row, before = await self._known(word.review)
        now = self._clock.now_ns()
        try:
            after = heard(before, reviewer, word, self._rules.terms, now)
        except NotHeard as why:
            raise Refusal("review_unchanged", f"Nothing has changed: {why}.", status=409) from None
        act = told.REFUSED if word.verdict is Verdict.REFUSE else told.APPROVED
        signed = {"word": word.text, "signature": word.signature, "reason": word.reason}
        if not await self._change(row, after, self._record(act, after, **_by(reviewer), **signed)):
            raise Refusal("review_unchanged", "Somebody else was faster: look at it again, then sign.", status=409)
        await self._paid()
        return {"object": "tidegate.review", **keeping.told_whole(after)}

    async def _known(self, review_id: str) -> tuple[KeptReview, Review]:
        row = await self._store.review(review_id)
        if row is None:
            raise BadRequest("review_not_found", "There is no review of that id.", status=404)
        return row, now_at(keeping.read(row), self._clock.now_ns())

    def _here(self, reviewer: Reviewer) -> dict[str, Any]:
        return {"role": reviewer.role, "approved_s": self._rules.terms.approved_s}

    # -- whoever runs the gateway ------------------------------------------------------------------------------------

    async def forget(self, review_id: str, actor: str) -> str:
        """Erases what is kept of it. The state that it is in then, which is another one where it had ended before;
        empty where there is none.
        """
        while (row := await self._store.review(review_id)) is not None:
            before, now = keeping.read(row), self._clock.now_ns()
            if not before.is_open:
                return before.state.value
            after = ended(before, State.FORGOTTEN, now)
            if await self._change(row, after, self._record(told.FORGOTTEN, after, actor=actor)):
                return after.state.value
        return ""

    # -- changes -----------------------------------------------------------------------------------------------------

    async def _change(self, row: KeptReview, after: Review, record: bytes) -> bool:
        """False: it is no longer as `row` says."""
        done = await self._store.change_review(keeping.next_turn(row, after), self._owed(after, record))
        if done and after.state is not State.WAITING:
            self._wake(after.id)
        return done

    def _owed(self, review: Review, record: bytes) -> list[Owed]:
        now = self._clock.now_ns()
        return [
            Owed("", record),
            *(
                Owed(name, hook.message(review, event_id=self._effects.new_id(), now_ns=now))
                for name in self._rules.hooks
            ),
        ]

    def _record(self, act: str, review: Review, **more: Any) -> bytes:
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

    def _wake(self, *reviews: str) -> None:
        for review in reviews:
            for decided in self._waiting.get(review, ()):
                if not decided.done():
                    decided.set_result(None)

    async def _paid(self) -> None:
        """Whoever leaves in the middle of it leaves it to be done."""
        await asyncio.shield(asyncio.ensure_future(self._pay()))

    async def _pay(self) -> None:
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

    # -- what happens by itself --------------------------------------------------------------------------------------

    async def _look_again(self) -> None:
        while True:
            try:
                await self._look()
                self._trouble = ""
            except (StoreError, LedgerError) as error:
                if self._trouble != str(error):  # once, not every second
                    _log.error("held requests cannot be looked after: %s", error)
                self._trouble = str(error)
            except Exception as error:  # noqa: BLE001 - whoever looks after the queue must not stop looking
                _log.error("defect %s while looking after held requests", type(error).__name__)
            await asyncio.sleep(self._every_s)

    async def _look(self) -> None:
        """What time has ended, what commands have changed, what is still owed, and what need not be known any more."""
        now = self._clock.now_ns()
        states: dict[str, State] = {}
        for row in await self._store.reviews(only_open=True):
            before = keeping.read(row)
            after = now_at(before, now)
            states[row.id] = after.state
            if after is not before:
                await self._change(row, after, self._record(told.EXPIRED, after))
        self._wake(*(review for review in self._waiting if states.get(review) is not State.WAITING))
        await self._pay()
        if now - self._forgot_ns > _FORGOTTEN_EVERY_NS:
            await self._store.forget_reviews(now - KEPT_AFTER_NS)
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


def _by(reviewer: Reviewer) -> dict[str, str]:
    return {"reviewer": reviewer.name, "key": reviewer.verifier.key_id().hex()}
