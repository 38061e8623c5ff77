"""Plain values that tests of more than one stage begin with: an ordinary caller, at an ordinary time."""

from datetime import date

from tidegate.core.values.caller import Caller
from tidegate.core.values.facts import Circumstances, Moment

TODAY = date(2026, 11, 21)
NOW = Moment(TODAY, "saturday", "16")
AROUND = Circumstances(NOW, "public", frozenset({"pii", "gov"}))

CALLER = Caller(
    tenant="default",
    actor="local",
    key_id="loopback",
    team="",
    roles=frozenset({"user"}),
    workload="",
    residency="",
    agent="",
    task="",
    latency="",
    consent=frozenset(),
    session="s",
    thread="",
    subject="",
    consent_of=None,
)
