"""When a target may be asked again: what it says itself, else by chance and with growing distance."""

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from tidegate.core.values.capabilities import (
    BATCH,
    CONTAINERS,
    CONVERSATIONS,
    FILES,
    PROVIDER_TOOLS,
    REMOTE_MCP,
    STORED_RESPONSES,
)
from tidegate.core.values.facts import Latency

BASE_S, MOST_S = 0.25, 4.0
LONGEST_TOLD_S = 3600.0
"""A longer `retry-after` is a mistake, or a way to make us forget a target."""

_BUDGET_S: Mapping[Latency, float] = {"interactive": 2.0, "normal": 30.0}
_NOT_TWICE = frozenset((BATCH, CONTAINERS, CONVERSATIONS, FILES, PROVIDER_TOOLS, REMOTE_MCP, STORED_RESPONSES))


def is_harmless_twice(capabilities: frozenset[str]) -> bool:
    """An answer can be generated twice and read once; what is kept, or acts on something, must not happen twice."""
    return capabilities.isdisjoint(_NOT_TWICE)


def jittered_s(round_: int, chance: float) -> float:
    """Full jitter: anywhere between nothing and a bound that doubles with each round (from 0)."""
    return float(chance * min(BASE_S * 2**round_, MOST_S))


def waiting_s(bound_s: float, latency: Latency) -> float:
    """How long a caller of that patience may be kept waiting."""
    return min(bound_s, _BUDGET_S.get(latency, bound_s))


def retry_after_s(headers: Mapping[str, str], now_ns: int) -> float | None:
    """Seconds that a response asks to wait: `retry-after-ms`, then `retry-after` in seconds or as a date (RFC 9110
    10.2.3). None where it says nothing that can be understood. `now_ns`: since the epoch.
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        told = headers.get(name, "").strip()
        if told and (seconds := _seconds(told)) is not None:
            return min(seconds * unit, LONGEST_TOLD_S)
    return _until(headers.get("retry-after", "").strip(), now_ns)


def _seconds(told: str) -> float | None:
    whole, _, rest = told.partition(".")
    if not (told.isascii() and whole.isdigit() and len(told) <= 16 and (rest.isdigit() or not rest)):
        return None
    return float(f"{whole}.{rest or 0}")


def _until(told: str, now_ns: int) -> float | None:
    if not 10 <= len(told) <= 64:
        return None
    try:
        when = parsedate_to_datetime(told)
        seconds = when.replace(tzinfo=when.tzinfo or UTC).timestamp() - now_ns / 1e9
    except (ValueError, OverflowError, TypeError):
        return None
    return min(max(seconds, 0.0), LONGEST_TOLD_S)
