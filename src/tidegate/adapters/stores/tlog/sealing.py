"""Turns durable entries into tiles under a signed checkpoint, every step of it durable before the next.

Order: tiles, their folders' names, history line, checkpoint. Whatever breaks in between, the last checkpoint stands on
tiles that are all there, and the attempt can be made again from the same entries: a head is kept in memory only when
its checkpoint is on disk.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tidegate.adapters.stores.tlog.disk import Disk
from tidegate.core.ledger.checkpoints import Head, HistoryLine
from tidegate.core.ledger.entries import LowWater
from tidegate.core.ledger.merkle import leaf_hash
from tidegate.core.ledger.notes import Signer
from tidegate.core.ledger.tiles import (
    ENTRIES,
    WIDTH,
    Edge,
    Tile,
    TileName,
    edge_tiles,
    encode_bundle,
    full_tiles,
    levels_of,
    tile_path,
)
from tidegate.ports import Anchor


class Sealed(NamedTuple):
    """What a checkpoint covers: the tree's right edge, its unfinished entry bundle, the oldest intent then open, and
    the line in the history with the offset behind it.
    """

    edge: Edge
    bundle: list[bytes]
    low: LowWater
    line: HistoryLine
    history_bytes: int


class Sealing:
    """Has one user at a time."""

    def __init__(self, disk: Disk, folder: Path, signer: Signer, sealed: Sealed) -> None:
        self._disk, self._folder, self._signer = disk, folder, signer
        self._temporary = folder / "tmp" / "seal"
        self.sealed = sealed

    @property
    def head(self) -> Head:
        return self.sealed.line.head

    def anchor(self) -> Anchor:
        """The newest head, as others keep it."""
        line = self.sealed.line
        return Anchor(line.head.origin, line.head.size, line.head.root, line.note(self._signer.verifier))

    def seal(self, grown: Sequence[bytes], does: Sequence[int]) -> None:
        """Covers `grown`, the durable entries behind the last head, of which each `does` something to open intents.

        Raises OSError, and then nothing has changed but files that the next attempt writes again.
        """
        before = self.sealed
        edge, low = before.edge.copy(), before.low.copy()
        for index, doing in enumerate(does, before.edge.size):
            low.admit(index, doing)
        entries = [*before.bundle, *grown]
        tiles = [*self._bundles(entries, before.edge.size // WIDTH)]
        tiles += edge.grow(map(leaf_hash, grown))
        tiles += edge.partial()
        known = set(edge_tiles(before.edge.size))  # a tile of the same width holds the same
        self._place([tile for tile in tiles if tile.name not in known])
        line = self._line(edge, low, before.line.number + 1)
        rendered = line.render().encode()
        self._disk.extend(self._folder / "checkpoints", rendered, before.history_bytes)
        self._publish(line)
        bundle = entries[len(entries) - len(entries) % WIDTH :]
        self.sealed = Sealed(edge, bundle, low, line, before.history_bytes + len(rendered))

    def _line(self, edge: Edge, low: LowWater, number: int) -> HistoryLine:
        head = Head(self._signer.verifier.name, edge.size, edge.root())
        return HistoryLine(number, low.mark(edge.size), head, self._signer.sign(head.text()))

    def _bundles(self, entries: Sequence[bytes], number: int) -> list[Tile]:
        pieces = [entries[place : place + WIDTH] for place in range(0, len(entries), WIDTH)]
        return [
            Tile(TileName(ENTRIES, number + offset, len(piece)), encode_bundle(piece))
            for offset, piece in enumerate(pieces)
        ]

    def _place(self, tiles: Sequence[Tile]) -> None:
        paths = {self._folder / tile_path(tile.name): tile.data for tile in tiles}
        folders = {path.parent for path in paths}
        for folder in sorted(folders):
            self._disk.make_folder(folder)
        for path, data in paths.items():
            self._disk.place(path, data, self._temporary)
        for folder in sorted(folders):
            self._disk.sync_folder(folder)

    def _publish(self, line: HistoryLine) -> None:
        note = line.note(self._signer.verifier).encode()
        self._disk.place(self._folder / "checkpoint", note, self._temporary)
        self._disk.sync_folder(self._folder)

    def tidy(self, since: int) -> None:
        """Removes partial tiles that the tree of the last head has outgrown, those of heads from size `since` on, and
        what an attempt that was given up has left beyond it.
        """
        size = self.sealed.edge.size
        for level in (ENTRIES, *levels_of(size)):
            for number in range(full_tiles(level, since), full_tiles(level, size) + 1):
                self._tidy_one(level, number, size)

    def _tidy_one(self, level: int, number: int, size: int) -> None:
        width = (size >> 8 * max(level, 0)) % WIDTH if number == full_tiles(level, size) else 0
        folder = (self._folder / tile_path(TileName(level, number, 1))).parent
        if not folder.is_dir():
            return
        for path in folder.iterdir():
            if path.name != str(width):
                self._disk.remove(path)
        if not width:
            self._disk.remove(folder)
