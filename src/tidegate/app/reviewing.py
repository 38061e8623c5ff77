"""Requests that wait for a person: who reviews them, and what whoever runs the gateway may do."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tidegate.app.keys import read_keys
from tidegate.app.storing import command_store, has_store
from tidegate.config import Settings
from tidegate.core.values.errors import LedgerError

if TYPE_CHECKING:
    from tidegate.core.ledger.notes import Signer
    from tidegate.services.reviews import ReviewQueue, Rules

T = TypeVar("T")


def review_rules(settings: Settings) -> "Rules":
    """Who reviews, and under which terms. Raises ConfigError."""
    from tidegate.core.ledger.notes import parse_vkey
    from tidegate.core.review.hearing import Terms
    from tidegate.core.review.signed import Reviewer
    from tidegate.services.reviews import Rules

    review = settings.review
    return Rules(
        reviewers={
            name: Reviewer(name, parse_vkey(table.key), table.role)  # type: ignore[arg-type]  # the choice is Role
            for name, table in review.reviewers.items()
        },
        terms=Terms(
            four_eyes=review.four_eyes, held_s=review.held_minutes * 60, approved_s=review.approved_minutes * 60
        ),
        wait_s=review.wait_s,
        most=review.most,
        hooks=tuple(review.webhooks),
    )


def reviewer_key(path: Path) -> "Signer":
    """Raises ConfigError."""
    from tidegate.adapters.policy.bundles import read_signing_key

    return read_signing_key(path)


def make_reviewer_key(path: Path, name: str) -> "Signer":
    """Raises ConfigError, also where something is there already."""
    from tidegate.adapters.policy.bundles import make_signing_key
    from tidegate.core.decide.bundle.manifest import bundle_name

    return make_signing_key(path, bundle_name(name))


def waiting_reviews(settings: Settings) -> "list[dict[str, Any]]":
    """What waits for a person, by a look into the store. Raises ConfigError or StoreError."""
    return _reviewing(settings, lambda queue: queue.open()) if has_store(settings) else []


def forget_review(settings: Settings, review_id: str, actor: str) -> str:
    """Erases a held request; its state then, empty where there is none. Raises ConfigError or StoreError."""
    return _reviewing(settings, lambda queue: queue.forget(review_id, actor)) if has_store(settings) else ""


def _reviewing(settings: Settings, work: "Callable[[ReviewQueue], Awaitable[T]]") -> "T":
    """What a change owes to log and webhooks stays with it in the store: the gateway pays it."""
    import asyncio

    from tidegate.adapters.system.clock import SystemClock
    from tidegate.adapters.system.entropy import SystemEntropy
    from tidegate.services.reviews import Effects, ReviewQueue

    async def never(_entry: bytes) -> int:
        raise LedgerError("only the gateway writes the log")

    async def run() -> T:
        entropy = SystemEntropy()
        store = await command_store(settings)
        effects = Effects(record=never, new_id=entropy.uuid7)
        try:
            keys = read_keys(settings).keys
            return await work(ReviewQueue(store, SystemClock(), keys, review_rules(settings), effects))
        finally:
            await store.aclose()

    return asyncio.run(run())
