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


def test_an_event_without_end_is_refused():
    reader = sse.EventReader()
    with pytest.raises(UpstreamError) as cut:
        for _ in range(9):
            reader.feed(b"x" * (sse.MAX_EVENT_BYTES // 8))
    assert cut.value.kind == "too_large"
