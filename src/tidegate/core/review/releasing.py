"""May this request go on now? The approval must be for this very request, for this policy, and not used yet.

It only ever turns `reviewed` into raw or redacted, for targets that reviewers have named, where policy, asked again,
still says `reviewed`. What policy says by itself stays as it is.
"""

from collections.abc import Mapping

from tidegate.core.review import signed
from tidegate.core.review.binding import difference, digest
from tidegate.core.review.hearing import Terms, agreed, in_force, now_at
from tidegate.core.review.signed import Reviewer
from tidegate.core.values.decision import Decision, Effect
from tidegate.core.values.errors import Held, PolicyRefusal, Refusal
from tidegate.core.values.review import Binding, Review, State, Verdict, Word

AGAIN = "Send it without x-tidegate-review to have it reviewed anew."
NOBODY = "Policy lets this pass only after a review, and nobody can review here ([review.reviewers])."


def released(
    review: Review,
    here: Binding,
    decision: Decision,
    reviewers: Mapping[str, Reviewer],
    terms: Terms,
    now_ns: int,
) -> Mapping[str, Effect]:
    """What each target may see. `here`: what an approval of the request, as it stands now, would be bound to.

    Raises Refusal: Held while reviewers have not decided, PolicyRefusal where they never will, or not for this.
    """
    review = now_at(review, now_ns)
    if (review.binding.tenant, review.binding.actor, review.binding.key) != (here.tenant, here.actor, here.key):
        raise unknown()  # nor is anybody told what became of somebody else's request
    if review.state is not State.APPROVED:
        raise standing(review)
    if why := difference(review.binding, here):
        raise PolicyRefusal("review_differs", f"The review does not cover this request: {why}. {AGAIN}")
    words = _sound(review, reviewers, now_ns)
    if len({word.reviewer for word in words}) < max(review.needs, terms.needs(review.labels)):
        raise PolicyRefusal("review_differs", f"Not enough of those who approved it may review any more. {AGAIN}")
    effect = Effect.REDACTED if any(word.verdict is Verdict.REDACTED for word in words) else Effect.RAW
    left = _left(review, here, decision, agreed(words, dict(review.binding.targets)))
    return dict.fromkeys(left, effect)


def standing(review: Review) -> Refusal:
    """What a client is told of a review that is not approved."""
    if review.state is State.WAITING:
        return held(review)
    if review.state is State.REFUSED:
        reasons = [word.reason for word in review.words if word.verdict is Verdict.REFUSE]
        return PolicyRefusal("review_refused", f"A reviewer has refused this request: {reasons[-1]}")
    if review.state is State.USED:
        return PolicyRefusal("review_used", f"The approval was for one use, and it has been used. {AGAIN}")
    ended = "has expired" if review.state is State.EXPIRED else "was erased"
    return PolicyRefusal("review_expired", f"The review {ended}. {AGAIN}")


def held(review: Review) -> Held:
    said = f"{len(review.words)} of {review.needs} reviewers have approved it. " if review.words else ""
    return Held(
        review.id,
        f"Policy lets this pass only after a review. It waits as {review.id}. {said}Once it is approved, send the very "
        f"same body again with the header x-tidegate-review: {review.id}; with x-tidegate-review-wait: SECONDS the "
        "gateway waits for the reviewers.",
    )


def unknown() -> PolicyRefusal:
    return PolicyRefusal("review_unknown", f"There is no such review. {AGAIN}")


def nobody_reviews() -> PolicyRefusal:
    return PolicyRefusal("review_required", NOBODY)


def _sound(review: Review, reviewers: Mapping[str, Reviewer], now_ns: int) -> tuple[Word, ...]:
    """Approvals that were signed, for this very review, by whom today's configuration calls a reviewer.

    What the store has beside the signed text is not taken for anything.
    """
    bound = digest(review.binding)
    words = (
        signed.word_of(word.text, word.signature, reviewer)
        for word in review.words
        if (reviewer := reviewers.get(word.reviewer)) is not None
    )
    return in_force([word for word in words if word and (word.review, word.binding) == (review.id, bound)], now_ns)


def _left(review: Review, here: Binding, decision: Decision, named: frozenset[str]) -> list[str]:
    """Raises PolicyRefusal where no approved target is left, with what became of the first."""
    reviewed = {one.target for one in decision.targets if one.effect is Effect.REVIEWED}
    before, now = dict(review.binding.targets), dict(here.targets)
    left = [name for name in now if name in named and name in reviewed and before.get(name) == now[name]]
    if left:
        return left
    name = min(named)
    changed = name in now and before[name] != now[name]
    what = (
        f"what is declared of target {name}, or in force of its contract, has changed"
        if changed
        else f"policy no longer lets it go to {name}, nor to any other target that was approved"
    )
    raise PolicyRefusal("review_differs", f"The review does not cover this request: {what}. {AGAIN}")
