"""A local target's model runs at home, or it gets nothing."""

import json
from dataclasses import replace

import pytest

from tests.pipeline.script import CLOUD, LOCAL
from tidegate.core.dispatch import provenance
from tidegate.core.dispatch.provenance import Provenance

OLLAMA = replace(LOCAL, provider="ollama", model="llama3.2")
REMOTE = {"name": "llama3.2:latest", "model": "llama3.2:latest", "remote_host": "https://ollama.com:443",
          "remote_model": "llama3.2"}  # fmt: skip
HOME = {"name": "llama3.2:latest", "model": "llama3.2:latest", "size": 2019393189, "digest": "a80c4f17acd5"}


def tags(*entries):
    return json.dumps({"models": entries}).encode()


NAMES = [
    ("gpt-oss:120b-cloud", True),
    ("glm-4.6:cloud", True),
    ("kimi-k2:1t-CLOUD", True),
    ("mine-cloud", True),
    ("mine-cloud:latest", True),
    ("llama3.2", False),
    ("cloudy:7b", False),
    ("cloud-reader:7b", False),
    ("nimbus:cloud-7b", False),
]


@pytest.mark.parametrize(("model", "remote"), NAMES)
def test_a_name_says_that_a_model_runs_at_its_makers(model, remote):
    assert provenance.is_named_remote(model) is remote
    assert bool(Provenance().objection(replace(OLLAMA, model=model))) is remote
    assert bool(Provenance().objection(replace(OLLAMA, provider="openai-compatible", model=model))) is remote


def test_what_its_server_lists_counts_more_than_a_name():
    known, target = Provenance(), replace(OLLAMA, model="mine-cloud")
    assert known.told(target, tags({"name": "mine-cloud:latest"}))
    assert known.objection(target) == ""


def test_a_model_that_is_listed_as_remote_gets_nothing_until_it_is_not():
    known = Provenance()
    assert known.objection(OLLAMA) == ""
    known.told(OLLAMA, tags(REMOTE))
    assert "https://ollama.com:443" in known.objection(OLLAMA)
    known.told(OLLAMA, tags(HOME))
    assert known.objection(OLLAMA) == ""
    assert known.entry(OLLAMA) == HOME


@pytest.mark.parametrize("field", ["remote_host", "remote_model"])
def test_either_word_is_enough(field):
    known = Provenance()
    known.told(OLLAMA, tags({"name": "llama3.2", field: "x"}))
    assert known.objection(OLLAMA)


def test_an_answer_that_came_from_elsewhere_closes_it_for_good():
    """A list that says otherwise has been wrong once."""
    known = Provenance()
    known.relayed(OLLAMA, "https://ollama.com:443")
    known.told(OLLAMA, tags(HOME))
    assert "came from https://ollama.com:443" in known.objection(OLLAMA)
    assert known.objection(replace(OLLAMA, name="another")) == ""


@pytest.mark.parametrize("body", [b"", b"no", b"[]", b'{"models":1}', b"{}", b" " * (provenance.MOST_BYTES + 1)])
def test_what_is_no_list_changes_nothing(body):
    known = Provenance()
    known.told(OLLAMA, tags(REMOTE))
    assert not known.told(OLLAMA, body)
    assert known.objection(OLLAMA)


def test_a_model_that_is_not_listed_any_more_is_judged_by_its_name():
    known, target = Provenance(), replace(OLLAMA, model="glm-4.6:cloud")
    known.told(target, tags(HOME))
    assert known.objection(target)


def test_words_of_an_upstream_stand_in_no_sentence_unless_they_look_like_a_place():
    known = Provenance()
    known.told(OLLAMA, tags({"name": "llama3.2", "remote_host": "evil\r\nheader: <script>" + "x" * 500}))
    assert "another server" in known.objection(OLLAMA)
    assert "script" not in known.objection(OLLAMA)


def test_only_who_claims_to_be_local_is_held_to_it():
    known = Provenance()
    cloud = replace(CLOUD, provider="ollama", model="gpt-oss:120b-cloud")
    known.told(cloud, tags({"name": "gpt-oss:120b-cloud", "remote_host": "x"}))
    assert known.objection(cloud) == ""
    assert not provenance.may_be_asked(cloud)
    assert provenance.may_be_asked(OLLAMA)
    assert not provenance.may_be_asked(LOCAL)


LISTED = [
    (["gpt-5", "gpt-4o-mini", "o3-mini", "o1", "claude-sonnet-4-5", "gemini-2.5-pro", "grok-4"], True),
    (["openai/gpt-4.1", "anthropic/claude-3.5-sonnet", "mistral-large-latest", "deepseek-chat"], True),
    (["gpt-oss:20b", "openai/gpt-oss-120b", "llama3.2", "mistral", "gemma3", "deepseek-r1:7b", "o1lm", "qwen3"], False),
]


@pytest.mark.parametrize(("models", "are_clouds"), LISTED)
def test_names_that_only_clouds_serve(models, are_clouds):
    assert provenance.clouds_among(models) == (sorted(models) if are_clouds else [])
