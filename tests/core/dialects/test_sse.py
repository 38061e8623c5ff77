"""Events come out whole, whatever the line ends and the cuts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dialects import sse
from tidegate.core.values.errors import UpstreamError

SHAPES = [
    (b"data: a\n\n", [b"a"]),
    (b"data:a\n\n", [b"a"]),
    (b"data: a\r\n\r\n", [b"a"]),
    (b"data: a\ndata: b\n\n", [b"a\nb"]),
    (b"event: x\nid: 1\ndata: a\n\n", [b"a"]),
    (b": a comment\n\n", [None]),
    (b"data:  two spaces\n\n", [b" two spaces"]),
    (b"data: a\n\ndata: b\n\n", [b"a", b"b"]),
    (b"data: a\n\rdata: b\n\n", [b"a", b"b"]),
    (b"data: a\r\n\rdata: b\n\n", [b"a", b"b"]),
    (b"\xef\xbb\xbfdata: a\n\n", [b"a"]),
    (b"data: a\n\n\xef\xbb\xbfdata: b\n\n", [b"a", None]),
]


@pytest.mark.parametrize(("stream", "data"), SHAPES)
def test_events_are_cut_at_blank_lines(stream, data):
    reader = sse.EventReader()
    assert [event.data for event in reader.feed(stream)] == data
    assert reader.close() == []


def test_a_last_event_without_its_blank_line_still_counts():
    reader = sse.EventReader()
    assert reader.feed(b"data: [DONE]") == []
    assert [event.data for event in reader.close()] == [b"[DONE]"]


@given(
    events=st.lists(st.lists(st.binary(max_size=6).map(lambda b: b.translate(None, b"\r\n")), min_size=1, max_size=3)),
    cuts=st.lists(st.integers(1, 9), min_size=1),
    end=st.sampled_from([b"\n", b"\r\n"]),
)
def test_any_cut_gives_the_same_events_and_loses_no_byte(events, cuts, end):
    stream = b"".join(b"".join(b"data: " + line + end for line in lines) + end for lines in events)
    whole = sse.EventReader().feed(stream)
    reader, got, at, turn = sse.EventReader(), [], 0, 0
    while at < len(stream):
        size = cuts[turn % len(cuts)]
        got += reader.feed(stream[at : at + size])
        at, turn = at + size, turn + 1
    got += reader.close()
    assert [e.data for e in got] == [e.data for e in whole] == [b"\n".join(lines) for lines in events]
    assert b"".join(e.raw for e in got) == stream


def by_the_standard(stream):
    """Line by line, as the standard's interpretation of a stream goes."""
    found, lines = [], []
    for line in stream.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")[:-1]:
        if line:
            lines.append(line)
            continue
        data = [each[5:].removeprefix(b" ") for each in lines if each.startswith(b"data:")]
        found += [b"\n".join(data)] if data else []
        lines = []
    return found


@given(
    pieces=st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"data: a", b"data:", b"x", b":"]), max_size=12),
    data=st.data(),
)
def test_lines_end_as_the_standard_says_however_they_are_mixed(pieces, data):
    stream = b"".join(pieces) + b"\n\ndata: end\n\n"
    reader, got, at = sse.EventReader(), [], 0
    while at < len(stream):
        size = data.draw(st.integers(1, 4))
        got += reader.feed(stream[at : at + size])
        at += size
    assert [event.data for event in got if event.data is not None] == by_the_standard(stream)
    assert b"".join(event.raw for event in got) == stream


def test_a_long_event_in_small_pieces_is_looked_through_once(monkeypatch):
    looked = []

    class Counting:
        def search(self, held, begin):
            looked.append(len(held) - begin)

    monkeypatch.setattr(sse, "_END", Counting())
    reader = sse.EventReader()
    for _ in range(1000):
        assert reader.feed(b"x" * 100) == []
    assert sum(looked) <= 1000 * (100 + 3)


def test_an_event_without_end_is_refused():
    reader = sse.EventReader()
    with pytest.raises(UpstreamError) as cut:
        for _ in range(9):
            reader.feed(b"x" * (sse.MAX_EVENT_BYTES // 8))
    assert cut.value.kind == "too_large"


@given(
    st.lists(
        st.sampled_from([b"a", b"\n", b"\r", b"\n\n", b"event: e\n", b"data: x\n", b"data:y\n", b": c\n", b"id: 1\n"]),
        max_size=12,
    )
)
def test_whole_events_at_once_are_what_they_are_byte_by_byte(pieces):  # fmt: skip
    stream = b"".join(pieces) + b"\n\n"
    at_once, singly = sse.EventReader(), sse.EventReader()
    slowly = [event for byte in stream for event in singly.feed(bytes([byte]))]
    assert [*at_once.feed(stream), *at_once.close()] == [*slowly, *singly.close()]
