"""What the log itself looks at in an entry, and which intents are still owed an outcome.

An entry is canonical JSON (RFC 8785) with `kind`, `request_id` and `ts`; outcomes and recovered records name in
`intent` the index of the intent that they close. Everything else in it is the record's own affair.

Bearings are plain tuples, and what an entry does to open intents is one integer: two records a request pass here, and
objects that the garbage collector has to follow would cost more than the hashing does.
"""

from datetime import UTC, datetime

import orjson

_CLOSING = frozenset({"outcome", "recovered"})
_KINDS = frozenset({"intent", *_CLOSING, "refusal", "admin"})
_TS_LENGTH = len("2026-11-21T14:00:00.000000000Z")

OPENS = -2
STANDS_ALONE = -1

Bearing = tuple[str, int, str]
"""(request id, what the entry does, its time). It opens an intent, stands alone, or closes the intent of that index."""


def bearing(entry: bytes) -> Bearing:
    """Raises ValueError for an entry that the log must not take."""
    found = orjson.loads(entry)
    if type(found) is not dict:
        raise ValueError("an entry is a JSON object")
    kind, request_id, ts = found.get("kind"), found.get("request_id"), found.get("ts")
    if type(kind) is not str or kind not in _KINDS or type(request_id) is not str:
        raise ValueError("an entry has a `kind` that the log knows and a `request_id`")
    if type(ts) is not str or len(ts) != _TS_LENGTH or ts[-1] != "Z":
        raise ValueError("an entry has in `ts` its time, RFC 3339 in UTC with nine digits")
    if kind == "intent":
        return request_id, OPENS, ts
    if kind not in _CLOSING:
        return request_id, STANDS_ALONE, ts
    closes = found.get("intent")
    if type(closes) is not int or closes < 0:
        raise ValueError(f"a record of kind {kind} names in `intent` the index of what it closes")
    return request_id, closes, ts


class OpenIntents:
    """Intents without outcome, by index, with the request that each belongs to: the door that entries pass."""

    __slots__ = ("_open",)

    def __init__(self) -> None:
        self._open: dict[int, str] = {}

    def admit(self, index: int, request_id: str, does: int) -> None:
        """Takes note of the entry at `index`. Raises ValueError if it closes what is not open under its request."""
        if does == OPENS:
            self._open[index] = request_id
        elif does >= 0:
            if self._open.get(does) != request_id:
                raise ValueError(f"there is no open intent {does} of this request: nothing to close")
            del self._open[does]

    def take_back(self, index: int, request_id: str, does: int) -> None:
        """Undoes `admit`, for an entry that never became durable. The newest goes first."""
        if does == OPENS:
            self._open.pop(index, None)
        elif does >= 0:
            self._open[does] = request_id

    def indexes(self) -> list[int]:
        return sorted(self._open)


class LowWater:
    """The oldest open intent of a prefix of the log: a search for orphans may begin there."""

    __slots__ = ("_open",)

    def __init__(self, indexes: set[int] | None = None) -> None:
        self._open = set(indexes or ())

    def admit(self, index: int, does: int) -> None:
        """What closes an intent from below the mark that this began with closes nothing here."""
        if does == OPENS:
            self._open.add(index)
        elif does >= 0:
            self._open.discard(does)

    def mark(self, size: int) -> int:
        """Its index, or `size` where no intent is open."""
        return min(self._open, default=size)

    def copy(self) -> "LowWater":
        return LowWater(self._open)


def nanoseconds(ts: str) -> int:
    """Since the epoch, of an RFC 3339 time in UTC with nine digits. Raises ValueError for another spelling."""
    whole, _, digits = ts.removesuffix("Z").partition(".")
    if len(ts) != _TS_LENGTH or not ts.endswith("Z") or not (digits.isdecimal() and digits.isascii()):
        raise ValueError(f"{ts!r} is no RFC 3339 time in UTC with nine digits")
    seconds = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC).timestamp()
    return int(seconds) * 1_000_000_000 + int(digits)


def rfc3339(ns: int) -> str:
    """Nine digits, UTC."""
    seconds, rest = divmod(ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"
