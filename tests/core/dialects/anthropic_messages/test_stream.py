"""Which channel a streamed text goes through, and what becomes of what it holds back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.dialects.anthropic_messages.channels import Identity
from tidegate.core.dialects.anthropic_messages import open_stream, pass_answer
from tidegate.core.dialects.anthropic_messages.stream import MOST_CHANNELS
from tidegate.core.restore.restoring import Restoring
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import UpstreamError

TAG, VALUE = "\u27e6pii.email:k7f2q9m3\u27e7", 'jane "j" @example.com'
ORIGINALS = {TAG: VALUE}


class Recorder:
    """Opens channels that change nothing, and remembers for which tool."""

    def __init__(self):
        self.opened = []

    def __call__(self, tool, *, free=False, own=False):
        self.opened.append((tool, own))
        return Identity()


def event(kind, **fields):
    return f"event: {kind}\n".encode() + b"data: " + json.dumps({"type": kind, **fields}).encode() + b"\n\n"


def start(index, **block):
    return event("content_block_start", index=index, content_block=block)


def delta(index, **fields):
    return event("content_block_delta", index=index, delta=fields)


def stop(index):
    return event("content_block_stop", index=index)


BEGIN = event("message_start", message={"id": "msg_1", "model": "m", "content": [], "usage": {"input_tokens": 3}})
END = event("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 5}) + event("message_stop")


def test_prose_has_no_tool_and_inputs_have_theirs():
    opened = Recorder()
    stream = open_stream(AnswerNotes(), opened)
    stream.feed(
        start(0, type="thinking", thinking="", signature="")
        + delta(0, type="thinking_delta", thinking="hm")
        + stop(0)
        + start(1, type="text", text="")
        + delta(1, type="text_delta", text="a")
        + stop(1)
        + start(2, type="tool_use", id="t", name="get_weather", input={})
        + delta(2, type="input_json_delta", partial_json="{")
        + delta(2, type="input_json_delta", partial_json="}")
        + start(3, type="server_tool_use", id="t", name="web_search", input={})
        + delta(3, type="input_json_delta", partial_json="{}")
        + start(4, type="mcp_tool_use", id="t", name="", input={})
        + delta(4, type="input_json_delta", partial_json="{}")
        + delta(9, type="input_json_delta", partial_json="{}")
    )
    assert opened.opened == [(tool, False) for tool in ("", "", "get_weather", "web_search", "?", "?")]


def test_a_whole_answer_s_inputs_are_never_taken_for_prose():
    opened = Recorder()
    content = [
        {"type": "text", "text": "a"},
        {"type": "tool_use", "name": "f", "input": {"x": "y"}},
        {"type": "tool_use", "input": {"x": "y"}},
    ]
    body = {"content": content, "stop_sequence": "END", "usage": {}}
    pass_answer(json.dumps(body).encode(), AnswerNotes(), opened)
    assert opened.opened == [("", False), ("f", False), ("?", False), ("", True)]


def whole_text(out):
    """What a client puts together of all deltas of a block."""
    found = {}
    for line in out.decode().splitlines():
        told = json.loads(line[6:]) if line.startswith("data: ") else {}
        for key, value in told.get("delta", {}).items():
            if key in ("text", "thinking", "partial_json"):
                found[told["index"]] = found.get(told["index"], "") + value
    return found


@given(st.lists(st.integers(1, 5), max_size=12), st.sampled_from(["text", "thinking", "partial_json"]))
def test_a_value_comes_back_however_its_tag_was_split_over_deltas(cuts, key):
    said = json.dumps({"to": TAG, "and": [TAG]}) if key == "partial_json" else f"Write to {TAG}, that is {TAG}."
    kind = {"text": "text_delta", "thinking": "thinking_delta", "partial_json": "input_json_delta"}[key]
    pieces, at = [], 0
    for cut in [*cuts, len(said)]:
        pieces.append(said[at : at + cut])
        at += cut
    first = {"text": {"type": "text", "text": ""}, "thinking": {"type": "thinking", "thinking": ""}}
    block = first.get(key) or {"type": "tool_use", "id": "t", "name": "send", "input": {}}
    body = BEGIN + start(0, **block) + b"".join(delta(0, type=kind, **{key: piece}) for piece in pieces if piece)
    stream = open_stream(AnswerNotes(), Restoring(ORIGINALS).open_channel)
    got = whole_text(stream.feed(body + stop(0) + END) + stream.close())[0]
    if key == "partial_json":
        assert json.loads(got) == {"to": VALUE, "and": [VALUE]}
    else:
        assert got == said.replace(TAG, VALUE)


def test_a_whole_answer_s_values_come_back_in_texts_inputs_and_beside():
    content = [
        {"type": "thinking", "thinking": f"Of {TAG}.", "signature": "sig"},
        {"type": "text", "text": f"To {TAG}.", "citations": [{"type": "char_location", "cited_text": TAG}]},
        {"type": "tool_use", "id": "t", "name": "send", "input": {"to": TAG, TAG: 12345678901234567890123}},
        {"type": "redacted_thinking", "data": "opaque"},
    ]
    body = {"id": "m", "content": content, "stop_reason": "stop_sequence", "stop_sequence": TAG, "usage": {}}
    out = json.loads(pass_answer(json.dumps(body).encode(), AnswerNotes(), Restoring(ORIGINALS).open_channel))
    assert out["content"][0] == {"type": "thinking", "thinking": f"Of {VALUE}.", "signature": "sig"}
    assert out["content"][1]["text"] == f"To {VALUE}."
    assert out["content"][1]["citations"][0]["cited_text"] == VALUE
    assert out["content"][2]["input"] == {"to": VALUE, VALUE: 12345678901234567890123}
    assert out["content"][3] == content[3]
    assert out["stop_sequence"] == VALUE


def test_thoughts_are_whole_before_they_are_signed():
    stream = open_stream(AnswerNotes(), Restoring(ORIGINALS).open_channel)
    out = stream.feed(
        start(0, type="thinking", thinking="", signature="")
        + delta(0, type="thinking_delta", thinking=f"Of {TAG[:5]}")
        + delta(0, type="thinking_delta", thinking=TAG[5:])
        + delta(0, type="signature_delta", signature="sig")
        + stop(0)
    )
    kinds = [json.loads(line[6:])["delta"]["type"] for line in out.decode().splitlines() if '"delta"' in line]
    assert kinds[-1] == "signature_delta"
    assert whole_text(out)[0] == f"Of {VALUE}"


def test_what_came_whole_in_a_block_s_beginning_is_looked_at_too():
    stream = open_stream(AnswerNotes(), Restoring(ORIGINALS).open_channel)
    results = [{"type": "web_search_result", "title": TAG, "url": "u", "encrypted_content": TAG}]
    out = (
        stream.feed(
            start(0, type="web_search_tool_result", tool_use_id="t", content=results)
            + start(1, type="tool_use", id="t", name="send", input={"to": TAG})
            + start(2, type="text", text=f"To {TAG[:4]}")
            + delta(2, type="text_delta", text=TAG[4:])
            + stop(2)
            + delta(2, type="citations_delta", citation={"type": "char_location", "cited_text": TAG})
            + delta(2, type="novel_delta", novel=TAG[:3])
            + delta(2, type="novel_delta", novel=TAG[3:])
            + stop(2)
        )
        + stream.close()
    )
    told = [json.loads(line[6:]) for line in out.decode().splitlines() if line.startswith("data: ")]
    assert told[0]["content_block"]["content"][0]["title"] == VALUE
    assert told[0]["content_block"]["content"][0]["encrypted_content"] == TAG  # only its provider can read that
    assert told[1]["content_block"]["input"] == {"to": VALUE}
    said = told[2]["content_block"]["text"] + whole_text(out)[2]
    assert said == f"To {VALUE}"
    assert [t["delta"]["citation"]["cited_text"] for t in told if "citation" in t.get("delta", {})] == [VALUE]
    assert "".join(t["delta"]["novel"] for t in told if "novel" in t.get("delta", {})) == VALUE


@pytest.mark.parametrize(
    "block",
    [
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
        {"type": "web_fetch_tool_result", "content": {"content": {"source": {"type": "base64", "data": "AAAA"}}}},
    ],
)
def test_what_is_no_text_is_noted(block):
    whole, streamed = AnswerNotes(), AnswerNotes()
    pass_answer(json.dumps({"content": [block]}).encode(), whole, Recorder())
    open_stream(streamed, Recorder()).feed(start(0, **block))
    assert whole.unscannable
    assert streamed.unscannable


def test_usage_of_the_beginning_and_of_the_end_add_up_to_one():
    notes = AnswerNotes()
    usage = {"input_tokens": 3, "cache_read_input_tokens": 4, "cache_creation_input_tokens": 5, "output_tokens": 1}
    stream = open_stream(notes, None)
    stream.feed(event("message_start", message={"id": "m", "model": "m", "usage": usage}))
    stream.feed(event("message_delta", delta={"stop_reason": "tool_use"},
                      usage={"output_tokens": 9, "output_tokens_details": {"thinking_tokens": 2}}))  # fmt: skip
    assert tuple(notes.usage) == (12, 9, 4, 5, 2)
    assert not notes.complete
    stream.feed(event("message_stop"))
    assert notes.complete
    assert notes.finish_reasons == ["tool_use"]


def test_an_error_in_a_stream_is_noted_and_goes_to_the_client_as_it_came():
    notes = AnswerNotes()
    error = event("error", error={"type": "overloaded_error", "message": "Overloaded"})
    stream = open_stream(notes, Recorder())
    assert stream.feed(BEGIN + error) == BEGIN + error
    assert notes.error == "upstream_error_event"
    assert not notes.complete


@pytest.mark.parametrize("data", [b"<html>", b"[]", b"3", b'"x"', b"{", b"\xff"])
def test_garbage_in_a_stream_is_an_upstream_error(data):
    with pytest.raises(UpstreamError):
        open_stream(AnswerNotes(), None).feed(b"data: " + data + b"\n\n")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"content": 3}', b"", b'{"type":"error","error":{}}'])
def test_an_answer_that_is_none_leaves_an_error_note(body):
    notes = AnswerNotes()
    assert pass_answer(body, notes, None) == body
    assert notes.error
    assert not notes.complete


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(0.5) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "index", "delta", "content_block", "message", "text", "input", "usage", "content"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip
KINDS = ["message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "x"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(KINDS),
            st.dictionaries(
                st.sampled_from(["index", "delta", "content_block", "message", "usage", "error"]), TREES, max_size=4
            ),
        ),
        max_size=4,
    )
)
def test_events_of_any_shape_pass_as_they_came(events):  # fmt: skip
    body = b"".join(event(kind, **fields) for kind, fields in events)
    stream = open_stream(AnswerNotes(), Recorder())
    assert stream.feed(body) + stream.close() == body


def test_an_answer_without_end_does_not_fill_the_memory():
    for more in (
        lambda n: start(n, type="tool_use", name="f"),
        lambda n: delta(n, type="text_delta", text="x"),
    ):
        stream = open_stream(AnswerNotes(), Recorder())
        with pytest.raises(UpstreamError, match=str(MOST_CHANNELS)):
            for n in range(MOST_CHANNELS + 1):
                stream.feed(more(n))
