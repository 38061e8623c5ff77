"""What the log itself looks at in an entry, and which intents are still owed an outcome.

An entry is canonical JSON (RFC 8785) with `kind` and `request_id`; outcomes and recovered records name, in `intent`,
the index of the intent that they close. Everything else in it is the record's own affair.
"""

from datetime import UTC, datetime
from typing import NamedTuple

import orjson

INTENT = "intent"
CLOSING = frozenset({"outcome", "recovered"})
KINDS = frozenset({INTENT, *CLOSING, "refusal", "admin"})


class Mark(NamedTuple):
    """`intent` is -1 unless `kind` closes one. `ts` is RFC 3339 in UTC with nine digits, or empty."""

    kind: str
    request_id: str
    intent: int
    ts: str


def mark(entry: bytes) -> Mark:
    """Raises ValueError for an entry that the log must not take."""
    found = orjson.loads(entry)
    if not isinstance(found, dict):
        raise ValueError("an entry is a JSON object")  # noqa: TRY004 - callers handle one kind of error
    kind, request_id, intent = found.get("kind"), found.get("request_id"), found.get("intent", -1)
    if kind not in KINDS or type(request_id) is not str:
        raise ValueError("an entry has a `kind` that the log knows and a `request_id`")
    if kind in CLOSING and (type(intent) is not int or intent < 0):
        raise ValueError(f"a record of kind {kind} names in `intent` the index of what it closes")
    return Mark(kind, request_id, intent if kind in CLOSING else -1, found.get("ts", ""))


class OpenIntents:
    """Intents without outcome, by index, with the request that each belongs to."""

    __slots__ = ("_open",)

    def __init__(self) -> None:
        self._open: dict[int, str] = {}

    def admit(self, index: int, entry: Mark) -> None:
        """Takes note of the entry at `index`. Raises ValueError if it closes what is not open under its request."""
        if entry.kind == INTENT:
            self._open[index] = entry.request_id
        elif entry.intent >= 0:
            if self._open.get(entry.intent) != entry.request_id:
                raise ValueError(f"there is no open intent {entry.intent} of this request: nothing to close")
            del self._open[entry.intent]

    def take_back(self, index: int, entry: Mark) -> None:
        """Undoes `admit`, for an entry that never became durable."""
        if entry.kind == INTENT:
            self._open.pop(index, None)
        elif entry.intent >= 0 and entry.intent < index:
            self._open[entry.intent] = entry.request_id

    def low(self, size: int) -> int:
        """The oldest open intent, or `size` where none is: a search for orphans may begin there."""
        return min(self._open, default=size)

    def indexes(self) -> list[int]:
        return sorted(self._open)

    def copy(self) -> "OpenIntents":
        twin = OpenIntents()
        twin._open = dict(self._open)
        return twin


def nanoseconds(ts: str) -> int:
    """Since the epoch, of an RFC 3339 time in UTC with up to nine digits; raises ValueError for another spelling."""
    whole, dot, digits = ts.removesuffix("Z").partition(".")
    if not ts.endswith("Z") or (dot and not (digits.isdecimal() and len(digits) <= 9)):
        raise ValueError(f"{ts!r} is no RFC 3339 time in UTC")
    seconds = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC).timestamp()
    return int(seconds) * 1_000_000_000 + int(digits.ljust(9, "0") or 0)


def rfc3339(ns: int) -> str:
    """Nine digits, UTC."""
    seconds, rest = divmod(ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"
