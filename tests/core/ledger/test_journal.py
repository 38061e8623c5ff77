"""The journal's groups: what a stop in the middle may leave is told from damage."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.ledger.journal import HEADER, SECTOR, encode_group, padded, scan

ORIGIN = "tidegate/0199aa/w0"
ENTRY = st.binary(min_size=1, max_size=1500).map(lambda raw: b"{" + raw.replace(b"\x00", b".") + b"}")
GROUPS = st.lists(st.lists(ENTRY, min_size=1, max_size=4), min_size=1, max_size=4)
ROOM = 64 << 10


def segment(groups, first=0, room=ROOM):
    data, index = b"", first
    for group in groups:
        data += b"".join(encode_group(ORIGIN, index, group))
        index += len(group)
    return data.ljust(room, b"\x00")


def flat(groups):
    return [entry for group in groups for entry in group]


def test_a_group_is_laid_out_as_documented():
    header, payload, zeros = encode_group(ORIGIN, 7, [b"ab", b"c"])
    assert header.hex().startswith("00000007000000020000000000000007")
    assert payload == b"\x00\x02ab\x00\x01c"
    assert (len(header), len(header + payload + zeros)) == (HEADER.size, SECTOR) == (32, 512)


@pytest.mark.parametrize(("length", "room"), [(0, 0), (1, 512), (512, 512), (513, 1024)])
def test_groups_begin_on_sectors(length, room):
    assert padded(length) == room


@given(GROUPS, st.integers(0, 2**40))
def test_what_was_written_is_read(groups, first):
    found = scan(ORIGIN, first, segment(groups, first))
    assert found.entries == flat(groups)
    assert (found.torn, found.damage) == (False, None)
    assert scan(ORIGIN, first, segment(groups, first)[: found.end]) == found


@pytest.mark.parametrize("data", [b"", bytes(10), bytes(ROOM)])
def test_an_unused_segment_holds_nothing(data):
    assert scan(ORIGIN, 5, data) == ([], 0, False, None)


@given(GROUPS, st.data())
def test_a_group_that_stops_behind_its_header_is_torn_and_nothing_before_it_is_lost(groups, data):
    whole = segment(groups)
    start = scan(ORIGIN, 0, segment(groups[:-1])).end
    end = start + len(b"".join(encode_group(ORIGIN, 0, groups[-1])).rstrip(b"\x00"))
    cut = data.draw(st.one_of(st.just(start), st.integers(start + HEADER.size, end - 1)))
    found = scan(ORIGIN, 0, whole[:cut].ljust(ROOM, b"\x00"))
    assert found.entries == flat(groups[:-1])
    assert (found.end, found.damage) == (start, None)
    assert found.torn == bool(whole[start:cut].strip(b"\x00"))


@given(GROUPS, st.data())
def test_a_group_of_which_any_sectors_are_missing_is_torn(groups, data):
    """A disk may have written the later sectors of a group, and not the earlier ones."""
    start = scan(ORIGIN, 0, segment(groups[:-1])).end
    whole = bytearray(segment(groups))
    end = len(bytes(whole).rstrip(b"\x00"))
    sectors = range(start, end, SECTOR)
    missing = data.draw(st.sets(st.sampled_from(sectors), min_size=1))
    for place in missing:
        whole[place : place + SECTOR] = bytes(SECTOR)
    found = scan(ORIGIN, 0, bytes(whole))
    assert (found.entries, found.damage) == (flat(groups[:-1]), None)
    assert found.torn == (len(missing) < len(sectors))


@given(GROUPS, st.data())
def test_a_flipped_bit_is_damage_wherever_it_is(groups, data):
    """Also in the last group, and in the zeros: a bit that turned is no stop in the middle."""
    whole = bytearray(segment(groups))
    place = data.draw(st.one_of(st.integers(0, len(whole) - 1), st.integers(0, scan(ORIGIN, 0, bytes(whole)).end + 99)))
    whole[place] ^= 1 << data.draw(st.integers(0, 7))
    found = scan(ORIGIN, 0, bytes(whole))
    assert found.damage
    assert not found.torn


@given(GROUPS.filter(lambda groups: len(groups) > 1), st.data())
def test_damage_in_the_middle_is_not_taken_for_a_torn_tail(groups, data):
    first_end = scan(ORIGIN, 0, segment(groups[:1])).end
    whole = bytearray(segment(groups))
    place = data.draw(st.integers(0, first_end - 1)) // SECTOR * SECTOR
    whole[place : place + SECTOR] = bytes(SECTOR)
    found = scan(ORIGIN, 0, bytes(whole))
    assert found.damage
    assert not found.torn
    assert found.end == 0


def test_groups_cannot_be_swapped_repeated_or_taken_from_another_log():
    one, two, three = (b"".join(encode_group(ORIGIN, n, [b"{%d}" % n])) for n in range(3))
    other = b"".join(encode_group("tidegate/other/w0", 1, [b"{1}"]))
    for data in (two + one + three, one + one + two, one + three, one + other + three, one + two + two):
        found = scan(ORIGIN, 0, data)
        assert found.damage, data
        assert not found.torn


def test_a_segment_read_under_another_name_is_damage():
    assert scan(ORIGIN, 1, segment([[b"{0}"]], first=0)).damage == "a group that begins with entry 0 where 1 is due"


def test_bytes_between_groups_are_damage():
    data = bytearray(segment([[b"{0}"], [b"{1}"]]))
    data[SECTOR - 1] = 1
    assert scan(ORIGIN, 0, bytes(data)).damage


def test_garbage_is_damage_and_not_a_tail():
    assert scan(ORIGIN, 0, os.urandom(4096).replace(b"\x00", b"x")).damage
