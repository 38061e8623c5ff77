"""What leaves for a target is made once, and is what its permit holds."""

import asyncio
import json
from dataclasses import replace

import orjson
import pytest

from tests.pipeline.script import CLOUD, KEYS, LOCAL, answer, engine
from tests.test_crossing import CALLER
from tidegate.core.dialects import openai_chat
from tidegate.core.settle.record import Outcome
from tidegate.core.values.decision import Effect, TargetDecision
from tidegate.core.values.errors import BadRequest
from tidegate.crossing import Handling
from tidegate.ports import Routed
from tidegate.sending import NoReuse, Sending

MAIL = "jane.doe@example.com"


class Provider:
    def __init__(self):
        self.sent = []

    async def send(self, permit, body):
        self.sent.append((permit, body))
        return answer("hello")


def sending(text="hello", **fields):
    asked = openai_chat.parse_request(
        orjson.dumps({"model": "auto", "messages": [{"role": "user", "content": text}], **fields})
    )
    providers = {"cloud": Provider(), "local": Provider()}
    found = engine().classify(asked.parts)
    return Sending("r", 7, asked, CALLER, found, handling=Handling(), keys=KEYS, providers=providers), providers


def decided(target, effect=Effect.RAW):
    return TargetDecision(target.name, target.boundary.name, effect, ())


def test_what_was_asked_for_is_what_is_sent():
    one, providers = sending(f"write to {MAIL}")
    asyncio.run(one(CLOUD, decided(CLOUD, Effect.REDACTED)))
    ((permit, body),) = providers["cloud"].sent
    assert (permit.target, permit.intent, permit.body) == ("cloud", 7, body)
    assert MAIL.encode() not in body
    assert one.made["cloud"].redactions == 1


def test_it_is_made_once_for_each_target_and_the_same_each_time():
    one, _ = sending()
    first, second = (one.permit(LOCAL, decided(LOCAL)) for _ in range(2))
    assert first == second
    assert first.body is second.body
    one.permit(CLOUD, decided(CLOUD))
    assert set(one.made) == {"local", "cloud"}
    assert json.loads(one.made["cloud"].body)["model"] == "big"


def test_what_cannot_be_said_to_a_target_is_not_sent():
    one, providers = sending()
    embeddings_only = replace(CLOUD, dialects=("openai.embeddings",))
    with pytest.raises(BadRequest) as refused:
        one(embeddings_only, decided(CLOUD))
    assert refused.value.code == "not_expressible"
    assert providers["cloud"].sent == []


def test_where_no_answer_is_given_twice_nothing_is_found_or_kept():
    never = NoReuse()
    assert never.ask(CALLER, None, None, Outcome()).found is None
    one = answer("hello")
    assert never.noting(Routed(LOCAL, one)) is one
    never.clear()
