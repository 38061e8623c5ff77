"""Records as exchanges: what belongs together is one object, newest first."""

import json

import pytest

from tidegate.cli.records import Wanted, exchanges, moment, sentence


def entry(**fields):
    return json.dumps(fields).encode()


def intent(request_id, ts="2026-11-21T10:00:00.000000000Z", **more):
    return entry(kind="intent", request_id=request_id, ts=ts, labels=["pii.email"], level="internal", **more)


def outcome(request_id, index, **more):
    return entry(kind="outcome", request_id=request_id, intent=index, ts="2026-11-21T10:00:01.000000000Z", **more)


LOG = [
    intent("a"),
    intent("b", original_model="auto", workload="support"),
    outcome("b", 1, status="completed", target="t", boundary="here", http_status=200),
    entry(kind="refusal", request_id="c", ts="2026-11-21T10:00:02.000000000Z", http_status=404, code="x", path="/y"),
    entry(kind="recovered", request_id="a", intent=0, ts="2026-11-21T10:00:03.000000000Z", status="unknown"),
    intent("d", ts="2026-11-21T10:00:04.000000000Z"),
]
NEWEST_FIRST = list(enumerate(LOG))[::-1]


def test_an_intent_and_what_closed_it_are_one_exchange():
    found = list(exchanges(NEWEST_FIRST, "w0"))
    told = [(one["request_id"], one["status"], one.get("intent"), one.get("outcome")) for one in found]
    assert told == [
        ("d", "open", 5, None),
        ("c", "refused", None, None),
        ("b", "completed", 1, 2),
        ("a", "unknown", 0, 4),
    ]
    assert (found[2]["target"], found[2]["labels"], found[2]["log"]) == ("t", ["pii.email"], "w0")


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(), "dcba"),
        (Wanted(request_id="b"), "b"),
        (Wanted(label="pii"), "dba"),
        (Wanted(label="pii.email"), "dba"),
        (Wanted(label="pii.e"), ""),
        (Wanted(target="t"), "b"),
        (Wanted(boundary="here", status="completed"), "b"),
        (Wanted(status="refused"), "c"),
        (Wanted(workload="support", model="auto", level="internal"), "b"),
        (Wanted(since="2026-11-21T10:00:02"), "dc"),
        (Wanted(until="2026-11-21T10:00:04"), "cba"),
    ],
)
def test_a_search_asks_for_what_it_names(wanted, ids):
    assert "".join(one["request_id"] for one in exchanges(NEWEST_FIRST, "w0") if wanted.matches(one)) == ids


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("2026-11-21", "2026-11-21T00:00:00"),
        ("2026-11-21T10:00", "2026-11-21T10:00:00"),
        ("2026-11-21T12:00:00+02:00", "2026-11-21T10:00:00"),
        ("2026-11-21T10:00:00.5Z", "2026-11-21T10:00:00.500000"),
    ],
)
def test_moments_are_spelled_as_records_spell_them(text, spelled):
    assert moment(text) == spelled


def test_each_kind_has_its_sentence():
    decision = [{"target": "t", "effect": "redacted"}, {"target": "u", "effect": "none"}]
    told = [sentence(json.loads(one)) for one in (intent("b", original_model="auto", decision=decision), *LOG[2:5])]
    assert told[0].endswith("b  intent     auto: pii.email (internal); may go to t redacted")
    assert told[1].endswith("b  outcome    completed 200 by t behind here in 0.0 ms")
    assert told[2].endswith("c  refusal    404 x on /y")
    assert told[3].endswith("a  recovered  closes intent 0, whose process ended before its outcome")


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ({"act": "policy.activated", "name": "house", "actor": "root"}, "policy.activated house by root"),
        (
            {"act": "consent.given", "which": "subject", "about": "0123456789abcdef", "word": "care", "actor": "root"},
            "consent.given care of subject 0123456789ab by root",
        ),
        (
            {"act": "wishes.erased", "which": "session", "about": "0123456789abcdef", "word": "", "actor": "root"},
            "wishes.erased of session 0123456789ab by root",
        ),
        ({"act": "review.approved", "review": "r-1", "reviewer": "ada", "actor": ""}, "review.approved r-1 by ada"),
        ({"act": "policy.expired"}, "policy.expired"),
    ],
)
def test_an_act_is_told_with_what_it_was_about_and_who_did_it(act, told):
    assert sentence({"kind": "admin", "ts": "2026", "request_id": "x", **act}) == f"2026Z  x  admin      {told}"


def test_a_kind_from_a_later_version_is_shown_without_one():
    assert sentence({"kind": "admin", "ts": "2026", "request_id": "x"}) == "2026Z  x  admin      "
