"""Whatever a cloud does in its dialect, the client gets an error object or a proper end, and the log one outcome."""

import json

import pytest

from tests.fakes import gemini as gemini_fake
from tests.fakes.clouds import stream
from tests.fakes.eventstream import event, exception
from tests.fakes.sky import sky
from tests.fakes.upstream import answers, response, sends

QUICK = "connect_timeout_s = 0.5\nhead_timeout_s = 0.5\nidle_timeout_s = 0.5\nanswer_bytes = 1000000"
EVENTS = "application/vnd.amazon.eventstream"


def sse(tree):
    return b"data: " + json.dumps(tree).encode() + b"\r\n\r\n"


GEMINI_PIECE = sse({"candidates": [{"content": {"role": "model", "parts": [{"text": "a "}]}, "index": 0}]})
GEMINI_ERROR = sse({"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}})
BEDROCK_PIECE = event("messageStart", role="assistant") + event(
    "contentBlockDelta", contentBlockIndex=0, delta={"text": "a "}
)
BROKEN = bytearray(event("contentBlockDelta", contentBlockIndex=0, delta={"text": "more words than before"}))
BROKEN[-6] ^= 1


def streamed(*pieces, media_type="text/event-stream"):
    return sends(stream(pieces, media_type))


def cut(*pieces, media_type="text/event-stream"):
    return sends(stream(pieces, media_type).removesuffix(b"0\r\n\r\n"), then="close")


DURING = [
    ("gemini", "is cut", cut(GEMINI_PIECE), "upstream_cut"),
    ("gemini", "ends without its end", streamed(GEMINI_PIECE), "upstream_cut"),
    ("gemini", "turns to garbage", streamed(GEMINI_PIECE, b"data: {\r\n\r\n"), "upstream_protocol"),
    ("gemini", "turns to an error", streamed(GEMINI_PIECE, GEMINI_ERROR), "UNAVAILABLE"),
    ("gemini", "turns to a bare error", streamed(GEMINI_PIECE, GEMINI_ERROR[6:]), "UNAVAILABLE"),
    ("bedrock", "is cut", cut(BEDROCK_PIECE, media_type=EVENTS), "upstream_cut"),
    ("bedrock", "is cut in a message", cut(BEDROCK_PIECE, bytes(BROKEN[:40]), media_type=EVENTS), "upstream_cut"),
    ("bedrock", "ends without its end", streamed(BEDROCK_PIECE, media_type=EVENTS), "upstream_cut"),
    ("bedrock", "has a wrong checksum", streamed(BEDROCK_PIECE, bytes(BROKEN), media_type=EVENTS), "upstream_protocol"),
    ("bedrock", "turns to garbage", streamed(BEDROCK_PIECE, b"\x00" * 64, media_type=EVENTS), "upstream_protocol"),
    (
        "bedrock",
        "turns to an exception",
        streamed(BEDROCK_PIECE, exception("throttlingException", "Too many tokens."), media_type=EVENTS),
        "ThrottlingException",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("cloud", "does", "script", "code"), DURING, ids=[" ".join(d[:2]) for d in DURING])
def test_a_stream_that_breaks_ends_with_an_error_and_never_with_an_end(cloud, does, script, code):
    with sky(upstream=QUICK, **{cloud: script}) as gateway:
        answer = gateway.chat("hello", model=cloud, stream=True)
        assert answer.status == 200
        assert b"[DONE]" not in answer.body
        last = answer.body.strip().rpartition(b"data: ")[2]
        assert json.loads(last)["error"]["code"] == code
        (outcome,) = gateway.outcomes()
        assert outcome["status"] == "failed"
        assert "Traceback" not in gateway.log.read_text()


def error_of(cloud, status):
    if cloud == "bedrock":
        return answers(status, b'{"message":"no"}', [("x-amzn-errortype", "ThrottlingException")])
    return answers(status, json.dumps({"error": {"code": status, "message": "no", "status": "X"}}).encode())


@pytest.mark.parametrize("status", [429, 500, 503, 529])
@pytest.mark.parametrize(("cloud", "streamed"), [("gemini", False), ("bedrock", True), ("azure", False)])
def test_a_cloud_that_cannot_answer_now_is_unavailable(cloud, status, streamed):
    with sky(upstream=QUICK, **{cloud: error_of(cloud, status)}) as gateway:
        answer = gateway.chat("hello", model=f"only-{cloud}", stream=streamed)
        assert answer.status == (429 if status == 429 else 503)
        assert json.loads(answer.body)["error"]["message"]
        (outcome,) = gateway.outcomes()
        assert outcome["status"] in ("failed", "refused")
        assert outcome["attempts"][0]["status"] == status


WHOLE = [
    ("gemini", answers(200, b"<html>"), "upstream_protocol"),
    ("gemini", answers(200, b'{"hello": 1}'), "upstream_protocol"),
    ("gemini", answers(200, b'{"candidates": 5, "usageMetadata": []}'), None),
    ("bedrock", answers(200, b"<html>"), "upstream_protocol"),
    ("bedrock", answers(200, b'{"output": []}'), "upstream_protocol"),
    ("bedrock", answers(200, b'{"output": {"message": {"content": 5}}, "usage": 1}'), None),
]


@pytest.mark.parametrize(("cloud", "script", "code"), WHOLE)
def test_an_answer_that_is_none_is_a_502(cloud, script, code):
    with sky(upstream=QUICK, **{cloud: script}) as gateway:
        answer = gateway.chat("hello", model=cloud)
        if code:
            assert (answer.status, answer.code) == (502, code)
        else:  # an empty one
            assert answer.status in (200, 502)
        assert len(gateway.outcomes()) == 1
        assert "Traceback" not in gateway.log.read_text()


def test_a_prompt_that_google_turns_away_is_an_answer_that_says_so():
    body = json.dumps({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {}}).encode()
    with sky(gemini=sends(response(200, body), stream([sse(json.loads(body))]))) as gateway:
        answer = gateway.chat("hello", model="gemini")
        assert (answer.status, answer.headers["x-tidegate-target"]) == (200, "gemini")
        assert json.loads(answer.body)["choices"][0]["finish_reason"] == "content_filter"
        assert len(gateway.asked["gemini"].requests) == 1


def test_where_no_token_can_be_had_nothing_reaches_the_cloud():
    with sky(vertex=gemini_fake.gemini(token="another")) as gateway:
        answer = gateway.chat("hello", model="only-vertex")
        assert (answer.status, answer.code) == (502, "target_misconfigured")
