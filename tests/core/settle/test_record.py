"""Records: canonical, complete, and without any text of the request."""

import hashlib
import json

import orjson
import pytest

from tests.given import AROUND, CALLER
from tidegate.core.dialects import openai_chat
from tidegate.core.identify.facts import facts_of
from tidegate.core.settle import record
from tidegate.core.settle.exchange import Exchange
from tidegate.core.values.decision import Decision, Effect, TargetDecision
from tidegate.core.values.errors import BadRequest
from tidegate.core.values.facts import TargetFacts
from tidegate.core.values.finding import Classification, Finding
from tidegate.core.values.keys import Keys
from tidegate.core.values.target import Boundary, Target

KEYS = Keys(epoch="e1", commitments=b"c" * 32, fingerprints=b"f" * 32, tags=b"t" * 32, detection=b"d" * 32)
PROMPT = "write to jane@example.com"
ANSWERED = Target(name="t", provider="openai", url="https://t", model="m", boundary=Boundary("there", "cloud"))
TARGET = TargetFacts(
    target="t", boundary="there", kind="cloud", region="eu", contract=True, retention="zero", training="never",
    tier="enterprise", baa=False, dpa=False, capabilities_agreed=True, fields_known=True, approval="unknown",
    health="unknown",
)  # fmt: skip


def exchange():
    x = Exchange("0190-id", "/v1/chat/completions", 1_700_000_000_000_000_123, 5_000)
    x.intent = 41
    return x


def intent():
    body = orjson.dumps({"model": "auto", "messages": [{"role": "user", "content": PROMPT}]})
    envelope = openai_chat.parse_request(body)
    found = Classification((Finding("pii.email", 9, 25, 1.0, "email"),), frozenset({"pii.email"}), "internal")
    decision = Decision((TargetDecision("t", "there", Effect.REDACTED, ("cloud-redacted",)),), "d" * 64)
    facts = facts_of(envelope, CALLER, found, AROUND, tools_external=False)
    entry, _ = exchange().intent_record(envelope, CALLER, found, record.told(facts, [TARGET], decision), KEYS)
    return body, entry


def outcome():
    x = exchange()
    x.answered_by(ANSWERED, 1, ["seed"])
    x.ended("completed", 200)
    return x.outcome_record(1_700_000_000_500_000_000, 9_000_000)[0]


def refusal():
    return exchange().refusal_record(BadRequest("invalid_json", "no"))


RECORDS = {"intent": lambda: intent()[1], "outcome": outcome, "refusal": refusal}
RECORDS["recovered"] = lambda: record.recovered(intent()[1], 41, "2026-01-01T00:00:00.000000000Z")


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_is_canonical_json_that_says_what_it_is(kind):
    entry = RECORDS[kind]()
    tree = json.loads(entry)
    assert json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == entry
    assert (tree["v"], tree["kind"], tree["request_id"], tree["tenant"]) == (1, kind, "0190-id", "default")
    assert len(entry) < 8192


def test_no_text_of_the_request_enters_a_record():
    for make in RECORDS.values():
        assert b"jane" not in make()
        assert b"write to" not in make()


def test_an_intent_holds_all_that_the_decision_rested_on():
    tree = json.loads(intent()[1])
    assert tree["facts"]["labels"] == ["pii", "pii.email"]
    assert tree["targets"][0]["retention"] == "zero"
    assert tree["decision"] == [{"target": "t", "boundary": "there", "effect": "redacted", "rules": ["cloud-redacted"]}]
    assert tree["findings"] == {"pii.email": 1}


def test_a_commitment_can_be_opened_by_whoever_holds_the_epoch_s_key():
    body, entry = intent()
    key = hashlib.blake2b(b"0190-id", key=KEYS.commitments, digest_size=32, person=b"tidegate commit").digest()
    expected = hashlib.blake2b(body, key=key, digest_size=32, person=b"prompt").hexdigest()
    assert json.loads(entry)["prompt_commit"] == expected


def test_an_outcome_and_a_recovery_name_the_intent_that_they_close():
    assert json.loads(outcome())["intent"] == 41
    assert json.loads(RECORDS["recovered"]())["intent"] == 41


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "1970-01-01T00:00:00.000000000Z"),
        (1_700_000_000_000_000_123, "2023-11-14T22:13:20.000000123Z"),
        (999_999_999, "1970-01-01T00:00:00.999999999Z"),
    ],
)
def test_times_carry_nanoseconds(ns, text):
    assert record.timestamp(ns) == text
