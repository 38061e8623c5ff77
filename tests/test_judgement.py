"""A kept judgement is the judgement that would be made anew, for every fact that policy may look at."""

import tracemalloc
from datetime import date
from types import SimpleNamespace

import orjson
import pytest

from tests.given import AROUND, CALLER, NOW
from tests.pipeline.script import CLOUD, LOCAL, policy
from tidegate.adapters.policy.folder import read_baseline
from tidegate.core.decide.lifecycle.shadow import Shadow
from tidegate.core.decide.oracle.cedar import NoAnswer
from tidegate.core.decide.oracle.second import SecondOpinion
from tidegate.core.decide.preferences.policy import compile_whole
from tidegate.core.dialects import openai_chat
from tidegate.core.values.caller import Caller
from tidegate.core.values.finding import Classification
from tidegate.core.values.labels import level
from tidegate.judgement import Judge

HOUSE_FIRST = '[[prefer]]\nid = "house-first"\nreason = "It is here."\nfirst = { kind = "local" }\n'
NOTHING = '[[prefer]]\nid = "nothing"\nreason = "Nothing today."\nkeep = { name = "nobody" }\n'


def found(*labels, failed=()):
    return Classification((), frozenset(labels), level(frozenset(labels)), failed)


def envelope(**more):
    body = {"model": "auto", "messages": [{"role": "user", "content": "hello"}], **more}
    return openai_chat.parse_request(orjson.dumps(body))


def tool(name):
    return {"type": "function", "function": {"name": name, "parameters": {}}}


CALLED = [
    {"role": "user", "content": "hello"},
    {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "Look_Up"}}]},
    {"role": "tool", "tool_call_id": "1", "content": "found"},
]


def plain(judgement):
    """The same as values that compare."""
    told = [orjson.dumps(part) for part in judgement.told]
    return judgement.decision, judgement.permitted, told


PLAIN = {"envelope": envelope(), "caller": CALLER, "found": found(), "candidates": (CLOUD, LOCAL), "around": AROUND}
DIFFERENCES = [
    ("a label", {"found": found("gov.us_ssn")}),
    ("another label", {"found": found("pii.email")}),
    ("a detector that failed", {"found": found(failed=("email",))}),
    ("an unknown field", {"envelope": envelope(novel=1)}),
    ("tools offered beside an injection", {"envelope": envelope(tools=[{}]), "found": found("injection.suspected")}),
    ("a capability that is not agreed", {"envelope": envelope(prompt_cache_key="k")}),
    ("a session that has seen much", {"around": AROUND._replace(session_level="restricted")}),
    ("a residency", {"caller": CALLER._replace(residency="us")}),
    ("a target that fails", {"health": frozenset({("cloud", "failing")})}),
    ("a day on which the contract has ended", {"around": AROUND._replace(now=NOW._replace(day=date(2099, 1, 2)))}),
]


@pytest.mark.parametrize("change", [d[1] for d in DIFFERENCES], ids=[d[0] for d in DIFFERENCES])
def test_a_fact_that_differs_is_judged_anew_whatever_was_judged_before(change):
    judge = Judge(policy())
    before = judge.judge(**PLAIN)
    changed = judge.judge(**{**PLAIN, **change})
    assert plain(changed) == plain(Judge(policy()).judge(**{**PLAIN, **change}))
    assert plain(changed) != plain(before)
    assert judge.judge(**PLAIN) is before


def test_what_differs_only_in_session_or_text_is_judged_once():
    judge = Judge(policy())
    first = judge.judge(**PLAIN)
    other = envelope(messages=[{"role": "user", "content": "another text"}])
    other_session = CALLER._replace(session="t", thread="t", subject="p", consent_of="p")
    assert judge.judge(**{**PLAIN, "envelope": other, "caller": other_session}) is first


def test_every_field_of_a_caller_but_those_of_its_session_tells_judgements_apart():
    judge = Judge(policy())
    first = judge.judge(**PLAIN)
    for field in set(Caller._fields) - {"session", "thread", "subject", "consent_of"}:
        value = frozenset({"other"}) if field in ("roles", "consent") else "other"
        assert judge.judge(**{**PLAIN, "caller": CALLER._replace(**{field: value})}) is not first


TOLD = [
    ("tools offered", {"envelope": envelope(tools=[tool("look_up")])}, "tools", ["look_up"]),
    ("other tools", {"envelope": envelope(tools=[tool("WebFetch")])}, "tools_external", True),
    ("a call in the history", {"envelope": envelope(messages=CALLED)}, "tools_called", ["look_up"]),
    ("an answer in the history", {"envelope": envelope(messages=CALLED)}, "has_history", True),
    ("a capability", {"envelope": envelope(store=True)}, "capabilities", ["stored-responses"]),
    ("the key", {"caller": CALLER._replace(key_id="k2")}, "key", "k2"),
    ("the agent", {"caller": CALLER._replace(agent="triage")}, "agent", "triage"),
    ("the task", {"caller": CALLER._replace(task="summarise")}, "task", "summarise"),
    ("the latency", {"caller": CALLER._replace(latency="patient")}, "latency", "patient"),
    ("the consent", {"caller": CALLER._replace(consent=frozenset({"care"}))}, "consent", ["care"]),
    ("the hour", {"around": AROUND._replace(now=NOW._replace(hour="03"))}, "hour", "03"),
    ("the weekday", {"around": AROUND._replace(now=NOW._replace(weekday="sunday"))}, "weekday", "sunday"),
    ("the detectors", {"around": AROUND._replace(detectors=frozenset({"pii"}))}, "detectors", ["pii"]),
    ("the session", {"around": AROUND._replace(session_level="internal")}, "session_level", "internal"),
]


@pytest.mark.parametrize(("change", "fact", "value"), [t[1:] for t in TOLD], ids=[t[0] for t in TOLD])
def test_a_fact_that_no_rule_reads_is_still_told_as_it_is(change, fact, value):
    """The record is what a later policy is tried on: an earlier request's facts in it would be a lie."""
    judge = Judge(policy())
    judge.judge(**PLAIN)
    told = orjson.loads(orjson.dumps(judge.judge(**{**PLAIN, **change}).told.facts))
    assert told[fact] == value


def test_a_shadow_counts_every_request_kept_or_not_and_changes_nothing():
    shadow = Shadow(policy().only_local())
    judge = Judge(policy()).beside(shadow)
    assert plain(judge.judge(**PLAIN)) == plain(Judge(policy()).judge(**PLAIN))
    judge.judge(**PLAIN)
    told = shadow.as_json()
    assert (told["requests"], told["stricter"], told["looser"]) == (2, 2, 0)
    assert judge.ruled_by(policy()).shadow is shadow
    assert judge.beside(None).judge(**PLAIN).shadowed is None


def test_a_refusal_s_sentence_is_of_the_policy_that_decided_whichever_rules_by_then():
    judge = Judge(policy())
    judged = judge.judge(**PLAIN)
    assert judged.reason == judge.policy.reason
    assert judge.ruled_by(policy().only_local()).judge(**PLAIN).reason("not-proven")


def preferring(text):
    found = read_baseline()
    return compile_whole({**found.sources, "preferences.toml": text}, schema=found.schema)


def test_preferences_order_what_is_tried_and_the_record_says_so():
    judged = Judge(preferring(HOUSE_FIRST)).judge(**PLAIN)
    assert [target.name for target, _ in judged.permitted] == ["local", "cloud"]
    assert orjson.loads(orjson.dumps(judged.told.order)) == {
        "dropped": [],
        "rules": ["house-first"],
        "targets": ["local", "cloud"],
    }
    plainly = Judge(policy()).judge(**PLAIN)
    assert orjson.loads(orjson.dumps(plainly.told.order)) == {"dropped": [], "rules": [], "targets": ["cloud", "local"]}
    assert judged.decision.targets == plainly.decision.targets


FAILING = frozenset({("cloud", "failing")})
AILING = '[[prefer]]\nid = "ailing"\nreason = "It fails."\ndrop = { health = "failing" }\nunless_last = true\n'


@pytest.mark.parametrize(
    ("health", "candidates", "tried"),
    [
        (frozenset(), (CLOUD, LOCAL), ["cloud", "local"]),
        (FAILING, (CLOUD, LOCAL), ["local"]),
        (FAILING, (CLOUD,), ["cloud"]),
    ],
)
def test_a_target_that_fails_is_left_out_while_it_does_unless_it_is_the_last(health, candidates, tried):
    judge = Judge(preferring(AILING))
    judge.judge(**{**PLAIN, "candidates": candidates})  # what is kept of a time when it was well is another judgement
    judged = judge.judge(**{**PLAIN, "candidates": candidates}, health=health)
    assert [target.name for target, _ in judged.permitted] == tried


def test_what_preferences_leave_empty_is_refused_by_the_one_that_did_it():
    judged = Judge(preferring(HOUSE_FIRST + NOTHING)).judge(**PLAIN)
    assert judged.permitted == ()
    refusal = judged.refusal()
    assert (refusal.code, refusal.rule, refusal.status) == ("policy_refusal", "nothing", 403)
    assert str(refusal) == "Policy permits a target, but its preferences leave none: Nothing today."
    ssn = Judge(preferring(NOTHING)).judge(**{**PLAIN, "found": found("gov.us_ssn"), "candidates": (CLOUD,)})
    assert ssn.refusal().rule == "government-ids-stay-inside"


def test_a_shadow_that_only_orders_otherwise_is_rerouted():
    shadow = Shadow(preferring(HOUSE_FIRST))
    Judge(policy()).beside(shadow).judge(**PLAIN)
    told = shadow.as_json()
    assert (told["unchanged"], told["rerouted"], told["looser"]) == (1, 1, 0)


def offering(number):
    return {"envelope": envelope(tools=[tool(f"tool_{number}_{of}") for of in range(150)])}


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("callers", lambda number: {"caller": CALLER._replace(actor=str(number))}),
        ("tools that are offered", offering),
        ("fields", lambda number: {"envelope": envelope(**{f"field_{number}_{of}": 1 for of in range(150)})}),
        ("long fields", lambda number: {"envelope": envelope(**{f"field_{number}" * 500: 1})}),
    ],
)
def test_what_is_kept_is_bounded_in_bytes_whatever_clients_write(monkeypatch, kind, change):
    bound = 200_000
    monkeypatch.setattr("tidegate.judgement.MOST_KEPT_BYTES", bound)
    judge = Judge(policy())
    judge.judge(**PLAIN)
    tracemalloc.start()
    try:
        for number in range(100):
            change(number)  # whoever reads requests keeps names in mind, too: so many, and no more
        of_readers = tracemalloc.get_traced_memory()[0]
        most = []
        for number in range(100):
            judge.judge(**{**PLAIN, **change(number)})
            most.append(tracemalloc.get_traced_memory()[0] - of_readers)
    finally:
        tracemalloc.stop()
    assert bound / 3 < max(most) < bound * 1.3, kind


def test_what_is_too_large_to_be_kept_drives_nothing_out(monkeypatch):
    monkeypatch.setattr("tidegate.judgement.MOST_KEPT_BYTES", 20_000)
    judge = Judge(policy())
    plain_one = judge.judge(**PLAIN)
    large = {**PLAIN, "envelope": envelope(**{"field" * 5000: 1})}
    assert judge.judge(**large) is not judge.judge(**large)
    assert judge.judge(**PLAIN) is plain_one


# -- a second opinion ------------------------------------------------------------------------------------------------


def asked_twice(share=1.0, oracle=None):
    """A judge whose decisions Cedar is asked about, who hears of doubts, and how often it was asked."""
    doubts, drawn = [], []
    second = SecondOpinion(share, lambda: drawn.append(1) or 0.5, doubts.append, *([oracle] if oracle else []))
    return Judge(policy(), second=second), doubts, drawn


def test_a_judgement_that_cedar_shares_is_the_same_and_is_asked_about_once():
    judge, doubts, drawn = asked_twice()
    for change in ({}, *(change for _, change in DIFFERENCES), {}):
        assert plain(judge.judge(**{**PLAIN, **change})) == plain(Judge(policy()).judge(**{**PLAIN, **change}))
    assert doubts == []
    assert len(drawn) == 1 + len(DIFFERENCES), "what is kept is not asked about again"


def test_a_judgement_in_doubt_lets_nothing_through_and_its_record_says_why():
    mute = SimpleNamespace(decide=lambda requests, target: (_ for _ in ()).throw(NoAnswer("evaluation error")))
    judge, doubts, _ = asked_twice(oracle=lambda _: mute)
    judged = judge.judge(**PLAIN)

    assert judged.permitted == ()
    refusal = judged.refusal()
    assert (refusal.status, refusal.code, refusal.rule) == (503, "decision_in_doubt", "decision-in-doubt")
    told = orjson.loads(orjson.dumps(judged.told.decision))
    assert [(one["effect"], one["rules"]) for one in told] == [("none", ["decision-in-doubt"])] * 2
    assert len(doubts) == 1


def test_the_second_opinion_goes_along_with_every_policy_and_shadow():
    judge, _, drawn = asked_twice()
    for swapped in (judge.ruled_by(policy()), judge.beside(Shadow(policy())), judge.beside(None).ruled_by(policy())):
        swapped.judge(**PLAIN)
    assert len(drawn) == 3


def test_where_only_local_targets_are_served_out_of_doubt_a_request_for_others_is_told_so():
    doubted = policy().only_local("decision-in-doubt")
    assert [target.name for target, _ in Judge(doubted).judge(**PLAIN).permitted] == ["local"]
    refusal = Judge(doubted).judge(**{**PLAIN, "candidates": (CLOUD,)}).refusal()
    assert (refusal.status, refusal.code) == (503, "decision_in_doubt")
