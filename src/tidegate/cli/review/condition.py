"""What `tidegate doctor` says of reviews: who can, what waits, and whether webhooks can be told."""

from collections.abc import Iterator
from typing import NamedTuple

from tidegate.config import Settings
from tidegate.core.decide.policy import Policy
from tidegate.core.values.errors import ConfigError, TidegateError


class Finding(NamedTuple):
    """`verdict`: OK, FAIL or SKIP, as doctor has them."""

    verdict: str
    found: str
    next_step: str = ""


def told(settings: Settings) -> Iterator[Finding]:
    review = settings.review
    asked = _asked(settings)
    if not review.reviewers:
        if asked:
            yield Finding(
                "FAIL",
                f"the policy wants a person's word (rule {asked[0]}), and nobody can give it: it refuses instead",
                "tidegate review key FILE, then name its line under [review.reviewers]",
            )
        return
    who = ", ".join(f"{name} ({one.role})" for name, one in review.reviewers.items())
    yield Finding("OK", f"{who} may approve{'' if asked else ', and no rule of the policy asks for it'}")
    yield from _queue(settings)
    for name in review.webhooks:
        yield from _webhook(settings, name)


def _asked(settings: Settings) -> list[str]:
    """Rules by which something passes only after a review. What is wrong with the policy another check says."""
    from tidegate import office

    try:
        policy: Policy = office.in_force(settings).policy
    except ConfigError:
        return []
    return [rule.id for rule in policy.rules if rule.effect == "permit" and rule.actions == ("send_reviewed",)]


def _queue(settings: Settings) -> Iterator[Finding]:
    from tidegate import app

    try:
        waiting = app.waiting_reviews(settings)
    except TidegateError as error:
        yield Finding("FAIL", f"what waits cannot be read: {error}", "the sentence says what to do")
        return
    if waiting:
        oldest = min(one["held"] for one in waiting)
        yield Finding("OK", f"{len(waiting)} of {settings.review.most} wait, the oldest since {oldest}")


def _webhook(settings: Settings, name: str) -> Iterator[Finding]:
    """Its secret and its address, where references lead to them. It is not asked anything: that would be a message."""
    from tidegate import app

    table = settings.review.webhooks[name]
    try:
        app.secret(table.secret)
        if table.url.startswith(("env:", "file:")):
            app.secret(table.url)
    except ConfigError as error:
        yield Finding("FAIL", f"webhook {name}: {error}", "until then the gateway does not start")
        return
    yield Finding("OK", f"webhook {name} is told, behind boundary {table.boundary}")
