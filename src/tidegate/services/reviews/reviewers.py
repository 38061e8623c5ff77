"""What reviewers ask and say, each in a note that they have signed."""

import logging
from typing import Any

from tidegate.core.dialects import document
from tidegate.core.review import keeping
from tidegate.core.review.excerpts import for_role
from tidegate.core.review.hearing import NotHeard, heard
from tidegate.core.review.sealing import unseal
from tidegate.core.review.signed import NotSigned, Order, Reviewer, opened
from tidegate.core.settle import review_record as told
from tidegate.core.values.errors import BadRequest, LedgerError, Refusal, StoreError, Unavailable
from tidegate.core.values.keys import Keys
from tidegate.core.values.review import KeptReview, Review, State, Verdict, Word
from tidegate.ports import Clock
from tidegate.services.reviews.book import Book
from tidegate.services.reviews.rules import Rules

_log = logging.getLogger(__name__)


class Reviewers:
    """Answers them, as JSON objects."""

    def __init__(self, book: Book, clock: Clock, keys: Keys, rules: Rules) -> None:
        self._book, self._clock, self._keys, self._rules = book, clock, keys, rules

    async def answer(self, body: bytes) -> object:
        """What a signed note asks for, or says. Raises Refusal."""
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
        found = [self._book.stands(row) for row in await self._book.open()]
        return [keeping.told(review) for review in found if review.is_open]

    async def _show(self, reviewer: Reviewer, order: Order) -> dict[str, Any]:
        """Who has looked at what is in the log before they see it."""
        row, review = await self._known(order.review)
        contents = unseal(self._keys, review.binding, row.sealed) if review.state is State.WAITING else None
        if contents is not None:
            await self._book.note(self._book.record(told.SHOWN, review, **_by(reviewer), to=reviewer.role))
        return {
            "object": "tidegate.review",
            **self._here(reviewer),
            **keeping.told_whole(review),
            "contents": None if contents is None else for_role(contents, reviewer.role),
        }

    async def _hear(self, reviewer: Reviewer, word: Word) -> dict[str, Any]:
        row, before = await self._known(word.review)
        try:
            after = heard(before, reviewer, word, self._rules.terms, self._clock.now_ns())
        except NotHeard as why:
            raise Refusal("review_unchanged", f"Nothing has changed: {why}.", status=409) from None
        act = told.REFUSED if word.verdict is Verdict.REFUSE else told.APPROVED
        signed = {"word": word.text, "signature": word.signature, "reason": word.reason}
        if not await self._book.change(row, after, self._book.record(act, after, **_by(reviewer), **signed)):
            raise Refusal("review_unchanged", "Somebody else was faster: look at it again, then sign.", status=409)
        await self._book.paid()
        return {"object": "tidegate.review", **keeping.told_whole(after)}

    async def _known(self, review_id: str) -> tuple[KeptReview, Review]:
        row = await self._book.find(review_id)
        if row is None:
            raise BadRequest("review_not_found", "There is no review of that id.", status=404)
        return row, self._book.stands(row)

    def _here(self, reviewer: Reviewer) -> dict[str, Any]:
        return {"role": reviewer.role, "approved_s": self._rules.terms.approved_s}


def _by(reviewer: Reviewer) -> dict[str, str]:
    return {"reviewer": reviewer.name, "key": reviewer.verifier.key_id().hex()}
