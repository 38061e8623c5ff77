from __future__ import annotations

import json
import re
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.runtimes.children import ENGINE, KEY, Child, run, running
from tidegate.adapters.runtimes.child import Order, StartRefused
from tidegate.adapters.runtimes.engine import EngineOrder

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
CITY_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "count": {"type": "integer"}},
    "required": ["city", "count"],
    "additionalProperties": False,
}


def test_ready_says_where_what_and_how_fast(engine: Child):
    assert engine.answer["ready"] is True
    assert engine.answer["model"] == "tidegate-tiny"
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v1", engine.answer["url"])
    assert engine.answer["load_seconds"] > 0


def test_the_model_is_listed_under_its_alias(engine: Child):
    status, models = engine.ask("GET", "/v1/models")
    assert status == 200
    assert [model["id"] for model in json.loads(models)["data"]] == ["tidegate-tiny"]


@pytest.mark.parametrize("key", [None, "wrong-key-0123456789"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/chat/completions"),
        ("POST", "/v1/completions"),
        ("POST", "/completion"),
        ("POST", "/tokenize"),
        ("GET", "/v1/models"),
        ("GET", "/slots"),
        ("GET", "/props"),
        ("GET", "/metrics"),
    ],
)
def test_without_the_key_nothing_answers(engine: Child, method: str, path: str, key: str | None):
    body = {"messages": [{"role": "user", "content": "hello"}]} if method == "POST" else None
    assert engine.ask(method, path, body, key=key)[0] == 401


@pytest.mark.parametrize(("path", "statuses"), [("/slots", {404, 501}), ("/", {404}), ("/index.html", {404})])
def test_what_shows_prompts_or_pages_is_off(engine: Child, path: str, statuses: set[int]):
    assert engine.ask("GET", path)[0] in statuses


def test_settings_cannot_be_changed_over_http(engine: Child):
    assert engine.ask("POST", "/props", {"default_generation_settings": {}})[0] in {404, 501}


def test_it_answers_and_stops(engine: Child):
    answer = engine.chat("What is tidegate?")
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert "idegate" in answer["choices"][0]["message"]["content"]
    assert answer["usage"]["completion_tokens"] > 0


def test_it_streams_with_usage_at_the_end(engine: Child):
    events = engine.chat_events("Repeat: ⟦pii.email:k7f2q9m3⟧", stream_options={"include_usage": True})
    deltas = [choice["delta"].get("content") or "" for event in events for choice in event["choices"]]
    assert "".join(deltas) == "⟦pii.email:k7f2q9m3⟧"
    assert len([delta for delta in deltas if delta]) > 3
    assert events[-1]["usage"]["completion_tokens"] > 0


@pytest.mark.parametrize("tool_choice", ["auto", "required"])
def test_a_tool_is_called_in_openais_shape(engine: Child, tool_choice: str):
    answer = engine.chat("What is the weather in Paris?", tools=[WEATHER], tool_choice=tool_choice)
    choice = answer["choices"][0]
    (call,) = choice["message"]["tool_calls"]
    assert choice["finish_reason"] == "tool_calls"
    assert call["type"] == "function"
    assert call["function"]["name"] == "get_weather"
    assert json.loads(call["function"]["arguments"]) == {"city": "Paris"}


def test_a_tool_call_is_streamed_in_pieces(engine: Child):
    events = engine.chat_events("What is the weather in Paris?", tools=[WEATHER])
    pieces = [
        call["function"].get("arguments", "")
        for event in events
        for choice in event["choices"]
        for call in choice["delta"].get("tool_calls", [])
    ]
    assert json.loads("".join(pieces)) == {"city": "Paris"}


def test_a_json_schema_is_kept_to(engine: Child):
    wanted = {"type": "json_schema", "json_schema": {"name": "place", "schema": CITY_SCHEMA}}
    answer = engine.chat("Extract city and count as JSON: city Paris, count 5", response_format=wanted)
    content = json.loads(answer["choices"][0]["message"]["content"])
    assert set(content) == {"city", "count"}
    assert isinstance(content["count"], int)


def test_a_prompt_that_is_too_long_is_refused_with_a_name(engine: Child):
    status, answer = engine.ask(
        "POST", "/v1/chat/completions", {"messages": [{"role": "user", "content": "tide " * 5000}], "max_tokens": 1}
    )
    assert (status, json.loads(answer)["error"]["type"]) == (400, "exceed_context_size_error")


@pytest.mark.parametrize("verbosity", [0, 1, 3, 5])
def test_no_verbosity_brings_a_prompt_into_the_output(engine_order: dict[str, Any], verbosity: int):
    code = f"from tidegate.adapters.runtimes import engine; engine.VERBOSITY = {verbosity}; engine.main()"
    marker = "zebrafinch"
    with running(engine_order, "-c", code) as child:
        child.chat(f"Repeat: {marker}")
        child.ask("POST", "/v1/chat/completions", '{"messages": "' + marker)
        child.ask("POST", "/v1/chat/completions", {"messages": [{"role": marker, "content": {marker: marker}}]})
        child.ask("POST", f"/{marker}", {marker: marker})
        status, complaints = child.end()
        assert child.process.stdout
        assert status == 0
        assert marker.encode() not in complaints


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_once_it_runs_its_messages_go_nowhere(engine: Child):
    assert Path(f"/proc/{engine.process.pid}/fd/2").readlink() == Path("/dev/null")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_neither_command_line_nor_environment_hold_the_key(engine: Child):
    folder = Path(f"/proc/{engine.process.pid}")
    for name in ("cmdline", "environ"):
        assert KEY.encode() not in (folder / name).read_bytes()


def test_a_port_that_is_taken_is_named(engine_order: dict[str, Any]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        child = run(engine_order | {"port": port}, "-m", ENGINE)
    assert child.answer["ready"] is False
    assert f"127.0.0.1:{port}" in child.answer["error"]
    assert "port is free" in child.answer["error"]
    assert child.end() == (1, b"")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file or directory; name a GGUF file"),
        (b"", "not a GGUF file"),
        (b"PK\x03\x04 something else", "not a GGUF file"),
        (b"GGUF\x03\x00\x00\x00 but no more", "llama.cpp could not serve"),
    ],
)
def test_a_model_that_cannot_be_served_is_explained(
    engine_order: dict[str, Any], tmp_path: Path, content: bytes | None, said: str
):
    model = tmp_path / "model.gguf"
    if content is not None:
        model.write_bytes(content)
    child = run(engine_order | {"model_path": str(model)}, "-m", ENGINE)
    assert child.answer["ready"] is False
    assert said in child.answer["error"]
    assert child.end() == (1, b"")


def test_a_model_cut_short_is_called_incomplete(engine_order: dict[str, Any], tiny_model: Path, tmp_path: Path):
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(tiny_model.read_bytes()[:500_000])
    child = run(engine_order | {"model_path": str(cut)}, "-m", ENGINE)
    assert "corrupted or incomplete" in child.answer["error"]
    assert child.end() == (1, b"")


def test_without_the_extra_the_answer_says_what_to_install(engine_order: dict[str, Any]):
    code = "import sys; sys.modules['xllamacpp'] = None; from tidegate.adapters.runtimes import engine; engine.main()"
    child = run(engine_order, "-c", code)
    assert child.answer["ready"] is False
    assert "pip install 'tidegate[embedded]'" in child.answer["error"]
    assert child.end() == (1, b"")


def test_two_engines_run_side_by_side(engine: Child, engine_order: dict[str, Any]):
    with running(engine_order, "-m", ENGINE) as other:
        assert other.port != engine.port
        assert other.chat("hello")["choices"][0]["finish_reason"] == "stop"


def test_it_ends_at_once_while_it_answers(engine_order: dict[str, Any]):
    with running(engine_order, "-m", ENGINE) as child, socket.create_connection(("127.0.0.1", child.port)) as client:
        body = json.dumps({"prompt": "tide", "n_predict": 1500, "ignore_eos": True, "stream": True}).encode()
        head = ["POST /completion HTTP/1.1", "host: x", f"authorization: Bearer {KEY}", f"content-length: {len(body)}"]
        client.sendall("\r\n".join([*head, "", ""]).encode() + body)
        assert client.recv(64).startswith(b"HTTP/1.1 200")
        assert child.end()[0] == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"host": "0.0.0.0"}, "host: a loopback address"),
        ({"api_key": ""}, "api_key: "),
        ({"context": 0}, "context: a whole number from 64"),
        ({"parallel": 0}, "parallel: a whole number from 1"),
        ({"threads": "many"}, "threads: a whole number"),
        ({"gpu_layers": -1}, "gpu_layers: a whole number"),
        ({"colour": "blue"}, "colour: unknown"),
    ],
)
def test_a_wrong_order_is_refused_before_anything_is_loaded(tmp_path: Path, change: dict[str, Any], said: str):
    model = tmp_path / "model.gguf"
    model.write_bytes(b"GGUF")
    order = {"model_path": str(model), "host": "127.0.0.1", "port": 0, "api_key": KEY, "alias": "a"}
    assert EngineOrder.of(Order(order)).context == 4096
    with pytest.raises(StartRefused, match=f"^{said}"):
        EngineOrder.of(Order(order | change))
