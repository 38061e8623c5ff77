"""Answers and lines as events."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.dialects.crossed import check_order, read_stream
from tidegate.core.dialects import ollama_chat as dialect
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.ollama import meaning
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import NOT_SAID, Usage


def whole(message, **more):
    return json.dumps({"model": "m", "message": message, "done": True, "done_reason": "stop", **more}).encode()


ANSWERS = [
    ({"content": "Hi"}, [e.Opened(0, "text"), e.Delta(0, "Hi"), e.Closed(0)]),
    ({"content": "Hi", "thinking": "Hm"}, [e.Opened(0, "thinking"), e.Delta(0, "Hm"), e.Closed(0), e.Opened(1, "text"),
                                           e.Delta(1, "Hi"), e.Closed(1)]),
    ({"content": "", "tool_calls": [{"id": "a", "function": {"name": "f", "arguments": {"x": 1}}}]},
     [e.Opened(0, "tool", id="a", name="f"), e.Delta(0, '{"x":1}'), e.Closed(0)]),
    ({"content": "", "tool_calls": [{"function": {"name": "f"}}, {"function": {"name": "g", "arguments": "{}"}}]},
     [e.Opened(0, "tool", name="f"), e.Delta(0, "{}"), e.Closed(0), e.Opened(1, "tool", name="g"), e.Delta(1, "{}"),
      e.Closed(1)]),
    ({"content": "Hi", "images": ["AA"]},
     [e.Opened(0, "text"), e.Delta(0, "Hi"), e.Lost("answer.images", unseen=True), e.Closed(0)]),
]  # fmt: skip
REASONS = [("stop", "stop"), ("length", "length"), ("", "stop"), ("load", "other"), ("novel", "other")]


@pytest.mark.parametrize(("message", "events"), ANSWERS)
def test_a_message_is_a_row_of_blocks(message, events):
    found = list(meaning.read_answer(whole(message)))
    assert found[1:-2] == events
    check_order(found)


@pytest.mark.parametrize(("reason", "meant"), REASONS)
def test_why_it_ended(reason, meant):
    assert e.Ended(meant) in meaning.read_answer(whole({"content": "x"}, done_reason=reason))


def test_who_calls_tools_ends_with_calls():
    found = meaning.read_answer(whole({"content": "", "tool_calls": [{"function": {"name": "f", "arguments": {}}}]}))
    assert e.Ended("tool_calls") in found


def test_what_was_read_and_written_is_counted():
    assert meaning.read_answer(whole({"content": "x"}, prompt_eval_count=3, eval_count=4))[-1] == e.Used(Usage(3, 4))
    assert meaning.read_answer(whole({"content": "x"}))[-1] == e.Used(NOT_SAID)


def test_an_answer_that_was_given_elsewhere_says_so_first():
    found = meaning.read_answer(whole({"content": "x"}, remote_host="https://ollama.com:443"))
    assert found[1] == e.Relayed("https://ollama.com:443")


def test_what_has_no_word_is_named():
    assert e.Lost("answer.logprobs") in meaning.read_answer(whole({"content": "x"}, logprobs=[{"token": "x"}]))


def test_an_error_in_a_stream_is_one():
    found = read_stream(
        dialect, b'{"model":"m","message":{"content":"a"},"done":false}\n{"error":"busy","status_code":503}\n'
    )
    assert isinstance(found[-1], e.Failed)
    assert (found[-1].problem.kind, found[-1].problem.message) == ("overloaded", "busy")


def test_a_stream_that_was_cut_has_no_end():
    found = read_stream(dialect, b'{"model":"m","message":{"content":"a"},"done":false}\n')
    assert not any(isinstance(event, e.Ended) for event in found)


@pytest.mark.parametrize("body", [b"", b"no", b"[]", b"{}", b'{"message":[]}'])
def test_what_is_no_answer_is_refused(body):
    with pytest.raises(UpstreamError):
        meaning.read_answer(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["message", "content", "thinking", "tool_calls", "function", "arguments", "name", "id", "done", "done_reason",
         "response", "eval_count", "error", "remote_host", "model"]), inner, max_size=5),
    max_leaves=14,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["message", "response", "done", "error", "model"]), JSON, max_size=5))
def test_whatever_an_upstream_sends_is_read_or_refused(tree):
    raw = json.dumps(tree).encode()
    for read in (lambda: meaning.read_answer(raw), lambda: read_stream(dialect, raw + b"\n")):
        try:
            found = read()
        except UpstreamError:
            continue
        assert found
