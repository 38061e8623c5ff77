"""Callers on loopback, and what their headers may say."""

import orjson
import pytest

from tidegate.core.dialects import openai_chat
from tidegate.core.identify.loopback import identify
from tidegate.core.values.errors import BadRequest, PolicyRefusal
from tidegate.core.values.wish import about
from tidegate.core.values.workload import Workload

SECRET = b"s" * 32
WORKLOADS = {"support": Workload(), "care": Workload("eu", frozenset({"a"})), "lab": Workload(models=frozenset({"b"}))}
WORKLOADS["desk"] = Workload(
    task="triage", latency_ms=5_000, consent=frozenset({"care", "research"}), agents=frozenset({"bot"})
)


def caller(headers=None, text="hello"):
    envelope = openai_chat.parse_request(b'{"model":"a","messages":[{"role":"user","content":"%s"}]}' % text.encode())
    return identify(headers or {}, envelope, workloads=WORKLOADS, secret=SECRET)


def test_everybody_is_the_local_actor_of_the_default_tenant():
    found = caller()
    assert (found.tenant, found.actor, found.key_id) == ("default", "local", "loopback")


def test_a_session_is_the_header_s_else_the_conversation_s():
    named = caller({"x-tidegate-session": "one"})
    assert named.session == caller({"x-tidegate-session": "one"}, "other text").session
    assert named.session != caller({"x-tidegate-session": "two"}).session
    assert caller().session == caller().session != caller(text="other text").session
    assert "hello" not in caller().session


def test_a_session_named_like_a_text_is_not_that_conversation():
    assert caller({"x-tidegate-session": "hello"}).session != caller(text="hello").session


def test_another_secret_gives_other_sessions():
    envelope = openai_chat.parse_request(b'{"model":"a","messages":[{"role":"user","content":"x"}]}')
    sessions = {identify({}, envelope, workloads={}, secret=bytes([n]) * 32).session for n in range(4)}
    assert len(sessions) == 4


def test_declared_workloads_and_residency_are_facts():
    found = caller({"x-tidegate-workload": "support", "x-tidegate-residency": "EU"})
    assert (found.workload, found.residency) == ("support", "eu")


@pytest.mark.parametrize(
    "headers",
    [
        {"x-tidegate-workload": "undeclared"},
        {"x-tidegate-session": "a b"},
        {"x-tidegate-session": "x" * 201},
        {"x-tidegate-residency": "e\u00fc"},
    ],
)
def test_what_nobody_declared_is_refused(headers):
    with pytest.raises(BadRequest) as refused:
        caller(headers)
    assert "undeclared" not in refused.value.message


@pytest.mark.parametrize(
    ("workload", "stated", "residency"),
    [("care", "", "eu"), ("care", "eu", "eu"), ("support", "us", "us"), ("care", "us", "eu and us")],
)
def test_a_workload_s_residency_holds_and_a_header_only_makes_it_stricter(workload, stated, residency):
    headers = {"x-tidegate-workload": workload, **({"x-tidegate-residency": stated} if stated else {})}
    assert caller(headers).residency == residency


def test_a_workload_asks_only_for_the_models_that_it_was_given():
    assert caller({"x-tidegate-workload": "care"}).workload == "care"
    with pytest.raises(PolicyRefusal) as refused:
        caller({"x-tidegate-workload": "lab"})
    assert (refused.value.status, refused.value.code) == (403, "model_not_for_workload")


@pytest.mark.parametrize(
    ("header", "consent"),
    [
        (None, {"care", "research"}),
        ("care", {"care"}),
        ("Care , billing", {"care"}),
        ("none", set()),
        ("", set()),
        ("billing", set()),
    ],
)
def test_consent_is_declared_with_the_work_and_a_header_only_narrows_it(header, consent):
    headers = {"x-tidegate-workload": "desk", **({} if header is None else {"x-tidegate-consent": header})}
    assert caller(headers).consent == consent
    assert caller({"x-tidegate-consent": "care"}).consent == set()


@pytest.mark.parametrize(
    ("workload", "stated", "latency"),
    [
        ("support", None, ""),
        ("support", "2000", "interactive"),
        ("support", "2001", "normal"),
        ("support", "30001", "patient"),
        ("desk", None, "normal"),
        ("desk", "60000", "normal"),
        ("desk", "100", "interactive"),
    ],
)
def test_the_shorter_of_two_latency_budgets_counts_as_one_of_three_classes(workload, stated, latency):
    headers = {"x-tidegate-workload": workload, **({"x-tidegate-latency-budget-ms": stated} if stated else {})}
    assert caller(headers).latency == latency


@pytest.mark.parametrize("stated", ["", "0", "-1", "1.5", "soon", "3600001", "\u0661"])
def test_a_latency_budget_that_is_no_time_is_refused(stated):
    with pytest.raises(BadRequest):
        caller({"x-tidegate-latency-budget-ms": stated})


def test_a_declared_agent_may_name_itself_and_nobody_else():
    assert caller({"x-tidegate-workload": "desk", "x-tidegate-agent": "bot"}).agent == "bot"
    assert caller({"x-tidegate-workload": "desk"}).agent == ""
    for headers in ({"x-tidegate-agent": "bot"}, {"x-tidegate-workload": "desk", "x-tidegate-agent": "robot"}):
        with pytest.raises(BadRequest) as refused:
            caller(headers)
        assert (refused.value.code, "robot" in refused.value.message) == ("unknown_agent", False)


def test_the_task_is_the_one_that_the_work_was_declared_for():
    assert (caller({"x-tidegate-workload": "desk"}).task, caller().task) == ("triage", "")


def conversation(*turns, **headers):
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(turns)]
    envelope = openai_chat.parse_request(orjson.dumps({"model": "a", "messages": messages}))
    return identify(headers, envelope, workloads=WORKLOADS, secret=SECRET)


def test_a_named_session_is_one_thread_whatever_is_sent_in_it():
    named = {"x-tidegate-session": "one"}
    threads = {conversation(*turns, **named).thread for turns in (["a"], ["b"], ["a", "b", "c"], ["b", "c", "d"])}
    assert threads == {conversation("a", **named).session}


def test_a_conversation_without_a_name_is_no_thread():
    """Many begin with "hello": what one of them has held must not be laid to the others."""
    assert conversation("hello").thread == conversation("hello", "good morning", "how are you").thread == ""


@pytest.mark.parametrize(
    ("consent_from", "headers", "whose"),
    [
        ("workload", {"x-tidegate-subject": "ada"}, None),
        ("subject", {"x-tidegate-subject": "ada"}, about(SECRET, "default", "subject", "ada")),
        ("subject", {"x-tidegate-session": "one"}, ""),
        ("session", {"x-tidegate-session": "one"}, about(SECRET, "default", "session", "one")),
        ("session", {"x-tidegate-subject": "ada"}, ""),
    ],
)
def test_the_work_says_whose_consent_counts(consent_from, headers, whose):
    works = {"w": Workload(consent=frozenset({"care"}), consent_from=consent_from)}
    envelope = openai_chat.parse_request(b'{"model":"a","messages":[{"role":"user","content":"hello"}]}')
    found = identify({"x-tidegate-workload": "w", **headers}, envelope, workloads=works, secret=SECRET)
    assert found.consent_of == whose
    assert bool(found.subject) is ("x-tidegate-subject" in headers)
    assert "ada" not in repr(found)
