"""Every recorded exchange passes as it came, and crosses as the table says."""

import json
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.dialects.anthropic_messages.channels import Identity, identity, stutter
from tests.core.dialects.crossed import check_order
from tidegate.core.dialects import anthropic_messages as dialect
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral.features import fit
from tidegate.core.dialects.neutral.linking import with_links
from tidegate.core.values.answer import AnswerNotes

GOLDEN = Path(__file__).parents[3] / "golden" / "anthropic_messages"
EXCHANGES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.json"))}


BODIES = {name: e["response"]["body"].encode() for name, e in EXCHANGES.items()}
ERRORS = {name: body for name, body in BODIES.items() if EXCHANGES[name]["response"]["status"] != 200}
STREAMS = {name: body for name, body in BODIES.items() if body.startswith(b"event:")}
ANSWERS = {name: body for name, body in BODIES.items() if name not in ERRORS and name not in STREAMS}
LOSSLESS = {
    name: body
    for name, body in {**STREAMS, **ANSWERS}.items()
    if not any(word in body for word in (b"server_tool_use", b'"citations":[{'))
}
ASKED = Asked("018f0000-0000-7000-8000-000000000000", "auto", 1, {})


def request(name):
    return EXCHANGES[name]["request"]["body"].encode()


def test_there_are_recordings():
    assert len(EXCHANGES) == 27
    assert len(STREAMS) == 12
    assert len(ANSWERS) == 11
    assert len(ERRORS) == 4


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_recorded_request_is_read_and_only_its_model_changes(name):
    body = request(name)
    envelope = dialect.parse_request(body, EXCHANGES[name]["request"]["headers"])
    forwarded = dialect.with_model(body, "another-model")
    assert json.loads(forwarded) == {**json.loads(body), "model": "another-model"}
    # Every byte but the model's name is the client's own.
    assert forwarded.replace(b'"another-model"', b"", 1) == body.replace(
        json.dumps(envelope.original_model).encode(), b"", 1
    )


@pytest.mark.parametrize("name", EXCHANGES)
def test_every_string_of_a_recorded_request_is_a_part_or_a_word_of_the_api(name):
    envelope = dialect.parse_request(request(name))
    seen = {part.text for part in envelope.parts}
    for text in long_strings(envelope.document):
        assert text in seen


def long_strings(value):
    """Strings of more than one word are never words of the API."""
    if isinstance(value, str) and " " in value:
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from long_strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from long_strings(inner)


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_part_s_path_leads_to_its_text(name):
    envelope = dialect.parse_request(request(name))
    for part in envelope.parts:
        value = envelope.document
        for step in part.path[: -1 if part.is_key else None]:
            value = value[step]
        assert part.text in value if part.is_key else value == part.text or repr(value) == part.text


@pytest.mark.parametrize("name", ANSWERS)
def test_a_whole_answer_passes_byte_for_byte_and_is_noted(name):
    body, notes = ANSWERS[name], AnswerNotes()
    assert dialect.pass_answer(body, notes, identity) == body
    assert dialect.pass_answer(body, AnswerNotes(), None) == body
    tree = json.loads(body)
    usage = tree["usage"]
    cached = (usage.get("cache_read_input_tokens") or 0) + (usage.get("cache_creation_input_tokens") or 0)
    assert notes.complete
    assert not notes.error
    assert notes.response_model == tree["model"]
    assert notes.response_id == tree["id"]
    assert notes.usage.input_tokens == usage["input_tokens"] + cached
    assert notes.usage.output_tokens == usage["output_tokens"]
    assert notes.finish_reasons == [tree["stop_reason"]]


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_passes_byte_for_byte_however_it_is_cut(name):
    body = STREAMS[name]
    for size in (1, 7, 64, 1000, len(body)):
        for open_channel in (None, identity):
            notes = AnswerNotes()
            assert passed(body, notes, open_channel, size) == body
            assert notes.complete
            assert notes.finish_reasons
            assert notes.usage.output_tokens > 0
            assert notes.response_id.startswith("msg_")


def passed(body, notes, open_channel, size):
    stream = dialect.open_stream(notes, open_channel)
    return b"".join(stream.feed(body[i : i + size]) for i in range(0, len(body), size)) + stream.close()


def text_of(stream_bytes):
    """What a client reads: texts by block and kind of delta."""
    told = {}
    for line in stream_bytes.decode().splitlines():
        if line.startswith("data: ") and (event := json.loads(line[6:])).get("type") == "content_block_delta":
            delta = event["delta"]
            for key in ("text", "thinking", "partial_json"):
                if delta.get(key):
                    told[event["index"], key] = told.get((event["index"], key), "") + delta[key]
    return told


@pytest.mark.parametrize("name", STREAMS)
def test_what_channels_hold_back_still_arrives_before_its_block_is_closed(name):
    body = STREAMS[name]
    out = passed(body, AnswerNotes(), stutter, 100)
    assert text_of(out) == text_of(body)
    stopped = set()
    for line in out.decode().splitlines():
        if line.startswith("data: "):
            event = json.loads(line[6:])
            assert event.get("index") not in stopped
            if event["type"] == "content_block_stop":
                stopped.add(event["index"])
    assert out.rstrip().splitlines()[-2] == b"event: message_stop"


@settings(max_examples=30, deadline=None)
@given(cuts=st.lists(st.integers(1, 400), min_size=1, max_size=40), name=st.sampled_from(sorted(STREAMS)))
def test_any_cut_of_a_stream_gives_the_same_bytes(cuts, name):
    body = STREAMS[name]
    stream, out, at, turn = dialect.open_stream(AnswerNotes(), identity), b"", 0, 0
    while at < len(body):
        size = cuts[turn % len(cuts)]
        out += stream.feed(body[at : at + size])
        at, turn = at + size, turn + 1
    assert out + stream.close() == body


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_without_its_last_event_is_not_complete(name):
    body = STREAMS[name]
    notes = AnswerNotes()
    assert passed(body[: body.index(b"event: message_stop")], notes, None, 50)
    assert not notes.complete


def test_an_answer_that_is_changed_is_the_same_tree_but_for_its_texts():
    class Shout(Identity):
        def feed(self, text):
            return text.upper()

    body = next(body for body in ANSWERS.values() if b'"type":"text"' in body)
    before = orjson.loads(body)
    out = orjson.loads(dialect.pass_answer(body, AnswerNotes(), lambda tool, **_: Shout()))
    texts = [block["text"] for block in before["content"] if block["type"] == "text"]
    assert [block["text"] for block in out["content"] if block["type"] == "text"] == [t.upper() for t in texts]
    for block, old in zip(out["content"], before["content"], strict=True):
        block.update(old)
    assert out == before


# -- crossing ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_request_means_the_same_after_it_was_written_and_read(name):
    ask = dialect.read_request(json.loads(request(name)))
    if any(left.essential for left in ask.left):
        return  # it would not be crossed
    fit(ask, dialect.CANNOT, dialect.NAME)
    written = dialect.write_request(with_links(ask), "m")
    again = dialect.read_request(json.loads(written))
    assert settings_of(again) == settings_of(ask)
    assert turns_of(again) == turns_of(ask)
    assert again.left == ()


def settings_of(ask):
    plain = {name: getattr(ask, name) for name in ask._fields if name not in ("turns", "left", "format")}
    return {**plain, "format": ask.format and ask.format.shape}


def turns_of(ask):
    """Without thoughts, which the table drops, empty texts, and names that are found by linking."""
    found = []
    for turn in ask.turns:
        for block in turn.blocks:
            if type(block).__name__ == "Thinking" or not getattr(block, "text", "x").strip():
                continue
            changed = {
                "ToolCall": lambda b: {"arguments": json.loads(b.arguments)},
                "ToolResult": lambda _: {"name": ""},
            }
            found.append((turn.role, block._replace(**changed.get(type(block).__name__, lambda _: {})(block))))
    return found


@pytest.mark.parametrize("name", [*STREAMS, *ANSWERS])
def test_a_recorded_answer_is_read_as_events_in_their_order(name):
    check_order(read(BODIES[name]))


@pytest.mark.parametrize("name", LOSSLESS)
def test_an_answer_says_the_same_after_it_was_read_and_written(name):
    body = LOSSLESS[name]
    events = read(body)
    whole = json.loads(dialect.write_answer(events, ASKED))
    streamed = streamed_message(written_stream(events))
    told = streamed_message(body) if name in STREAMS else json.loads(body)
    assert whole["content"] == streamed["content"] == content_of(told)
    for message in (whole, streamed):
        assert message["stop_reason"] == told["stop_reason"]
        assert message["usage"] == {key: told["usage"].get(key) or 0 for key in message["usage"]}


def read(body):
    if not body.startswith(b"event"):
        return dialect.read_answer(body)
    reader = dialect.open_reader()
    return [*(event for i in range(0, len(body), 33) for event in reader.feed(body[i : i + 33])), *reader.close()]


def written_stream(events):
    writer = dialect.open_writer(ASKED)
    return b"".join(writer.feed(event) for event in events) + writer.close()


def content_of(message):
    """Without what nobody else has: null citations, and who called a tool."""
    found = [{k: v for k, v in block.items() if v and k != "caller"} for block in message["content"]]
    return [{"input": {}, **block} if block["type"] == "tool_use" else block for block in found]


def streamed_message(body):
    """A stream's events put together as the API's documentation says."""
    message, inputs = {}, {}
    for line in body.decode().splitlines():
        event = json.loads(line[6:]) if line.startswith("data: ") else {"type": ""}
        if event["type"] == "message_start":
            message = event["message"]
        elif event["type"] == "content_block_start":
            assert event["index"] == len(message["content"])
            message["content"].append(event["content_block"])
        elif event["type"] == "content_block_delta":
            delta, block = event["delta"], message["content"][event["index"]]
            for key, value in delta.items():
                if key == "partial_json":
                    inputs[event["index"]] = inputs.get(event["index"], "") + value
                elif key != "type":
                    block[key] = (block.get(key) or "") + value
        elif event["type"] == "message_delta":
            message |= event["delta"]
            message["usage"] |= event["usage"]
    for index, text in inputs.items():
        message["content"][index]["input"] = json.loads(text or "{}")
    return message


@pytest.mark.parametrize("name", ERRORS)
def test_a_recorded_error_is_understood(name):
    body, status = ERRORS[name], EXCHANGES[name]["response"]["status"]
    found = dialect.read_problem(status, body)
    assert found.status == status
    assert found.code == json.loads(body)["error"]["type"]
    assert found.message == json.loads(body)["error"]["message"]
