"""Local servers are asked where their models run, and what they say counts at once."""

import asyncio
import json
import logging

import pytest

from tests.services.journeys import Answered, Entropy
from tests.services.test_health import Scripted, target
from tidegate.core.dispatch.provenance import Provenance
from tidegate.core.values.errors import SealBroken, UpstreamError
from tidegate.services import provenance
from tidegate.services.provenance import ProvenanceWatch

TAGS = "/api/tags"


def tags(**entry):
    return (200, {"models": [{"name": "m:latest", **entry}]})


def watch(one, answers):
    provider = Scripted(one.url, answers)
    return ProvenanceWatch(Provenance(), [one], {one.name: provider}, Entropy()), provider


def look(watching):
    asyncio.run(watching.look())
    return watching


def test_a_model_that_runs_elsewhere_closes_its_target_and_the_log_says_so_once(caplog):
    one = target("ollama")
    watching, provider = watch(one, {TAGS: tags(remote_host="https://ollama.com:443")})
    with caplog.at_level(logging.WARNING):
        look(look(watching))
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "target ollama gets nothing: its model m runs at https://ollama.com:443" in caplog.text
    assert watching.known.objection(one)
    assert provider.permits[0].method == "GET"
    assert provider.permits[0].body == b""


def test_what_changes_while_it_runs_is_noticed(caplog):
    one = target("ollama")
    watching, provider = watch(one, {TAGS: tags()})
    look(watching)
    assert not watching.known.objection(one)
    provider.answers[TAGS] = tags(remote_model="big")
    look(watching)
    assert watching.known.objection(one)
    provider.answers[TAGS] = tags()
    with caplog.at_level(logging.WARNING):
        look(watching)
    assert not watching.known.objection(one)
    assert "runs where its boundary says" in caplog.text


FAILURES = [UpstreamError("connect", "x"), SealBroken("x"), (500, {}), (404, {})]


@pytest.mark.parametrize("failure", FAILURES)
def test_who_does_not_answer_leaves_things_as_they_were_known(failure):
    one = target("ollama")
    watching, provider = watch(one, {TAGS: tags(remote_host="x")})
    look(watching)
    provider.answers[TAGS] = failure
    look(watching)
    assert watching.known.objection(one)


def test_a_list_that_is_none_is_said_to_be_none(caplog):
    with caplog.at_level(logging.WARNING):
        look(watch(target("ollama"), {TAGS: (200, b"<html>")})[0])
    assert "cannot be read" in caplog.text


@pytest.mark.parametrize("one", [target("llamacpp"), target("ollama", kind="cloud")])
def test_who_has_nothing_to_tell_is_not_asked(one):
    watching, provider = watch(one, {})
    look(watching)
    assert provider.asked == []


def test_a_name_counts_from_the_beginning(caplog):
    one = target("ollama", model="gpt-oss:120b-cloud")

    async def run():
        watching, _ = watch(one, {TAGS: "never"})
        watching.begin()
        try:
            await asyncio.sleep(0)
            return watching.known.objection(one)
        finally:
            await watching.aclose()

    with caplog.at_level(logging.ERROR):
        assert asyncio.run(run())
    assert "gets nothing" in caplog.text


def test_it_asks_at_once_and_again(monkeypatch):
    monkeypatch.setattr(provenance, "INTERVAL_S", 0.0)
    watching, provider = watch(target("ollama"), {TAGS: tags()})

    async def run():
        watching.begin()
        while len(provider.asked) < 3:
            await asyncio.sleep(0)
        await watching.aclose()

    asyncio.run(run())
    assert set(provider.asked) == {TAGS}


def test_a_silent_server_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(provenance, "_QUESTION_S", 0.01)
    one = target("ollama")
    watching, _ = watch(one, {TAGS: "never"})
    look(watching)
    assert not watching.known.objection(one)


def test_answers_are_given_back():
    closed = []

    class Closing(Answered):
        async def aclose(self):
            closed.append(self.status)

    class Provider:
        async def send(self, permit, body):
            return Closing(200, json.dumps({"models": []}).encode())

    one = target("ollama")
    asyncio.run(ProvenanceWatch(Provenance(), [one], {one.name: Provider()}, Entropy()).look())
    assert closed == [200]
