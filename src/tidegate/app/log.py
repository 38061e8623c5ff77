"""What the log tells of requests that were."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.config import Settings
from tidegate.core.values.errors import LedgerError

if TYPE_CHECKING:
    from tidegate.core.decide.lifecycle.tally import ReplayReport
    from tidegate.core.decide.policy import Policy


def log_entries(folder: Path, *, newest_first: bool = False, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """(index, entry) of one log, which may be in use. Raises LedgerError."""
    from tidegate.adapters.stores.tlog.reading import entries

    return entries(folder, newest_first=newest_first, start=start)


def log_folders(settings: Settings) -> list[Path]:
    """The logs under the configured folder, one a worker slot. Raises LedgerError if there is none."""
    root = settings.audit.path
    found = sorted(path.parent for path in root.glob("*/log")) if root.is_dir() else []
    if not found:
        raise LedgerError(f"there is no log under {root} yet; it begins with the first `tidegate up`")
    return found


def recorded_intent(settings: Settings, request_id: str) -> dict[str, object] | None:
    """The newest intent record of a request; None where no log has one. Raises TidegateError."""
    import orjson

    wanted = b'"request_id":' + orjson.dumps(request_id)
    for folder in log_folders(settings):
        for _, entry in log_entries(folder, newest_first=True):
            if wanted in entry:
                record: dict[str, object] = orjson.loads(entry)
                if record.get("kind") == "intent" and record.get("request_id") == request_id:
                    return record
    return None


def replay_log(
    settings: Settings,
    new: "Policy",
    *,
    old: "Policy | None" = None,
    since: str = "",
    newest: int = 0,
    most_ids: int = 1000,
) -> "ReplayReport":
    """Decides recorded requests by `new`, and compares with the record or with `old`. Raises TidegateError.

    `since`: only from that moment on. `newest`: only so many records of each log; 0 for all.
    """
    from tidegate.adapters.stores.tlog.reading import first_since
    from tidegate.core.decide.lifecycle.replay import Replay

    replay = Replay(new, old=old, most_ids=most_ids)
    for folder in log_folders(settings):
        start = first_since(folder, since, newest=newest)
        replay.read(log_entries(folder, start=start))
    return replay.report()
