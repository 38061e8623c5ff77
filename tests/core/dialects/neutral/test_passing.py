"""Events on their way: their texts through channels, and what is noted of them."""

import pytest

from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral.passing import MOST_BLOCKS, Passing
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import Usage


class Held:
    """Holds back everything until it is closed."""

    def __init__(self, tool):
        self.tool, self.text = tool, ""

    def feed(self, text):
        self.text += text
        return ""

    def close(self):
        return self.text.upper()


def passed(events, open_channel=None, notes=None):
    passing = Passing(notes or AnswerNotes(), open_channel, "0190-0000-4000-8000-abcdefabcdef")
    return [*passing.feed(events), *passing.close()]


def test_what_a_channel_holds_comes_before_its_block_is_closed():
    events = [e.Opened(0, "text"), e.Delta(0, "a"), e.Delta(0, "b"), e.Closed(0), e.Ended("stop")]
    assert passed(events, Held) == [e.Opened(0, "text"), e.Delta(0, "AB"), e.Closed(0), e.Ended("stop")]


def test_what_a_channel_holds_of_a_block_that_nobody_closed_is_not_lost():
    assert passed([e.Opened(0, "text"), e.Delta(0, "a")], Held)[-1] == e.Delta(0, "A")


def test_each_block_has_a_channel_of_its_own_that_knows_the_tool():
    tools = []

    def opened(tool):
        tools.append(tool)
        return Held(tool)

    passed([e.Opened(0, "text"), e.Opened(1, "thinking"), e.Opened(2, "tool", id="1", name="f"),
            e.Opened(3, "tool", id="2"), e.Opened(0, "refusal", choice=1)], opened)  # fmt: skip
    assert tools == ["", "", "f", "?", ""]


def test_interleaved_calls_do_not_mix():
    events = [e.Opened(0, "tool", id="1", name="f"), e.Opened(1, "tool", id="2", name="g"), e.Delta(0, "a"),
              e.Delta(1, "b"), e.Delta(0, "c"), e.Closed(0), e.Closed(1)]  # fmt: skip
    told = [event for event in passed(events, Held) if isinstance(event, e.Delta)]
    assert told == [e.Delta(0, "AC"), e.Delta(1, "B")]


def test_a_call_without_an_id_gets_one_that_no_other_has():
    found = passed([e.Opened(0, "tool", name="f"), e.Opened(1, "tool", name="f"), e.Opened(2, "tool", id="own")])
    ids = [event.id for event in found]
    assert len(set(ids)) == 3
    assert ids[2] == "own"
    assert all(each.isascii() and each.replace("_", "").isalnum() for each in ids)


def test_it_is_noted_what_an_answer_says_of_itself():
    notes, usage = AnswerNotes(), Usage(1, 2)
    passed([e.Began("i", "m"), e.Lost("audio", unseen=True), e.Used(usage), e.Ended("length")], notes=notes)
    assert (notes.response_id, notes.response_model, notes.usage) == ("i", "m", usage)
    assert (notes.finish_reasons, notes.complete, notes.lost, notes.unscannable) == (["length"], True, {"audio"}, True)


def test_an_answer_that_failed_is_not_complete():
    notes = AnswerNotes()
    passed([e.Failed(e.Problem("server", 500, "c", "m"))], notes=notes)
    assert (notes.error, notes.complete) == ("upstream_error_event", False)


def test_blocks_without_end_are_refused():
    with pytest.raises(UpstreamError, match="more than"):
        passed([e.Opened(n, "text") for n in range(MOST_BLOCKS + 1)])


def test_what_goes_on_with_a_closed_block_or_with_none_is_left_out_by_name():
    notes = AnswerNotes()
    events = [e.Opened(0, "tool", id="1", name="f"), e.Delta(0, "a"), e.Closed(0), e.Delta(0, "b"), e.Closed(0),
              e.Sealed(4, "s"), e.Delta(0, "c", choice=1)]  # fmt: skip
    assert passed(events, notes=notes) == [*events[:1], e.Delta(0, "a"), e.Closed(0)]
    assert notes.lost == {"answer.out_of_place"}
