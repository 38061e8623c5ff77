"""A request that waits, two reviewers with keys, and their words: what the tables of these tests begin with."""

from dataclasses import replace
from datetime import date

from tests.given import CALLER
from tidegate.core.dispatch import plan
from tidegate.core.ledger.notes import Signer
from tidegate.core.review import keeping
from tidegate.core.review.binding import bind, digest
from tidegate.core.review.signed import Reviewer, opened, word_note
from tidegate.core.values.decision import Decision, Effect, TargetDecision
from tidegate.core.values.envelope import Envelope, Part, Position
from tidegate.core.values.finding import Classification, Finding
from tidegate.core.values.keys import Keys
from tidegate.core.values.review import Question, Review, Verdict
from tidegate.core.values.target import Boundary, Contract, Target

S = 10**9
NOW = 1_780_000_000 * S
DAY = date(2026, 5, 28)
ID = "0190abcd-0000-7000-8000-000000000001"
POLICY = "ab" * 32
KEYS = Keys(epoch="e1", commitments=b"c" * 32, fingerprints=b"f" * 32, tags=b"t" * 32, detection=b"d" * 32)
TEXT = "The patient Ada Lovelace, MRN 12345678, has a cough."

ANNA, BEN = Signer("anna", b"a" * 32), Signer("ben", b"b" * 32)
REVIEWERS = {
    "anna": Reviewer("anna", ANNA.verifier, "context"),
    "ben": Reviewer("ben", BEN.verifier, "findings"),
}

THERE = Boundary("there", "cloud", "eu")
CONTRACT = Contract(retention="zero", training="never", tier="enterprise", expires=date(2099, 1, 1))
CLOUD = Target(name="cloud", provider="openai", url="https://cloud/v1", model="big", boundary=THERE, contract=CONTRACT)
OTHER = replace(CLOUD, name="other", url="https://other/v1")

FOUND = Classification(
    (Finding("pii.person", 12, 24, 0.9, "names"), Finding("phi.mrn", 30, 38, 0.9, "mrn")),
    frozenset({"pii.person", "phi.mrn"}),
    "restricted",
)


def envelope(body=b"{}", *texts, **more):
    parts = tuple(Part(Position.USER, ("messages", n), text) for n, text in enumerate(texts or (TEXT,)))
    given = {
        "dialect": "openai_chat",
        "operation": "chat",
        "body": body,
        "document": {},
        "original_model": "auto",
        "stream": False,
        "parts": parts,
        "unscannable": (),
        "rest": frozenset(),
        "tools_offered": False,
        "tools": frozenset(),
        "tools_called": frozenset(),
        "capabilities": frozenset(),
        "structured": False,
        "conversation": "",
        "has_history": False,
        **more,
    }
    return Envelope(**{name: given[name] for name in Envelope._fields if name in given})


def question(
    *,
    body=b'{"model": "auto"}',
    caller=CALLER,
    found=FOUND,
    targets=(CLOUD, OTHER),
    effects=(Effect.REVIEWED, Effect.REVIEWED),
    policy=POLICY,
    today=DAY,
    review="",
    wait_s=0,
    request_id="r1",
    **more,
):
    decided = tuple(
        TargetDecision(target.name, target.boundary.name, effect, ("asks-a-person",))
        for target, effect in zip(targets, effects, strict=True)
    )
    facts = tuple(plan.facts_of(target, rest=frozenset(), today=today) for target in targets)
    return Question(
        request_id, review, wait_s, envelope(body, **more), caller, found, Decision(decided, policy), targets, facts
    )


def waiting(asked=None, *, needs=1, held_s=3600, review=ID):
    asked = asked or question()
    until = NOW + held_s * S
    return Review(
        binding=bind(asked, KEYS, review=review, until=keeping.moment(until)),
        request_id=asked.request_id,
        labels=tuple(sorted(asked.found.labels)),
        level=asked.found.level,
        counts={"phi.mrn": 1, "pii.person": 1},
        rules=("asks-a-person",),
        needs=needs,
        held_ns=NOW,
        until_ns=until,
    )


def note(signer, review, verdict=Verdict.RAW, /, *, at=NOW, for_s=1800, **more):
    given = {
        "review": review.id,
        "binding": digest(review.binding),
        "verdict": Verdict(verdict),
        "targets": () if verdict == Verdict.REFUSE else tuple(name for name, _ in review.binding.targets),
        "reason": "too much of it" if verdict == Verdict.REFUSE else "",
        "at": keeping.moment(at),
        "until": "" if verdict == Verdict.REFUSE else keeping.moment(at + for_s * S),
        **more,
    }
    return word_note(signer, **given)


def word(signer, review, verdict=Verdict.RAW, /, *, at=NOW, reviewers=REVIEWERS, **more):
    _, said = opened(note(signer, review, verdict, at=at, **more), reviewers, at)
    return said
