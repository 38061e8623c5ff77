"""An answer is given again to the same caller for the same bytes under the same decision, and to nobody else."""

import json
from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pipeline.script import CLOUD, LOCAL
from tidegate.core.dialects import known
from tidegate.core.dispatch import reuse
from tidegate.core.values.caller import Caller
from tidegate.core.values.permit import Permit

SECRET = b"s" * 32
CALLER = Caller(**{name: "x" if name != "roles" else frozenset() for name in Caller._fields})
FACTS = {
    "actor": "a",
    "labels": ["pii"],
    "session_level": "public",
    "hour": "07",
    "weekday": "monday",
    "level": "public",
}


def parsed(path, **fields):
    return known.PATHS[path].parse_request(json.dumps({"model": "m", **fields}).encode())


CHAT = {"messages": [{"role": "user", "content": "x"}]}
ASKING = [
    ("/v1/chat/completions", CHAT | {"temperature": 0}, True),
    ("/v1/chat/completions", CHAT | {"temperature": 0.0}, True),
    ("/v1/chat/completions", CHAT, False),
    ("/v1/chat/completions", CHAT | {"temperature": 0.1}, False),
    ("/v1/chat/completions", CHAT | {"temperature": None}, False),
    ("/v1/chat/completions", CHAT | {"temperature": False}, False),
    ("/v1/chat/completions", CHAT | {"temperature": 0, "store": True}, False),
    ("/v1/chat/completions", CHAT | {"temperature": 0, "web_search_options": {}}, False),
    ("/api/chat", CHAT | {"options": {"temperature": 0}}, True),
    ("/api/chat", CHAT, False),
    ("/api/chat", CHAT | {"temperature": 0, "options": {"temperature": 1}}, False),
    ("/v1/embeddings", {"input": "x"}, True),
    ("/api/embed", {"input": "x"}, True),
]


@pytest.mark.parametrize(("path", "fields", "same"), ASKING)
def test_only_what_is_answered_alike_each_time(path, fields, same):
    assert reuse.may_be_reused(parsed(path, **fields)) is same


def test_a_setting_may_take_others_for_such_but_never_what_asks_a_provider_to_do_something():
    assert reuse.may_be_reused(parsed("/v1/chat/completions", **CHAT), sampled=True)
    asked = parsed("/v1/chat/completions", **CHAT, store=True)
    assert not reuse.may_be_reused(asked, sampled=True)


def permit(**more):
    fields = {
        "request_id": "r", "intent": 1, "target": "local", "boundary": "here", "kind": "local", "method": "POST",
        "url": "http://local/v1", "headers": (("a", "b"),), "body": b"{}",
    }  # fmt: skip
    return Permit(**{**fields, **more})


def key(*, secret=SECRET, facts=None, policy="p", caller=CALLER, target=LOCAL, effect="raw", dialect="d", **more):
    scope = reuse.scope(secret, orjson.dumps(facts or FACTS), policy, caller)
    return reuse.key(secret, scope, target, effect, dialect, permit(**more))


DIFFERENT = [
    {"secret": b"t" * 32},
    {"facts": FACTS | {"labels": ["pii", "phi"]}},
    {"facts": FACTS | {"labels": []}},
    {"facts": FACTS | {"session_level": "restricted"}},
    {"facts": FACTS | {"actor": "b"}},
    {"facts": FACTS | {"novel": 1}},
    {"policy": "q"},
    {"target": CLOUD},
    {"target": replace(LOCAL, name="other")},
    {"target": replace(LOCAL, boundary=replace(LOCAL.boundary, name="elsewhere"))},
    {"target": replace(LOCAL, boundary=replace(LOCAL.boundary, kind="private"))},
    {"effect": "redacted"},
    {"dialect": "e"},
    {"url": "http://local/v2"},
    {"headers": (("a", "c"),)},
    {"body": b"{ }"},
    *({"caller": CALLER._replace(**{name: "y"})} for name in ("tenant", "actor", "key_id", "subject", "consent_of")),
]


@pytest.mark.parametrize("different", DIFFERENT)
def test_nothing_is_shared_where_anything_differs(different):
    assert key(**different) != key()


def test_the_same_is_found_again_at_another_time():
    """The decision is made anew, so that it may depend on the hour without an answer being lost every hour."""
    assert key() == key(facts={**FACTS, "hour": "08", "weekday": "sunday"})
    assert key(request_id="s", intent=2) == key()


WORDS = st.text(max_size=6)


@given(
    one=st.tuples(WORDS, WORDS, WORDS, WORDS, st.binary(max_size=6)),
    other=st.tuples(WORDS, WORDS, WORDS, WORDS, st.binary(max_size=6)),
)
def test_two_contexts_that_differ_never_share(one, other):
    def of(context):
        tenant, actor, policy, dialect, body = context
        caller = CALLER._replace(tenant=tenant, actor=actor)
        return key(caller=caller, policy=policy, dialect=dialect, body=body)

    assert (of(one) == of(other)) is (one == other)
