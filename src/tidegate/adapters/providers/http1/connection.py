"""One socket: the wire's side of an exchange. Bytes become an `Http1Answer`, or the one error that says why not.

What holds at every moment:
- at most one exchange; bytes that nobody asked for close the connection;
- a connection is handed on only after a response whose end is certain and which asked to keep it;
- every fault drops the connection: what follows a fault on the wire cannot be told from an answer.
"""

import asyncio
import re
from math import inf
from typing import Protocol, cast

import httptools

from tidegate.adapters.providers.http1.answer import Http1Answer
from tidegate.adapters.providers.http1.bounds import Limits, Timeouts
from tidegate.core.values.errors import UpstreamError

_JOIN_BYTES = 128 * 1024  # up to here copying a body behind its head is cheaper than a second buffer
_STALE_S = 1.0  # a close that was under way shows within a round trip; what takes longer has read the request
_KEPT = re.compile(r"timeout=([0-9]{1,9})")
_NAMES: dict[bytes, str] = {}  # header names as they come, decoded once
_SINGULAR = frozenset(("content-encoding", "content-type", "transfer-encoding"))


class StaleConnection(UpstreamError):  # noqa: N818 - named after what it found
    """A kept connection turned out to be closed: nothing of a response had arrived, and it showed at once."""

    def __init__(self) -> None:
        super().__init__("cut", "it closed the connection without an answer.")


class Owner(Protocol):
    def released(self, connection: "Connection") -> None:
        """The exchange is over and the connection can carry another."""

    def lost(self, connection: "Connection") -> None:
        """The socket is closed. Called once."""


class Connection(asyncio.Protocol):
    """`open` tells whether a request may be written. `deadline` is kept here and enforced by the pool's sweep."""

    __slots__ = (
        "_answer", "_complete", "_fault", "_fed_bytes", "_head_bytes", "_headers", "_in_body", "_interim", "_limits",
        "_owner", "_parser", "_paused", "_quiet_bytes", "_received", "_spoiled", "_timeouts", "_transport",
        "_wrote_at", "address", "deadline", "gone", "kept_s", "loop", "open", "served",
    )  # fmt: skip

    def __init__(self, owner: Owner, timeouts: Timeouts, limits: Limits) -> None:
        self._owner, self._timeouts, self._limits = owner, timeouts, limits
        self.loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport
        self._answer: Http1Answer | None = None
        self._paused = False
        self.address = ""
        self.deadline = inf
        self.kept_s = timeouts.idle_s
        self.open = self.gone = False
        self.served = 0
        self._begin()

    def _begin(self) -> None:
        self._headers: dict[str, str] = {}
        self._fault: str | None = None
        self._head_bytes = self._quiet_bytes = self._interim = 0
        self._in_body = self._complete = self._spoiled = self._received = False
        self._fed_bytes = 0
        self._wrote_at = 0.0

    # -- the exchange ------------------------------------------------------------------------------------

    def ask(self, head: bytes, body: bytes) -> Http1Answer:
        """Writes; the answer tells when its head has arrived.

        A peer that does not read the request is covered by the head's timeout, which starts with the first byte.
        """
        self._begin()
        answer = self._answer = Http1Answer(self, self.loop)
        self._wrote_at = now = self.loop.time()
        self.deadline = now + self._timeouts.head_s
        if len(body) <= _JOIN_BYTES:
            self._transport.write(head + body)
        else:
            self._transport.writelines((head, body))
        return answer

    def resume(self) -> None:
        if self._paused:
            self._paused = False
            self.deadline = self.loop.time() + self._timeouts.body_s
            self._transport.resume_reading()

    def drop(self) -> None:
        """Closes at once, without a word: the peer sees it, and nothing more is read."""
        self._answer = None
        self.open = False
        self.deadline = inf
        self._transport.abort()

    def shut(self) -> None:
        """The gateway is going away."""
        self._fail("cut", "the gateway is shutting down.")

    def expire(self) -> None:
        """The deadline has passed."""
        if self._answer is None:
            self.drop()
        elif self._in_body:
            self._fail("timeout", f"it sent nothing more of its answer for {self._timeouts.body_s:g} s.")
        else:
            self._fail("timeout", f"it did not begin to answer within {self._timeouts.head_s:g} s.")

    def _fail(self, kind: str, message: str) -> None:
        self._leave(UpstreamError(kind, message))

    def _leave(self, error: UpstreamError) -> None:
        answer = self._answer
        self.drop()
        if answer is not None:
            answer.end(error)

    # -- the socket --------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self.open = True
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if peer else ""

    def data_received(self, data: bytes) -> None:
        answer = self._answer
        if answer is None:
            self.drop()
            return
        self._received = True
        self._fed_bytes = len(data)
        was_in_body, unread = self._in_body, answer.unread
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._spoil(error)
        if self._fault is not None:
            self._fail("protocol", self._fault)
        elif self._complete:
            self._finish(answer)
        elif not self._in_body:
            self._still_in_head(len(data))
        elif answer.unread != unread or not was_in_body:
            self._more(answer)
        else:
            self._quiet(len(data))

    def _spoil(self, error: Exception) -> None:
        """After a complete answer, garbage spoils the connection alone."""
        if self._complete:
            self._spoiled = True
        else:
            self._fault = self._fault or f"its answer is not HTTP/1.1: {error}."

    def _still_in_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > self._limits.head_bytes:
            self._fail("protocol", f"its answer's head is larger than {self._limits.head_bytes} bytes.")

    def _more(self, answer: Http1Answer) -> None:
        """A piece of the body, or the head's end."""
        self._quiet_bytes = 0
        if answer.limit is None and answer.unread > self._limits.unread_bytes:
            self._paused = True
            self.deadline = inf  # the upstream is not at fault while nobody reads
            self._transport.pause_reading()
        else:
            self.deadline = self.loop.time() + self._timeouts.body_s
        if answer.limit is None or answer.unread > answer.limit:
            answer.wake()

    def _quiet(self, size: int) -> None:
        """Bytes of framing alone: a chunk's size, trailers. They move no deadline and have a bound."""
        self._quiet_bytes += size
        if self._quiet_bytes > self._limits.head_bytes:
            self._fail("protocol", "its answer's framing does not end.")

    def _finish(self, answer: Http1Answer) -> None:
        # An answer that came before its request was written leaves the rest of the request on the wire.
        reusable = self.open and not self._spoiled and not self._transport.get_write_buffer_size()
        self._answer = None
        if self._paused:
            self.resume()
        answer.end()
        self.served += 1
        if reusable:
            self.deadline = inf
            if "keep-alive" in self._headers:
                self._heed(self._headers["keep-alive"])
            self._owner.released(self)
        else:
            self.drop()

    def eof_received(self) -> None:
        """A body without a length ends here; over TLS only a close that the peer has signed counts as one."""
        self.open = False
        answer = self._answer
        if answer is not None and self._in_body and self._ends_with_connection():
            self._finish(answer)
        else:
            self._hung_up()

    def _ends_with_connection(self) -> bool:
        return "content-length" not in self._headers and "transfer-encoding" not in self._headers

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._hung_up()
        self.gone = True
        self._owner.lost(self)

    def _hung_up(self) -> None:
        if self._answer is None:
            self.drop()
        elif self._received:
            self._fail("cut", "it closed the connection in the middle of its answer.")
        elif self.served and self.loop.time() - self._wrote_at < _STALE_S:
            self._leave(StaleConnection())
        else:
            self._fail("cut", "it closed the connection without an answer.")

    def _heed(self, keep_alive: str) -> None:
        """The peer says how long it keeps a connection: leave a second earlier than it does."""
        found = _KEPT.search(keep_alive)
        if found:
            self.kept_s = min(self._timeouts.idle_s, max(int(found[1]) - 1, 0))

    # -- the parser's callbacks: they note, `data_received` acts ------------------------------------------

    def on_message_begin(self) -> None:
        if self._complete:
            self._spoiled = True

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_body:
            return  # trailers mean nothing to us
        text = _NAMES.get(name) or _name(name)
        headers = self._headers
        if text in headers and text in _SINGULAR:
            self._fault = f"its answer has two {text} headers."
        headers[text] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        answer = self._answer
        if self._complete or answer is None:
            return
        status = self._parser.get_status_code()
        if status >= 200:
            self._fault = self._fault or self._objection()
            if self._fault is None:
                answer.headers, answer.status = self._headers, status
            self._in_body = True
        else:
            self._interim += 1
            if status == 101 or self._interim > self._limits.interim:
                self._fault = f"it answered with status {status}."

    def on_body(self, piece: bytes) -> None:
        answer = self._answer
        if answer is not None and not self._complete:
            answer.feed(piece)

    def on_message_complete(self) -> None:
        if self._in_body:
            self._complete = True
            # Asked now: between messages the parser has forgotten what it would answer.
            self._spoiled = self._spoiled or not self._parser.should_keep_alive()
        else:
            self._headers = {}  # an interim response's

    def _objection(self) -> str | None:
        headers = self._headers
        limit = self._limits.head_bytes
        if self._head_bytes + self._fed_bytes > limit and sum(map(len, (*headers, *headers.values()))) > limit:
            return f"its answer's head is larger than {limit} bytes."
        if len(headers) > self._limits.headers:
            return f"its answer has more than {self._limits.headers} headers."
        version = self._parser.get_http_version()
        if version not in ("1.1", "1.0"):
            return "its answer is neither HTTP/1.1 nor 1.0."
        coding = headers.get("transfer-encoding")
        if coding is not None and (coding.lower() != "chunked" or version == "1.0"):
            return "its answer has a transfer coding other than chunked, or one that HTTP/1.0 does not know."
        return None


def _name(name: bytes) -> str:
    text = name.decode("latin-1").lower()
    if len(_NAMES) < 512 and len(name) < 64:
        _NAMES[name] = text
    return text
