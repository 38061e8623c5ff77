from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from typing import Any

import openai
import pytest

from tests.adapters.runtimes.children import DEMO_CLOUD, KEY, Child, run, running

PROMPT = "My name is ⟦pii.person:7q2m9xkd⟧. What is my name?"
QUOTED = f'This reached the cloud: "{PROMPT}"\n\n'
DEAD_URL = "http://127.0.0.1:9/v1"


def order(engine_url: str) -> dict[str, Any]:
    return {
        "host": "127.0.0.1",
        "port": 0,
        "api_key": KEY,
        "engine_url": engine_url,
        "engine_key": KEY,
        "model": "demo-cloud",
    }


@pytest.fixture(scope="module")
def cloud(engine: Child) -> Iterator[Child]:
    with running(order(engine.answer["url"]), "-m", DEMO_CLOUD) as child:
        yield child


@pytest.fixture(scope="module")
def lonely_cloud() -> Iterator[Child]:
    """Its engine is not there."""
    with running(order(DEAD_URL), "-m", DEMO_CLOUD) as child:
        yield child


def test_the_plain_openai_client_gets_the_quotation_and_the_models_words(cloud: Child):
    with openai.OpenAI(base_url=cloud.answer["url"], api_key=KEY) as client:
        answer = client.chat.completions.create(
            model="demo-cloud", messages=[{"role": "user", "content": PROMPT}], temperature=0
        )
        assert [model.id for model in client.models.list()] == ["demo-cloud"]
    content = answer.choices[0].message.content
    assert content
    assert content.startswith(QUOTED)
    assert content.removeprefix(QUOTED)
    assert answer.model == "demo-cloud"
    assert answer.usage
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_the_stream_says_the_same_as_the_whole_answer(cloud: Child):
    events = cloud.chat_events(PROMPT)
    streamed = "".join(choice["delta"].get("content", "") for event in events for choice in event["choices"])
    assert streamed == cloud.chat(PROMPT)["choices"][0]["message"]["content"]
    assert events[-1]["choices"][0]["finish_reason"] == "stop"
    assert {event["id"] for event in events} == {events[0]["id"]}


@pytest.mark.parametrize(("options", "told"), [(None, False), ({"include_usage": True}, True)])
def test_usage_is_streamed_when_asked_for(cloud: Child, options: dict[str, Any] | None, told: bool):
    events = cloud.chat_events(PROMPT, stream_options=options)
    assert ("usage" in events[-1]) is told


def test_without_its_engine_it_still_quotes(lonely_cloud: Child):
    answer = lonely_cloud.chat(PROMPT)["choices"][0]
    assert answer["message"] == {"role": "assistant", "content": QUOTED}
    assert answer["finish_reason"] == "stop"
    assert [event["choices"] for event in lonely_cloud.chat_events(PROMPT)] == [
        [{"index": 0, "delta": {"role": "assistant", "content": QUOTED}, "finish_reason": None}],
        [{"index": 0, "delta": {}, "finish_reason": "stop"}],
    ]


@pytest.mark.parametrize("key", [None, "wrong-key-0123456789", ""])
@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/models"), ("POST", "/v1/chat/completions"), ("GET", "/")])
def test_without_the_key_nothing_answers(lonely_cloud: Child, method: str, path: str, key: str | None):
    status, answer = lonely_cloud.ask(method, path, {} if method == "POST" else None, key=key)
    assert (status, json.loads(answer)["error"]["type"]) == (401, "authentication_error")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/chat/completions", "{", 400),
        ("POST", "/v1/chat/completions", b"\xff\xfe", 400),
        ("POST", "/v1/chat/completions", "[" * 100_000, 400),
        ("POST", "/v1/chat/completions", [], 400),
        ("POST", "/v1/chat/completions", {}, 400),
        ("POST", "/v1/chat/completions", {"messages": []}, 400),
        ("POST", "/v1/chat/completions", {"messages": "hello"}, 400),
        ("POST", "/v1/embeddings", {"input": "x"}, 404),
        ("GET", "/v1/chat/completions", None, 404),
    ],
)
def test_a_request_it_does_not_know_gets_openais_error(
    lonely_cloud: Child, method: str, path: str, body: Any, status: int
):
    answered, answer = lonely_cloud.ask(method, path, body)
    assert (answered, json.loads(answer)["error"]["type"]) == (status, "invalid_request_error")


def test_half_a_surrogate_pair_is_quoted_as_a_question_mark(lonely_cloud: Child):
    answer = lonely_cloud.chat("half \ud83d")
    assert answer["choices"][0]["message"]["content"] == 'This reached the cloud: "half ?"\n\n'


def test_a_body_of_more_than_a_megabyte_is_refused_while_it_arrives(lonely_cloud: Child):
    with socket.create_connection(("127.0.0.1", lonely_cloud.port), timeout=20) as client:
        head = ["POST /v1/chat/completions HTTP/1.1", "host: x", f"authorization: Bearer {KEY}"]
        client.sendall("\r\n".join([*head, "content-length: 100000000", "", ""]).encode() + b"x" * 1_100_000)
        assert client.recv(64).startswith(b"HTTP/1.1 413 ")


def test_a_client_that_leaves_does_not_disturb_the_next(cloud: Child):
    body = json.dumps({"messages": [{"role": "user", "content": PROMPT}], "stream": True}).encode()
    head = ["POST /v1/chat/completions HTTP/1.1", "host: x", f"authorization: Bearer {KEY}"]
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", cloud.port), timeout=20) as client:
            client.sendall("\r\n".join([*head, f"content-length: {len(body)}", "", ""]).encode() + body)
            assert client.recv(64).startswith(b"HTTP/1.1 200 ")
    assert cloud.chat(PROMPT)["choices"][0]["message"]["content"].startswith(QUOTED)


def test_it_writes_nothing_and_ends_with_its_pipe(engine: Child):
    with running(order(engine.answer["url"]), "-m", DEMO_CLOUD) as child:
        child.chat(PROMPT)
        child.ask("POST", "/v1/chat/completions", "{")
        child.ask("POST", "/v1/chat/completions", {"messages": [{"role": "user", "content": {"odd": "zebrafinch"}}]})
        assert child.end() == (0, b"")


def test_it_ends_with_sigterm(engine: Child):
    with running(order(engine.answer["url"]), "-m", DEMO_CLOUD) as child:
        child.process.send_signal(signal.SIGTERM)
        assert child.process.wait(timeout=20) == 0


def test_a_port_that_is_taken_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        child = run(order(DEAD_URL) | {"port": port}, "-m", DEMO_CLOUD)
    assert child.answer["ready"] is False
    assert f"cannot listen on 127.0.0.1:{port}" in child.answer["error"]
    assert child.end() == (1, b"")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"host": "0.0.0.0"}, "host: a loopback address"),
        ({"engine_key": "short"}, "engine_key: "),
        ({"model": ""}, "model: "),
        ({"colour": "blue"}, "colour: unknown"),
    ],
)
def test_a_wrong_order_is_refused(change: dict[str, Any], said: str):
    child = run(order(DEAD_URL) | change, "-m", DEMO_CLOUD)
    assert child.answer["ready"] is False
    assert child.answer["error"].startswith(said)
    assert child.end() == (1, b"")
