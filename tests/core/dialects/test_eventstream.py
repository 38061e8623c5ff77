"""AWS event streams: whole messages out of any split, and nothing of bytes that disagree with their checksums."""

import struct
import zlib

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.eventstream import encode
from tidegate.core.dialects.eventstream import MAX_HEADERS_BYTES, MAX_MESSAGE_BYTES, Message, MessageReader
from tidegate.core.values.errors import UpstreamError

EVENT = encode({":message-type": "event", ":event-type": "metadata"}, b'{"a":1}')


def read(*chunks):
    reader = MessageReader()
    return [message for chunk in chunks for message in reader.feed(chunk)], reader


def test_a_message_is_its_headers_and_its_payload():
    (message,), reader = read(EVENT)
    assert message == Message({":message-type": "event", ":event-type": "metadata"}, b'{"a":1}')
    assert message.text(":event-type") == "metadata"
    assert message.text("nothing") == ""
    assert reader.idle


def test_a_header_of_each_type_is_read_as_it_was_written():
    raw = b"".join(
        [
            b"\x01a\x00",
            b"\x01b\x01",
            b"\x01c\x02\xff",
            b"\x01d\x03\xff\xfe",
            b"\x01e\x04" + struct.pack(">i", -70000),
            b"\x01f\x05" + struct.pack(">q", 1 << 40),
            b"\x01g\x06\x00\x02\x00\x01",
            b"\x01h\x07\x00\x03\xe2\x82\xac",
            b"\x01i\x08" + struct.pack(">q", 1_800_000_000_000),
            b"\x01j\x09" + bytes(range(16)),
        ]
    )
    (message,), _ = read(encode(raw, b""))
    assert message.headers == {
        "a": True, "b": False, "c": -1, "d": -2, "e": -70000, "f": 1 << 40, "g": b"\x00\x01", "h": "€",
        "i": 1_800_000_000_000, "j": bytes(range(16)),
    }  # fmt: skip


def test_what_is_read_is_what_the_official_library_reads():
    body = EVENT + encode({":message-type": "exception", "x": "y" * 300}, b"z" * 1000)
    buffer = EventStreamBuffer()
    buffer.add_data(body)
    theirs = [(each.headers, each.payload) for each in buffer]
    found, _ = read(body)
    assert [(dict(each.headers), each.payload) for each in found] == theirs


@settings(max_examples=200, deadline=None)
@given(sizes=st.lists(st.integers(1, 200), min_size=1, max_size=30))
def test_any_split_gives_the_same_messages(sizes):
    body = EVENT + encode({}, b"") + encode({"x": "y" * 300}, b"z" * 1000)
    chunks, at, turn = [], 0, 0
    while at < len(body):
        size = sizes[turn % len(sizes)]
        chunks.append(body[at : at + size])
        at, turn = at + size, turn + 1
    assert read(*chunks)[0] == read(body)[0]
    assert len(read(body)[0]) == 3


@pytest.mark.parametrize("at", range(len(EVENT)))
def test_no_byte_can_be_changed_unnoticed(at):
    broken = EVENT[:at] + bytes((EVENT[at] ^ 0x40,)) + EVENT[at + 1 :]
    with pytest.raises(UpstreamError) as caught:
        read(broken + EVENT)
    assert caught.value.kind in ("protocol", "too_large")
    assert not caught.value.before_first_byte


@pytest.mark.parametrize("at", range(1, len(EVENT)))
def test_a_message_that_is_cut_off_is_none_and_the_reader_says_so(at):
    found, reader = read(EVENT[:at])
    assert found == []
    assert not reader.idle


def prelude(total, headers):
    lengths = struct.pack(">II", total, headers)
    return lengths + struct.pack(">I", zlib.crc32(lengths))


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (prelude(MAX_MESSAGE_BYTES + 1, 0), "too_large"),
        (prelude(MAX_MESSAGE_BYTES, MAX_HEADERS_BYTES + 1), "too_large"),
        (prelude(15, 0), "protocol"),
        (prelude(20, 5), "protocol"),
        (prelude(0, 0), "protocol"),
    ],
)
def test_lengths_that_cannot_be_are_refused_before_anything_is_held(head, kind):
    with pytest.raises(UpstreamError) as caught:
        read(head)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    "headers",
    [
        b"\x05ab",
        b"\x01a",
        b"\x01a\x0a",
        b"\x01a\x07\x00\x09ab",
        b"\x01a\x07\x00\x01\xff",
        b"\x01a\x05\x00",
        b"\x01a\x09ab",
    ],
)
def test_headers_that_are_none_are_refused(headers):
    with pytest.raises(UpstreamError) as caught:
        read(encode(headers, b"{}"))
    assert caught.value.kind == "protocol"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_garbage_is_refused_or_held_and_nothing_else(garbage):
    try:
        read(garbage, EVENT)
    except UpstreamError as error:
        assert error.kind in ("protocol", "too_large")
