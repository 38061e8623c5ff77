"""Who asks, and what they said of the request beside it."""

from typing import NamedTuple

from tidegate.core.values.facts import Latency


class Caller(NamedTuple):
    """`session` is already inside tenant and key: nobody else's id leads to it. Strings nobody gave are empty.

    The session stands last: all that comes before it is what a decision may rest on.
    """

    tenant: str
    actor: str
    key_id: str
    team: str
    roles: frozenset[str]
    workload: str
    residency: str
    agent: str
    task: str
    latency: Latency
    consent: frozenset[str]
    session: str
