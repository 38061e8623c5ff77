"""Discovery against servers that answer as each runtime's documents say, and against everything else on their ports."""

import http.server
import json
import socket
import threading
from contextlib import ExitStack, closing, contextmanager

import pytest

from tidegate.adapters.runtimes.discovery import Runtime, discover

PATIENCE_S = 20.0


@contextmanager
def serving(documents, *, before=lambda handler: None):
    """A server on loopback: path -> JSON document, text, or status; yields its root."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            before(self)
            found = documents.get(self.path, 404)
            status, body = (found, b"") if isinstance(found, int) else (200, spelled(found))
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def spelled(document):
    return document.encode() if isinstance(document, str) else json.dumps(document).encode()


def found(provider, documents):
    with serving(documents) as url:
        runtimes = discover({provider: url}, PATIENCE_S)
    assert all(one.url == url for one in runtimes)
    return [(one.model, one.state) for one in runtimes]


def tags(*names, capabilities=("completion",)):
    return {
        "models": [
            {"name": name, "modified_at": f"2026-11-{day:02d}T00:00:00Z", "capabilities": list(capabilities)}
            for day, name in enumerate(names, 1)
        ]
    }


OLLAMA = {"/api/version": {"version": "0.30.0"}, "/api/tags": tags("old", "new"), "/api/ps": {"models": []}}
REMOTE = {"name": "gpt-oss:cloud", "modified_at": "2026-12-01T00:00:00Z", "remote_host": "https://ollama.com:443"}
LMSTUDIO = {
    "/api/v1/models": {
        "models": [
            {"key": "embedder", "type": "embedding", "loaded_instances": [{"id": "embedder"}]},
            {"key": "qwen", "type": "llm", "loaded_instances": []},
        ]
    }
}
LLAMACPP = {"/props": {"default_generation_settings": {}}, "/v1/models": {"data": [{"id": "tiny.gguf"}]}}
VLLM = {"/version": {"version": "0.12.0"}, "/v1/models": {"data": [{"id": "org/model"}]}}


@pytest.mark.parametrize(
    ("provider", "documents", "expected"),
    [
        ("ollama", OLLAMA, [("new", "not loaded yet")]),
        ("ollama", OLLAMA | {"/api/ps": {"models": [{"name": "old"}]}}, [("old", "loaded")]),
        ("ollama", OLLAMA | {"/api/ps": {"models": [{"name": "gone"}]}}, [("new", "not loaded yet")]),
        ("ollama", OLLAMA | {"/api/tags": {"models": [{"name": "plain"}]}}, [("plain", "not loaded yet")]),
        (
            "ollama",
            OLLAMA | {"/api/tags": tags("embedder", capabilities=["embedding"])},
            [("", "it has no model; fetch one: ollama pull llama3.2")],
        ),
        (
            "ollama",
            OLLAMA | {"/api/tags": {"models": [*tags("home")["models"], REMOTE]}},
            [("home", "not loaded yet")],
        ),
        ("ollama", OLLAMA | {"/api/version": {}}, []),
        ("ollama", VLLM, []),
        ("lmstudio", LMSTUDIO, [("qwen", "not loaded yet")]),
        (
            "lmstudio",
            {"/api/v1/models": {"models": [{"key": "qwen", "type": "llm", "loaded_instances": [{"id": "qwen:2"}]}]}},
            [("qwen:2", "loaded")],
        ),
        (
            "lmstudio",
            {"/api/v0/models": {"data": [{"id": "a", "type": "llm"}, {"id": "b", "type": "vlm", "state": "loaded"}]}},
            [("b", "loaded")],
        ),
        ("lmstudio", {"/api/v1/models": {"models": []}}, [("", "it has no model; fetch one in LM Studio")]),
        ("lmstudio", {"/v1/models": {"data": []}}, []),
        ("llamacpp", LLAMACPP, [("tiny.gguf", "serving")]),
        ("llamacpp", {"/v1/models": {"data": [{"id": "x"}]}}, []),
        ("vllm", VLLM, [("org/model", "serving")]),
        ("vllm", VLLM | {"/v1/models": {"data": []}}, [("", "it serves no model; start it with one")]),
        ("vllm", OLLAMA, []),
    ],
)
def test_each_runtime_is_told_by_what_only_it_answers(provider, documents, expected):
    assert found(provider, documents) == expected


@pytest.mark.parametrize(
    "nonsense",
    [
        500,
        301,
        "",
        "no json",
        "[]",
        "null",
        '"version"',
        "[" * 100_000,
        {"version": 3},
        {"version": ["x"]},
        {"version": ""},
    ],
)
def test_whatever_else_answers_there_is_passed_over(nonsense):
    assert found("vllm", {"/version": nonsense, "/v1/models": nonsense}) == []


@pytest.mark.parametrize("name", ["", 3, None, "a\x1b[2Jb", "line\nbreak", "x" * 201])
def test_a_name_that_could_harm_a_terminal_or_a_file_is_none(name):
    assert found("vllm", VLLM | {"/v1/models": {"data": [{"id": name}, {"id": "good"}]}}) == [("good", "serving")]


def test_all_are_asked_and_told_in_order():
    with ExitStack() as stack:
        places = {
            name: stack.enter_context(serving(documents))
            for name, documents in (("ollama", OLLAMA), ("lmstudio", {}), ("llamacpp", LLAMACPP), ("vllm", VLLM))
        }
        runtimes = discover(places, PATIENCE_S)
    assert runtimes == [
        Runtime("ollama", places["ollama"], "new", "not loaded yet"),
        Runtime("llamacpp", places["llamacpp"], "tiny.gguf", "serving"),
        Runtime("vllm", places["vllm"], "org/model", "serving"),
    ]


def test_nobody_there_is_nobody():
    with closing(socket.create_server(("127.0.0.1", 0))) as closed:
        port = closed.getsockname()[1]
    assert discover({"ollama": f"http://127.0.0.1:{port}"}, PATIENCE_S) == []


def test_who_says_nothing_is_not_waited_for():
    with closing(socket.create_server(("127.0.0.1", 0))) as silent, serving(VLLM) as url:
        places = {"ollama": f"http://127.0.0.1:{silent.getsockname()[1]}", "vllm": url}
        assert [one.provider for one in discover(places, 1.0)] == ["vllm"]


def test_who_drips_is_not_waited_for():
    release = threading.Event()

    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not release.wait(0.02):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    with serving({}, before=drip) as url:
        assert discover({"vllm": url}, 0.3) == []
        release.set()


def test_a_flood_is_cut_off():
    assert found("vllm", {"/version": '{"version": "' + "x" * 5_000_000 + '"}'}) == []


def test_proxy_variables_divert_nothing(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert found("vllm", VLLM) == [("org/model", "serving")]
