"""One request with what became of it: what the pipeline fills in, and the records that it makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypedDict

from tidegate.core.ledger.entries import OPENS, Bearing
from tidegate.core.settle import record
from tidegate.core.values.caller import Caller
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.errors import Refusal
from tidegate.core.values.finding import Classification
from tidegate.core.values.keys import Keys
from tidegate.core.values.review import Asking
from tidegate.core.values.spelling import all_told
from tidegate.core.values.target import Target

_NOTHING = Asking()


class Named(TypedDict):
    tenant: str
    request_id: str
    ts: str


@dataclass(slots=True)
class Exchange:
    """`intent`: the index of its intent record, -1 before there is one. `headers`: what the client is told."""

    request_id: str
    path: str
    began_ns: int
    began_monotonic_ns: int
    bytes_in: int = 0
    tenant: str = "default"
    intent: int = -1
    settled: bool = False
    outcome: record.Outcome = field(default_factory=record.Outcome)
    headers: dict[str, str] = field(default_factory=dict)
    asking: Asking = _NOTHING

    ts: str = field(init=False)
    commitment_key: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        self.headers["x-tidegate-request-id"] = self.headers["request-id"] = self.request_id
        self.ts = record.timestamp(self.began_ns)

    def intent_record(
        self,
        envelope: Envelope,
        caller: Caller,
        found: Classification,
        told: record.Told,
        keys: Keys,
        *,
        review: str = "",
    ) -> tuple[bytes, Bearing]:
        """The entry, and what the log has to know of it."""
        self.tenant = caller.tenant
        self.commitment_key = record.commitment_key(keys.commitments, self.request_id)
        self.headers["x-tidegate-policy"] = told.policy[:12]
        labels = sorted(found.labels)
        self.headers["x-tidegate-labels"] = ",".join(labels)
        if review:
            self.headers["x-tidegate-review"] = review
        entry = record.intent(
            request_id=self.request_id,
            ts=self.ts,
            caller=caller,
            envelope=envelope,
            classification=found,
            labels=labels,
            told=told,
            prompt_commit=record.commitment(self.commitment_key, b"prompt", envelope.body).hexdigest(),
            epoch=keys.epoch,
            review=review,
        )
        return entry, (self.request_id, OPENS, self.ts)

    def outcome_record(self, now_ns: int, monotonic_ns: int) -> tuple[bytes, Bearing]:
        ts = record.timestamp(now_ns)
        entry = record.outcome(
            request_id=self.request_id,
            ts=ts,
            tenant=self.tenant,
            intent_index=self.intent,
            outcome=self.outcome,
            duration_us=(monotonic_ns - self.began_monotonic_ns) // 1000,
        )
        return entry, (self.request_id, self.intent, ts)

    def refusal_record(self, refusal: Refusal) -> bytes:
        return record.refusal(
            request_id=self.request_id,
            ts=self.ts,
            tenant=self.tenant,
            path=self.path,
            http_status=refusal.status,
            code=refusal.code,
            bytes_in=self.bytes_in,
        )

    def answer_commitment(self, answer: bytes = b"") -> blake2b:
        """Fed with what there is of the answer as the client gets it, and to be fed with the rest."""
        return record.commitment(self.commitment_key, b"answer", answer)

    @property
    def named(self) -> "Named":
        return {"tenant": self.tenant, "request_id": self.request_id, "ts": self.ts}

    def answered_by(self, target: Target, redactions: int, dropped: Sequence[str]) -> None:
        outcome = self.outcome
        outcome.target = self.headers["x-tidegate-target"] = target.name
        outcome.boundary = self.headers["x-tidegate-boundary"] = target.boundary.name
        if outcome.cached:
            self.headers["x-tidegate-cache"] = "hit"
        if dropped:
            outcome.dropped = all_told(dropped)
            self.headers["x-tidegate-dropped"] = ",".join(outcome.dropped)
        outcome.redactions = redactions
        self.headers["x-tidegate-redactions"] = str(redactions)

    def answered_here(self, what: str) -> None:
        """No target was asked: `what` the answer says is the gateway's own estimate."""
        self.headers["x-tidegate-target"] = "tidegate"
        self.headers["x-tidegate-estimate"] = what

    def refused(self, refusal: Refusal) -> None:
        refusal.request_id = self.request_id
        status = "failed" if refusal.status >= 500 else "refused"
        self.ended(status, self.outcome.http_status or refusal.status, refusal.code)

    def completed(self, bytes_out: int) -> None:
        self.outcome.bytes_out = bytes_out
        self.ended("completed", 200)

    def ended(self, status: str, http_status: int, code: str = "") -> None:
        self.outcome.status, self.outcome.http_status, self.outcome.code = status, http_status, code
