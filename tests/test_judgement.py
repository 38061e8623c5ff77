"""A kept judgement is the judgement that would be made anew, for every fact that policy may look at."""

from datetime import date

import orjson
import pytest

from tests.pipeline.script import CLOUD, LOCAL, policy
from tidegate.core.dialects import openai_chat
from tidegate.core.values.caller import Caller
from tidegate.core.values.finding import Classification
from tidegate.core.values.labels import level
from tidegate.judgement import Judge

TODAY = date(2026, 11, 21)
CALLER = Caller(
    tenant="default", actor="local", key_id="k", team="", roles=frozenset(), workload="", residency="", session="s"
)


def found(*labels, failed=()):
    return Classification((), frozenset(labels), level(frozenset(labels)), failed)


def envelope(**more):
    body = {"model": "auto", "messages": [{"role": "user", "content": "hello"}], **more}
    return openai_chat.parse_request(orjson.dumps(body))


def plain(judgement):
    """The same as values that compare."""
    told = [orjson.dumps(part) for part in judgement.told]
    return judgement.decision, judgement.permitted, told


PLAIN = {"envelope": envelope(), "caller": CALLER, "found": found(), "candidates": (CLOUD, LOCAL), "today": TODAY}
DIFFERENCES = [
    ("a label", {"found": found("gov.us_ssn")}),
    ("another label", {"found": found("pii.email")}),
    ("a detector that failed", {"found": found(failed=("email",))}),
    ("an unknown field", {"envelope": envelope(novel=1)}),
    ("tools offered beside an injection", {"envelope": envelope(tools=[{}]), "found": found("injection.suspected")}),
    ("a residency", {"caller": CALLER._replace(residency="us")}),
    ("a day on which the contract has ended", {"today": date(2099, 1, 2)}),
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
    assert judge.judge(**{**PLAIN, "envelope": other, "caller": CALLER._replace(session="t")}) is first


def test_every_field_of_a_caller_but_the_session_tells_judgements_apart():
    judge = Judge(policy())
    first = judge.judge(**PLAIN)
    for field in set(Caller._fields) - {"session"}:
        value = frozenset({"admin"}) if field == "roles" else "other"
        assert judge.judge(**{**PLAIN, "caller": CALLER._replace(**{field: value})}) is not first


def test_what_is_kept_is_bounded(monkeypatch):
    monkeypatch.setattr("tidegate.judgement._MOST_KEPT", 3)
    judge = Judge(policy())
    for number in range(20):
        judge.judge(**{**PLAIN, "caller": CALLER._replace(actor=str(number))})
    assert len(judge._kept) <= 3
