"""Every recorded exchange with Gemini and Vertex, held against what the gateway reads and writes."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.dialects import crossed
from tests.core.dialects.gemini_generate import recorded
from tidegate.core.dialects import gemini_generate, known
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral.linking import with_links
from tidegate.core.values.errors import UpstreamError


def is_stream(exchange):
    return ":streamGenerateContent" in exchange["request"]["path"]


def as_events(exchange):
    """The recorded bytes. Two recordings asked without `alt=sse` and got one array, as the gateway never does: its
    elements are the events' data."""
    body = exchange["response"]["body"]
    if body.lstrip().startswith("["):
        return "".join(f"data: {json.dumps(each)}\r\n\r\n" for each in json.loads(body)).encode()
    return body.encode()


STREAMS = {name: as_events(each) for name, each in recorded.ANSWERED.items() if is_stream(each)}
WHOLE = {name: each["response"]["body"].encode() for name, each in recorded.ANSWERED.items() if not is_stream(each)}
ERRORS = {name: each for name, each in recorded.EXCHANGES.items() if each["response"]["status"] != 200}


def test_there_are_recordings():
    assert (len(STREAMS), len(WHOLE), len(ERRORS)) == (18, 15, 4)


# -- requests ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", recorded.EXCHANGES)
def test_a_recorded_request_comes_out_of_its_meaning_again(name):
    exchange = recorded.EXCHANGES[name]
    body = recorded.request_of(exchange)
    written = json.loads(gemini_generate.write_request(with_links(recorded.read(body)), "gemini-2.5-flash"))
    assert without_made_ids(written, body) == recorded.ours(body)


def without_made_ids(written, body):
    """Ids that the linking made for calls that had none."""
    had = "functionCall" in json.dumps(body) and '"id"' in json.dumps(body["contents"])
    for content in written["contents"]:
        for part in content["parts"]:
            inner = part.get("functionCall") or part.get("functionResponse") or {}
            if not had:
                inner.pop("id", None)
    return written


@pytest.mark.parametrize("name", recorded.EXCHANGES)
def test_what_is_written_means_the_same_when_it_is_read_again(name):
    chat = with_links(recorded.read(recorded.request_of(recorded.EXCHANGES[name])))
    written = json.loads(gemini_generate.write_request(chat, "gemini-2.5-flash"))
    assert recorded.read(written) == beside(chat)


def beside(chat):
    """Media in results are shown right after them."""
    turns = []
    for turn in chat.turns:
        blocks = [b for b in turn.blocks if hasattr(b, "blocks")]
        media = tuple(m for b in blocks for m in b.blocks if not hasattr(m, "text"))
        kept = tuple(b._replace(blocks=b.blocks[:1]) if b in blocks else b for b in turn.blocks)
        turns.append(turn._replace(blocks=kept))
        if media:
            turns.append(turn._replace(role="user", blocks=media))
    return chat._replace(turns=tuple(turns))


@pytest.mark.parametrize("name", recorded.EXCHANGES)
def test_what_is_written_is_a_request_to_the_official_library(name):
    types = pytest.importorskip("google.genai.types")
    chat = with_links(recorded.read(recorded.request_of(recorded.EXCHANGES[name])))
    written = json.loads(gemini_generate.write_request(chat, "gemini-3-pro"))
    assert written["contents"]
    for content in written["contents"]:
        for part in content["parts"]:
            if "inlineData" in part:  # whoever recorded it took out a piece that looked like a secret
                part["inlineData"]["data"] = "AAAA"
        types.Content.model_validate(content)
    for tool in written.get("tools", ()):
        types.Tool.model_validate(tool)
    types.GenerateContentConfig.model_validate(
        {
            **written.get("generationConfig", {}),
            "toolConfig": written.get("toolConfig"),
            "systemInstruction": written.get("systemInstruction"),
        }
    )


# -- answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_answer_is_read_in_order_and_loses_nothing(name):
    tree = json.loads(WHOLE[name])
    events = list(gemini_generate.read_answer(WHOLE[name]))
    crossed.check_order(events)
    check_against([tree], events)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_is_read_in_order_and_loses_nothing(name):
    events = crossed.read_stream(gemini_generate, STREAMS[name])
    crossed.check_order(events)
    trees = [json.loads(line[5:]) for line in STREAMS[name].splitlines() if line.startswith(b"data:")]
    check_against(trees, events)


def check_against(trees, events):
    parts = [
        part
        for tree in trees
        for candidate in tree["candidates"]
        for part in candidate.get("content", {}).get("parts", ())
    ]
    texts = [part for part in parts if part.get("text") and "functionCall" not in part]
    assert crossed.texts(events, "text") == "".join(p["text"] for p in texts if not p.get("thought"))
    assert crossed.texts(events, "thinking") == "".join(p["text"] for p in texts if p.get("thought"))
    calls = [part["functionCall"] for part in parts if "functionCall" in part]
    assert crossed.calls(events) == [(call["name"], call.get("args", {})) for call in calls]
    signed = [part for part in parts if "thoughtSignature" in part]
    marks = ["gemini.call:" if "functionCall" in part else "gemini:" for part in signed]
    signatures = [mark + part["thoughtSignature"] for mark, part in zip(marks, signed, strict=True)]
    assert crossed.signatures(events) == signatures
    last = trees[-1]["usageMetadata"]
    used = next(event for event in reversed(events) if isinstance(event, e.Used)).usage
    assert used.input_tokens == last.get("promptTokenCount", -1)
    thought = last.get("thoughtsTokenCount", 0)
    assert used.output_tokens == last.get("candidatesTokenCount", 0) + thought
    ended = [event for event in events if isinstance(event, e.Ended)]
    assert [event.reason for event in ended] == ["tool_calls" if calls else "stop"]


@pytest.mark.parametrize("spoken", sorted(name for name, each in known.SPOKEN.items() if each.OPERATION == "chat"))
@pytest.mark.parametrize("name", recorded.ANSWERED)
def test_every_answer_can_be_said_to_every_client(name, spoken):
    if name in STREAMS:
        crossed.check_stream(gemini_generate, known.SPOKEN[spoken], STREAMS[name])
    else:
        crossed.check_whole(gemini_generate, known.SPOKEN[spoken], WHOLE[name])


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(sorted(STREAMS)), sizes=st.lists(st.integers(1, 900), min_size=1, max_size=20))
def test_however_a_stream_is_cut_it_says_the_same(name, sizes):
    assert crossed.read_stream(gemini_generate, STREAMS[name], sizes) == crossed.read_stream(
        gemini_generate, STREAMS[name]
    )


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_that_was_cut_off_has_no_end(name):
    body = STREAMS[name]
    last = body.rstrip().rfind(b"data:")
    events = crossed.read_stream(gemini_generate, body[:last])
    assert not any(isinstance(event, e.Ended | e.Used) for event in events)
    broken = body[: last + 60]
    with pytest.raises(UpstreamError):
        crossed.read_stream(gemini_generate, broken)


# -- errors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_told_in_the_upstreams_words(name):
    response = ERRORS[name]["response"]
    error = json.loads(response["body"])["error"]
    found = gemini_generate.read_problem(response["status"], response["body"].encode())
    assert (found.status, found.message, found.code) == (response["status"], error["message"], error["status"])


def test_kinds_of_errors():
    kinds = {
        name: gemini_generate.read_problem(each["response"]["status"], each["response"]["body"].encode()).kind
        for name, each in ERRORS.items()
    }
    assert sorted(kinds.values()) == ["authentication", "invalid", "not_found", "rate_limit"]
