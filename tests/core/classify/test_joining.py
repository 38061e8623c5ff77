from collections.abc import Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.classify.fold import SEAM
from tidegate.core.classify.joining import GROUP_CHARS, PACK_CHARS, SMALL_CHARS, Group, Joined
from tidegate.core.classify.rows import EDGE, Hit
from tidegate.core.values.envelope import Part, Position

PARTS = st.lists(
    st.builds(lambda text, is_key: Part(Position.USER, (), text, is_key), st.text(max_size=20), st.booleans()),
    max_size=6,
)


def only(parts: Sequence[Part]) -> Group:
    (group,) = Joined(parts).packs()
    return group


@given(PARTS)
def test_each_part_is_where_its_span_says(parts):
    joined = only(parts)
    for part, (start, end) in zip(parts, joined.spans if parts else [], strict=True):
        expected = part.text.replace(SEAM, "\x1f").encode()
        assert joined.source[start:end] == expected


@given(PARTS, st.data())
def test_a_span_of_bytes_becomes_the_same_characters_of_its_part(parts, data):
    joined = only(parts)
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
    assert only(parts).source == b"password\x1e=x"


def test_lone_surrogates_neither_raise_nor_move_offsets():
    parts = [Part(Position.USER, (), "a\ud800b"), Part(Position.USER, (), "c")]
    (group,) = Joined(parts).without_surrogates().packs()
    start, end = group.spans[0]
    assert (found := next(group.findings([Hit(end - 1, end, "x", 0.9, "x")]))).start == 2
    assert (found.end, start) == (3, 0)


def test_a_hit_across_a_seam_becomes_one_for_each_part():
    group = only([Part(Position.USER, (), "abc"), Part(Position.USER, (), "def")])
    found = list(group.findings([Hit(1, 6, "x", 0.9, "x")]))
    assert [(f.part, f.start, f.end) for f in found] == [(0, 1, 3), (1, 0, 2)]


LONG_PARTS = st.lists(
    st.builds(
        lambda n, field, text, is_key: Part(Position.USER, (field, n), text, is_key),
        st.integers(0, 9),
        st.sampled_from(["messages", "tools"]),
        st.builds(lambda text, times: text * times, st.text("ab \n\u00e9", max_size=12), st.integers(0, 900)),
        st.booleans(),
    ),
    max_size=30,
)


@given(LONG_PARTS)
def test_groups_hold_every_part_once_and_show_what_stands_around(parts):
    joined = Joined(parts)
    packs = list(joined.packs())
    groups = [group for pack in packs for group in ([pack] if joined.is_group(pack) else joined.groups(pack))]
    for level in (packs, groups):
        assert [n for group in level for n in range(group.first, group.stop)] == list(range(len(parts)))
    for group in groups:
        around = joined.text.encode()
        assert group.source in around
        assert group.low <= 2 * EDGE
        assert len(group.source) - group.high <= 2 * EDGE
        texts = [part.text.encode() for part in parts[group.first : group.stop]]
        assert [group.source[low:high] for _, low, high in group.own()] == texts


@given(LONG_PARTS)
def test_no_group_but_the_last_ends_behind_a_key_or_is_short(parts):
    joined = Joined(parts)
    if len(joined.text) <= SMALL_CHARS:
        return
    for pack in joined.packs():
        for group in joined.groups(pack):
            if group.stop in {pack.stop, len(parts)} or parts[group.stop].path[0] != parts[group.first].path[0]:
                continue
            assert not parts[group.stop - 1].is_key
            assert GROUP_CHARS[0] <= len(joined.text[joined.starts[group.first] : joined.starts[group.stop]])
            if group.stop - group.first > 1 and not parts[group.stop - 2].is_key:
                assert joined.starts[group.stop - 1] - joined.starts[group.first] < GROUP_CHARS[1]


def test_a_conversation_that_goes_on_keeps_its_groups_and_one_that_loses_its_beginning_finds_them_again():
    draw = Random(5)
    turns = [Part(Position.USER, ("messages", n), "word " * draw.randrange(10, 300)) for n in range(200)]
    tools = [Part(Position.TOOL_DEFINITION, ("tools", n), "tool " * draw.randrange(10, 40)) for n in range(60)]

    def sources(parts: list[Part]) -> list[bytes]:
        joined = Joined(parts)
        return [group.source for pack in joined.packs() for group in joined.groups(pack)]

    before = set(sources(turns[:180] + tools))
    after = sources(turns[:182] + tools)
    assert sum(source not in before for source in after) <= 3
    later = sources(turns[7:182] + tools)
    assert sum(source not in before for source in later) < len(later) / 3
    assert PACK_CHARS[0] > GROUP_CHARS[1]
