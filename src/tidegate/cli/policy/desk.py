"""How commands hand in what a gateway is to do about its policy, and hear what became of it."""

import getpass
import time
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

from tidegate.cli import terminal

if TYPE_CHECKING:
    from tidegate.config import Settings
    from tidegate.core.decide.bundle.standing import Ruling

_WAIT_S = 15.0
_LOOK_S = 0.05


class Done(Enum):
    NOW = "now"
    AT_START = "at start"
    LATE = "late"


WHEN: Mapping[Done, str] = {
    Done.NOW: "from now on",
    Done.AT_START: "from the next `tidegate up` on: no gateway runs here",
    Done.LATE: "as soon as the gateway gets to it; it has not answered for some seconds: read what it says",
}


def actor() -> str:
    """Who sits at this machine, as it knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return "unknown"


def hand_in(settings: "Settings", order: dict[str, object]) -> Done:
    """Waits until a running gateway has done it, or refused."""
    from tidegate import activation
    from tidegate.cli.probe import gateway_state

    name = activation.lay_down(settings, order)
    address = settings.server.listen
    until = time.monotonic() + _WAIT_S
    desk = activation.desk_of(settings)
    while time.monotonic() < until:
        if not desk.is_open(name):
            return Done.NOW
        if not gateway_state(address.host, address.port):
            return Done.NOW if not desk.is_open(name) else Done.AT_START
        time.sleep(_LOOK_S)
    return Done.LATE


def mistakes_of(settings: "Settings", done: Done, bundle: str) -> list[str]:
    """Why the gateway did not take it; empty where it did, or has not got to it."""
    from tidegate import activation

    standing = activation.desk_of(settings).standing()
    if done is not Done.NOW or standing is None or (standing.ruling and standing.ruling.bundle == bundle):
        return []
    return list(standing.refused.mistakes) if standing.refused else ["the gateway refused it; the log says why"]


def revision_of(settings: "Settings", ruling: "Ruling") -> int:
    """An unsigned policy gets its number when it comes to rule."""
    from tidegate import activation

    standing = activation.desk_of(settings).standing()
    now = standing.ruling if standing else None
    return now.revision if now and now.bundle == ruling.bundle else ruling.revision


def closed_now(settings: "Settings", ruling: "Ruling") -> tuple[str, ...]:
    """Names of the ways that it closes, once it rules."""
    from tidegate import activation

    standing = activation.desk_of(settings).standing()
    now = standing.ruling if standing else None
    return now.closed if now and now.bundle == ruling.bundle else ()


def say_outcome(done: Done, mistakes: list[str], ruling: "Ruling") -> int:
    for mistake in mistakes:
        terminal.complain(f"tidegate: {mistake}")
    if not mistakes:
        revision = f" revision {ruling.revision}" if ruling.revision else ""
        terminal.say(
            f"{terminal.paint('ok', 'good')}: {ruling.name}{revision} (policy {ruling.policy[:12]}) rules, {WHEN[done]}"
        )
    return 1 if mistakes else 0
