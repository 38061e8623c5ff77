"""A session is as strict as the strictest that it has held, on the whole path."""

import pytest

from tests.pipeline.script import Story, answer

SSN = "457-55-" + "5462"
NAMED = {"x-tidegate-session": "one"}


def turns(*texts):
    return [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(texts)]


def where(story):
    return [name for name, _ in story.sent]


def test_a_named_session_that_held_a_number_of_the_state_stays_inside():
    story = Story(cloud=[answer("a")], local=[answer("b"), answer("c")])
    story.ask("Which form do I need?", headers=NAMED)
    story.ask(f"My SSN is {SSN}.", headers=NAMED)
    client = story.ask("Write a letter about it.", headers=NAMED)
    assert where(story) == ["cloud", "local", "local"]
    assert client.told["x-tidegate-labels"] == ""
    assert [record["facts"]["session_level"] for record in story.records("intent")] == [
        "public",
        "public",
        "restricted",
    ]


def test_another_session_and_none_at_all_go_on_as_before():
    story = Story(cloud=[answer("a"), answer("b")], local=[answer("c")])
    story.ask(f"My SSN is {SSN}.", headers=NAMED)
    story.ask("Write a letter.", headers={"x-tidegate-session": "two"})
    story.ask("Write a letter.")
    assert where(story) == ["local", "cloud", "cloud"]


def test_a_conversation_without_a_name_lays_nothing_to_others_that_begin_alike():
    story = Story(cloud=[answer("a")], local=[answer("b")])
    story.ask(turns("hello", "good morning", f"my SSN is {SSN}"))
    story.ask(turns("hello", "good morning", "write a letter"))
    assert where(story) == ["local", "cloud"]


def test_a_new_session_never_loosens_what_the_history_shows():
    story = Story(local=[answer("a")])
    story.ask(turns(f"my SSN is {SSN}", "noted", "write a letter"), headers={"x-tidegate-session": "fresh"})
    assert where(story) == ["local"]


def test_what_cannot_be_kept_is_not_sent():
    """Its next request would not know of it."""
    story = Story(local=[answer("a")], store_broken=True)
    client = story.ask(
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}], headers=NAMED
    )
    assert (client.status, where(story)) == (503, [])
    assert story.outcome["status"] == "failed"


@pytest.mark.parametrize("headers", [NAMED, {}])
@pytest.mark.parametrize(("messages", "level"), [(turns("a", "b", "c"), "restricted"), (turns("a"), "public")])
def test_without_a_store_a_history_reads_as_the_strictest_and_nobody_knows_where_data_must_stay(
    messages, level, headers
):
    story = Story(cloud=[answer("a")], local=[answer("b")], store_broken=True)
    story.ask(messages, headers=headers)
    assert where(story) == ["local"]
    facts = story.records("intent")[0]["facts"]
    assert (facts["session_level"], facts["residency"]) == (level, "unknown")
