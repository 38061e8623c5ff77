"""A request that waits for people: what asks for it, what an approval is bound to, what they said, where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from tidegate.core.values.caller import Caller
from tidegate.core.values.decision import Decision
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.facts import TargetFacts
from tidegate.core.values.finding import Classification
from tidegate.core.values.labels import Level
from tidegate.core.values.target import Target


class State(StrEnum):
    """`waiting` and `approved` are open; from the others nothing leads on."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    USED = "used"
    EXPIRED = "expired"
    FORGOTTEN = "forgotten"


OPEN = (State.WAITING, State.APPROVED)


class Verdict(StrEnum):
    """What a reviewer says: it may go as it is, with pseudonyms, or not at all."""

    RAW = "raw"
    REDACTED = "redacted"
    REFUSE = "refuse"


class Asking(NamedTuple):
    """What a client says of reviews. `review`: the one that it resumes, or empty. `wait_s`: how long it waits, or 0."""

    review: str = ""
    wait_s: int = 0


class Question(NamedTuple):
    """A request that policy lets pass only after a review, as it stands now.

    `review`: the id that its client names, or empty. `wait_s`: how long the client waits; 0: not at all. `facts`: of
    the candidates, in their order, at this moment.
    """

    request_id: str
    review: str
    wait_s: int
    envelope: Envelope
    caller: Caller
    found: Classification
    decision: Decision
    candidates: Sequence[Target]
    facts: Sequence[TargetFacts]


class Binding(NamedTuple):
    """What an approval holds for, and nothing else. `body`, `found`: keyed commitments (hex) to the request's bytes and
    to what was found where. `targets`: name and digest of all that is declared of it. `until`: when waiting ends.
    """

    review: str
    tenant: str
    actor: str
    key: str
    agent: str
    workload: str
    dialect: str
    operation: str
    body: str
    found: str
    policy: str
    targets: tuple[tuple[str, str], ...]
    until: str


class Word(NamedTuple):
    """What one reviewer has signed. Times are RFC 3339, UTC, to the second; `until`: how long an approval holds.

    `text` are the very bytes that were signed and `signature` the line of a signed note (C2SP) over them.
    """

    review: str
    binding: str
    reviewer: str
    verdict: Verdict
    targets: tuple[str, ...]
    reason: str
    at: str
    until: str
    text: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """`request_id`: of the exchange that was held, `used_by`: of the one that the approval was used for. `counts`: how
    often each label was found. `needs`: how many reviewers must approve. Times: nanoseconds since the epoch, UTC;
    `until_ns`: when waiting, or the approval, is over. `ended_ns`: 0 while it is open.
    """

    binding: Binding
    request_id: str
    labels: tuple[str, ...]
    level: Level
    counts: Mapping[str, int]
    rules: tuple[str, ...]
    needs: int
    held_ns: int
    until_ns: int
    state: State = State.WAITING
    words: tuple[Word, ...] = ()
    used_by: str = ""
    ended_ns: int = 0

    @property
    def id(self) -> str:
        return self.binding.review

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class KeptReview(NamedTuple):
    """A review as the store keeps it. `turn` counts its changes. `same`: equal for requests that are, empty once it has
    ended. `until_ns`: once it has ended, when it did. `about` holds no text of the request; `sealed` does, opaque
    without the key, and only while somebody has to look at it.
    """

    id: str
    tenant: str
    turn: int
    same: bytes
    is_open: bool
    until_ns: int
    about: bytes
    sealed: bytes
