"""Whatever comes over the wire, in whatever pieces: an answer or an UpstreamError, at once and within bounds."""

import asyncio
from itertools import pairwise
from typing import NamedTuple

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.adapters.providers.http1.wire import Peer
from tests.adapters.providers.outgoing import run
from tidegate.adapters.providers.http1 import Limits
from tidegate.core.values.errors import UpstreamError

KINDS = {"cut", "protocol", "too_large"}
LIMIT_BYTES = 4096
TIGHT = Limits(head_bytes=512, headers=16, unread_bytes=256)


CHUNKED_BYTE = b"HTTP/1.1 200 Reason\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"


class Seen(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


async def take(asked: asyncio.Task, *, streamed: bool) -> Seen:
    answer = await asked
    if not streamed:
        return Seen(answer.status, dict(answer.headers), await answer.read(LIMIT_BYTES))
    body = b""
    async for chunk in answer.chunks():
        assert chunk, "an empty chunk would read as the end"
        body += chunk
    return Seen(answer.status, dict(answer.headers), body)


async def outcome(pieces: list[bytes], *, streamed: bool = False, limits: Limits | None = None) -> Seen | str:
    """What was read, or the error's kind. The peer says the pieces and leaves; nothing is said after that."""
    peer = Peer(limits=limits)
    taking = asyncio.ensure_future(take(peer.asked(), streamed=streamed))
    await asyncio.sleep(0)
    await peer.says(*pieces)
    await peer.leaves()
    async with asyncio.timeout(5):
        try:
            return await taking
        except UpstreamError as error:
            return error.kind


def cut_at(wire: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted({place % (len(wire) + 1) for place in places}), len(wire)]
    return [wire[a:b] for a, b in pairwise(edges) if a < b]


# -- responses that are right, with what they mean -------------------------------------------------------------

names = st.text("abcXYZ019-_", min_size=1, max_size=12).map(lambda text: "x-" + text)
values = st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=20)
statuses = st.sampled_from([200, 201, 299, 301, 400, 401, 429, 500, 503, 599, 999])
extensions = st.sampled_from([b"", b";a", b';n="v"', b";x=y;z"])


@st.composite
def responses(draw) -> tuple[bytes, Seen]:
    """A well-formed response in one of the three framings, perhaps after interim ones."""
    status, body = draw(statuses), draw(st.binary(max_size=300))
    lines = draw(st.lists(st.tuples(names, values), max_size=5))
    interim = draw(
        st.lists(st.sampled_from([b"HTTP/1.1 100 C\r\n\r\n", b"HTTP/1.1 103 E\r\nx-l: 1\r\n\r\n"]), max_size=2)
    )
    framing = draw(st.sampled_from(["length", "chunks", "close"]))
    if framing == "length":
        lines, wire = [*lines, ("Content-Length", str(len(body)))], body
    elif framing == "chunks":
        lines, wire = [*lines, ("Transfer-Encoding", "chunked")], draw(chunked(body))
    else:
        wire = body
    head = f"HTTP/1.1 {status} Reason\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines) + "\r\n"
    meaning = Seen(status, {name.lower(): value for name, value in lines}, body)
    return b"".join(interim) + head.encode("latin-1") + wire, meaning


@st.composite
def chunked(draw, body: bytes) -> bytes:
    pieces = cut_at(body, draw(st.lists(st.integers(0, 300), max_size=6)))
    wire = b"".join(b"%x%b\r\n%b\r\n" % (len(piece), draw(extensions), piece) for piece in pieces)
    trailers = draw(st.sampled_from([b"", b"x-sum: 1\r\n", b"content-type: text/evil\r\nx-b: 2\r\n"]))
    return wire + b"0" + draw(extensions) + b"\r\n" + trailers + b"\r\n"


@settings(deadline=None)
@given(responses(), st.lists(st.integers(0, 2000), max_size=12), st.booleans())
@example(
    (CHUNKED_BYTE, Seen(200, {"transfer-encoding": "chunked"}, b"x")), [51, 55, 56], False
)  # a CR alone woke a reader
def test_any_split_of_a_response_means_the_same(response, places, streamed):
    wire, meaning = response
    assert run(outcome(cut_at(wire, places), streamed=streamed)) == meaning


@settings(deadline=None)
@given(responses(), responses(), st.lists(st.integers(0, 2000), max_size=6))
def test_what_follows_a_response_does_not_change_it(response, further, places):
    wire, meaning = response
    if not {"content-length", "transfer-encoding"} & set(meaning.headers):
        return  # it would belong to the body
    assert run(outcome(cut_at(wire + further[0], places))) == meaning


# -- and responses that are not ------------------------------------------------------------------------------------


@st.composite
def damaged(draw) -> bytes:
    """A response with a few bytes changed, lost or put in."""
    wire = bytearray(draw(responses())[0])
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(wire)))
        wire[at : at + draw(st.integers(0, 3))] = draw(
            st.one_of(st.binary(max_size=3), st.sampled_from([b"\r\n", b":", b"9"]))
        )
    return bytes(wire)


WORDS = (
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.0 200 OK\r\n",
    b"HTTP/1.1 100 C\r\n\r\n",
    b"HTTP/1.1 101 S\r\n",
    b"\r\n",
    b"content-length: 5\r\n",
    b"content-length: 99999999\r\n",
    b"transfer-encoding: chunked\r\n",
    b"upgrade: x\r\nconnection: upgrade\r\n",
    b"connection: close\r\n",
    b"5\r\nhello\r\n",
    b"ffffffff\r\n",
    b"0\r\n\r\n",
    b"x: " + b"y" * 600 + b"\r\n",
    b"z" * 5000,
)
fragments = st.lists(st.one_of(st.sampled_from(WORDS), st.binary(max_size=20)), max_size=8).map(b"".join)


@settings(deadline=None, max_examples=300)
@given(
    st.one_of(damaged(), fragments, st.binary(max_size=200)), st.lists(st.integers(0, 6000), max_size=12), st.booleans()
)
@example(b"HTTP/1.1 101 S\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n\x00", [], False)
@example(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: 1", [], True)
def test_any_bytes_are_an_answer_or_an_upstream_error(wire, places, streamed):
    found = run(outcome(cut_at(wire, places), streamed=streamed, limits=TIGHT))
    assert isinstance(found, Seen) or found in KINDS


@settings(deadline=None)
@given(damaged(), st.lists(st.integers(0, 2000), max_size=12))
def test_damage_means_the_same_in_any_split(wire, places):
    """How it is cut may decide what a client sees of a fault, but never whether there is one."""
    at_once, in_pieces = run(outcome([wire] if wire else [])), run(outcome(cut_at(wire, places)))
    assert at_once == in_pieces or (isinstance(at_once, str) and isinstance(in_pieces, str))


@settings(deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=40), st.booleans())
def test_an_answer_that_nobody_reads_stays_small(sizes, declared):
    """Memory: what is held never exceeds the bound by more than what one read of the socket brought."""

    async def story():
        peer = Peer(limits=TIGHT)
        asked = peer.asked()
        await peer.says(b"HTTP/1.1 200 OK\r\n" + (b"content-length: 99999\r\n" if declared else b"") + b"\r\n")
        answer = await asked
        for size in sizes:
            if peer.transport.reading:
                await peer.says(b"x" * size)
            assert answer.unread <= TIGHT.unread_bytes + max(sizes)
        assert (answer.unread > TIGHT.unread_bytes) is not peer.transport.reading
        await answer.aclose()
        assert peer.transport.aborted

    run(story())
