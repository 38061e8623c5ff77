"""Whatever an upstream does, the client gets an error object or a proper end, and the log one outcome."""

import json

import pytest

from tests.fakes.gateway import CREDENTIAL, Gateway, upstreams
from tests.fakes.upstream import answers, closes, floods, nothing, resets, sends, streams

ANSWER = json.dumps(
    {"id": "c", "object": "chat.completion", "model": "m",
     "choices": [{"index": 0, "message": {"role": "assistant", "content": "from here"}, "finish_reason": "stop"}]}
).encode()  # fmt: skip
PIECE = b'data: {"id":"c","choices":[{"index":0,"delta":{"content":"word "}}]}\n\n'
QUICK = "connect_timeout_s = 0.5\nhead_timeout_s = 0.5\nidle_timeout_s = 0.5\nanswer_bytes = 1000000"

BEFORE = [
    ("closes at once", closes(), "cut"),
    ("resets", resets(), "cut"),
    ("never answers", nothing, "timeout"),
    ("answers garbage", sends(b"\x00\x01garbage\r\n\r\n", then="close"), "protocol"),
    ("cuts its head", sends(b"HTTP/1.1 200 OK\r\ncontent-le", then="close"), "cut"),
    ("answers 500", answers(500, b"<html>"), "status"),
    ("answers 503", answers(503), "status"),
    ("redirects", answers(302, b"", [("location", "http://127.0.0.1:1/")]), "protocol"),
]


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(("script", "kind"), [b[1:] for b in BEFORE], ids=[b[0] for b in BEFORE])
def test_before_the_first_byte_the_next_permitted_target_answers_else_503(script, kind, streamed):
    good = streams(PIECE, b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n', b"data: [DONE]\n\n")
    with upstreams(good if streamed else answers(200, ANSWER), script) as (inside, outside):
        with Gateway(inside, outside, upstream=QUICK) as gateway:
            fallen_back = gateway.chat("hello", stream=streamed)
            alone = gateway.chat("hello", stream=streamed, model="cloud-only")
            assert (fallen_back.status, fallen_back.headers["x-tidegate-target"]) == (200, "inside")
            assert alone.status == 503
            assert CREDENTIAL.encode() not in alone.body
            outcomes = gateway.outcomes(2)
            assert sorted(o["status"] for o in outcomes) == ["completed", "failed"]
            assert all(o["attempts"][0]["error"] == kind for o in outcomes)
            assert "Traceback" not in gateway.log.read_text()


DURING = [
    ("cuts a whole answer", sends(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{", then="close"), False),
    ("answers no JSON", answers(200, b"<html>"), False),
    ("answers another object", answers(200, b'{"hello": 1}'), False),
    ("sends a gigabyte", floods(1_000_000_000), False),
    ("stalls in its body", sends(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{", then="hang"), False),
    ("sends no stream", answers(200, ANSWER), True),
]


@pytest.mark.parametrize(("script", "streamed"), [d[1:] for d in DURING], ids=[d[0] for d in DURING])
def test_after_its_head_an_unusable_answer_is_a_502(script, streamed):
    with upstreams(answers(200, ANSWER), script) as (inside, outside):
        with Gateway(inside, outside, upstream=QUICK) as gateway:
            answer = gateway.chat("hello", stream=streamed)
            assert answer.status == 502
            (outcome,) = gateway.outcomes()
            assert outcome["status"] == "failed"
            assert inside.requests == []
            assert "Traceback" not in gateway.log.read_text()


STREAMS = [
    ("ends early", streams(PIECE, PIECE)),
    ("is cut between chunks", streams(PIECE, PIECE, finish=False, then="close")),
    ("is reset", streams(PIECE, PIECE, finish=False, then="reset")),
    ("stalls", streams(PIECE, PIECE, finish=False, then="hang")),
    ("turns to garbage", streams(PIECE, b"data: <html>\n\n")),
    ("ends in an endless event", streams(PIECE, *[b"data: " + b"x" * 1_000_000] * 6)),
]


@pytest.mark.parametrize("script", [s[1] for s in STREAMS], ids=[s[0] for s in STREAMS])
def test_a_stream_that_breaks_ends_with_an_error_event_and_never_with_done(script):
    with upstreams(answers(200, ANSWER), script) as (inside, outside):
        with Gateway(inside, outside, upstream=QUICK) as gateway:
            answer = gateway.chat("hello", stream=True)
            events = [e for e in answer.body.decode().split("\n\n") if e]
            assert answer.status == 200
            assert "error" in json.loads(events[-1][6:])
            assert b"[DONE]" not in answer.body
            (outcome,) = gateway.outcomes()
            assert outcome["status"] == "failed"
            assert "Traceback" not in gateway.log.read_text()


def test_a_target_that_is_not_there_is_named_with_what_to_do():
    with upstreams(answers(401, b'{"error":{}}'), answers(404, b"{}")) as (inside, outside):
        with Gateway(inside, outside) as gateway:
            answer = gateway.chat("hello", model="cloud-only")
            assert (answer.status, answer.code) == (502, "target_misconfigured")
            assert "doctor" in json.loads(answer.body)["error"]["message"]
