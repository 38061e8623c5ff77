from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.adapters.runtimes.children import KEY, Child
from tidegate.adapters.runtimes import engine_client
from tidegate.adapters.runtimes.engine_client import Connection, EngineClient

HEAD = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"


@contextmanager
def upstream(answer: bytes, *, hold: threading.Event | None = None) -> Iterator[str]:
    """Takes one request, answers with these bytes, and, if told to, stays silent until released."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)
                if hold:
                    hold.wait(20)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        if hold:
            hold.set()
        thread.join(20)


async def collected(url: str, request: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    return [chunk async for chunk in EngineClient(url, KEY).stream(request or {"messages": []})]


@pytest.mark.parametrize(
    ("answer", "chunks"),
    [
        (HEAD + b'data: {"a": 1}\n\ndata: {"a": 2}\n\ndata: [DONE]\n\n', [{"a": 1}, {"a": 2}]),
        (HEAD + b': comment\n\ndata: {"a": 1}\n\n', [{"a": 1}]),
        (HEAD + b'data: {"a": 1}\n\ndata: {"a"', [{"a": 1}]),
        (HEAD + b'data: {"a": 1}\n\ndata: nonsense\n\n', [{"a": 1}]),
        (HEAD, []),
        (b"HTTP/1.1 500 Oh\r\n\r\n", []),
        (b"garbage\r\n\r\n", []),
        (b"", []),
    ],
)
def test_a_stream_gives_what_could_be_read_and_ends_without_an_error(answer: bytes, chunks: list[dict[str, Any]]):
    with upstream(answer) as url:
        assert asyncio.run(collected(url)) == chunks


def test_nobody_listening_is_an_empty_stream():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert asyncio.run(collected(f"http://127.0.0.1:{port}/v1")) == []


def test_an_engine_that_falls_silent_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine_client, "ANSWER_TIMEOUT_S", 1.0)
    with upstream(HEAD + b'data: {"a": 1}\n\n', hold=threading.Event()) as url:
        assert asyncio.run(collected(url)) == [{"a": 1}]


def test_a_connection_that_comes_after_hanging_up_is_closed():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = Connection("127.0.0.1", listener.getsockname()[1], timeout=20)
        connection.hang_up()
        with pytest.raises(ConnectionAbortedError):
            connection.connect()
        assert connection.sock is None


def test_closing_the_stream_hangs_up_on_a_silent_engine():
    async def first_only(url: str) -> dict[str, Any]:
        stream = EngineClient(url, KEY).stream({"messages": []})
        first = await anext(stream)
        await stream.aclose()
        return first

    with upstream(HEAD + b'data: {"a": 1}\n\n', hold=threading.Event()) as url:
        assert asyncio.run(first_only(url)) == {"a": 1}


def test_the_real_engine_streams(engine: Child):
    request = {"messages": [{"role": "user", "content": "hello"}], "max_tokens": 50, "stream": True}
    chunks = asyncio.run(collected(engine.answer["url"], request))
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
