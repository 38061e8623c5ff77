"""The door of the log: what it takes, and which intents are still owed an outcome."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.ledger.entries import (
    OPENS,
    STANDS_ALONE,
    LowWater,
    OpenIntents,
    bearing,
    nanoseconds,
    rfc3339,
)

TS = "2026-11-21T14:00:00.123456789Z"


def entry(**fields):
    return json.dumps({"kind": "intent", "request_id": "r1", "ts": TS} | fields).encode()


@pytest.mark.parametrize(
    ("fields", "does"),
    [
        ({"kind": "intent"}, OPENS),
        ({"kind": "outcome", "intent": 7}, 7),
        ({"kind": "recovered", "intent": 0}, 0),
        ({"kind": "refusal"}, STANDS_ALONE),
        ({"kind": "admin", "intent": 5}, STANDS_ALONE),
    ],
)
def test_an_entry_opens_or_closes_or_stands_alone(fields, does):
    assert bearing(entry(**fields)) == ("r1", does, TS)


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"[]",
        b"7",
        b"null",
        b"{",
        b"\xff",
        entry(kind="guess"),
        entry(kind=None),
        entry(kind=[]),
        entry(request_id=1),
        entry(kind="outcome"),
        entry(kind="outcome", intent=-1),
        entry(kind="outcome", intent="7"),
        entry(kind="recovered", intent=True),
        entry(kind="recovered", intent=1.0),
        entry(ts=""),
        entry(ts=5),
        entry(ts="2026-11-21T14:00:00Z"),
        entry(ts="2026-11-21T14:00:00.123456789+"),
    ],
)
def test_the_log_does_not_take_what_is_no_record(bad):
    with pytest.raises(ValueError):
        bearing(bad)


@pytest.mark.parametrize(
    ("story", "open_after"),
    [
        ([("a", OPENS)], [0]),
        ([("a", OPENS), ("a", 0)], []),
        ([("a", OPENS), ("b", OPENS), ("b", 1)], [0]),
        ([("a", STANDS_ALONE)], []),
    ],
)
def test_intents_are_open_until_they_are_closed(story, open_after):
    intents = OpenIntents()
    for index, (request_id, does) in enumerate(story):
        intents.admit(index, request_id, does)
    assert intents.indexes() == open_after


@pytest.mark.parametrize(
    "story",
    [
        [("a", 0)],
        [("a", OPENS), ("b", 0)],
        [("a", OPENS), ("a", 0), ("a", 0)],
        [("a", OPENS), ("a", 1)],
        [("a", STANDS_ALONE), ("a", 0)],
    ],
)
def test_nothing_is_closed_that_is_not_open_under_the_same_request(story):
    intents = OpenIntents()
    *before, (request_id, does) = story
    for index, known in enumerate(before):
        intents.admit(index, *known)
    with pytest.raises(ValueError, match="nothing to close"):
        intents.admit(len(before), request_id, does)


@st.composite
def stories(draw):
    """Well-formed logs: (request id, what it does) for each index."""
    story, waiting = [], {}
    for index in range(draw(st.integers(0, 30))):
        if waiting and draw(st.booleans()):
            closes = draw(st.sampled_from(sorted(waiting)))
            story.append((waiting.pop(closes), closes))
        elif draw(st.booleans()):
            waiting[index] = f"r{index}"
            story.append((f"r{index}", OPENS))
        else:
            story.append((f"r{index}", STANDS_ALONE))
    return story


@given(stories(), st.data())
def test_taking_back_is_as_if_it_had_never_been(story, data):
    kept = data.draw(st.integers(0, len(story)))
    intents, wanted = OpenIntents(), OpenIntents()
    for index, known in enumerate(story):
        intents.admit(index, *known)
        if index < kept:
            wanted.admit(index, *known)
    for index in range(len(story) - 1, kept - 1, -1):
        intents.take_back(index, *story[index])
    assert intents.indexes() == wanted.indexes()


@given(stories(), st.data())
def test_orphans_are_found_from_the_low_water_mark_on(story, data):
    size = data.draw(st.integers(0, len(story)))
    low, intents = LowWater(), OpenIntents()
    for index, (request_id, does) in enumerate(story[:size]):
        low.admit(index, does)
        intents.admit(index, request_id, does)
    begin = low.mark(size)
    assert begin == min(intents.indexes(), default=size)
    again = LowWater()
    for index, (_, does) in enumerate(story[begin:size], begin):
        again.admit(index, does)
    assert again.mark(size) == begin


@given(st.integers(0, 4_000_000_000 * 10**9))
def test_a_time_comes_back(ns):
    assert nanoseconds(rfc3339(ns)) == ns


@pytest.mark.parametrize(
    "ts",
    [
        "",
        "2026-11-21T14:00:00Z",
        "2026-11-21T14:00:00.12345678xZ",
        "2026-13-21T14:00:00.123456789Z",
        "2026-11-21 14:00:00.123456789Z",
        "2026-11-21T14:00:00.123456789z",
    ],
)
def test_no_other_spelling_is_a_time(ts):
    with pytest.raises(ValueError):
        nanoseconds(ts)
