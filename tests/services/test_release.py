"""What a client that is no target may have of a text, by the boundary that is declared for it."""

import asyncio
from datetime import date

import pytest

from tests.pipeline.script import Story
from tidegate.core.values.errors import LedgerError
from tidegate.core.values.target import Boundary, Contract, Target
from tidegate.services.release import Release

MAIL = "jane.doe@example.com"
SSN = "457-55-" + "5462"
AGREED = Contract(retention="zero", training="never", tier="enterprise", region="eu", expires=date(2099, 1, 1))
HERE = Target(name="mcp-client", provider="mcp", url="", model="", boundary=Boundary("here", "local"))
THERE = Target(
    name="mcp-client", provider="mcp", url="", model="", boundary=Boundary("there", "cloud", "eu"), contract=AGREED
)
UNDECLARED = Target(name="mcp-client", provider="mcp", url="", model="", boundary=Boundary("undeclared", "cloud"))

TABLE = [
    (HERE, "hello", "raw"),
    (HERE, f"write to {MAIL}", "raw"),
    (HERE, f"my SSN is {SSN}", "raw"),
    (HERE, "", "raw"),
    (THERE, "hello", "raw"),
    (THERE, f"write to {MAIL}", "redacted"),
    (THERE, f"my SSN is {SSN}", "none"),
    (UNDECLARED, "hello", "none"),
    (UNDECLARED, f"write to {MAIL}", "none"),
]


def released(receiver, text, **more):
    story = Story(**more)

    async def run():
        found = await Release(story.pipeline, receiver).release(text)
        await asyncio.sleep(0.01)  # the outcome joins the next group
        return found

    return story, asyncio.run(run())


@pytest.mark.parametrize(("receiver", "text", "effect"), TABLE)
def test_a_client_sees_what_its_boundary_may_see(receiver, text, effect):
    _, found = released(receiver, text)
    assert found.effect == effect
    if effect == "raw":
        assert found.text == text
    else:
        assert MAIL not in found.text
        assert SSN not in found.text


def test_a_redacted_text_keeps_its_words_and_has_tags():
    _, found = released(THERE, f"write to {MAIL} today")
    assert found.text.startswith("write to ⟦pii.email:")
    assert found.text.endswith(" today")


def test_what_is_not_released_says_why_and_holds_nothing_of_the_text():
    _, found = released(THERE, f"my SSN is {SSN}")
    assert (found.text, bool(found.reason), bool(found.rule)) == ("", True, True)
    assert SSN not in found.reason


@pytest.mark.parametrize(("receiver", "text", "effect"), TABLE)
def test_every_release_is_an_exchange_in_the_log(receiver, text, effect):
    story, found = released(receiver, text)
    [intent], [outcome] = story.records("intent"), story.records("outcome")
    assert (intent["dialect"], intent["operation"], intent["request_id"]) == (
        "tidegate.mcp",
        "release",
        found.request_id,
    )
    assert intent["decision"][0]["effect"] == effect
    assert outcome["status"] == ("refused" if effect == "none" else "completed")
    assert outcome["boundary"] == ("" if effect == "none" else receiver.boundary.name)


def test_without_a_record_nothing_is_released():
    with pytest.raises(LedgerError):
        released(HERE, "hello", log_breaks_at=0)
