"""Reads a log that may be in use: entries, and proofs about them. Takes no lock and changes nothing."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import orjson

from tidegate.adapters.stores.tlog.journal import segments
from tidegate.core.ledger import journal as groups
from tidegate.core.ledger.checkpoints import Head, Identity, parse_checkpoint, parse_identity
from tidegate.core.ledger.merkle import Node, consistency_proof, inclusion_proof, perfect_root
from tidegate.core.ledger.tiles import ENTRIES, WIDTH, TileName, decode_bundle, split_hashes, tile_path
from tidegate.core.values.errors import LedgerError

_PATIENCE = 20
_PAUSE_S = 0.01


@dataclass(frozen=True, slots=True)
class Inclusion:
    """What an auditor needs beside the log's verifier key: the entry at `index` is in the tree that `note` signs."""

    index: int
    entry: bytes
    path: list[bytes]
    note: str


def entries(folder: Path, *, newest_first: bool = False, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """(index, entry) of every entry that is on disk, sealed or not, from `start` on. Raises LedgerError.

    The journal is read first. What it no longer holds stands in full tiles, which never change: no entry is missed,
    and nothing is seen that was not durable, but for the group that is being written at this moment.
    """
    first, held = _journal(folder)
    if newest_first:
        yield from _backwards(first, held, start)
        for number in range((first - 1) // WIDTH, start // WIDTH - 1, -1):
            bundle = _bundle(folder, number)[: first - number * WIDTH]
            yield from _backwards(number * WIDTH, bundle, start)
    else:
        for number in range(start // WIDTH, -(-first // WIDTH)):
            for index, entry in enumerate(_bundle(folder, number), number * WIDTH):
                if start <= index < first:
                    yield index, entry
        for index, entry in enumerate(held, first):
            if index >= start:
                yield index, entry


def first_since(folder: Path, ts: str, *, newest: int = 0) -> int:
    """The index of the first entry from the moment `ts` on (a prefix of how entries spell it; empty: the beginning).

    `newest` > 0: of the last so many entries only. Times in a log never go back, so a few entries are looked at.
    """
    size = next((index + 1 for index, _ in entries(folder, newest_first=True)), 0)
    low, high = max(size - newest, 0) if newest else 0, size
    while ts and low < high:
        middle = (low + high) // 2
        # An entry is there unless the log was replaced meanwhile: then what follows is later than what was asked for.
        _, entry = next(entries(folder, start=middle), (0, b'{"ts":"~"}'))
        if str(orjson.loads(entry).get("ts", "")) < ts:
            low = middle + 1
        else:
            high = middle
    return low


def identity(folder: Path) -> Identity:
    try:
        return parse_identity((folder / "log").read_bytes().decode())
    except (OSError, ValueError) as error:
        raise LedgerError(f"{folder / 'log'} cannot be read: {error}") from error


def checkpoint(folder: Path) -> tuple[Head, str]:
    """The newest head and the note that signs it."""
    try:
        note = (folder / "checkpoint").read_bytes().decode()
        return parse_checkpoint(note, identity(folder).verifier)[0], note
    except (OSError, ValueError) as error:
        raise LedgerError(f"{folder / 'checkpoint'} cannot be read: {error}") from error


def prove_inclusion(folder: Path, index: int) -> Inclusion:
    """Against the newest checkpoint. Raises LedgerError for an entry that it does not cover yet."""
    head, note = checkpoint(folder)
    if not 0 <= index < head.size:
        raise LedgerError(f"the checkpoint covers entries 0 to {head.size - 1}; {index} is not among them")
    for _ in range(_PATIENCE):
        try:
            path = inclusion_proof(index, head.size, nodes(folder, head.size))
            entry = _bundle(folder, index // WIDTH, head.size)[index % WIDTH]
        except FileNotFoundError:  # the log has grown, and this head's partial tiles are gone
            head, note = checkpoint(folder)
        else:
            return Inclusion(index, entry, path, note)
    raise LedgerError(f"tiles under {folder / 'tile'} are missing; `tidegate audit verify {folder}` says more")


def prove_consistency(folder: Path, first: int, second: int) -> list[bytes]:
    """Shows that the tree of `second` entries, which the newest checkpoint covers, extends that of `first`."""
    head, _ = checkpoint(folder)
    if not 0 <= first <= second <= head.size:
        raise LedgerError(f"the checkpoint covers {head.size} entries: there is no proof from {first} to {second}")
    return consistency_proof(first, second, nodes(folder, head.size))


def nodes(folder: Path, size: int) -> Node:
    """Subtree roots of the tree of `size` entries, from its tiles."""

    @lru_cache(maxsize=64)
    def tile(level: int, number: int) -> list[bytes]:
        width = min(WIDTH, (size >> 8 * level) - number * WIDTH)
        return split_hashes(_read_tile(folder, TileName(level, number, width)))

    def node(level: int, index: int) -> bytes:
        height = level % 8
        place = index << height
        hashes = tile(level // 8, place // WIDTH)
        return perfect_root(hashes[place % WIDTH : place % WIDTH + (1 << height)])

    return node


def _read_tile(folder: Path, name: TileName) -> bytes:
    """Once a tile is full its partial forms go away, so either may be the one that is there."""
    try:
        return (folder / tile_path(name)).read_bytes()
    except FileNotFoundError:
        width = WIDTH if name.level == ENTRIES else 32 * name.width
        full = (folder / tile_path(name._replace(width=WIDTH))).read_bytes()
        return full if name.level == ENTRIES else full[:width]


def _bundle(folder: Path, number: int, size: int | None = None) -> list[bytes]:
    width = WIDTH if size is None else min(WIDTH, size - number * WIDTH)
    return decode_bundle(_read_tile(folder, TileName(ENTRIES, number, width)))


def _backwards(first: int, held: list[bytes], start: int) -> Iterator[tuple[int, bytes]]:
    for offset in range(len(held) - 1, -1, -1):
        if first + offset < start:
            return
        yield first + offset, held[offset]


def _journal(folder: Path) -> tuple[int, list[bytes]]:
    """The index of the first entry in the journal, and its entries as far as they are whole."""
    origin = identity(folder).origin
    trouble = "is missing"
    for _ in range(_PATIENCE):
        try:
            found = segments(folder / "wal")
            scans = [groups.scan(origin, segment.first, segment.path.read_bytes()) for segment in found]
        except FileNotFoundError:  # a segment was dropped after it was listed
            continue
        except OSError as error:
            raise LedgerError(
                f"the journal under {folder / 'wal'} cannot be read: {error.strerror or error}"
            ) from error
        damaged = [scan.damage for scan in scans if scan.damage]
        if found and not damaged:
            return found[0].first, [entry for scan in scans for entry in scan.entries]
        trouble = damaged[0] if damaged else trouble
        time.sleep(_PAUSE_S)  # a group that is being copied this instant may look damaged
    raise LedgerError(f"the journal under {folder / 'wal'}: {trouble}; `tidegate audit verify {folder}` says more")
