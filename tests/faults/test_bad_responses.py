"""Whatever an upstream does, a client of responses gets an error object or a proper end, and the log one outcome."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from openai.types.responses import ResponseErrorEvent

from tests.conformance import openai_chat, openai_responses
from tests.fakes.gateway import CONFIGURATION, Gateway, upstreams
from tests.fakes.upstream import EVENTS_HEAD, answers, chunk, closes, floods, nothing, resets, sends, streams

QUICK = "connect_timeout_s = 0.5\nhead_timeout_s = 0.5\nidle_timeout_s = 0.5\nanswer_bytes = 1000000"
ERROR = json.dumps({"error": {"message": "what it says", "type": "x", "code": "some_code", "param": None}}).encode()
CUT = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"


async def begins(talk, then="close", more=()):
    """The first events of a good stream, then `more`, then nothing."""
    spoken = openai_responses if talk.request.target.endswith("/responses") else openai_chat
    _, events = spoken.quote(talk.request.body)
    wire = [chunk(event) for event in (*events[:6], *more)]
    await sends(EVENTS_HEAD, *wire, then=then)(talk)


async def fails_within(talk):
    failed = {"type": "response.failed", "response": {"id": "r", "object": "response", "status": "failed", "output": [],
              "error": {"code": "server_error", "message": "what it says"}}}  # fmt: skip
    told = failed if talk.request.target.endswith("/responses") else json.loads(ERROR)
    await begins(talk, then="keep", more=[b"data: " + json.dumps(told).encode() + b"\n\n"])


async def floods_within(talk):
    await sends(EVENTS_HEAD, chunk(b"data: " + b"x" * 5_000_000), then="close")(talk)


# name: (behaviour, status that a client sees before the first byte; None: after it)
FAULTS = {
    "closes": (closes(), 503), "resets": (resets(), 503), "silent": (nothing, 503),
    "garbage": (sends(b"\x00\x01garbage\r\n\r\n", then="close"), 503),
    "s500": (answers(500, ERROR), 503), "s503": (answers(503, ERROR), 503), "s529": (answers(529, ERROR), 503),
    "s429": (answers(429, ERROR), 429), "s400": (answers(400, ERROR), 400), "s404": (answers(404, ERROR), 502),
    "html": (answers(200, b"<html>"), 502), "other": (answers(200, b'{"hello": 1}'), 502),
    "cuts": (sends(CUT, then="close"), 502), "stalls": (sends(CUT, then="hang"), 502),
    "gigabyte": (floods(1_000_000_000), 502),
}  # fmt: skip
WITHIN = {
    "begins": begins,
    "hangs": lambda talk: begins(talk, then="hang"),
    "breaks": lambda talk: begins(talk, then="reset"),
    "fails": fails_within,
    "nonsense": lambda talk: begins(talk, more=[b"data: nonsense\n\n"]),
    "list": lambda talk: begins(talk, more=[b"data: [1]\n\n"]),
    "endless": floods_within,
    "ends": streams(b": nothing\n\n"),
}
DIALECTS = {"theirs": "openai.responses", "chats": "openai.chat"}
TARGET = """
[targets.{name}]
provider = "openai-compatible"
url = "{url}"
model = "m"
boundary = "there"
dialects = ["{dialect}"]
api_key = "env:TEST_OUTSIDE_KEY"
contract = {{ retention = "zero", training = "never", tier = "enterprise", region = "eu", expires = 2099-01-01 }}
"""
"""One a request: what it did must not open the breaker for the next."""


def name(model, fault, stream):
    return f"{model}-{fault}-{'stream' if stream else 'whole'}"


async def steered(talk):
    """What is to happen stands in the request."""
    fault = re.search(rb"fault (\w+)", talk.request.body)[1].decode()
    await (FAULTS[fault][0] if fault in FAULTS else WITHIN[fault])(talk)


WHOLE_ONLY = frozenset(("cuts", "stalls", "gigabyte"))
ASKED = [
    (model, fault, stream)
    for model in DIALECTS
    for fault in (*FAULTS, *WITHIN)
    for stream in (False, True)
    if not (stream and fault in WHOLE_ONLY) and (stream or fault not in WITHIN)
]


class Seen:
    """All of them asked at once, and what became of each: the answer, and its outcomes by the log."""

    def __init__(self, gateway):
        self.gateway = gateway
        with ThreadPoolExecutor(8) as pool:
            self.answers = dict(zip(ASKED, pool.map(self._ask, ASKED), strict=True))
        self.outcomes = {}
        for record in gateway.outcomes(len(ASKED)):
            self.outcomes.setdefault(record["request_id"], []).append(record)

    def _ask(self, asked):
        _, fault, stream = asked
        body = {"model": name(*asked), "input": f"fault {fault}", "stream": stream}
        return self.gateway.post("/v1/responses", body)

    def of(self, *asked):
        answer = self.answers[asked]
        (outcome,) = self.outcomes[answer.headers["x-tidegate-request-id"]]
        return answer, outcome


@pytest.fixture(scope="module")
def seen():
    with upstreams(steered, steered) as (inside, outside):
        lines = "".join(f'{name(*each)} = ["{name(*each)}"]\n' for each in ASKED)
        template = CONFIGURATION.replace("[models]\n", f"[models]\n{lines}")
        more = "".join(TARGET.format(name=name(*each), url=outside.url, dialect=DIALECTS[each[0]]) for each in ASKED)
        with Gateway(inside, outside, upstream=QUICK, more=more, template=template) as opened:
            yield Seen(opened)


@pytest.mark.parametrize(("model", "fault", "stream"), [each for each in ASKED if each[1] in FAULTS])
def test_a_fault_before_the_answer_is_an_error_object(seen, model, fault, stream):
    answer, outcome = seen.of(model, fault, stream)
    assert answer.status == FAULTS[fault][1], answer.body[:300]
    error = json.loads(answer.body)["error"]
    assert {"message", "type", "param", "code"} <= set(error)
    assert outcome["status"] in ("failed", "refused")


@pytest.mark.parametrize("model", DIALECTS)
@pytest.mark.parametrize("fault", WITHIN)
def test_a_fault_within_a_stream_is_its_last_event_and_no_end(seen, fault, model):
    answer, outcome = seen.of(model, fault, True)
    assert answer.status == 200
    assert outcome["status"] == "failed"
    assert b"response.completed" not in answer.body
    told = [json.loads(line[6:]) for line in answer.body.decode().splitlines() if line.startswith("data: {")]
    last = told[-1]
    if last["type"] == "error":
        ResponseErrorEvent.model_validate(last)
    else:
        assert last["type"] == "response.failed"


def test_afterwards_the_log_is_whole_and_nobody_was_shown_a_traceback(seen):
    code, told = seen.gateway.verify()
    assert (code, told["ok"], told["orphans"]) == (0, True, 0)
    assert "Traceback" not in seen.gateway.log.read_text()
