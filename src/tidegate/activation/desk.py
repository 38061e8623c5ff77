"""The desk beside the store: what commands lay down for the gateway, and what it keeps of what ruled."""

import secrets
import time
from collections.abc import Iterable

from tidegate.adapters.policy.desk import Desk
from tidegate.config import Settings

MOST_REFUSALS = 1000


def desk_of(settings: Settings) -> Desk:
    return Desk(settings.own_folder / "policy")


def closed_here(settings: Settings) -> tuple[str, ...]:
    """Names of ways that were closed knowingly, and stay so. Raises ConfigError."""
    standing = desk_of(settings).standing()
    return standing.closed() if standing else ()


def lay_down(settings: Settings, wanted: dict[str, object]) -> str:
    """Leaves an act for the gateway; its name."""
    name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
    desk_of(settings).lay_down(name, wanted)
    return name


def note_refusal(settings: Settings, what: str, mistakes: Iterable[str], actor: str) -> None:
    """Has the gateway record that a command refused something. Bounded: nobody fills a disk by being refused."""
    if sum(1 for _ in desk_of(settings).acts()) < MOST_REFUSALS:
        lay_down(settings, {"act": "refused", "what": what, "mistakes": list(mistakes), "actor": actor})
