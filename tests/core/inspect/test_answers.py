"""Inspection in its place: between an upstream's bytes and what restores them."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.inspect.detecting import classify, cut
from tidegate.core.dialects.openai_chat import AnswerStream, pass_answer
from tidegate.core.dialects.openai_chat.texts import texts
from tidegate.core.inspect import Inspecting, OutputRules
from tidegate.core.restore.restoring import Restoring
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import Refusal

GOLDEN = sorted((Path(__file__).parents[2] / "golden" / "openai_chat").glob("*.json"))
ANSWERS = [r for path in GOLDEN if (r := json.loads(path.read_text("utf-8"))["response"])["status"] == 200]
STREAMED = [r["body"].encode() for r in ANSWERS if r["content_type"].startswith("text/event-stream")]
WHOLE = [r["body"].encode() for r in ANSWERS if r["content_type"].startswith("application/json")]

MAIL, OWN = "jane.doe@shop.example", "mary@home.example"
TAG = "\u27e6pii.email:k7f2q9m3\u27e7"
MASK = OutputRules({"pii": "mask"})


def event(delta, finish=None):
    return (
        b"data: " + json.dumps({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}).encode() + b"\n\n"
    )


def streamed(chunks, rules=None, originals=None):
    restoring = Restoring(originals or {})
    inspecting = Inspecting(classify, rules or OutputRules(), own=originals or {}, behind=restoring.open_channel)
    keeps = not inspecting.rules.rewrites
    stream = AnswerStream(AnswerNotes(), inspecting.open_channel, keep_logprobs=keeps)
    out = b"".join(map(stream.feed, chunks)) + stream.close()
    inspecting.finish()
    return out, inspecting, restoring


def said(out):
    """All texts of a stream by where they stand."""
    pieces = {}
    for line in out.decode().splitlines():
        for choice in json.loads(line[6:]).get("choices", ()) if line.startswith("data: {") else ():
            for text in texts(choice.get("delta") or {}, AnswerNotes(), {}):
                pieces.setdefault((choice["index"], text.where), []).append(text.holder[text.key])
    return {where: "".join(found) for where, found in pieces.items() if any(found)}


def content(out):
    return said(out).get((0, ("content",)), "")


def test_there_are_recordings():
    assert (len(STREAMED) > 20, len(WHOLE) > 20) == (True, True)


@pytest.mark.parametrize("body", STREAMED)
def test_a_recorded_stream_that_is_only_noted_passes_byte_for_byte(body):
    out, inspecting, _ = streamed([body])
    assert out == body
    assert inspecting.waiting == 0


@pytest.mark.parametrize("body", WHOLE)
def test_a_recorded_answer_that_is_only_noted_passes_byte_for_byte(body):
    inspecting = Inspecting(classify, whole=True)
    assert pass_answer(body, AnswerNotes(), inspecting.open_channel) is body


@pytest.mark.parametrize("body", STREAMED)
def test_a_recorded_stream_in_which_nothing_is_masked_says_what_it_said(body):
    out, _, _ = streamed([body], OutputRules({"nothing": "mask"}))
    assert said(out) == said(body)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 2000), max_size=30), st.lists(st.integers(0, 2000), max_size=20))
def test_others_values_are_masked_and_one_s_own_come_back(places, byte_places):
    text = f"Dear {TAG}, {'so it goes, ' * 20} write to {MAIL} or to {TAG}. {'And so on. ' * 9}"
    body = b"".join(event({"content": piece}) for piece in cut(text, places)) + event({}, "stop") + b"data: [DONE]\n\n"
    out, inspecting, restoring = streamed(cut(body, byte_places), MASK, {TAG: OWN})
    assert content(out) == text.replace(TAG, OWN).replace(MAIL, "[pii.email]")
    assert MAIL.encode() not in out
    assert (inspecting.labels, inspecting.masked, restoring.counts().restored) == ({"pii.email"}, 1, 2)


def test_one_s_own_values_are_not_noted():
    _, inspecting, _ = streamed([event({"content": f"Dear {TAG}"}, "stop")], originals={TAG: OWN})
    assert inspecting.labels == set()


def test_a_value_in_two_choices_arguments_and_thoughts_is_masked_everywhere():
    function = {"name": "send", "arguments": json.dumps({"to": MAIL})}
    message = {"content": MAIL, "reasoning_content": MAIL, "tool_calls": [{"function": function}]}
    logprobs = {"content": [{"token": MAIL}]}
    body = json.dumps({"choices": [{"message": message, "logprobs": logprobs}, {"message": {"content": MAIL}}]})
    inspecting = Inspecting(classify, MASK, whole=True)
    out = pass_answer(body.encode(), AnswerNotes(), inspecting.open_channel, keep_logprobs=False)
    assert MAIL.encode() not in out
    assert inspecting.masked == 4
    arguments = json.loads(out)["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"]
    assert json.loads(arguments) == {"to": "[pii.email]"}


def test_a_blocked_stream_has_let_nothing_of_the_value_go():
    chunks = [event({"content": piece}) for piece in ("It is ", MAIL[:9], MAIL[9:], " of course. " * 20)]
    stream = AnswerStream(AnswerNotes(), Inspecting(classify, OutputRules({"pii": "block"})).open_channel)
    out = b""
    with pytest.raises(Refusal, match=r"pii\.email"):
        for chunk in chunks:
            out += stream.feed(chunk)
    assert "It is ".startswith(content(out))
