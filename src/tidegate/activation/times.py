"""What time it is for whoever judges a bundle's validity: a clock that was set back judges none."""

import time

from tidegate.adapters.policy.bundles import Bundle
from tidegate.adapters.stores.tlog import entries
from tidegate.config import Settings
from tidegate.core.ledger.entries import nanoseconds, rfc3339
from tidegate.core.values.errors import ConfigError

SET_BACK_NS = 5_000_000_000
"""A clock may be corrected by so much between two looks at it."""


def deciding_now(settings: Settings, bundle: Bundle) -> str:
    """RFC 3339: the machine's time, but never before the log's newest entry.

    Raises ConfigError where the clock was set back and the bundle has times to be held against it.
    """
    wall, newest = time.time_ns(), newest_entry_ns(settings)
    if newest - wall > SET_BACK_NS and bundle.manifest.created:
        times = f"the clock here says {rfc3339(wall)[:19]}Z, and the log was written at {rfc3339(newest)[:19]}Z"
        raise ConfigError([f"{bundle.where}: {times}: it was set back, so no validity can be judged; correct it"])
    return rfc3339(max(wall, newest))


def newest_entry_ns(settings: Settings) -> int:
    """0 where there is no log yet."""
    found = 0
    for log in settings.audit.path.glob("*/log") if settings.audit.path.is_dir() else ():
        for _, entry in entries(log.parent, newest_first=True):
            place = entry.rfind(b'"ts":"')
            found = max(found, nanoseconds(entry[place + 6 : place + 36].decode("ascii", "replace")))
            break
    return found
