"""Real children: each is started with an order on stdin and ended by closing it."""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

START_TIMEOUT_S = 60
KEY = "test-key-0123456789"
ENGINE = "tidegate.adapters.runtimes.engine"
DEMO_CLOUD = "tidegate.adapters.runtimes.demo_cloud"


@dataclass
class Child:
    process: subprocess.Popen[bytes]
    answer: dict[str, Any]

    @property
    def port(self) -> int:
        return urlsplit(self.answer["url"]).port or 0

    def end(self) -> tuple[int, bytes]:
        """Close the pipe; exit status and what was written to stderr."""
        assert self.process.stdin
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdin = None
        _, complaints = self.process.communicate(timeout=START_TIMEOUT_S)
        return self.process.returncode, complaints

    def ask(self, method: str, path: str, body: Any = None, *, key: str | None = KEY) -> tuple[int, str]:
        """Status and body of one HTTP request; a body that is text is sent as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = body if body is None or isinstance(body, str | bytes) else json.dumps(body)
        try:
            connection.request(method, path, sent, {"authorization": f"Bearer {key}"} if key else {})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def chat(self, text: str, **more: Any) -> dict[str, Any]:
        body = {"messages": [{"role": "user", "content": text}], "max_tokens": 200, "temperature": 0} | more
        status, answer = self.ask("POST", "/v1/chat/completions", body)
        assert status == 200, answer
        return json.loads(answer)

    def chat_events(self, text: str, **more: Any) -> list[dict[str, Any]]:
        """The chunks of a streamed answer; asserts that it ends as OpenAI's streams end."""
        body = {"messages": [{"role": "user", "content": text}], "max_tokens": 200, "temperature": 0, "stream": True}
        status, answer = self.ask("POST", "/v1/chat/completions", body | more)
        events = [line.removeprefix("data: ") for line in answer.splitlines() if line.startswith("data: ")]
        assert status == 200, answer
        assert events[-1] == "[DONE]"
        return [json.loads(event) for event in events[:-1]]


def run(order: dict[str, Any] | bytes, *command: str) -> Child:
    """Start a child, give it the order, wait for its line."""
    process = subprocess.Popen(
        [sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(order if isinstance(order, bytes) else json.dumps(order).encode() + b"\n")
    process.stdin.flush()
    return Child(process, json.loads(process.stdout.readline()))


@contextlib.contextmanager
def running(order: dict[str, Any] | bytes, *command: str) -> Iterator[Child]:
    child = run(order, *command)
    try:
        yield child
    finally:
        if child.process.stdin:
            child.end()
