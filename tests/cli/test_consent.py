"""`tidegate consent`: what people said, as commands keep and show it, and as a gateway then reads it."""

import asyncio
import json

import pytest

from tests.given import CALLER
from tidegate import app
from tidegate.adapters.stores.sql import SqlStore
from tidegate.adapters.system.clock import SystemClock
from tidegate.adapters.system.entropy import SystemEntropy
from tidegate.cli.chosen import written
from tidegate.core.values.wish import about
from tidegate.services.wishes import WishRegister

ADA = ("--subject", "ada")


def as_json(answer):
    return answer.status, json.loads(answer.out)


def applied(which="subject", name="ada"):
    """What a gateway makes of it."""
    settings = written(None)
    whose = about(app.open_keys(settings).keys.tags, "default", which, name)
    caller = CALLER._replace(subject=whose, consent_of=whose, consent=frozenset({"care", "research"}))

    async def ask():
        store = await SqlStore.open(settings.store.url, entropy=SystemEntropy())
        try:
            return await WishRegister(store, SystemClock(), app.open_keys(settings).keys.tags).apply(caller)
        finally:
            await store.aclose()

    found = asyncio.run(ask())
    return found.consent, found.residency


def test_consent_is_given_withdrawn_shown_and_forgotten(tidegate):
    status, told = as_json(tidegate("consent", "give", *ADA, "care", "research", "--until", "2199-06-30", "--json"))
    assert (status, [one["word"] for one in told["said"]]) == (0, ["care", "research"])
    assert {one["until"] for one in told["said"]} == {"2199-07-01T00:00:00+00:00"}
    assert applied() == ({"care", "research"}, "")

    assert tidegate("consent", "withdraw", *ADA, "research").status == 0
    assert applied() == ({"care"}, "")
    shown = tidegate("consent", "show", *ADA).out
    assert "in force" in shown
    assert "withdrawn on" in shown
    assert "2199-06-30" in shown

    assert as_json(tidegate("consent", "forget", *ADA, "--json")) == (0, {"ok": True, "forgotten": 2})
    assert applied() == (set(), "")
    assert tidegate("consent", "show", *ADA).out == "nothing was said\n"
    assert tidegate("consent", "forget", *ADA).status == 1


def test_what_was_withdrawn_can_be_given_again(tidegate):
    for what in ("give", "withdraw", "give"):
        assert tidegate("consent", what, *ADA, "care").status == 0
    assert applied() == ({"care"}, "")


def test_a_session_is_not_the_subject_of_that_name(tidegate):
    tidegate("consent", "give", "--session", "ada", "care")
    assert applied() == (set(), "")
    assert applied("session") == ({"care"}, "")


def test_a_subject_s_data_stays_in_one_region_at_a_time(tidegate):
    tidegate("consent", "reside", *ADA, "eu")
    assert applied() == (set(), "eu")
    tidegate("consent", "reside", *ADA, "ch")
    assert applied() == (set(), "ch")
    tidegate("consent", "reside", *ADA)
    assert applied() == (set(), "")


OF_ALL = [("tenant", "default"), ("caller", "local"), ("key", "loopback")]


@pytest.mark.parametrize(("which", "name"), OF_ALL)
def test_the_data_of_a_tenant_a_caller_and_a_key_have_a_region_too(tidegate, which, name):
    assert tidegate("consent", "reside", f"--{which}", name, "eu").err == ""
    assert applied() == (set(), "eu")
    tidegate("consent", "reside", *ADA, "us")
    assert applied() == (set(), "eu and us")
    assert json.loads(tidegate("consent", "show", f"--{which}", name, "--json").out)["said"][0]["word"] == "eu"
    assert tidegate("consent", "forget", f"--{which}", name).status == 0
    assert applied() == (set(), "us")


def test_a_tag_for_a_caller_who_cannot_come_yet_is_kept_and_said(tidegate):
    answer = tidegate("consent", "reside", "--caller", "bob", "eu")
    assert (answer.status, "requests come from no caller bob yet, only from local" in answer.err) == (0, True)


def owed():
    """What a gateway has yet to put into its log."""

    async def ask():
        store = await SqlStore.open(written(None).store.url, entropy=SystemEntropy())
        try:
            return [json.loads(one.content) for one in await store.debts()]
        finally:
            await store.aclose()

    return asyncio.run(ask())


def test_every_act_is_owed_to_the_log_with_who_entered_it_and_nobody_s_name(tidegate):
    tidegate("consent", "give", *ADA, "care", "research", "--until", "2199-06-30")
    tidegate("consent", "withdraw", *ADA, "research")
    tidegate("consent", "reside", *ADA, "eu")
    tidegate("consent", "reside", *ADA)
    tidegate("consent", "forget", *ADA)
    tidegate("consent", "forget", *ADA)
    acts = owed()
    assert [(one["act"], one["word"]) for one in acts] == [
        ("consent.given", "care"),
        ("consent.given", "research"),
        ("consent.withdrawn", "research"),
        ("residency.given", "eu"),
        ("residency.withdrawn", "eu"),
        ("wishes.erased", ""),
    ]
    assert {one["which"] for one in acts} == {"subject"}
    assert {one["about"] for one in acts} == {
        about(app.open_keys(written(None)).keys.tags, "default", "subject", "ada")
    }
    assert all(one["actor"] for one in acts)
    assert acts[0]["until"] == "2199-07-01T00:00:00.000000000Z"
    assert len({one["request_id"] for one in acts}) == 6


def test_to_withdraw_what_nobody_gave_is_an_error_that_says_where_to_look(tidegate):
    answer = tidegate("consent", "withdraw", *ADA, "care")
    assert answer.status == 1
    assert "nobody had agreed to care" in answer.err
    assert "consent show" in answer.err


def test_nobody_s_name_is_in_the_store(tidegate):
    tidegate("consent", "give", "--subject", "ada.lovelace@example.org", "care")
    files = list(written(None).store.path.parent.glob("state.db*"))
    kept = b"".join(file.read_bytes() for file in files)
    assert b"consentcare" in kept
    assert b"lovelace" not in kept


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("give", "care"), "--subject --session"),
        (("give", *ADA), "PURPOSE"),
        (("give", *ADA, "Care"), "a lower-case word"),
        (("give", *ADA, "care", "--until", "soon"), "a day is wanted"),
        (("give", *ADA, "care", "--until", "2001-01-01"), "this day is over"),
        (("give", *ADA, "care", "--until", "2999-01-01"), "this is after 2200"),
        (("give", "--subject", "a b", "care"), "an id has"),
        (("give", "--subject", "", "care"), "an id has"),
        (("give", *ADA, "--session", "s", "care"), "not allowed with"),
        (("reside", "--session", "s", "eu"), "--subject"),
    ],
)
def test_a_wrong_command_line_is_answered_with_a_sentence(tidegate, words, said):
    answer = tidegate("consent", *words)
    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err
