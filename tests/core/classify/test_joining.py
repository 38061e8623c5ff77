from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.classify.fold import SEAM
from tidegate.core.classify.joining import Joined
from tidegate.core.classify.rows import Hit
from tidegate.core.values.envelope import Part, Position

PARTS = st.lists(
    st.builds(lambda text, is_key: Part(Position.USER, (), text, is_key), st.text(max_size=20), st.booleans()),
    max_size=6,
)


@given(PARTS)
def test_each_part_is_where_its_span_says(parts):
    joined = Joined(parts)
    for part, (start, end) in zip(parts, joined.spans if parts else [], strict=True):
        expected = part.text.replace(SEAM, "\x1f").encode()
        assert joined.source[start:end] == expected


@given(PARTS, st.data())
def test_a_span_of_bytes_becomes_the_same_characters_of_its_part(parts, data):
    joined = Joined(parts)
    places = [n for n, part in enumerate(parts) if part.text]
    if not places:
        return
    where = data.draw(st.sampled_from(places))
    text = parts[where].text
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    base = joined.spans[where][0]
    low, high = base + len(text[:start].encode()), base + len(text[:end].encode())
    (found,) = joined.findings([Hit(low, high, "pii.email", 0.9, "x")])
    assert (found.part, found.start, found.end) == (where, start, end)


def test_a_key_is_assigned_to_what_follows_it():
    parts = [
        Part(Position.METADATA, ("password",), "password", is_key=True),
        Part(Position.METADATA, ("password",), "x"),
    ]
    assert Joined(parts).source == b"password\x1e=x"


def test_lone_surrogates_neither_raise_nor_move_offsets():
    joined = Joined([Part(Position.USER, (), "a\ud800b"), Part(Position.USER, (), "c")])
    start, end = joined.spans[0]
    assert (found := next(joined.findings([Hit(end - 1, end, "x", 0.9, "x")]))).start == 2
    assert (found.end, start) == (3, 0)


def test_a_hit_across_a_seam_becomes_one_for_each_part():
    joined = Joined([Part(Position.USER, (), "abc"), Part(Position.USER, (), "def")])
    found = list(joined.findings([Hit(1, 6, "x", 0.9, "x")]))
    assert [(f.part, f.start, f.end) for f in found] == [(0, 1, 3), (1, 0, 2)]
