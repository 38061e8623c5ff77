"""`tidegate ask`: a client of the gateway's, against one that answers by the book and some that do not."""

import http.server
import io
import json
import sys
import threading

import pytest


def event(text=None, **more):
    return f"data: {json.dumps({'choices': [{'delta': {'content': text}}], **more})}\n\n".encode()


DONE = b"data: [DONE]\n\n"


@pytest.fixture
def gateway(monkeypatch):
    """Answers with `status` and `body`; `asked` holds what came."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            server.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(server.status)
            for name, value in server.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(server.body)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.status = [], 200
    server.headers = {"x-tidegate-target": "t", "x-tidegate-boundary": "here", "x-tidegate-labels": "pii.email"}
    server.body = event("Hel") + event("lo") + event(None) + DONE
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("TIDEGATE__SERVER__LISTEN", f"127.0.0.1:{server.server_port}")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_answer_goes_to_output_and_its_origin_to_error(gateway, tidegate):
    answer = tidegate("ask", "what", "is", "it?")
    assert (answer.status, answer.out) == (0, "Hello\n")
    assert answer.err == "target: t  boundary: here  labels: pii.email\n"
    asked = gateway.asked[0]
    assert (asked["model"], asked["stream"], asked["messages"][0]["content"]) == ("auto", True, "what is it?")


def test_a_program_gets_one_object(gateway, tidegate):
    found = json.loads(tidegate("ask", "--model", "local", "x", "--json").out)
    assert (found["answer"], found["target"], found["boundary"]) == ("Hello", "t", "here")
    assert gateway.asked[0]["model"] == "local"


def test_a_question_can_come_from_standard_input(gateway, tidegate, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("läng".encode())))
    tidegate("ask", "-")
    assert gateway.asked[0]["messages"][0]["content"] == "läng"


def test_an_answer_cannot_steer_the_terminal(gateway, tidegate):
    gateway.body = event("a\x1b[2Jb") + DONE
    assert tidegate("ask", "x").out == "a\\x1b[2Jb\n"


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (
            403,
            b'{"error": {"message": "Policy permits no target.", "code": "policy_refusal"}}',
            "the gateway says: Policy permits no target. [policy_refusal] (status 403)",
        ),
        (500, b"<html>", "whoever answers there is no tidegate gateway"),
        (200, event("a"), "the answer broke off before its end"),
        (200, event("a") + b'data: {"error": {"message": "it was cut"}}\n\n', "the gateway says: it was cut"),
        (200, b"data: nonsense\n\n", "is no stream of chat completions"),
        (200, b"data: [1]\n\n", "is no stream of chat completions"),
        (200, b"", "the answer broke off before its end"),
    ],
)
def test_what_is_no_answer_is_a_sentence(gateway, tidegate, status, body, sentence):
    gateway.status, gateway.body = status, body
    answer = tidegate("ask", "x")
    assert answer.status == 1
    assert sentence in answer.err


def test_no_gateway_says_how_to_start_one(tidegate):
    answer = tidegate("ask", "x")
    assert answer.status == 1
    assert "start it with `tidegate up`" in answer.err


def test_an_empty_question_is_a_wrong_command_line(tidegate):
    assert tidegate("ask", " ").status == 2
