"""On the wire, for the dialects that have no such test of their own: whatever an upstream does, their clients get their
own error object or a stream that ends as a broken one does, and the log one outcome.
"""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fakes.gateway import CONFIGURATION, Gateway, upstreams
from tests.fakes.upstream import EVENTS_HEAD, answers, chunk, closes, floods, nothing, resets, sends
from tests.fuzz.shapes import is_error, is_error_event

QUICK = "connect_timeout_s = 0.5\nhead_timeout_s = 0.5\nidle_timeout_s = 0.5\nanswer_bytes = 1000000"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n"
SAID = json.dumps({"error": {"message": "no", "type": "x", "code": "y", "param": None}}).encode()
CHAT = b'data: {"id":"c","choices":[{"index":0,"delta":{"content":"word "}}]}\n\n'
TEXT = b'data: {"id":"c","object":"text_completion","choices":[{"index":0,"text":"word ","finish_reason":null}]}\n\n'

WHOLE = {
    "closes": (closes(), 503), "resets": (resets(), 503), "silent": (nothing, 503),
    "slowhead": (sends(b"HTTP/1.1 200 ", b"OK\r\n", pause_s=2), 503),
    "garbage": (sends(b"\x00\x01garbage\r\n\r\n", then="close"), 503),
    "busy": (answers(429, SAID, [("retry-after", "1")]), 429), "s500": (answers(500, b"<html>"), 503),
    "s503": (answers(503, b""), 503), "s529": (answers(529, SAID, [("retry-after", "1")]), 503),
    "html": (answers(200, b"<html>"), 502), "other": (answers(200, b'{"hello": 1}'), 502),
    "cuts": (sends(HEAD + b"{", then="close"), 502), "resetsinside": (sends(HEAD + b"{", then="reset"), 502),
    "stalls": (sends(HEAD + b"{", then="hang"), 502), "gigabyte": (floods(1_000_000_000), 502),
}  # fmt: skip


def within(*more, then="close", finish=b""):
    async def act(talk):
        piece = TEXT if talk.request.target.endswith("/v1/completions") else CHAT
        await sends(EVENTS_HEAD, chunk(piece), *[chunk(each) for each in more], finish, then=then)(talk)

    return act


STREAMED = {
    "cutwithin": within(b'data: {"id'), "cutafter": within(), "resetwithin": within(then="reset"),
    "stallswithin": within(then="hang"), "endsearly": within(then="keep", finish=b"0\r\n\r\n"),
    "fails": within(b"data: " + SAID + b"\n\n", then="keep", finish=b"0\r\n\r\n"),
    "nonsense": within(b"data: nonsense\n\n"), "endless": within(b"data: " + b"x" * 5_000_000),
}  # fmt: skip

# name: (path, dialect, provider, body)
CLIENTS = {
    "completions": ("/v1/completions", "openai.completions", "openai", {"prompt": "fault {}"}),
    "completionscrossed": ("/v1/completions", "openai.completions", "groq", {"prompt": "fault {}"}),
    "generatecrossed": ("/api/generate", "ollama.generate", "groq", {"prompt": "fault {}"}),
    "embeddings": ("/v1/embeddings", "openai.embeddings", "openai", {"input": "fault {}"}),
    "embed": ("/api/embed", "ollama.embed", "ollama", {"input": "fault {}"}),
    "embedcrossed": ("/api/embed", "ollama.embed", "openai", {"input": "fault {}"}),
    "embedone": ("/api/embeddings", "ollama.embeddings", "ollama", {"prompt": "fault {}"}),
    "count": (
        "/v1/messages/count_tokens", "anthropic.count_tokens", "anthropic",
        {"messages": [{"role": "user", "content": "fault {}"}]},
    ),
}  # fmt: skip
ASKED = [(client, fault, False) for client in CLIENTS for fault in WHOLE] + [
    (client, fault, True) for client in ("completions", "completionscrossed", "generatecrossed") for fault in STREAMED
]
TARGET = """
[targets.{name}]
provider = "{provider}"
url = "{url}"
model = "m"
boundary = "here"
"""
"""One a request: what it did must not have the next one avoided."""


def name(client, fault, _streamed):
    return f"{client}-{fault}"


async def steered(talk):
    """What is to happen stands in the request."""
    fault = re.search(rb"fault (\w+)", talk.request.body)[1].decode()
    await (STREAMED[fault] if fault in STREAMED else WHOLE[fault][0])(talk)


class Seen:
    """All of them asked, some at once, and what became of each: the answer, and its outcomes by the log."""

    def __init__(self, gateway):
        self.gateway = gateway
        with ThreadPoolExecutor(8) as pool:
            self.answers = dict(zip(ASKED, pool.map(self._ask, ASKED), strict=True))
        self.outcomes = {}
        for record in gateway.outcomes(len(ASKED)):
            self.outcomes.setdefault(record["request_id"], []).append(record)

    def _ask(self, asked):
        client, fault, streamed = asked
        path, _, _, body = CLIENTS[client]
        told = json.loads(json.dumps(body).replace("{}", fault))
        return self.gateway.post(path, {"model": name(*asked), "stream": streamed, **told})

    def of(self, *asked):
        answer = self.answers[asked]
        (outcome,) = self.outcomes[answer.headers["x-tidegate-request-id"]]
        return answer, outcome


@pytest.fixture(scope="module")
def seen():
    with upstreams(steered, steered) as (inside, outside):
        root = inside.url.removesuffix("/v1")
        lines = "".join(f'{name(*each)} = ["{name(*each)}"]\n' for each in ASKED)
        targets = "".join(TARGET.format(name=name(*each), url=root, provider=CLIENTS[each[0]][2]) for each in ASKED)
        template = CONFIGURATION.replace("[models]\n", f"[models]\n{lines}")
        with Gateway(inside, outside, upstream=QUICK, more=targets, template=template) as opened:
            yield Seen(opened)


@pytest.mark.parametrize(("client", "fault"), [each[:2] for each in ASKED if not each[2]])
def test_a_fault_before_the_answer_is_an_error_object(seen, client, fault):
    answer, outcome = seen.of(client, fault, False)
    assert answer.status == WHOLE[fault][1], answer.body[:300]
    is_error(CLIENTS[client][1], answer.body)
    assert outcome["status"] in ("failed", "refused")


@pytest.mark.parametrize(("client", "fault"), [each[:2] for each in ASKED if each[2]])
def test_a_fault_within_a_stream_is_its_last_event(seen, client, fault):
    answer, outcome = seen.of(client, fault, True)
    assert answer.status == 200
    is_error_event(CLIENTS[client][1], answer.body)
    assert b"[DONE]" not in answer.body
    assert b'"done":true' not in answer.body
    assert outcome["status"] == "failed"


def test_afterwards_the_log_is_whole_and_nobody_was_shown_a_traceback(seen):
    code, told = seen.gateway.verify()
    assert (code, told["ok"], told["orphans"]) == (0, True, 0)
    assert "Traceback" not in seen.gateway.log.read_text()
    assert "defect" not in seen.gateway.log.read_text()
