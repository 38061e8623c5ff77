"""Who asks, and what they said of the request beside it."""

from typing import NamedTuple

from tidegate.core.values.facts import Latency


class Caller(NamedTuple):
    """`session` is already inside tenant and key: nobody else's id leads to it. Strings nobody gave are empty.

    `thread`: what the session's strictest level is kept under, likewise; empty where the caller has named no session.
    `subject`, `consent_of`: whose wishes count, as `core.values.wish.about` names them. `consent_of` is None where
    consent is as declared, and empty where nobody is named whose it would be. These four stand last: all that comes
    before them is what a decision may rest on.
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
    thread: str
    subject: str
    consent_of: str | None
