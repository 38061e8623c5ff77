"""The file: what is refused, and look-ups in sorted numbers."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.classify.records.tables import KEY, packed, table
from tidegate.core.classify.records import RecordKey, TableError, read_header, unpack
from tidegate.core.classify.records.table import MAGIC, Header, pack

NUMBERS = st.sets(st.integers(0, 2**64 - 1).map(lambda n: n & ~0x1F), max_size=200)


@given(NUMBERS, NUMBERS, st.lists(st.integers(0, 2**64 - 1), max_size=20))
def test_what_is_in_is_found_and_nothing_else(cells, groups, others):
    header = Header(
        name="x", label="customer.record", registered_at="", key_check=KEY.check, rows=1, columns=("a",), alone=0,
        together=0, entries=len(cells), groups=len(groups), most_together=2, most_words=1, lengths=0, most_letters=0,
    )  # fmt: skip
    content = b"".join(pack(header, array("Q", sorted(cell | 3 for cell in cells)), array("Q", sorted(groups))))
    found = table(content + KEY.file([content]))
    assert all(found.cells.flags(cell) == 3 for cell in cells)
    assert all(group in found.groups for group in groups)
    for other in others:
        assert (other in found.groups) is (other in groups)
        assert found.cells.flags(other & ~0x1F) == (3 if other & ~0x1F in cells else 0)


def test_a_header_is_read_without_a_key():
    header, _ = read_header(packed())
    assert (header.name, header.label, header.rows, header.alone, header.together) == (
        "crm", "customer.record", 3, 6, 9,
    )  # fmt: skip


def test_another_key_is_told_from_damage():
    content, other = packed(), RecordKey(b"e" * 32)
    with pytest.raises(TableError, match="another key"):
        unpack(memoryview(content), other.file([content[:-32]]), other.check)


@pytest.mark.parametrize("at", [0, 9, 40, 200, 700, -1])
def test_every_flipped_bit_is_damage(at):
    content = bytearray(packed())
    content[at] ^= 1
    with pytest.raises(TableError):
        table(bytes(content))


@pytest.mark.parametrize("size", [0, 4, 8, 12, 40, 300, 600, -1, -8])
def test_a_file_that_was_cut_short_is_damage(size):
    with pytest.raises(TableError):
        table(packed()[:size])


@pytest.mark.parametrize(
    "said",
    [b"[]", b"{}", b'{"version":2}', b'{"version":1,"order":"sideways"}', b"\xff", b'{"version":1,"order":"little"}'],
)
def test_a_header_that_is_none_is_refused(said):
    with pytest.raises(TableError):
        read_header(MAGIC + len(said).to_bytes(4, "little") + said)


def test_lengths_that_lie_are_refused():
    with pytest.raises(TableError, match="damaged"):
        read_header(MAGIC + (1 << 30).to_bytes(4, "little"))


def test_the_version_changes_with_the_content():
    assert table(packed()).version == table(packed()).version != table(packed()[:1] + packed(name="other")[1:]).version
