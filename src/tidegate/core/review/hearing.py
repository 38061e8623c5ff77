"""Where a review stands after a word, with time, and when it is used: the only ways from one state to the next.

waiting ──enough approvals──► approved ──used once──► used
   │                             │
   └──────── a refusal, its end, or an erasure ───────► refused, expired, forgotten

An approval is a signed word, and so is a refusal; the rest happens by itself or by whoever runs the gateway.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tidegate.core.review import binding, signed
from tidegate.core.review.signed import Reviewer
from tidegate.core.values.labels import covers
from tidegate.core.values.review import Review, State, Verdict, Word


class NotHeard(Exception):  # noqa: N818 - an answer to a reviewer, on its way to a sentence
    """Why a word changes nothing, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """`four_eyes`: labels that two reviewers must agree on. `approved_s`: how long an approval may hold."""

    four_eyes: tuple[str, ...] = ()
    held_s: int = 8 * 3600
    approved_s: int = 3600

    def needs(self, labels: Iterable[str]) -> int:
        """How many different reviewers must approve a request with these labels."""
        return 2 if any(covers(one, label) for one in self.four_eyes for label in labels) else 1


def now_at(review: Review, now_ns: int) -> Review:
    """What time alone has made of it."""
    if review.is_open and now_ns >= review.until_ns:
        return ended(review, State.EXPIRED, now_ns)
    return review


def heard(review: Review, reviewer: Reviewer, word: Word, terms: Terms, now_ns: int) -> Review:
    """After a word whose signature is the reviewer's. Raises NotHeard where it changes nothing."""
    review = now_at(review, now_ns)
    if not review.is_open:
        raise NotHeard(f"it is {review.state} already: nothing can be said of it any more")
    if word.review != review.id or word.binding != binding.digest(review.binding):
        raise NotHeard("another request was signed than the one that waits here; look at it again, then sign")
    if word.verdict is Verdict.REFUSE:
        if not word.reason:
            raise NotHeard("a refusal needs a reason: its caller is told")
        return ended(replace(review, words=(*review.words, word)), State.REFUSED, now_ns)
    return _approved(review, reviewer, word, terms, now_ns)


def used(review: Review, request_id: str, now_ns: int) -> Review:
    return ended(replace(review, used_by=request_id), State.USED, now_ns)


def ended(review: Review, state: State, now_ns: int) -> Review:
    return replace(review, state=state, ended_ns=now_ns)


def in_force(words: Iterable[Word], now_ns: int) -> tuple[Word, ...]:
    """Approvals that have not run out."""
    return tuple(word for word in words if word.verdict is not Verdict.REFUSE and signed.until_ns(word) > now_ns)


def agreed(words: Iterable[Word], targets: Iterable[str]) -> frozenset[str]:
    """Of `targets`, those that every word names."""
    left = frozenset(targets)
    for word in words:
        left &= frozenset(word.targets)
    return left


def _approved(review: Review, reviewer: Reviewer, word: Word, terms: Terms, now_ns: int) -> Review:
    if review.state is State.APPROVED:
        raise NotHeard("it is approved already; it can still be refused until it is used")
    if reviewer.name == review.binding.actor:
        raise NotHeard("nobody approves a request of their own; another reviewer must")
    _check_word(review, word, terms, now_ns)
    before = in_force(review.words, now_ns)
    if reviewer.name in {one.reviewer for one in before}:
        raise NotHeard("you have approved it already; another reviewer must, too")
    words = (*before, word)
    if not agreed(words, dict(review.binding.targets)):
        raise NotHeard("the reviewer before you approved other targets, so none would be left; agree on one")
    review = replace(review, words=words, needs=max(review.needs, terms.needs(review.labels)))
    if len(words) < review.needs:
        return review
    return replace(review, state=State.APPROVED, until_ns=min(signed.until_ns(one) for one in words))


def _check_word(review: Review, word: Word, terms: Terms, now_ns: int) -> None:
    unknown = sorted({*word.targets} - {*dict(review.binding.targets)})
    if unknown or not word.targets:
        waiting = ", ".join(name for name, _ in review.binding.targets)
        raise NotHeard(f"an approval names targets that wait for a review: {waiting}")
    left_s = (signed.until_ns(word) - now_ns) / 10**9
    if not 0 < left_s <= terms.approved_s + signed.SKEW_S:
        raise NotHeard(f"an approval holds for {terms.approved_s // 60} minutes at most; sign it again")
