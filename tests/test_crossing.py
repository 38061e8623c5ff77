"""What crosses a boundary, and what comes back: the parts that no story of the path tells."""

import json
from dataclasses import replace
from datetime import date

import orjson
import pytest

from tests.pipeline.script import CLOUD, KEYS, LOCAL, answer, engine
from tidegate.core.dialects import openai_chat as dialect
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dispatch.egress import Outgoing
from tidegate.core.dispatch.provenance import Provenance
from tidegate.core.inspect import OutputRules
from tidegate.core.settle.record import Outcome
from tidegate.core.values.caller import Caller
from tidegate.core.values.decision import Effect, TargetDecision
from tidegate.core.values.errors import BadRequest, Unavailable
from tidegate.core.values.operators import Operators
from tidegate.crossing import Handling, Returning

MAIL = "jane.doe@example.com"
DAY = date(2026, 1, 15)
ASKED = Asked("0", "auto", 0, {})
CALLER = Caller(**{name: "x" if name != "roles" else frozenset() for name in Caller._fields})


def envelope(text, **more):
    return dialect.parse_request(
        orjson.dumps({"model": "auto", "messages": [{"role": "user", "content": text}], **more})
    )


def outgoing(text, effect, handling=Handling(), target=CLOUD):  # noqa: B008 - it is frozen
    asked = envelope(text)
    found = engine().classify(asked.parts)
    decision = TargetDecision(target.name, target.boundary.name, effect, ())
    return handling.outgoing(asked, CALLER, found, target, decision, KEYS)


def test_raw_is_the_clients_own_bytes_with_the_targets_model():
    sent = json.loads(outgoing(f"write to {MAIL}", Effect.RAW).body)
    assert sent == {"model": "big", "messages": [{"role": "user", "content": f"write to {MAIL}"}]}


def test_redacted_is_done_by_the_operator_of_the_label():
    handling = Handling(operators=Operators.of({"pii.email": "drop"}))
    sent = json.loads(outgoing(f"write to {MAIL}!", Effect.REDACTED, handling).body)
    assert sent["messages"][0]["content"] == "write to !"


OPENAI = replace(CLOUD, provider="openai")


@pytest.mark.parametrize("target", [OPENAI, replace(CLOUD, url="https://api.openai.com/v1")])
@pytest.mark.parametrize("effect", [Effect.RAW, Effect.REDACTED])
def test_who_may_keep_chats_is_told_not_to(target, effect):
    sent = json.loads(outgoing(f"write to {MAIL}", effect, target=target).body)
    assert (sent.pop("store"), sorted(sent)) == (False, ["messages", "model"])


@pytest.mark.parametrize("store", [True, False, None])
def test_what_a_request_says_of_storing_stands(store):
    """Where it may go with that is for policy to say, before."""
    asked = envelope("hello", store=store)
    decision = TargetDecision("cloud", "there", Effect.RAW, ())
    sent = Handling().outgoing(asked, CALLER, engine().classify(asked.parts), OPENAI, decision, KEYS)
    assert json.loads(sent.body)["store"] is store
    assert asked.capabilities == (set() if store is False else {"stored-responses"})


def test_the_field_joins_a_body_however_it_begins():
    body = b' {\n "model": "a", "messages": [] }'
    assert dialect.unstored(body) == b' {"store":false,\n "model": "a", "messages": [] }'


def returning(target, text="hello", output=None, **more):
    asked = envelope(text, **more)
    found = engine().classify(asked.parts)
    handling = Handling(output=output or {})
    return Returning(
        asked, found, target, Outgoing(b"", dialect=dialect.NAME), handling, classify=engine().classify, asked=ASKED
    )


def test_only_what_a_boundary_inside_says_of_restricted_data_stays():
    ssn = "my SSN is 457-55-" + "5462"
    assert returning(LOCAL, ssn).stays
    assert not returning(CLOUD, ssn).stays
    assert not returning(LOCAL, "hello").stays


def test_rules_are_those_of_the_boundary_that_answered():
    rules = {"cloud": OutputRules({"pii": "mask"})}
    raw = answer(f"write to {MAIL}").body
    assert MAIL.encode() not in returning(CLOUD, output=rules).whole(raw, Outcome())
    assert returning(LOCAL, output=rules).whole(raw, Outcome()) == raw


def test_said_gives_the_answer_and_what_of_the_request_is_everybodys():
    tool = {"type": "function", "function": {"name": "note", "description": "Keeps a note.", "parameters": {}}}
    coming = returning(LOCAL, "my SSN is 457-55-" + "5462", tools=[tool])
    coming.whole(answer("noted").body, Outcome())
    said, common = coming.said()
    assert said == ["noted"]
    assert "Keeps a note." in common


def test_a_secrets_tag_that_an_answer_quotes_stays_a_tag_and_is_counted():
    key = "AKIA" + "Q7LM2ZX9TK4WBN8S"
    asked = envelope(f"my key is {key}")
    found = engine().classify(asked.parts)
    decision = TargetDecision(CLOUD.name, CLOUD.boundary.name, Effect.REDACTED, ())
    sent = Handling().outgoing(asked, CALLER, found, CLOUD, decision, KEYS)
    quoted = json.loads(sent.body)["messages"][0]["content"]
    coming = Returning(asked, found, CLOUD, sent, Handling(), classify=engine().classify, asked=ASKED)
    outcome = Outcome()
    out = coming.whole(answer(quoted).body, outcome)
    coming.finish(outcome)
    assert key not in out.decode()
    assert (outcome.suppressed, outcome.restored) == (1, 0)


# -- where a model runs, and how much it is told to hold ---------------------------------------------------------------

OLLAMA = replace(LOCAL, provider="ollama", model="llama3.2")
REMOTE = b'{"models":[{"name":"llama3.2:latest","remote_host":"https://ollama.com:443"}]}'


def known(target=OLLAMA, body=REMOTE):
    found = Provenance()
    found.told(target, body)
    return found


def test_a_local_target_whose_model_runs_elsewhere_gets_nothing():
    with pytest.raises(BadRequest) as refused:
        outgoing("hello", Effect.RAW, Handling(provenance=known()), target=OLLAMA)
    assert (refused.value.code, refused.value.status) == ("runs_elsewhere", 503)
    assert "https://ollama.com:443" in refused.value.message
    assert outgoing("hello", Effect.RAW, Handling(provenance=Provenance()), target=OLLAMA).dialect == "ollama.chat"


@pytest.mark.parametrize("target", [OLLAMA, LOCAL])
def test_an_answer_that_was_made_elsewhere_is_none_of_a_local_targets(target):
    handling, outcome = Handling(provenance=Provenance()), Outcome()
    asked = envelope("hello")
    coming = Returning(
        asked, engine().classify(asked.parts), target, Outgoing(b"", dialect=dialect.NAME), handling,
        classify=engine().classify, asked=ASKED,
    )  # fmt: skip
    outcome.notes.relayed = "https://ollama.com:443"
    with pytest.raises(Unavailable, match="made elsewhere"):
        coming.check(outcome)
    assert "https://ollama.com:443" in handling.provenance.objection(target)


def test_a_cloud_may_ask_whom_it_likes():
    outcome = Outcome()
    outcome.notes.relayed = "https://elsewhere"
    returning(CLOUD).check(outcome)


@pytest.mark.parametrize("effect", [Effect.RAW, Effect.REDACTED])
def test_a_target_is_told_its_context_where_the_request_says_none(effect):
    handling = Handling(contexts={OLLAMA.name: 16384})
    sent = json.loads(outgoing(f"write to {MAIL}", effect, handling, target=OLLAMA).body)
    assert sent["options"] == {"num_ctx": 16384}
    assert "options" not in json.loads(outgoing("hello", effect, target=OLLAMA).body)
