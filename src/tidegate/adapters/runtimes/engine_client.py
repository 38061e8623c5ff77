"""How the demo cloud asks the embedded engine. Streams only; any failure ends the stream, and the caller goes on."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import socket
from collections.abc import AsyncGenerator, Callable
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

READ_TIMEOUT_S = 20.0
ANSWER_TIMEOUT_S = 60.0
LINE_LIMIT_BYTES = 1_000_000
EVENT_PREFIX = b"data: "
P = ParamSpec("P")
T = TypeVar("T")
FAILURES = (OSError, http.client.HTTPException, TimeoutError, ValueError)


class Connection(http.client.HTTPConnection):
    """Remembers its socket. `http.client` hands it over to a response that ends with the connection, and forgets it."""

    wire: socket.socket | None = None
    given_up = False

    def connect(self) -> None:
        super().connect()
        self.wire = self.sock
        if self.given_up:
            self.close()
            raise ConnectionAbortedError

    def hang_up(self) -> None:
        """A thread may still wait for the next line: closing alone would wait for that thread in turn. It may even
        connect later than this, and finds then that nobody wants the answer any more.
        """
        self.given_up = True
        if self.wire:
            with contextlib.suppress(OSError):
                self.wire.shutdown(socket.SHUT_RDWR)
        self.close()


class EngineClient:
    """`http.client` in threads: a demonstration has a few requests at a time, and no proxy variable can divert it."""

    def __init__(self, url: str, key: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._path = f"{parts.path}/chat/completions"
        self._headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}

    async def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        connection = Connection(self._host, self._port, timeout=READ_TIMEOUT_S)
        deadline = asyncio.get_running_loop().time() + ANSWER_TIMEOUT_S
        try:
            response = await self._within(deadline, self._ask, connection, json.dumps(request))
            while line := await self._within(deadline, response.readline, LINE_LIMIT_BYTES):
                if line.startswith(EVENT_PREFIX) and b"[DONE]" not in line:
                    yield json.loads(line[len(EVENT_PREFIX) :])
        except FAILURES:
            return
        finally:
            connection.hang_up()

    async def _within(self, deadline: float, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Around each wait rather than around all: between two of them the caller's code runs."""
        async with asyncio.timeout_at(deadline):
            return await asyncio.to_thread(call, *args, **kwargs)

    def _ask(self, connection: http.client.HTTPConnection, body: str) -> http.client.HTTPResponse:
        connection.request("POST", self._path, body, self._headers)
        response = connection.getresponse()
        if response.status != http.client.OK:
            raise http.client.HTTPException
        return response
