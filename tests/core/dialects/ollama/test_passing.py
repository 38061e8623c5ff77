"""The same dialect on both sides: bytes stay bytes unless a channel changes a text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.dialects.crossed import pieces
from tests.core.dialects.ollama.recorded import Replacing, Stutter, said
from tidegate.core.dialects.ollama import passing
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import UpstreamError

TAG, VALUE = "⟦pii.email:k7f2q9m3⟧", 'jane "J" doe@example.com'


def line(done=False, **message):
    tree = {
        "model": "m",
        "created_at": "2026-01-01T00:00:00Z",
        "message": {"role": "assistant", "content": "", **message},
    }
    return (
        json.dumps({**tree, "done": done, **({"done_reason": "stop", "eval_count": 1} if done else {})}).encode()
        + b"\n"
    )


def passed(stream, opens, sizes=(7,), **more):
    notes = AnswerNotes()
    through = passing.open_stream(notes, opens, **more)
    return b"".join([through.feed(piece) for piece in pieces(stream, sizes)]) + through.close(), notes


@given(cuts=st.lists(st.integers(1, 60), min_size=1, max_size=9), text=st.text(max_size=30))
def test_a_value_comes_back_however_its_tag_was_split(cuts, text):
    whole = f"{text}{TAG} and on"
    stream = b"".join(line(content=piece) for piece in (whole[:5], whole[5:9], whole[9:])) + line(done=True)
    out, notes = passed(stream, lambda tool: Replacing(TAG, VALUE), tuple(cuts))
    assert said(out)[1] == f"{text}{VALUE} and on"
    assert notes.complete


def test_thoughts_come_whole_and_before_what_follows_them():
    """They ended after two pieces in another gateway (litellm 20737)."""
    stream = b"".join(line(thinking=piece) for piece in ("one ", "two ", "three ", "four"))
    stream += line(content="so") + line(content=".") + line(done=True)
    out, _ = passed(stream, lambda tool: Stutter())
    assert said(out) == ("one two three four", "so.", [])
    order = ["thinking" if tree["message"].get("thinking") else "content" for tree in map(json.loads, out.splitlines())]
    assert order == sorted(order, reverse=True)


def test_calls_in_a_stream_pass_with_their_arguments():
    """A stream with tools ended with an error in another gateway (litellm 7094)."""
    calls = [{"function": {"name": "take_note", "arguments": {"note": TAG, "n": [1, {"deep": TAG}]}}},
             {"function": {"name": "take_note", "arguments": {}}}]  # fmt: skip
    stream = line(content="", tool_calls=calls) + line(done=True)
    assert passed(stream, None)[0] == stream
    assert passed(stream, lambda tool: Stutter())[0] == stream
    out, _ = passed(stream, lambda tool: Replacing(TAG, json.dumps(VALUE)[1:-1]))
    assert said(out)[2][0]["arguments"] == {"note": VALUE, "n": [1, {"deep": VALUE}]}


def test_arguments_that_are_no_json_any_more_are_no_answer():
    with pytest.raises(UpstreamError) as broken:
        passed(
            line(tool_calls=[{"function": {"name": "f", "arguments": {"x": TAG}}}]), lambda tool: Replacing(TAG, '"')
        )
    assert broken.value.kind == "protocol"


def test_each_tool_has_a_channel_by_its_name():
    opened = []

    def opens(tool):
        opened.append(tool)
        return Stutter()

    passed(line(content="a", tool_calls=[{"function": {"name": "f", "arguments": {"x": 1}}}]) + line(done=True), opens)
    assert opened == ["", "f"]


def test_a_last_line_that_says_something_says_the_rest_of_it_too():
    stream = line(content="abcd") + line(done=True, content="efgh")
    out, _ = passed(stream, lambda tool: Stutter())
    assert said(out)[1] == "abcdefgh"
    assert len(out.splitlines()) == 2


def test_what_spells_the_answer_again_goes_where_values_are_masked():
    tree = {"model": "m", "response": "a", "done": True, "context": [1, 2], "logprobs": [{"token": "a"}]}
    out = passing.pass_answer(json.dumps(tree).encode(), AnswerNotes(), None, keep_logprobs=False)
    assert set(json.loads(out)) == {"model", "response", "done"}
    streamed, _ = passed(json.dumps(tree).encode() + b"\n", None, keep_logprobs=False)
    assert json.loads(streamed) == json.loads(out)


def test_an_error_in_the_middle_is_told_in_the_upstreams_words():
    out, notes = passed(line(content="a") + b'{"error":"it broke"}\n', lambda tool: Stutter())
    assert notes.error == "upstream_error_event"
    assert not notes.complete
    assert b'{"error":"it broke"}' in out


@pytest.mark.parametrize("garbage", [b"nonsense\n", b"[]\n", b'"x"\n', b"\xff\xfe\n"])
def test_a_line_that_is_no_object_is_no_answer(garbage):
    with pytest.raises(UpstreamError):
        passed(garbage, None)


@pytest.mark.parametrize(("body", "error"), [(b"no", "not_json"), (b"[]", "not_json"), (b"{}", "not_an_answer"),
                                             (b'{"error":"x"}', "not_an_answer")])  # fmt: skip
def test_a_whole_answer_that_is_none_leaves_a_note(body, error):
    notes = AnswerNotes()
    assert passing.pass_answer(body, notes, None) == body
    assert notes.error == error


def test_a_whole_answer_is_restored_in_all_its_texts():
    tree = {"model": "m", "done": True, "message": {"thinking": TAG, "content": f"to {TAG}", "novel": TAG}}
    out = json.loads(passing.pass_answer(json.dumps(tree).encode(), AnswerNotes(), lambda tool: Replacing(TAG, VALUE)))
    assert out["message"] == {"thinking": VALUE, "content": f"to {VALUE}", "novel": VALUE}


def test_an_upstream_that_calls_without_end_is_refused():
    call = {"function": {"name": "f", "arguments": {"x": 1}}}
    with pytest.raises(UpstreamError) as refused:
        passed(line(tool_calls=[call] * (passing.MOST_CHANNELS + 1)), lambda tool: Stutter(), (1 << 20,))
    assert refused.value.kind == "protocol"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["message", "content", "thinking", "tool_calls", "function", "arguments", "name", "done", "images", "x"]),
        inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_whatever_stands_in_a_line_is_passed_or_refused(tree):
    raw = json.dumps(tree).encode() + b"\n"
    try:
        out, _ = passed(raw, lambda tool: Stutter())
    except UpstreamError:
        return
    assert out
