"""C2SP tlog-tiles: where a tile lies, what it holds, and the tree's right edge from which new tiles come.

A hash tile of level L holds up to 256 roots over 256**L leaves each; an entry bundle holds up to 256 entries, each
behind its length (u16, big-endian). The last tile of a level is partial until it is full.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tidegate.core.ledger.merkle import fold, perfect_root

WIDTH = 256
HASH_BYTES = 32
MAX_ENTRY_BYTES = 0xFFFF

_NUMBER = r"(?P<number>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
_PATH = re.compile(rf"tile/(?P<level>entries|0|[1-9][0-9]?)/{_NUMBER}\Z")
ENTRIES = -1


class TileName(NamedTuple):
    """`level` is ENTRIES for an entry bundle. `width` is 256 for a full tile."""

    level: int
    number: int
    width: int = WIDTH


class Tile(NamedTuple):
    name: TileName
    data: bytes


def tile_path(name: TileName) -> str:
    """Relative to the log's folder, e.g. `tile/0/x001/234.p/7`."""
    digits = f"{name.number:03d}"
    digits = digits.rjust(-(-len(digits) // 3) * 3, "0")
    groups = [digits[place : place + 3] for place in range(0, len(digits), 3)]
    number = "/".join([*("x" + group for group in groups[:-1]), groups[-1]])
    level = "entries" if name.level == ENTRIES else str(name.level)
    return f"tile/{level}/{number}" + ("" if name.width == WIDTH else f".p/{name.width}")


def parse_tile_path(path: str) -> TileName | None:
    """The inverse of `tile_path`; None for a path that no tile has, also where it only spells one differently."""
    found = _PATH.match(path)
    if found is None:
        return None
    level = ENTRIES if found["level"] == "entries" else int(found["level"])
    name = TileName(level, int(found["number"].replace("/", "").replace("x", "")), int(found["width"] or WIDTH))
    return name if tile_path(name) == path else None


def partial_width(level: int, size: int) -> int:
    """The width of the partial tile of `level` in a tree of `size`; 0 where there is none."""
    return (size >> 8 * max(level, 0)) % WIDTH


def full_tiles(level: int, size: int) -> int:
    """How many full tiles of `level` a tree of `size` has."""
    return size >> 8 * (max(level, 0) + 1)


def levels_of(size: int) -> range:
    """The levels that hold at least one hash in a tree of `size`."""
    return range(-(-size.bit_length() // 8) if size else 0)


def edge_tiles(size: int) -> list[TileName]:
    """The partial tiles of a tree of `size`, its entry bundle first."""
    names = [
        TileName(level, full_tiles(level, size), partial_width(level, size)) for level in (ENTRIES, *levels_of(size))
    ]
    return [name for name in names if name.width]


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """Raises OverflowError for an entry above 65,535 bytes."""
    return b"".join([piece for entry in entries for piece in (len(entry).to_bytes(2), entry)])


def decode_bundle(data: bytes) -> list[bytes]:
    """Raises ValueError when the lengths do not add up."""
    entries, place, end = [], 0, len(data)
    while place < end:
        start = place + 2
        place = start + int.from_bytes(data[place:start])
        if place > end or start > end:
            raise ValueError(f"the entry at byte {start - 2} is cut")
        entries.append(data[start:place])
    return entries


class Edge:
    """The right edge of a tree: at each tile level the hashes of its last, unfinished tile. All that growing needs."""

    __slots__ = ("_levels", "size")

    def __init__(self, size: int = 0, levels: Sequence[Sequence[bytes]] = ()) -> None:
        """`levels[L]` are the hashes of the partial tile of level L; raises ValueError if they do not fit `size`."""
        self.size = size
        self._levels = [list(hashes) for hashes in levels]
        wanted = [partial_width(level, size) for level in levels_of(size)]
        found = [len(hashes) for hashes in self._levels]
        if found + [0] * (len(wanted) - len(found)) != wanted:
            raise ValueError(f"partial tiles of widths {found} are not those of a tree of {size}")

    def copy(self) -> "Edge":
        return Edge(self.size, self._levels)

    def grow(self, leaves: Iterable[bytes]) -> list[Tile]:
        """Adds leaf hashes; gives the hash tiles that became full, each below the ones that hold its root."""
        full: list[Tile] = []
        for leaf in leaves:
            self._add(leaf, full)
        return full

    def _add(self, leaf: bytes, full: list[Tile]) -> None:
        self.size += 1
        level, added = 0, leaf
        while True:
            if level == len(self._levels):
                self._levels.append([])
            row = self._levels[level]
            row.append(added)
            if len(row) < WIDTH:
                return
            full.append(Tile(TileName(level, (self.size >> 8 * (level + 1)) - 1), b"".join(row)))
            added = perfect_root(row)
            row.clear()
            level += 1

    def partial(self) -> list[Tile]:
        """The hash tiles that are not full, as they stand now."""
        return [
            Tile(TileName(level, full_tiles(level, self.size), len(row)), b"".join(row))
            for level, row in enumerate(self._levels)
            if row
        ]

    def root(self) -> bytes:
        peaks = []
        for row in reversed(self._levels):
            place = 0
            for width in (128, 64, 32, 16, 8, 4, 2, 1):
                if len(row) & width:
                    peaks.append(perfect_root(row[place : place + width]))
                    place += width
        return fold(peaks)


def split_hashes(data: bytes) -> list[bytes]:
    """A hash tile's hashes; raises ValueError when it does not hold whole ones."""
    if len(data) % HASH_BYTES:
        raise ValueError(f"{len(data)} bytes are not whole hashes")
    return [data[place : place + HASH_BYTES] for place in range(0, len(data), HASH_BYTES)]
