"""A client's connection, byte by byte: order, framing, bounds, and who is let go."""

import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.server.connection import Bounds, ClientConnection

BOUNDS = Bounds(
    head_bytes=2000, head_seconds=10, body_bytes=1000, body_seconds=20, idle_seconds=60, write_seconds=30, connections=5
)
JSON = "content-type: application/json\r\n"


class Wire(asyncio.Transport):
    """A transport that remembers. `full`: the client reads nothing."""

    def __init__(self):
        super().__init__()
        self.out, self.closed, self.aborted, self.eof, self.paused = b"", False, False, False, False

    def write(self, data):
        self.out += data

    def close(self):
        self.closed = True

    def abort(self):
        self.closed = self.aborted = True

    def is_closing(self):
        return self.closed

    def can_write_eof(self):
        return True

    def write_eof(self):
        self.eof = True

    def pause_reading(self):
        self.paused = True

    def resume_reading(self):
        self.paused = False


class Client:
    """A connection whose path answers with what `serve` does, inside of one event loop."""

    def __init__(self, serve=None, bounds=BOUNDS):
        self.served, self.cancelled = [], 0
        self._serve, self.wire, self.connections, self.tasks = serve, Wire(), set(), set()
        self.connection = ClientConnection(self._path, bounds, self.connections, self.tasks)
        self.connection.connection_made(self.wire)

    async def _path(self, downstream):
        self.served.append((downstream.method, downstream.path))
        try:
            if self._serve:
                await self._serve(downstream)
            else:
                body = await downstream.body(1000)
                await downstream.respond(200, {"x-path": downstream.path}, body)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise

    async def send(self, *pieces):
        for piece in pieces:
            self.connection.data_received(piece)
            await asyncio.sleep(0)
        for _ in range(5 + 3 * len(self.served)):
            await asyncio.sleep(0)
        return self.wire.out


def run(story):
    return asyncio.run(story())


def request(path="/a", body=b"{}", method="POST", more="", version="1.1"):
    head = f"{method} {path} HTTP/{version}\r\nhost: localhost\r\n{JSON}{more}content-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def test_a_request_is_served_whole_and_the_connection_kept():
    async def story():
        client = Client()
        out = await client.send(request(body=b'{"a":1}'))
        assert out == b'HTTP/1.1 200 OK\r\nx-path: /a\r\ncontent-length: 7\r\n\r\n{"a":1}'
        await client.send(request("/b?query=dropped"))
        assert client.served == [("POST", "/a"), ("POST", "/b")]
        assert not client.wire.closed

    run(story)


@settings(max_examples=60, deadline=None)
@given(cuts=st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_any_cut_of_the_bytes_gives_the_same_answers(cuts):
    async def story():
        stream = request("/a", b'{"a":1}') + request("/b") + request("/c", method="GET", body=b"")
        client, pieces, at, turn = Client(), [], 0, 0
        while at < len(stream):
            size = cuts[turn % len(cuts)]
            pieces.append(stream[at : at + size])
            at, turn = at + size, turn + 1
        out = await client.send(*pieces)
        assert [path for _, path in client.served] == ["/a", "/b", "/c"]
        assert out.count(b"HTTP/1.1 200 OK") == 3
        assert out.index(b"x-path: /a") < out.index(b"x-path: /b") < out.index(b"x-path: /c")

    run(story)


def test_requests_sent_ahead_wait_their_turn_and_too_many_are_not_read():
    async def story():
        gate = asyncio.Event()

        async def slow(downstream):
            await gate.wait()
            await downstream.respond(200, {"x-path": downstream.path}, b"")

        client = Client(slow)
        await client.send(*[request(f"/{n}") for n in range(9)])
        assert client.served == [("POST", "/0")]
        assert client.wire.paused
        gate.set()
        for _ in range(60):
            await asyncio.sleep(0)
        assert [path for _, path in client.served] == [f"/{n}" for n in range(9)]
        assert not client.wire.paused

    run(story)


def test_a_stream_is_chunked_and_waits_for_a_client_that_is_full():
    async def story():
        written = []

        async def streaming(downstream):
            await downstream.start(200, {"content-type": "text/event-stream"})
            for piece in (b"one", b"two"):
                await downstream.write(piece)
                written.append(piece)
            await downstream.finish()

        client = Client(streaming)
        client.connection.pause_writing()
        await client.send(request())
        assert written == []
        client.connection.resume_writing()
        out = await client.send()
        assert written == [b"one", b"two"]
        assert out.endswith(b"transfer-encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")
        assert not client.wire.closed

    run(story)


def test_http_1_0_gets_no_chunks_and_the_end_of_the_connection():
    async def story():
        async def streaming(downstream):
            await downstream.start(200, {})
            await downstream.write(b"one")
            await downstream.finish()

        client = Client(streaming)
        out = await client.send(request(version="1.0"))
        assert out.endswith(b"connection: close\r\n\r\none")
        assert client.wire.closed

    run(story)


def test_connection_close_is_kept():
    async def story():
        client = Client()
        out = await client.send(request(more="connection: close\r\n"))
        assert b"connection: close" in out
        assert client.wire.closed

    run(story)


def test_head_gets_a_head():
    async def story():
        async def answer(downstream):
            await downstream.respond(200, {}, b"body")

        out = await Client(answer).send(request(method="HEAD", body=b""))
        assert out.endswith(b"content-length: 4\r\n\r\n")

    run(story)


def test_a_client_that_expects_to_continue_is_told_to():
    async def story():
        client = Client()
        head, body = request(more="expect: 100-continue\r\n").split(b"\r\n\r\n")
        assert await client.send(head + b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert b"200 OK" in await client.send(body)

    run(story)


def test_repeated_headers_are_joined_so_that_none_is_overlooked():
    async def story():
        seen = []

        async def look(downstream):
            seen.append(downstream.headers["host"])
            await downstream.respond(200, {}, b"")

        await Client(look).send(request(more="host: evil.example\r\n"))
        assert seen == ["localhost, evil.example"]

    run(story)


BOTH_LENGTHS = b"POST / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n"
REFUSED = [
    ("no HTTP", b"\x16\x03\x01\x02\x00", 400, "invalid_http"),
    ("garbage", b"HELLO WORLD\r\n\r\n", 400, "invalid_http"),
    ("two lengths", b"POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", 400, "invalid_http"),
    ("a length of 20 digits", b"POST / HTTP/1.1\r\ncontent-length: " + b"9" * 20 + b"\r\n\r\n", 400, "invalid_http"),
    ("a length and chunks", BOTH_LENGTHS, 400, "invalid_http"),
    ("a line break in a header", b"GET / HTTP/1.1\r\na: b\rc\r\n\r\n", 400, "invalid_http"),
    ("a long head, whole", b"GET / HTTP/1.1\r\na: " + b"x" * 3000 + b"\r\n\r\n", 431, "headers_too_large"),
    ("a long head, unfinished", b"GET / HTTP/1.1\r\na: " + b"x" * 3000, 431, "headers_too_large"),
    ("many headers", b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 400 + b"\r\n", 431, "headers_too_large"),
    ("a long path", b"GET /" + b"x" * 3000 + b" HTTP/1.1\r\n\r\n", 431, "headers_too_large"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "status", "code"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_is_no_request_gets_an_error_object_and_the_end(sent, status, code):
    async def story():
        client = Client()
        out = await client.send(sent)
        head, body = out.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 %d " % status)
        assert json.loads(body)["error"]["code"] == code
        assert client.served == []
        assert client.wire.eof or client.wire.closed
        assert await client.send(request()) == out  # nothing is served any more

    run(story)


@pytest.mark.parametrize(
    "sent",
    [
        b"POST / HTTP/1.1\r\ncontent-length: 1001\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 99999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3e9\r\n" + b"x" * 1001 + b"\r\n0\r\n\r\n",
    ],
)
def test_a_body_beyond_the_limit_reaches_the_path_as_a_fault(sent):
    async def story():
        faults = []

        async def read(downstream):
            try:
                await downstream.body(1000)
            except Exception as error:  # noqa: BLE001 - a refusal, whatever kind
                faults.append(error.status)
                await downstream.respond(error.status, {}, b"")

        await Client(read).send(sent)
        assert faults == [413]

    run(story)


def test_a_client_that_leaves_cancels_who_serves_it():
    async def story():
        async def for_ever(_downstream):
            await asyncio.Event().wait()

        client = Client(for_ever)
        await client.send(request())
        client.connection.connection_lost(None)
        await asyncio.sleep(0.01)
        assert client.cancelled == 1
        assert client.connections == set()

    run(story)


def test_a_defect_behind_a_started_answer_resets_so_that_nobody_takes_it_for_whole():
    async def story():
        async def breaks(downstream):
            await downstream.start(200, {})
            raise RuntimeError

        client = Client(breaks)
        await client.send(request())
        assert client.wire.aborted

    run(story)


def test_a_header_with_a_line_break_is_never_written():
    async def story():
        async def injects(downstream):
            await downstream.respond(200, {"x": "a\r\nset-cookie: b"}, b"")

        client = Client(injects)
        await client.send(request())
        assert client.wire.out == b""
        assert client.wire.aborted

    run(story)


def test_a_defect_leaves_nobody_serving():
    async def story():
        async def breaks(_downstream):
            raise RuntimeError

        client = Client(breaks)
        await client.send(request())
        assert client.wire.aborted
        assert client.tasks == set()

    run(story)


def test_one_task_serves_all_that_a_client_asks_and_goes_with_it():
    async def story():
        client = Client()
        for path in ("/a", "/b", "/c"):
            await client.send(request(path))
        assert len(client.served) == 3
        assert len(client.tasks) == 1
        client.connection.connection_lost(None)
        await asyncio.sleep(0.01)
        assert client.tasks == set()
        assert client.cancelled == 0

    run(story)


HEADS = [
    ("as long as it may be", b"x: " + b"y" * 1973 + b"\r\n", True),
    ("a byte longer", b"x: " + b"y" * 1974 + b"\r\n", False),
    ("the same name often", b"x-long-name: \r\n" * 139, False),
    ("the same name less often", b"x-long-name: \r\n" * 125, True),
]


@pytest.mark.parametrize("behind", [b"", b"z" * 999])
@pytest.mark.parametrize(("lines", "fits"), [h[1:] for h in HEADS], ids=[h[0] for h in HEADS])
def test_a_head_is_counted_alone_whatever_comes_with_it(lines, fits, behind):
    async def story():
        sent = b"POST / HTTP/1.1\r\n%bcontent-length: %03d\r\n\r\n%b" % (lines, len(behind), behind)
        out = await Client().send(request() + sent)
        assert out.count(b"HTTP/1.1 200 OK") == 1 + fits
        assert out.count(b"headers_too_large") == 0  # an answer under way went first, and then it was over

    run(story)


def test_a_request_that_has_arrived_is_answered_although_the_drain_came_first():
    async def story():
        client = Client()
        client.connection.data_received(request())
        client.connection.drain()
        assert b"200 OK" in await client.send()
        assert client.wire.closed

    run(story)


PATIENCE = [
    ("says nothing", b"", 9, 11),
    ("stops in its head", b"POST / HT", 9, 11),
    ("stops in its body", b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\n{", 19, 21),
    ("stays idle after an answer", request(), 59, 61),
    ("stops in the head of its second request", request() + b"POST / HT", 9, 11),
    ("stops in the body of its second request", request() + b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\n{", 19, 21),
]


@pytest.mark.parametrize(("sent", "stays", "goes"), [p[1:] for p in PATIENCE], ids=[p[0] for p in PATIENCE])
def test_a_client_that(sent, stays, goes):
    async def story():
        client = Client()
        if sent:
            await client.send(sent)
        now = asyncio.get_running_loop().time()
        client.connection.expire(now + stays)
        assert not client.wire.closed
        client.connection.expire(now + goes)
        assert client.wire.closed

    run(story)


def test_a_client_that_reads_nothing_is_let_go():
    async def story():
        client = Client()
        client.connection.pause_writing()
        now = asyncio.get_running_loop().time()
        client.connection.expire(now + 29)
        assert not client.wire.closed
        client.connection.expire(now + 31)
        assert client.wire.aborted

    run(story)


def test_one_connection_too_many_is_told_so():
    async def story():
        client = Client()
        client.connections.update(object() for _ in range(5))
        late = ClientConnection(client._path, BOUNDS, client.connections, set())
        wire = Wire()
        late.connection_made(wire)
        assert wire.out.startswith(b"HTTP/1.1 503 ")

    run(story)


def test_draining_answers_what_is_under_way_and_closes_what_is_idle():
    async def story():
        gate = asyncio.Event()

        async def slow(downstream):
            await gate.wait()
            await downstream.respond(200, {}, b"done")

        busy, idle = Client(slow), Client()
        await busy.send(request())
        busy.connection.drain()
        idle.connection.drain()
        assert idle.wire.closed
        assert not busy.wire.closed
        gate.set()
        assert (await busy.send()).endswith(b"done")
        assert busy.wire.closed

    run(story)


@settings(max_examples=200, deadline=None)
@given(pieces=st.lists(st.binary(max_size=200) | st.sampled_from([request(), b"\r\n", b"POST / HTTP/1.1\r\n"])))
def test_any_bytes_end_in_answers_or_the_end_and_never_in_an_exception(pieces):
    async def story():
        client = Client()
        out = await client.send(*pieces)
        assert out == b"" or out.startswith(b"HTTP/1.1 ")

    run(story)
