import asyncio

import pytest

from tests.adapters.providers.http1.wire import Peer
from tests.adapters.providers.outgoing import run
from tidegate.adapters.providers.http1 import Limits, StaleConnection, Timeouts
from tidegate.core.values.errors import UpstreamError

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
UNTIL_CLOSE = b"HTTP/1.1 200 OK\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


async def outcome(peer: Peer, *pieces: bytes, leaves: bool = False, error: Exception | None = None):
    """(status, body) or (kind, words of the message)."""
    asked = peer.asked()
    await peer.says(*pieces)
    if leaves or error:
        await peer.leaves(error)
    try:
        answer = await asked
        return answer.status, await answer.read(1 << 20)
    except UpstreamError as failure:
        return failure.kind, failure.message


# One response, then the end of the connection: (what it shows, bytes, status and body, whether the connection is kept).
GOOD = [
    ("a length", OK, (200, b"ok"), True),
    ("no body at all", b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", (200, b""), True),
    ("chunks", CHUNKED + b"2\r\nok\r\n1\r\n!\r\n0\r\n\r\n", (200, b"ok!"), True),
    ("chunk extensions", CHUNKED + b'2;a="b"\r\nok\r\n0;c\r\n\r\n', (200, b"ok"), True),
    ("trailers", CHUNKED + b"2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n", (200, b"ok"), True),
    ("chunk sizes in capitals and with zeros", CHUNKED + b"00A\r\n0123456789\r\n0\r\n\r\n", (200, b"0123456789"), True),
    (
        "the peer closes after it",
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
        (200, b"ok"),
        False,
    ),
    ("a body that ends with the connection", UNTIL_CLOSE, (200, b"ok"), False),
    ("HTTP/1.0 with a length", b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok", (200, b"ok"), False),
    ("HTTP/1.0 kept", b"HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok", (200, b"ok"), True),
    ("100 first", b"HTTP/1.1 100 Continue\r\n\r\n" + OK, (200, b"ok"), True),
    ("102 and 103 first", b"HTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 E\r\nlink: </a>\r\n\r\n" + OK, (200, b"ok"), True),
    ("204 has no body", b"HTTP/1.1 204 No Content\r\n\r\n", (204, b""), True),
    ("304 states the length of a body that it lacks", b"HTTP/1.1 304 N\r\ncontent-length: 9\r\n\r\n", (304, b""), True),
    ("an error is an answer", b"HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy", (503, b"busy"), True),
    ("no reason phrase", b"HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n", (200, b""), True),
    ("a blank line before", b"\r\n" + OK, (200, b"ok"), True),
    ("a second response that nobody asked for", OK + OK, (200, b"ok"), False),
    ("garbage behind it", OK + b"\x00\xff", (200, b"ok"), False),
]


def pieces_of(wire: bytes, size: int) -> list[bytes]:
    return [wire[start : start + size] for start in range(0, len(wire), size)]


@pytest.mark.parametrize(("shows", "wire", "expected", "kept"), GOOD, ids=[row[0] for row in GOOD])
@pytest.mark.parametrize("size", [1 << 16, 1], ids=["at once", "byte by byte"])
def test_a_response_is_read_and_the_connection_kept_or_not(shows, wire, expected, kept, size):
    async def story():
        peer = Peer()
        assert await outcome(peer, *pieces_of(wire, size), leaves=wire == UNTIL_CLOSE) == expected
        assert peer.connection.open is kept
        assert peer.transport.aborted is not kept

    run(story())


def head(line: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\n{line}\r\n\r\nok".encode("latin-1")


BAD = [
    ("not HTTP", b"SSH-2.0-OpenSSH_9.9\r\n", "protocol"),
    ("TLS where none is spoken", b"\x15\x03\x01\x00\x02\x02\x28", "protocol"),
    ("an HTTP/2 preface", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00", "protocol"),
    ("HTTP/2.0 in the status line", b"HTTP/2.0 200 OK\r\ncontent-length: 0\r\n\r\n", "protocol"),
    ("a status of two digits", b"HTTP/1.1 20 OK\r\n\r\n", "protocol"),
    ("a bare LF", b"HTTP/1.1 200 OK\ncontent-length: 2\n\nok", "protocol"),
    ("a negative length", head("content-length: -2"), "protocol"),
    ("a length that is no number", head("content-length: two"), "protocol"),
    ("a length with a plus", head("content-length: +2"), "protocol"),
    ("a length beyond 64 bits", head("content-length: 99999999999999999999"), "protocol"),
    ("two lengths that differ", head("content-length: 2\r\ncontent-length: 3"), "protocol"),
    ("two lengths that agree", head("content-length: 2\r\ncontent-length: 2"), "protocol"),
    ("two lengths in one line", head("content-length: 2, 2"), "protocol"),
    ("a length and chunks", head("content-length: 2\r\ntransfer-encoding: chunked"), "protocol"),
    ("chunks and a length", head("transfer-encoding: chunked\r\ncontent-length: 2"), "protocol"),
    ("another transfer coding", head("transfer-encoding: gzip"), "protocol"),
    ("another one before chunked", head("transfer-encoding: gzip, chunked"), "protocol"),
    ("two transfer codings", head("transfer-encoding: gzip\r\ntransfer-encoding: chunked"), "protocol"),
    ("chunks in HTTP/1.0", b"HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", "protocol"),
    ("two content types", head("content-type: text/plain\r\ncontent-type: application/json"), "protocol"),
    ("a space before a colon", head("content-length : 2"), "protocol"),
    ("a folded header", head("x-a: 1\r\n 2"), "protocol"),
    ("a NUL in a header", head("x-a: 1\x002"), "protocol"),
    ("a chunk size that is no number", CHUNKED + b"zz\r\nok\r\n0\r\n\r\n", "protocol"),
    ("a negative chunk size", CHUNKED + b"-2\r\nok\r\n0\r\n\r\n", "protocol"),
    ("a chunk size beyond 64 bits", CHUNKED + b"fffffffffffffffff\r\nok\r\n", "protocol"),
    ("a chunk longer than it said", CHUNKED + b"1\r\nok\r\n0\r\n\r\n", "protocol"),
    ("a change of protocol", b"HTTP/1.1 101 S\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n", "protocol"),
    ("a change of protocol that names none", b"HTTP/1.1 101 S\r\n\r\n" + OK, "protocol"),
    ("interim responses without end", b"HTTP/1.1 100 Continue\r\n\r\n" * 17, "protocol"),
    ("an end within the head", b"HTTP/1.1 200 OK\r\ncontent-le", "cut"),
    ("an end within the body", b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok", "cut"),
    ("an end between two chunks", CHUNKED + b"2\r\nok\r\n", "cut"),
    ("an end before the last line", CHUNKED + b"2\r\nok\r\n0\r\n", "cut"),
    ("an end after an interim response", b"HTTP/1.1 100 Continue\r\n\r\n", "cut"),
    ("no answer at all", b"", "cut"),
]


@pytest.mark.parametrize(("shows", "wire", "kind"), BAD, ids=[row[0] for row in BAD])
@pytest.mark.parametrize("size", [1 << 16, 1], ids=["at once", "byte by byte"])
def test_a_broken_response_is_one_error_and_costs_the_connection(shows, wire, kind, size):
    async def story():
        peer = Peer()
        found, message = await outcome(peer, *pieces_of(wire, size), leaves=True)
        assert found == kind, message
        assert message.startswith("it")
        assert peer.transport.aborted
        assert not peer.owner.returned

    run(story())


def test_a_reset_is_a_cut():
    async def story():
        for wire in (b"", b"HTTP/1.1 2", UNTIL_CLOSE, CHUNKED + b"2\r\nok\r\n"):
            assert (await outcome(Peer(), *pieces_of(wire, 99), error=ConnectionResetError()))[0] == "cut", wire

    run(story())


def test_headers_are_lower_case_and_the_last_of_a_name_counts():
    async def story():
        peer = Peer()
        asked = peer.asked()
        await peer.says(
            b"HTTP/1.1 200 OK\r\nX-Request-ID: one\r\nx-request-id: two\r\nX-Odd: \xe9\r\nContent-Length: 0\r\n\r\n"
        )
        assert (await asked).headers == {"x-request-id": "two", "x-odd": "\xe9", "content-length": "0"}

    run(story())


def test_trailers_are_no_headers():
    async def story():
        peer = Peer()
        asked = peer.asked()
        await peer.says(CHUNKED + b"2\r\nok\r\n0\r\ncontent-type: text/evil\r\n\r\n")
        assert "content-type" not in (await asked).headers

    run(story())


def test_interim_headers_are_not_the_answers():
    async def story():
        peer = Peer()
        asked = peer.asked()
        await peer.says(b"HTTP/1.1 103 Early\r\ncontent-type: text/early\r\n\r\n" + OK)
        assert (await asked).headers == {"content-length": "2"}

    run(story())


def test_the_head_has_a_bound_however_it_comes():
    async def story():
        line = b"x-%d: " + b"y" * 1000 + b"\r\n"
        lines = b"".join(line % i for i in range(80))
        for wire in (
            b"HTTP/1.1 200 OK\r\n" + lines + b"content-length: 0\r\n\r\n",
            b"HTTP/1.1 200 " + b"O" * 80_000 + b"\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nx-a: " + b"y" * 80_000,
        ):
            for size in (len(wire), 4096):
                peer = Peer()
                kind, message = await outcome(peer, *pieces_of(wire, size), leaves=True)
                if b"content-length" in wire or size == 4096:
                    assert (kind, "larger than 65536" in message) == ("protocol", True), (wire[:20], size)

    run(story())


def test_the_number_of_headers_has_a_bound():
    async def story():
        lines = b"".join(b"x-%d: 1\r\n" % i for i in range(257))
        kind, message = await outcome(Peer(), b"HTTP/1.1 200 OK\r\n" + lines + b"content-length: 0\r\n\r\n")
        assert (kind, "256 headers" in message) == ("protocol", True)

    run(story())


def test_framing_without_a_body_has_a_bound():
    async def story():
        for endless in (b"1;" + b"x" * 70_000, b"0\r\n" + b"x-a: 1\r\n" * 9_000):
            peer = Peer()
            wire = CHUNKED + endless
            assert await outcome(peer, *pieces_of(wire, 1000)) == ("protocol", "its answer's framing does not end.")

    run(story())


def test_framing_between_pieces_of_a_body_may_add_up():
    async def story():
        peer = Peer(limits=Limits(head_bytes=512))
        chunks = [b"1;note=tide\r\n", b"x", b"\r\n"] * 100
        assert await outcome(peer, CHUNKED, *chunks, b"0\r\n\r\n") == (200, b"x" * 100)

    run(story())


def test_a_kept_connection_carries_the_next_exchange():
    async def story():
        peer = Peer()
        for body in (b"one", b"two", b"three"):
            wire = CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
            assert await outcome(peer, wire) == (200, body)
        assert len(peer.owner.returned) == 3
        assert len(peer.transport.written) == 3

    run(story())


def test_a_request_is_one_write():
    async def story():
        for size in (0, 1000, 1_000_000):
            peer = Peer()
            asked = peer.asked(b"b" * size)
            await peer.says(OK)
            await asked
            assert peer.transport.written == [b"POST / HTTP/1.1\r\n\r\n" + b"b" * size]

    run(story())


def test_bytes_that_nobody_asked_for_close_a_kept_connection():
    async def story():
        peer = Peer()
        await outcome(peer, OK)
        await peer.says(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
        assert peer.transport.aborted
        assert not peer.connection.open

    run(story())


def test_an_answer_before_its_request_was_sent_costs_the_connection():
    async def story():
        peer = Peer()
        peer.transport.unsent_bytes = 1
        assert await outcome(peer, b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n") == (413, b"")
        assert peer.transport.aborted
        assert not peer.owner.returned

    run(story())


def test_a_kept_connection_that_was_closed_is_stale():
    async def story():
        peer = Peer()
        await outcome(peer, OK)
        asked = peer.asked()
        await peer.leaves()
        with pytest.raises(StaleConnection):
            await asked

    run(story())


# (what happened to the second exchange on a connection): each of them may have been read by the peer.
@pytest.mark.parametrize("case", ["late", "after a byte", "first on its connection"])
def test_a_closed_connection_is_not_stale(case, monkeypatch):
    monkeypatch.setattr("tidegate.adapters.providers.http1.connection._STALE_S", 0.0 if case == "late" else 1.0)

    async def story():
        peer = Peer()
        if case != "first on its connection":
            await outcome(peer, OK)
        asked = peer.asked()
        if case == "after a byte":
            await peer.says(b"H")
        await peer.leaves()
        with pytest.raises(UpstreamError) as caught:
            await asked
        assert caught.type is UpstreamError
        assert caught.value.kind == "cut"

    run(story())


# Deadlines are numbers that the sweep compares with the loop's clock: (moment, seconds from now).
def test_every_phase_has_its_deadline():
    async def story():
        times = Timeouts(head_s=120, body_s=60, idle_s=15)
        peer = Peer(times)
        loop = asyncio.get_running_loop()

        def left() -> float:
            return round(peer.connection.deadline - loop.time())

        asked = peer.asked()
        await asyncio.sleep(0)
        assert left() == 120
        await peer.says(b"HTTP/1.1 200 OK\r\n")
        assert left() == 120, "a slow head moves nothing"
        await peer.says(b"content-length: 2\r\n\r\n")
        assert left() == 60
        await asked
        peer.connection.deadline = 0
        await peer.says(b"o")
        assert left() == 60
        await peer.says(b"k")
        assert peer.connection.deadline == float("inf"), "kept connections are timed by the pool"

    run(story())


def test_framing_alone_moves_no_deadline():
    async def story():
        peer = Peer()
        asked = peer.asked()
        await peer.says(CHUNKED)
        await asked
        peer.connection.deadline = 1.0
        await peer.says(b"5", b";a", b"=b", b"\r\n")
        assert peer.connection.deadline == 1.0

    run(story())


def test_an_expired_phase_is_a_timeout():
    async def story():
        for pieces, words in (
            ((), "begin to answer within 120 s"),
            ((OK[:-1],), "nothing more of its answer for 60 s"),
        ):
            peer = Peer()
            asked = peer.asked()
            await peer.says(*pieces)
            await asyncio.sleep(0)
            peer.connection.expire()
            with pytest.raises(UpstreamError) as caught:
                await (await asked).read(100)
            assert caught.value.kind == "timeout"
            assert words in caught.value.message
            assert peer.transport.aborted

    run(story())


def test_an_idle_connection_just_goes():
    async def story():
        peer = Peer()
        await outcome(peer, OK)
        peer.connection.expire()
        assert peer.transport.aborted

    run(story())


@pytest.mark.parametrize(
    ("said", "kept_s"),
    [("timeout=5, max=100", 4), ("timeout=1", 0), ("timeout=900", 15), ("max=3", 15), ("timeout=", 15)],
)
def test_a_peer_that_says_how_long_it_waits_is_left_earlier(said, kept_s):
    async def story():
        peer = Peer(Timeouts(idle_s=15))
        await outcome(peer, f"HTTP/1.1 200 OK\r\nkeep-alive: {said}\r\ncontent-length: 0\r\n\r\n".encode())
        assert peer.connection.kept_s == kept_s

    run(story())


def test_an_unread_body_stops_the_socket_and_reading_it_starts_it_again():
    async def story():
        peer = Peer(limits=Limits(unread_bytes=1000))
        asked = peer.asked()
        await peer.says(b"HTTP/1.1 200 OK\r\ncontent-length: 3000\r\n\r\n")
        answer = await asked
        await peer.says(b"x" * 1000)
        assert peer.transport.reading
        await peer.says(b"x" * 500)
        assert not peer.transport.reading
        assert peer.connection.deadline == float("inf"), "the upstream is not to blame while nobody reads"
        chunks = answer.chunks()
        assert len(await anext(chunks)) == 1500
        further = asyncio.ensure_future(anext(chunks))
        await asyncio.sleep(0)
        assert peer.transport.reading
        assert peer.connection.deadline < float("inf")
        await peer.says(b"x" * 1500)
        assert len(await further) == 1500

    run(story())


def test_wanting_the_whole_body_starts_a_stopped_socket():
    async def story():
        peer = Peer(limits=Limits(unread_bytes=10))
        asked = peer.asked()
        await peer.says(b"HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n", b"x" * 20)
        reading = asyncio.ensure_future((await asked).read(100))
        await asyncio.sleep(0)
        assert peer.transport.reading
        await peer.says(b"x" * 15, b"x" * 5)
        assert await reading == b"x" * 40

    run(story())


def test_a_body_that_is_complete_leaves_the_socket_reading():
    async def story():
        peer = Peer(limits=Limits(unread_bytes=10))
        asked = peer.asked()
        await peer.says(b"HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n", b"x" * 20)
        answer = await asked
        assert not peer.transport.reading
        await peer.says(b"x" * 20, patient=False)
        assert peer.transport.reading
        assert peer.owner.returned == [peer.connection]
        assert await answer.read(100) == b"x" * 40

    run(story())


def test_who_gives_up_drops_the_connection_at_once():
    async def story():
        for pieces in ((), (b"HTTP/1.1 200 OK\r\n",)):
            peer = Peer()
            asked = peer.asked()
            await peer.says(*pieces)
            await asyncio.sleep(0)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
            assert peer.transport.aborted

    run(story())


def test_names_of_headers_are_remembered_within_a_bound(monkeypatch):
    remembered: dict[bytes, str] = {}
    monkeypatch.setattr("tidegate.adapters.providers.http1.connection._NAMES", remembered)

    async def story():
        for first in range(0, 1000, 200):
            lines = b"".join(b"x-%d: 1\r\n" % i for i in range(first, first + 200))
            assert (await outcome(Peer(), b"HTTP/1.1 204 N\r\n" + lines + b"x" * 100 + b": 1\r\n\r\n"))[0] == 204

    run(story())
    assert len(remembered) == 512
    assert max(map(len, remembered)) < 64
