"""What a declared workload binds its requests to."""

from typing import Literal, NamedTuple


class Workload(NamedTuple):
    """`residency`: a region that its data must stay in, or empty. `models`: what it may ask for; None for all.

    `task`: what kind of work it is. `latency_ms`: what it can wait for, or None. `consent`: purposes that those whom
    its data is about agreed to, and `consent_from` whose they are: the workload's, for all that it does, or those that
    the register has of the subject or the session. `agents`: programs that may ask in its name.
    """

    residency: str = ""
    models: frozenset[str] | None = None
    task: str = ""
    latency_ms: int | None = None
    consent: frozenset[str] = frozenset()
    consent_from: Literal["workload", "subject", "session"] = "workload"
    agents: frozenset[str] = frozenset()
