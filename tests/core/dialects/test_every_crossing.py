"""Every recorded exchange through every dialect that it can be crossed to: requests and answers, whole and streamed."""

import base64
import json
from pathlib import Path

import pytest

from tests.core.dialects.crossed import check_stream, check_whole
from tidegate.core.dialects import known
from tidegate.core.dialects.crossing import cross_request, refusal_of
from tidegate.core.values.errors import BadRequest

GOLDEN = Path(__file__).parents[2] / "golden"
NAMES = {
    "anthropic_count_tokens": "anthropic.count_tokens",
    "anthropic_messages": "anthropic.messages",
    "bedrock_converse": "bedrock.converse",
    "gemini_generate": "gemini.generate",
    "ollama": "",  # two of them, by path
    "openai_chat": "openai.chat",
    "openai_completions": "openai.completions",
    "openai_embeddings": "openai.embeddings",
    "openai_responses": "openai.responses",
}
EXCHANGES = {
    path.stem: (path.parent.name, json.loads(path.read_text("utf-8"))) for path in sorted(GOLDEN.glob("*/*.json"))
}


def dialect_of(folder, exchange):
    return NAMES[folder] or "ollama." + exchange["request"]["path"].rsplit("/", 1)[1]


def body_of(response):
    return base64.b64decode(response["body_b64"]) if "body_b64" in response else response["body"].encode()


def others(name, dialects):
    """Those of the same operation, beside the dialect itself."""
    operation = (known.UNDERSTOOD.get(name) or known.SPOKEN[name]).OPERATION
    return [each for each in dialects.values() if operation == each.OPERATION and name != each.NAME]


def pairs(wanted, dialects):
    return [
        (stem, other.NAME)
        for stem, (folder, exchange) in EXCHANGES.items()
        if wanted(dialect_of(folder, exchange), exchange)
        for other in others(dialect_of(folder, exchange), dialects)
    ]


def has_choices(exchange):
    """Several answers to one request, which only chat completions ask for."""
    return '"n"' in str(exchange["request"]["body"]) and json.loads(exchange["request"]["body"]).get("n", 1) > 1


def is_answer(name, exchange):
    """Gemini's streams in one array are none that the gateway asks for."""
    in_an_array = name == "gemini.generate" and "stream" in exchange["tags"] and exchange["response"]["body"][:1] == "["
    return (
        name in known.UNDERSTOOD
        and exchange["response"]["status"] == 200
        and not in_an_array
        and not has_choices(exchange)
    )


def is_error(name, exchange):
    return name in known.UNDERSTOOD and exchange["response"]["status"] >= 400


def is_request(name, exchange):
    return name in known.SPOKEN and bool(exchange["request"].get("body"))


def test_all_recordings_are_here():
    assert len(EXCHANGES) > 240
    assert {folder for folder, _ in EXCHANGES.values()} == set(NAMES)


@pytest.mark.parametrize(("stem", "spoken"), pairs(is_answer, known.SPOKEN))
def test_an_answer_says_the_same_in_the_clients_dialect(stem, spoken):
    folder, exchange = EXCHANGES[stem]
    understood, body = known.UNDERSTOOD[dialect_of(folder, exchange)], body_of(exchange["response"])
    is_stream = "stream" in exchange["tags"]
    (check_stream if is_stream else check_whole)(understood, known.SPOKEN[spoken], body)


@pytest.mark.parametrize(("stem", "spoken"), pairs(is_error, known.SPOKEN))
def test_an_error_says_the_same_in_the_clients_dialect(stem, spoken):
    folder, exchange = EXCHANGES[stem]
    status = exchange["response"]["status"]
    problem = known.UNDERSTOOD[dialect_of(folder, exchange)].read_problem(status, body_of(exchange["response"]))
    told = json.loads(known.SPOKEN[spoken].render_error(refusal_of(problem)))["error"]
    assert (told if isinstance(told, str) else told["message"]) == problem.message


@pytest.mark.parametrize(("stem", "understood"), pairs(is_request, known.UNDERSTOOD))
def test_a_request_is_crossed_or_refused_by_name(stem, understood):
    folder, exchange = EXCHANGES[stem]
    spoken, other = known.SPOKEN[dialect_of(folder, exchange)], known.UNDERSTOOD[understood]
    body = exchange["request"]["body"]
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    try:
        spoken.parse_request(raw, exchange["request"].get("headers") or {})
    except BadRequest:  # recorded because its provider refused it, too
        assert exchange["response"]["status"] >= 400
        return
    try:
        crossed = cross_request(raw, spoken, other, "theirs")
    except BadRequest as refused:
        assert refused.code in ("not_expressible", "invalid_type", "invalid_value")
        assert refused.message
        return
    tree = json.loads(crossed.body)
    assert isinstance(tree, dict)
    assert tree.get("model", "theirs") == "theirs"
    if hasattr(other, "parse_request"):
        again = other.parse_request(crossed.body, {})
        assert again.stream == spoken.parse_request(raw, {}).stream or other.NAME.startswith("ollama")
