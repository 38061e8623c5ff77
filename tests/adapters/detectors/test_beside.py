"""A blocking detector behind one deadline: whatever goes wrong, it says that it has not looked."""

import asyncio
import logging
import threading

import pytest

from tidegate.adapters.detectors.beside import MOST_WAITING, Beside, Span
from tidegate.core.values.envelope import Part, Position
from tidegate.core.values.finding import Detected, Finding

PARTS = [Part(Position.USER, ("messages", 0), "Ask Jane Roe."), Part(Position.USER, ("messages", 1), "no one")]
LABELS = {"PERSON": "pii.person", "GPE": "pii.location"}


def detector(look, timeout_s=5.0, threshold=0.5):
    return Beside("spacy-en", look, LABELS, timeout_s=timeout_s, threshold=threshold)


def found(look, **settings):
    beside = detector(look, **settings)
    try:
        return asyncio.run(beside.find(PARTS))
    finally:
        beside.close()


def test_entities_get_our_labels_and_keep_their_part():
    look = [[Span("PERSON", 4, 12, 0.85)], []]
    assert found(lambda _: look) == Detected("spacy-en", (Finding("pii.person", 4, 12, 0.85, "spacy-en", 0),))


@pytest.mark.parametrize(
    "span",
    [
        Span("CARDINAL", 0, 3, 0.9),  # nobody asked for it
        Span("PERSON", 4, 12, 0.4),  # below the threshold
        Span("PERSON", 4, 99, 0.9),  # beyond the text
        Span("PERSON", 5, 5, 0.9),  # empty
        Span("PERSON", -1, 3, 0.9),
    ],
)
def test_what_is_no_finding_is_left_out(span):
    assert found(lambda _: [[span], []]) == Detected("spacy-en")


def test_a_score_is_at_most_one():
    assert found(lambda _: [[Span("GPE", 0, 3, 7.0)], []]).findings[0].score == 1.0


@pytest.mark.parametrize("told", [[], [[]], [[], [], []]])
def test_a_library_that_leaves_out_a_text_has_not_looked(told):
    assert found(lambda _: told) == Detected("spacy-en", failed=True)


def test_what_raises_has_not_looked_and_its_message_is_nobodys_business(caplog):
    def look(_):
        raise RuntimeError("could not parse 'Ask Jane Roe.'")

    with caplog.at_level(logging.WARNING):
        assert found(look) == Detected("spacy-en", failed=True)
    assert "RuntimeError" in caplog.text
    assert "Jane" not in caplog.text


def test_what_is_late_has_not_looked_and_the_next_request_waits_no_longer_than_its_own_deadline():
    go = threading.Event()

    def look(texts):
        go.wait(10)
        return [[] for _ in texts]

    async def story():
        beside = detector(look, timeout_s=0.05)
        try:
            late, behind = await asyncio.gather(beside.find(PARTS), beside.find(PARTS))
            go.set()
            beside._timeout_s = 5
            return late, behind, await beside.find(PARTS)
        finally:
            beside.close()

    late, behind, after = asyncio.run(story())
    assert late.failed
    assert behind.failed
    assert not after.failed


def test_a_library_that_hangs_lets_only_so_many_wait():
    go = threading.Event()

    def look(texts):
        go.wait(10)
        return [[] for _ in texts]

    async def story():
        beside = detector(look)
        waiting = [asyncio.ensure_future(beside.find(PARTS)) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        refused = await beside.find(PARTS)
        go.set()
        served = await asyncio.gather(*waiting)
        beside.close()
        return refused, served

    refused, served = asyncio.run(story())
    assert refused.failed
    assert not any(each.failed for each in served)


def test_a_client_that_leaves_takes_its_request_along():
    go = threading.Event()

    async def story():
        beside = detector(lambda texts: [[] for _ in texts] if go.wait(10) else [])
        task = asyncio.ensure_future(beside.find(PARTS))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go.set()
        after = await beside.find(PARTS)
        beside.close()
        return after

    assert asyncio.run(story()) == Detected("spacy-en")
