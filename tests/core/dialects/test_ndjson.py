"""Lines come out whole, however they were cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dialects import ndjson
from tidegate.core.values.errors import UpstreamError

SHAPES = [
    (b"{}\n", [b"{}"]),
    (b'{"a":1}\n{"b":2}\n', [b'{"a":1}', b'{"b":2}']),
    (b"{}\r\n", [b"{}"]),
    (b"  {} \n", [b"{}"]),
    (b"\n\n{}\n", [None, None, b"{}"]),
    (b"a\rb\n", [b"a\rb"]),
    (b"a\x0bb\x85\n", [b"a\x0bb\x85"]),
]


@pytest.mark.parametrize(("stream", "data"), SHAPES)
def test_lines_end_where_a_line_feed_is(stream, data):
    reader = ndjson.LineReader()
    found = reader.feed(stream)
    assert [line.data for line in found] == data
    assert b"".join(line.raw for line in found) == stream
    assert reader.close() == []


def test_a_last_line_without_its_line_feed_still_counts():
    reader = ndjson.LineReader()
    assert reader.feed(b'{"done":true}') == []
    assert reader.close() == [ndjson.Line(b'{"done":true}', b'{"done":true}')]
    assert reader.close() == []


@given(
    lines=st.lists(st.binary(max_size=8).map(lambda b: b.translate(None, b"\n"))),
    cuts=st.lists(st.integers(1, 9), min_size=1),
)
def test_any_cut_gives_the_same_lines_and_loses_no_byte(lines, cuts):
    stream = b"".join(line + b"\n" for line in lines)
    reader, got, at, turn = ndjson.LineReader(), [], 0, 0
    while at < len(stream):
        size = cuts[turn % len(cuts)]
        got += reader.feed(stream[at : at + size])
        at, turn = at + size, turn + 1
    assert reader.close() == []
    assert [line.data for line in got] == [line.strip() or None for line in lines]
    assert b"".join(line.raw for line in got) == stream


def test_a_line_without_end_is_refused():
    reader = ndjson.LineReader()
    with pytest.raises(UpstreamError) as cut:
        for _ in range(9):
            reader.feed(b"x" * (ndjson.MAX_LINE_BYTES // 8))
    assert cut.value.kind == "too_large"


def test_what_is_rendered_is_read_again():
    assert ndjson.LineReader().feed(ndjson.render(b"{}"))[0].data == b"{}"
