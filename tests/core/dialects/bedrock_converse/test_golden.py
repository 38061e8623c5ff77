"""Every recorded exchange with Converse and ConverseStream, held against what the gateway reads and writes."""

import base64
import json

import pytest
from botocore.eventstream import EventStreamBuffer
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.dialects import crossed
from tests.core.dialects.bedrock_converse import recorded
from tidegate.core.dialects import bedrock_converse, known
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral.linking import with_links
from tidegate.core.values.errors import BadRequest, UpstreamError

EXCHANGES = recorded.EXCHANGES
STREAMS = {n: base64.b64decode(x["response"]["body_b64"]) for n, x in EXCHANGES.items() if "body_b64" in x["response"]}
WHOLE = {
    n: x["response"]["body"].encode()
    for n, x in EXCHANGES.items()
    if x["response"]["status"] == 200 and n not in STREAMS
}
ERRORS = {n: x for n, x in EXCHANGES.items() if x["response"]["status"] != 200}
# Videos in a bucket of the account's own: no dialect that clients speak can name them.
BY_PLACE = {"bedrock-converse-01-error-400-pydantic-ai", "bedrock-converse-11-error-400-pydantic-ai",
            "bedrock-converse-12-error-400-pydantic-ai"}  # fmt: skip
SERVICE = ServiceModel(Loader().load_service_model("bedrock-runtime", "service-2"))


def test_there_are_recordings():
    assert (len(STREAMS), len(WHOLE), len(ERRORS)) == (18, 14, 4)
    assert set(ERRORS) > BY_PLACE


# -- requests ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(set(EXCHANGES) - BY_PLACE))
def test_a_recorded_request_comes_out_of_its_meaning_again(name):
    body = recorded.request_of(EXCHANGES[name])
    written = write(name)
    written.pop("additionalModelRequestFields", None)
    if described := written.get("outputConfig", {}).get("textFormat", {}).get("structure", {}).get("jsonSchema"):
        described["schema"] = json.loads(described["schema"])
    assert written == recorded.ours(body)


@pytest.mark.parametrize("name", sorted(set(EXCHANGES) - BY_PLACE))
def test_what_is_written_is_a_request_to_the_official_library(name):
    shape = SERVICE.operation_model("Converse").input_shape
    report = ParamValidator().validate({**write(name), "modelId": "m"}, shape)
    assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize("name", sorted(BY_PLACE))
def test_what_lies_in_a_bucket_is_refused(name):
    with pytest.raises(BadRequest) as caught:
        write(name)
    assert caught.value.code == "not_expressible"


def write(name):
    exchange = EXCHANGES[name]
    chat = with_links(recorded.read(recorded.request_of(exchange)))
    return json.loads(bedrock_converse.write_request(chat, recorded.model_of(exchange)))


def test_what_only_claude_knows_is_said_in_its_own_words():
    name = "bedrock-converse-03-N-200-pydantic-ai"
    fields = recorded.request_of(EXCHANGES[name])["additionalModelRequestFields"]
    assert write(name)["additionalModelRequestFields"] == fields


# -- answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_answer_is_read_in_order_and_loses_nothing(name):
    tree = json.loads(WHOLE[name])
    events = list(bedrock_converse.read_answer(WHOLE[name]))
    crossed.check_order(events)
    content = tree["output"]["message"]["content"]
    assert crossed.texts(events, "text") == "".join(each.get("text", "") for each in content)
    calls = [each["toolUse"] for each in content if "toolUse" in each]
    assert crossed.calls(events) == [(call["name"], call["input"]) for call in calls]
    thoughts = [each["reasoningContent"]["reasoningText"] for each in content if "reasoningContent" in each]
    assert crossed.texts(events, "thinking") == "".join(each["text"] for each in thoughts)
    assert crossed.signatures(events) == [each["signature"] for each in thoughts]
    check_end(events, tree["stopReason"], tree.get("usage"))


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_is_read_in_order_and_loses_nothing(name):
    events = crossed.read_stream(bedrock_converse, STREAMS[name])
    crossed.check_order(events)
    buffer = EventStreamBuffer()
    buffer.add_data(STREAMS[name])
    told = [(each.headers[":event-type"], json.loads(each.payload)) for each in buffer]
    deltas = [payload["delta"] for kind, payload in told if kind == "contentBlockDelta"]
    assert crossed.texts(events, "text") == "".join(delta.get("text", "") for delta in deltas)
    starts = {p["contentBlockIndex"]: p["start"] for kind, p in told if kind == "contentBlockStart"}
    names = [s["toolUse"]["name"] for s in starts.values() if s.get("toolUse", {}).get("type") != "server_tool_use"
             and "toolUse" in s]  # fmt: skip
    assert [called for called, _ in crossed.calls(events)] == names
    reason = next(payload["stopReason"] for kind, payload in told if kind == "messageStop")
    check_end(events, reason, next(payload for kind, payload in told if kind == "metadata").get("usage"))


REASONS = {
    "end_turn": "stop", "max_tokens": "length", "tool_use": "tool_calls", "guardrail_intervened": "content_filter",
}  # fmt: skip


def check_end(events, reason, usage):
    assert [event.reason for event in events if isinstance(event, e.Ended)] == [REASONS[reason]]
    used = next(event for event in events if isinstance(event, e.Used)).usage
    cached, kept = usage.get("cacheReadInputTokens", 0), usage.get("cacheWriteInputTokens", 0)
    assert used.input_tokens == usage["inputTokens"] + cached + kept
    assert used.output_tokens == usage["outputTokens"]
    assert (max(used.cached_input_tokens, 0), max(used.cache_write_tokens, 0)) == (cached, kept)


def test_tools_that_run_there_are_named_and_do_not_reach_the_client():
    events = crossed.read_stream(bedrock_converse, STREAMS["bedrock-converse-stream-11-ST-200-pydantic-ai"])
    assert [event for event in events if isinstance(event, e.Lost)] == [
        e.Lost("answer.toolUse", unseen=True),
        e.Lost("answer.toolResult", unseen=True),
    ]
    assert crossed.calls(events) == [("final_result", {"result": 7006652.0})]


@pytest.mark.parametrize("spoken", sorted(name for name, each in known.SPOKEN.items() if each.OPERATION == "chat"))
@pytest.mark.parametrize("name", [*WHOLE, *STREAMS])
def test_every_answer_can_be_said_to_every_client(name, spoken):
    if name in STREAMS:
        crossed.check_stream(bedrock_converse, known.SPOKEN[spoken], STREAMS[name])
    else:
        crossed.check_whole(bedrock_converse, known.SPOKEN[spoken], WHOLE[name])


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(sorted(STREAMS)), sizes=st.lists(st.integers(1, 900), min_size=1, max_size=20))
def test_however_a_stream_is_cut_it_says_the_same(name, sizes):
    assert crossed.read_stream(bedrock_converse, STREAMS[name], sizes) == crossed.read_stream(
        bedrock_converse, STREAMS[name]
    )


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_that_was_cut_off_has_no_end(name):
    at = STREAMS[name].find(b"messageStop")
    events = crossed.read_stream(bedrock_converse, STREAMS[name][:at])
    assert not any(isinstance(event, e.Ended | e.Used) for event in events)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_in_which_one_byte_is_wrong_is_no_stream(name):
    body = bytearray(STREAMS[name])
    body[len(body) // 2] ^= 1
    with pytest.raises(UpstreamError):
        crossed.read_stream(bedrock_converse, bytes(body))


# -- errors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_told_in_the_upstreams_words(name):
    response = ERRORS[name]["response"]
    found = bedrock_converse.read_problem(response["status"], response["body"].encode())
    assert (found.status, found.message) == (response["status"], json.loads(response["body"])["message"])
