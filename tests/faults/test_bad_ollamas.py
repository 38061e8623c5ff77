"""Whatever an Ollama does, its own client and OpenAI's get an error or a proper end, and the log one outcome."""

import json

import pytest

from tests.fakes.clouds import stream
from tests.fakes.gateway import Gateway, upstreams
from tests.fakes.upstream import answers, nothing, response, sends

QUICK = (
    "connect_timeout_s = 0.5\nhead_timeout_s = 0.5\nidle_timeout_s = 0.5\nanswer_bytes = 1000000\nprobe_interval_s = 0"
)
LINES = "application/x-ndjson"
MOST = 64
LINE = b'{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"a "},"done":false}\n'
LAST = b'{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","eval_count":1}\n'
ASK = [{"role": "user", "content": "hello"}]


class Switched:
    """An upstream that does what it is set to; what is asked besides is not there."""

    def __init__(self):
        self.does = nothing

    async def __call__(self, talk):
        if talk.request.method == "POST":
            return await self.does(talk)
        return await talk.send(response(404))


@pytest.fixture(scope="module")
def running():
    """One target a request: what one of them did must not open the breaker for the next."""
    switched, names = Switched(), [f"t{n}" for n in range(MOST)]
    with upstreams(switched, answers()) as (server, outside):
        root = server.url.removesuffix("/v1")
        tables = "".join(
            f'[targets.{name}]\nprovider = "ollama"\nurl = "{root}"\nmodel = "m"\nboundary = "here"\n'
            f"[routes.{name}]\nretries = 0\nwait_s = 0\n"
            for name in names
        )
        gateway = Gateway(server, outside, upstream=QUICK, more=tables)
        models = "[models]\n" + "".join(f'{name} = ["{name}"]\n' for name in names)
        gateway.config.write_text(gateway.config.read_text().replace("[models]\n", models))
        with gateway:
            yield gateway, switched, iter(names)


def ask(running, path, does, *, streamed):
    gateway, switched, names = running
    switched.does = does
    before = len([record for record in gateway.records() if record["kind"] == "outcome"])
    answer = gateway.post(path, {"model": next(names), "messages": ASK, "stream": streamed})
    outcomes = gateway.outcomes(before + 1)
    assert len(outcomes) == before + 1
    assert "Traceback" not in gateway.log.read_text()
    return answer, outcomes[-1]


def told(path, body):
    """(sentence, code) of an error in the words of the client's dialect."""
    tree = json.loads(body)
    return (
        (tree["error"], tree.get("code")) if path == "/api/chat" else (tree["error"]["message"], tree["error"]["code"])
    )


PATHS = ("/api/chat", "/v1/chat/completions")


def lines(*pieces):
    return sends(stream(pieces, LINES))


def cut(*pieces):
    return sends(stream(pieces, LINES).removesuffix(b"0\r\n\r\n"), then="close")


DURING = [
    ("is cut", cut(LINE), "upstream_cut"),
    ("is cut in a line", cut(LINE, LINE[:40]), None),
    ("ends without its end", lines(LINE), "upstream_cut"),
    ("turns to garbage", lines(LINE, b"<html>\n"), "upstream_protocol"),
    ("turns to an array", lines(LINE, b"[1]\n"), "upstream_protocol"),
    ("turns to an error", lines(LINE, b'{"error":"an error was encountered"}\n'), None),
    ("falls silent", sends(stream([LINE], LINES).removesuffix(b"0\r\n\r\n"), then="hang"), "upstream_timeout"),
    ("is reset", sends(stream([LINE], LINES).removesuffix(b"0\r\n\r\n"), then="reset"), "upstream_cut"),
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("does", "code"), [row[1:] for row in DURING], ids=[row[0] for row in DURING])
def test_a_stream_that_breaks_ends_with_an_error_and_never_with_an_end(running, path, does, code):
    answer, outcome = ask(running, path, does, streamed=True)
    assert answer.status == 200
    assert b"[DONE]" not in answer.body
    assert b'"done":true' not in answer.body
    last = answer.body.strip().rpartition(b"\n" if path == "/api/chat" else b"data: ")[2]
    sentence, found = told(path, last)
    assert sentence
    assert code is None or found == code
    assert outcome["status"] == "failed"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("status", [429, 500, 502, 503, 529])
def test_a_server_that_cannot_answer_now_is_unavailable(running, path, streamed, status):
    busy = answers(status, b'{"error":"server busy, please try again.  maximum pending requests exceeded"}')
    answer, outcome = ask(running, path, busy, streamed=streamed)
    assert answer.status == (429 if status == 429 else 503)
    assert told(path, answer.body)[0]
    assert outcome["status"] in ("failed", "refused")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("streamed", [False, True])
def test_a_request_that_is_at_fault_is_told_in_the_servers_words(running, path, streamed):
    does = answers(400, b'{"error":"\\"m\\" does not support thinking"}')
    answer, outcome = ask(running, path, does, streamed=streamed)
    assert answer.status == 400
    assert told(path, answer.body)[0] == '"m" does not support thinking'
    assert (outcome["status"], outcome["http_status"]) == ("failed", 400)


WHOLE = [answers(200, b"<html>"), answers(200, b"[]"), answers(200, b"{}"), answers(200, b'{"message":5}'),
         answers(200, b'{"error":"it broke"}')]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("does", WHOLE)
def test_an_answer_that_is_none_is_a_502(running, path, does):
    answer, outcome = ask(running, path, does, streamed=False)
    assert (answer.status, outcome["status"]) == (502, "failed")
    assert told(path, answer.body)[1] == "upstream_protocol"


@pytest.mark.parametrize("path", PATHS)
def test_a_server_that_streams_something_else_is_a_502(running, path):
    answer, _ = ask(running, path, answers(200, LINE + LAST), streamed=True)
    assert (answer.status, told(path, answer.body)[1]) == (502, "upstream_protocol")


@pytest.mark.parametrize("path", PATHS)
def test_a_server_that_is_silent_is_not_waited_for_without_end(running, path):
    answer, outcome = ask(running, path, nothing, streamed=True)
    assert (answer.status, outcome["attempts"][0]["error"]) == (503, "timeout")


def test_a_line_without_end_is_cut_off(running):
    does = sends(stream([LINE, b'{"x":"' + b"a" * 3_000_000, b"a" * 3_000_000], LINES))
    answer, _ = ask(running, "/api/chat", does, streamed=True)
    assert told("/api/chat", answer.body.strip().rpartition(b"\n")[2])[1] == "upstream_too_large"
