"""What a client may do wrong, or do to hurt: each gets its own answer, none gets in the way of the next."""

import contextlib
import json
import time

import pytest

from tests.fakes.gateway import Gateway, upstreams
from tests.fakes.upstream import answers, nothing, streams

ANSWER = json.dumps(
    {"id": "c", "object": "chat.completion", "model": "m",
     "choices": [{"index": 0, "message": {"role": "assistant", "content": "well"}, "finish_reason": "stop"}]}
).encode()  # fmt: skip
PIECE = b'data: {"id":"c","choices":[{"index":0,"delta":{"content":"word "}}]}\n\n'
BOUNDS = "head_timeout_s = 0.5\nbody_timeout_s = 0.5\nbody_bytes = 1000000\nhead_bytes = 16384\nconnections = 40"


@pytest.fixture(scope="module")
def gateway():
    with upstreams(answers(200, ANSWER), answers(200, ANSWER)) as (inside, outside):
        with Gateway(inside, outside, server=BOUNDS) as running:
            yield running


HELLO = {"model": "auto", "messages": [{"role": "user", "content": "hello"}]}
BODIES = [
    ("no JSON", b"{", 400, "invalid_json"),
    ("an array", b"[]", 400, "invalid_body"),
    ("a key twice", b'{"model":"auto","messages":[],"model":"x"}', 400, "duplicate_key"),
    ("another encoding", json.dumps(HELLO).encode("utf-16"), 400, "invalid_encoding"),
    ("a model of another type", {**HELLO, "model": 7}, 400, "missing_model"),
    ("messages of another type", {**HELLO, "messages": "hello"}, 400, "invalid_type"),
    ("a role that is none", {**HELLO, "messages": [{"role": "wizard"}]}, 400, "invalid_value"),
    ("an unknown model", {**HELLO, "model": "nobody"}, 404, "model_not_found"),
    ("twenty megabytes", b'{"model":"auto","x":"' + b"x" * 20_000_000 + b'"}', 413, "body_too_large"),
    ("nesting without end", b'{"model":' * 100_000, 400, "too_deep"),
]


@pytest.mark.parametrize(("body", "status", "code"), [b[1:] for b in BODIES], ids=[b[0] for b in BODIES])
def test_a_bad_body_gets_the_dialect_s_own_error(gateway, body, status, code):
    answer = gateway.post("/v1/chat/completions", body)
    assert (answer.status, answer.code) == (status, code)
    assert answer.headers["content-type"] == "application/json"
    assert gateway.chat("hello").status == 200


def test_an_unknown_model_names_those_that_exist(gateway):
    answer = gateway.chat("hello", model="nobody")
    assert "auto" in json.loads(answer.body)["error"]["message"]


HEADERS = [
    ("a compressed body", {"content-encoding": "gzip"}, 415, "unsupported_encoding"),
    ("a form", {"content-type": "application/x-www-form-urlencoded"}, 415, "unsupported_media_type"),
    ("another machine's name", {"host": "evil.example"}, 403, "unknown_host"),
    ("another machine's name with our port", {"host": "evil.example:8790"}, 403, "unknown_host"),
    ("a page of another origin", {"origin": "https://evil.example"}, 403, "foreign_origin"),
    ("a page without origin", {"origin": "null"}, 403, "foreign_origin"),
    ("an undeclared workload", {"x-tidegate-workload": "undeclared"}, 400, "unknown_workload"),
    ("a session with spaces", {"x-tidegate-session": "a b"}, 400, "invalid_header"),
]


@pytest.mark.parametrize(("headers", "status", "code"), [h[1:] for h in HEADERS], ids=[h[0] for h in HEADERS])
def test_a_head_that_may_not_pass_is_refused(gateway, headers, status, code):
    answer = gateway.post("/v1/chat/completions", HELLO, headers)
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:1", "LOCALHOST:8790"])
def test_loopback_names_pass_with_and_without_a_port(gateway, host):
    assert gateway.post("/v1/chat/completions", HELLO, {"host": host}).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/v1/chat/completions", 405),
        ("DELETE", "/v1/models", 405),
        ("POST", "/v1/nothing", 404),
        ("GET", "/v1/tidegate/receipts/no-such-id", 404),
        ("GET", "/v1/models", 200),
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
    ],
)
def test_service_endpoints(gateway, method, path, status):
    assert gateway.request(method, path).status == status


def read_all(link):
    out = b""
    while piece := link.recv(65536):
        out += piece
    return out


POST = b"POST / HTTP/1.1\r\nhost: localhost\r\n"
RAW = [
    ("no HTTP", b"\x16\x03\x01\x02\x00", b" 400 "),
    ("a request line of garbage", b"HELLO WORLD\r\n\r\n", b" 400 "),
    ("two lengths", POST + b"content-length: 1\r\ncontent-length: 2\r\n\r\nxx", b" 400 "),
    ("a length and chunks", POST + b"content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", b" 400 "),
    ("headers without end", b"GET / HTTP/1.1\r\n" + b"x-header: value\r\n" * 20_000, b" 431 "),
    ("one header without end", b"GET / HTTP/1.1\r\nx-header: " + b"v" * 100_000, b" 431 "),
    ("a path without end", b"GET /" + b"x" * 100_000, b" 431 "),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "told"), [r[1:] for r in RAW], ids=[r[0] for r in RAW])
def test_what_is_no_request_ends_the_connection_with_an_error_object(gateway, sent, told):
    with gateway.socket() as link:
        with contextlib.suppress(OSError):  # it may be refused while it is still sending
            link.sendall(sent)
        try:
            out = read_all(link)
        except ConnectionResetError:
            out = b""
    if out:
        assert told in out.split(b"\r\n", 1)[0] + b" "
        assert b'"error"' in out
    assert gateway.chat("hello").status == 200


SLOW = [
    ("an empty connection", b""),
    ("half a head", b"POST /v1/chat/completions HTTP/1.1\r\nhost: loc"),
    ("half a body", b"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 50\r\n\r\n{"),
]


@pytest.mark.parametrize("sent", [s[1] for s in SLOW], ids=[s[0] for s in SLOW])
def test_a_slow_loris_is_let_go(gateway, sent):
    with gateway.socket() as link:
        link.sendall(sent)
        began = time.monotonic()
        with contextlib.suppress(ConnectionResetError):
            read_all(link)
        assert time.monotonic() - began < 10


def test_a_hundred_slow_connections_do_not_keep_others_out(gateway):
    links = []
    try:
        for _ in range(100):
            link = gateway.socket()
            link.sendall(b"POST /v1/chat")
            links.append(link)
        until = time.monotonic() + 15
        while time.monotonic() < until:
            try:
                if gateway.chat("hello").status == 200:
                    break
            except OSError:
                pass
            time.sleep(0.2)
        else:
            raise AssertionError("nobody else got in")
    finally:
        for link in links:
            link.close()


def test_two_requests_in_one_piece_are_both_answered_in_order(gateway):
    body = json.dumps(HELLO).encode()
    one = b"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
    last = b"GET /v1/models HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    with gateway.socket() as link:
        link.sendall(one + last)
        out = read_all(link)
    assert out.count(b"HTTP/1.1 200") == 2
    assert out.index(b"chat.completion") < out.index(b'"list"')


def test_a_body_in_many_small_chunks_is_one_body(gateway):
    body = json.dumps(HELLO).encode()
    head = b"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n"
    head += b"transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    with gateway.socket() as link:
        link.sendall(head)
        for byte in body:
            link.sendall(b"1\r\n%c\r\n" % byte)
        link.sendall(b"0\r\n\r\n")
        assert b"HTTP/1.1 200" in read_all(link)


def wait_for(claim, seconds=10):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if claim():
            return
        time.sleep(0.02)
    raise AssertionError("it never came true")


def test_a_client_that_leaves_cancels_upstream_and_is_recorded():
    endless = streams(*[PIECE] * 2000, pause_s=0.02)
    with upstreams(nothing, endless) as (inside, outside), Gateway(inside, outside) as gateway:
        for prompt, upstream in ((f"SSN 457-55-{'5462'}", inside), ("hello", outside)):
            with gateway.socket() as link:
                body = json.dumps({**HELLO, "stream": True, "messages": [{"role": "user", "content": prompt}]}).encode()
                link.sendall(
                    b"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n" % len(body)
                    + body
                )
                wait_for(lambda upstream=upstream: upstream.requests)
            wait_for(lambda upstream=upstream: upstream.left == 1)
        wait_for(lambda: [r["status"] for r in gateway.records() if r.get("kind") == "outcome"].count("aborted") == 2)


def test_nothing_of_all_this_is_in_the_log_file(gateway):
    text = gateway.log.read_text()
    assert "Traceback" not in text
    assert "hello" not in text
    status, report = gateway.verify()
    assert (status, report["ok"]) == (0, True)
