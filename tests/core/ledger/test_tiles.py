"""C2SP tlog-tiles: paths, widths, bundles, and tiles that grow out of the right edge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.ledger.merkle import leaf_hash, perfect_root, root_at
from tidegate.core.ledger.tiles import (
    ENTRIES,
    MAX_ENTRY_BYTES,
    Edge,
    Tile,
    TileName,
    decode_bundle,
    edge_tiles,
    encode_bundle,
    full_tiles,
    levels_of,
    parse_tile_path,
    partial_width,
    split_hashes,
    tile_path,
)

NAMES = st.builds(TileName, st.integers(ENTRIES, 63), st.integers(0, 10**12), st.integers(1, 256))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (TileName(0, 0), "tile/0/000"),
        (TileName(0, 0, 1), "tile/0/000.p/1"),
        (TileName(3, 67), "tile/3/067"),
        (TileName(1, 999, 255), "tile/1/999.p/255"),
        (TileName(0, 1000), "tile/0/x001/000"),
        (TileName(ENTRIES, 1234067), "tile/entries/x001/x234/067"),
        (TileName(ENTRIES, 1234067, 8), "tile/entries/x001/x234/067.p/8"),
        (TileName(63, 5), "tile/63/005"),
    ],
)
def test_tiles_lie_where_the_specification_puts_them(name, path):
    assert tile_path(name) == path
    assert parse_tile_path(path) == name


@given(NAMES)
def test_a_path_names_one_tile(name):
    assert parse_tile_path(tile_path(name)) == name


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0", "tile/0/00", "tile/0/0000", "tile/00/000", "tile/0/x000/001", "tile/0/001/002", "tile/0/000.p/0",
        "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000/", "tile/x/000", "tile/-1/000",
        "tile/0/000.p/1\n", "xtile/0/000", "tile/0/٠٠٠", "", "checkpoint",
    ],
)  # fmt: skip
def test_no_other_spelling_is_a_tile(path):
    assert parse_tile_path(path) is None


@pytest.mark.parametrize(
    ("size", "full", "partial"),
    [
        (0, {}, {}),
        (1, {}, {0: 1}),
        (255, {}, {0: 255}),
        (256, {0: 1}, {1: 1}),
        (257, {0: 1}, {0: 1, 1: 1}),
        (65_536, {0: 256, 1: 1}, {2: 1}),
        (70_000, {0: 273, 1: 1}, {0: 112, 1: 17, 2: 1}),
    ],
)
def test_each_size_has_its_tiles(size, full, partial):
    levels = levels_of(size)
    assert {level: n for level in levels if (n := full_tiles(level, size))} == full
    assert {level: n for level in levels if (n := partial_width(level, size))} == partial
    entries = {ENTRIES: partial[0]} if 0 in partial else {}
    assert {name.level: name.width for name in edge_tiles(size)} == entries | partial


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_its_entries_back(entries):
    assert decode_bundle(encode_bundle(entries)) == entries


def test_an_entry_may_fill_its_length_field_and_not_more():
    assert decode_bundle(encode_bundle([bytes(MAX_ENTRY_BYTES)])) == [bytes(MAX_ENTRY_BYTES)]
    with pytest.raises(OverflowError):
        encode_bundle([bytes(MAX_ENTRY_BYTES + 1)])


@given(st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=5), st.data())
def test_a_cut_bundle_is_seen_unless_it_ends_with_an_entry(entries, data):
    whole = encode_bundle(entries)
    cut = data.draw(st.integers(0, len(whole) - 1))
    ends = [len(encode_bundle(entries[:count])) for count in range(len(entries))]
    if cut in ends:
        assert decode_bundle(whole[:cut]) == entries[: ends.index(cut)]
    else:
        with pytest.raises(ValueError, match=r"the entry at byte \d+ is cut"):
            decode_bundle(whole[:cut])


def test_hashes_come_whole():
    assert split_hashes(bytes(64)) == [bytes(32)] * 2
    with pytest.raises(ValueError, match="63 bytes are not whole hashes"):
        split_hashes(bytes(63))


def tiles_of(leaves):
    """All hash tiles of a tree by the definition, the slow way."""
    size, found = len(leaves), {}
    for level in levels_of(size):
        width = 256**level
        row = [perfect_root(leaves[n * width : (n + 1) * width]) for n in range(size // width)]
        for number in range(-(-len(row) // 256)):
            piece = row[number * 256 : (number + 1) * 256]
            found[TileName(level, number, len(piece))] = b"".join(piece)
    return found


LEAVES = [leaf_hash(b"%d" % number) for number in range(600)]


@given(st.lists(st.integers(0, 300), max_size=6).filter(lambda cuts: sum(cuts) <= len(LEAVES)))
def test_tiles_do_not_depend_on_how_the_log_grew(steps):
    edge, found = Edge(), {}
    for step in steps:
        before = edge.size
        found |= dict(edge.grow(LEAVES[before : before + step]))
    found |= dict(edge.partial())
    size = sum(steps)
    assert edge.size == size
    assert found == tiles_of(LEAVES[:size])
    assert edge.root() == root_at(size, lambda level, n: perfect_root(LEAVES[n << level : (n + 1) << level]))


def test_a_tree_of_three_levels_has_the_right_root():
    edge = Edge()
    hashes = [leaf_hash(b"%d" % (number % 7)) for number in range(256 * 256 + 300)]
    full = edge.grow(hashes)
    assert [tile.name for tile in full if tile.name.level == 1] == [TileName(1, 0)]
    assert [tile.name for tile in edge.partial()] == [TileName(0, 257, 44), TileName(1, 1, 1), TileName(2, 0, 1)]
    size = len(hashes)
    assert edge.root() == root_at(size, lambda level, n: perfect_root(hashes[n << level : (n + 1) << level]))


def test_an_edge_comes_back_from_its_tiles():
    edge = Edge()
    edge.grow(LEAVES[:513])
    tiles = {name.level: split_hashes(data) for name, data in edge.partial()}
    again = Edge(513, [tiles.get(level, []) for level in levels_of(513)])
    assert again.root() == edge.root()
    assert again.grow(LEAVES[513:600]) == edge.grow(LEAVES[513:600])
    assert again.root() == edge.root()


def test_an_edge_that_does_not_fit_its_size_is_refused():
    with pytest.raises(ValueError, match=r"partial tiles of widths \[2\] are not those of a tree of 3"):
        Edge(3, [LEAVES[:2]])


def test_a_copy_grows_alone():
    edge = Edge()
    edge.grow(LEAVES[:10])
    root, twin = edge.root(), edge.copy()
    twin.grow(LEAVES[10:20])
    assert (edge.size, edge.root()) == (10, root)
    assert twin.root() != root


def test_a_full_tile_is_given_once_and_its_root_goes_up():
    edge = Edge()
    assert edge.grow(LEAVES[:255]) == []
    assert edge.grow(LEAVES[255:256]) == [Tile(TileName(0, 0), b"".join(LEAVES[:256]))]
    assert edge.partial() == [Tile(TileName(1, 0, 1), perfect_root(LEAVES[:256]))]
