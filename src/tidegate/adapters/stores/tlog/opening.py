"""Making a log, and finding out where one stands: lock, identity, last head, journal, orphans."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tidegate.adapters.stores.tlog.disk import Disk
from tidegate.adapters.stores.tlog.journal import Journal
from tidegate.adapters.stores.tlog.reading import nodes
from tidegate.adapters.stores.tlog.sealing import Sealed, Sealing
from tidegate.core.ledger.checkpoints import (
    Head,
    HistoryLine,
    Identity,
    parse_checkpoint,
    parse_history_line,
    parse_identity,
    render_identity,
    whole_lines,
)
from tidegate.core.ledger.entries import Bearing, LowWater, OpenIntents, bearing, nanoseconds, rfc3339
from tidegate.core.ledger.merkle import EMPTY_ROOT, leaf_hash, root_at
from tidegate.core.ledger.notes import Signer
from tidegate.core.ledger.tiles import (
    ENTRIES,
    WIDTH,
    Edge,
    TileName,
    decode_bundle,
    edge_tiles,
    full_tiles,
    levels_of,
    partial_width,
    split_hashes,
    tile_path,
)
from tidegate.core.values.errors import LedgerError
from tidegate.ports import Anchor

_LOCK_PATIENCE_S = 1.0
_RECENT = 256
_LINE_LIMIT = 512

Recovered = Callable[[bytes, int], bytes]


class Opened(NamedTuple):
    lock: int
    signer: Signer
    journal: Journal
    sealing: Sealing
    intents: OpenIntents
    last_time_ns: int


class Wanted(NamedTuple):
    """What `TileLog.open` was asked for; its docstring says what each is."""

    folder: Path
    seed: bytes
    origin_id: str
    recovered: Recovered
    now_ns: int
    anchored: Anchor | None
    segment_bytes: int


def open_log(disk: Disk, wanted: Wanted) -> Opened:
    """Raises LedgerError with a sentence: what, where, what to do."""
    folder = wanted.folder
    try:
        if not folder.is_dir() or not any(folder.iterdir()):
            _create(disk, wanted)
        lock = take_lock(folder)
    except OSError as error:
        raise LedgerError(
            f"the audit log {folder} cannot be opened: {error.strerror or error}. "
            "Give the gateway's user a folder it can write, in [audit] path."
        ) from error
    try:
        return _open(disk, wanted, lock)
    except (OSError, ValueError, LedgerError) as error:
        os.close(lock)
        raise LedgerError(
            f"the audit log does not open, so nothing can be served: {error}. "
            f"`tidegate audit verify {folder}` inspects it."
        ) from error


def take_lock(folder: Path) -> int:
    """Held until the descriptor is closed or the process ends.

    A verifier may hold it shared for an instant: hence the patience.
    """
    fd = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    until = time.monotonic() + _LOCK_PATIENCE_S
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                holder = os.pread(fd, 32, 0).decode("ascii", "replace").strip() or "unknown"
                os.close(fd)
                raise LedgerError(
                    f"the audit log {folder} is in use by process {holder}: stop that gateway first, "
                    "or give this one a folder of its own in [audit] path"
                ) from None
            time.sleep(0.05)
        else:
            os.ftruncate(fd, 0)
            os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
            return fd


def _create(disk: Disk, wanted: Wanted) -> None:
    """Builds an empty log beside its place and renames it there: a log is whole or not there."""
    folder, anchored = wanted.folder, wanted.anchored
    if anchored is not None and anchored.size:
        raise LedgerError(
            f"{folder} holds no audit log, but one of {anchored.size} entries ({anchored.origin}) was written there: "
            "put it back, or forget its head if it was moved away on purpose"
        )
    new = folder.parent / f".{folder.name}.{os.getpid()}.new"
    shutil.rmtree(new, ignore_errors=True)
    try:
        _build(disk, wanted, new)
        disk.rename(new, folder)
    except OSError:
        if not (folder / "log").exists():  # else another gateway was faster, and will be found to hold the lock
            raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
    disk.sync_folder(folder.parent)


def _build(disk: Disk, wanted: Wanted, new: Path) -> None:
    origin = f"tidegate/{wanted.origin_id}/{wanted.folder.name}"
    signer = Signer(origin, wanted.seed)
    for name in ("tmp", "tile", "wal"):
        disk.make_folder(new / name)
    identity = Identity(origin, rfc3339(wanted.now_ns), signer.verifier)
    disk.place(new / "log", render_identity(identity, signer).encode(), new / "tmp" / "log")
    head = Head(origin, 0, EMPTY_ROOT)
    line = HistoryLine(1, 0, head, signer.sign(head.text()))
    disk.place(new / "checkpoints", line.render().encode(), new / "tmp" / "checkpoints")
    disk.place(new / "checkpoint", line.note(signer.verifier).encode(), new / "tmp" / "checkpoint")
    journal = Journal(disk, new / "wal", origin, wanted.segment_bytes)
    journal.begin(0)
    journal.close()
    disk.sync_folder(new)


def _open(disk: Disk, wanted: Wanted, lock: int) -> Opened:
    folder = wanted.folder
    identity = _identity(folder)
    signer = Signer(identity.origin, wanted.seed)
    if signer.verifier != identity.verifier:
        raise LedgerError(
            f"{folder / 'log'} was signed with another key than the one in [keys] path; restore that key, "
            "or move the log away to begin a new one"
        )
    _settle(disk, folder)
    line, before, history_bytes = _last_heads(disk, folder, signer)
    sealing = Sealing(disk, folder, signer, _sealed(folder, line, history_bytes))
    if wanted.anchored is not None:
        _compare(folder, line.head, wanted.anchored)
    journal = Journal(disk, folder / "wal", identity.origin, wanted.segment_bytes)
    try:
        return _recover(wanted, Opened(lock, signer, journal, sealing, OpenIntents(), 0), before)
    except BaseException:
        journal.close()
        raise


def _recover(wanted: Wanted, found: Opened, before: int) -> Opened:
    """Brings tiles and head to where the journal is, closes orphans. `before`: the size of the last head but one."""
    folder, journal, sealing = wanted.folder, found.journal, found.sealing
    held = journal.load()
    size = sealing.head.size
    if not journal.first <= size <= journal.size:
        raise LedgerError(
            f"{folder / 'checkpoint'} covers {size} entries, but the journal holds {journal.first} to {journal.size}: "
            "entries are missing"
        )
    grown = held[size - journal.first :]
    sealing.tidy(before)
    past, ahead = _since_low_water(folder, sealing), [_bearing(entry, n) for n, entry in enumerate(grown, size)]
    intents = _replay(sealing, past, ahead)
    closing = _close_orphans(folder, journal, held, intents, wanted.recovered)
    if grown or closing:
        closed = [bearing(entry) for entry in closing]
        sealing.seal([*grown, *closing], [does for _, does, _ in (*ahead, *closed)])
        sealing.tidy(size)
        ahead += closed
    journal.drop_before(_whole(sealing))
    recent = [bearing(entry) for entry in _newest(folder, journal, held)]
    return found._replace(intents=intents, last_time_ns=_latest([*past, *recent, *ahead]))


def _settle(disk: Disk, folder: Path) -> None:
    """Before anything is built on what a stop in the middle of something has left: what can be read is made durable (a
    killed process had it in the page cache, and a power cut would take it back), and what is of no use goes.
    """
    disk.make_folder(folder)
    disk.make_folder(folder / "tmp")
    disk.sync(folder / "checkpoints")
    disk.sync_folder(folder / "wal")
    disk.sync_folder(folder)
    for left in (folder / "tmp").iterdir():
        disk.remove(left)
    for left in folder.parent.glob(f".{folder.name}.*.new"):
        shutil.rmtree(left, ignore_errors=True)


def _identity(folder: Path) -> Identity:
    path = folder / "log"
    try:
        return parse_identity(path.read_bytes().decode())
    except ValueError as error:
        raise LedgerError(f"{path} is damaged: {error}") from error


def _last_heads(disk: Disk, folder: Path, signer: Signer) -> tuple[HistoryLine, int, int]:
    """The last line of the history, the size before it, and the history's length in bytes.

    A stop between the history's line and the checkpoint leaves the checkpoint one behind: it is brought up to it.
    A line that was not finished is cut off by whoever writes the next.
    """
    path = folder / "checkpoints"
    length = path.stat().st_size
    with path.open("rb") as file:
        start = max(0, length - 3 * _LINE_LIMIT)
        file.seek(start)
        tail = file.read()
    whole = whole_lines(tail, start)
    try:
        lines = [parse_history_line(line + "\n", signer.verifier) for line in whole.decode().split("\n")[-3:-1]]
        head, _ = parse_checkpoint((folder / "checkpoint").read_bytes().decode(), signer.verifier)
    except ValueError as error:
        raise LedgerError(f"{path} or {folder / 'checkpoint'} is damaged: {error}") from error
    if head not in [line.head for line in lines]:
        raise LedgerError(f"{folder / 'checkpoint'} covers {head.size} entries and is not the last one in {path}")
    last = lines[-1]
    if head != last.head:
        disk.place(folder / "checkpoint", last.note(signer.verifier).encode(), folder / "tmp" / "checkpoint")
        disk.sync_folder(folder)
    return last, lines[0].head.size, start + len(whole)


def _sealed(folder: Path, line: HistoryLine, history_bytes: int) -> Sealed:
    """The right edge, read from its tiles and held against the signed root."""
    size = line.head.size
    edge = Edge(size, [_hashes(folder, level, size) for level in levels_of(size)])
    if edge.root() != line.head.root:
        raise LedgerError(
            f"the last tiles under {folder / 'tile'} do not give the root of the checkpoint of {size} entries"
        )
    bundle = _bundle(folder, size)
    if [leaf_hash(entry) for entry in bundle] != _hashes(folder, 0, size):
        raise LedgerError(f"the last entry bundle under {folder / 'tile' / 'entries'} does not match its hashes")
    return Sealed(edge, bundle, LowWater(), line, history_bytes)


def _compare(folder: Path, head: Head, anchored: Anchor) -> None:
    """The log must extend the head that is kept outside it."""
    what = ""
    if anchored.origin != head.origin:
        what = f"it is {head.origin}, but {anchored.origin} was written here: it was replaced"
    elif anchored.size > head.size:
        what = f"it covers {head.size} entries, but a head of {anchored.size} was signed: it was cut"
    elif root_at(anchored.size, nodes(folder, head.size)) != anchored.root:
        what = f"its first {anchored.size} entries are not those that were signed: it was rewritten"
    if what:
        raise LedgerError(f"the log in {folder} is not the one whose head is kept outside it: {what}")


def _hashes(folder: Path, level: int, size: int) -> list[bytes]:
    names = [name for name in edge_tiles(size) if name.level == level]
    return split_hashes((folder / tile_path(names[0])).read_bytes()) if names else []


def _bundle(folder: Path, size: int) -> list[bytes]:
    name = TileName(ENTRIES, full_tiles(0, size), partial_width(0, size))
    return decode_bundle((folder / tile_path(name)).read_bytes()) if name.width else []


def _bearing(entry: bytes, index: int) -> Bearing:
    try:
        return bearing(entry)
    except ValueError as error:
        raise LedgerError(f"entry {index} is none that a log takes: {error}") from error


def _since_low_water(folder: Path, sealing: Sealing) -> list[Bearing]:
    """Of the sealed entries from the low-water mark on: no orphan is older, so nothing older need be read."""
    sealed = sealing.sealed
    low, whole = sealed.line.low, full_tiles(ENTRIES, sealed.edge.size)
    entries: list[bytes] = []
    for number in range(low // WIDTH, whole):
        entries += decode_bundle((folder / tile_path(TileName(ENTRIES, number))).read_bytes())
    entries += sealed.bundle
    skipped = low - min(low // WIDTH, whole) * WIDTH
    return [_bearing(entry, index) for index, entry in enumerate(entries[skipped:], low)]


def _replay(sealing: Sealing, past: Sequence[Bearing], ahead: Sequence[Bearing]) -> OpenIntents:
    """The intents that are open now, and those that were open at the last head. What closes an intent from below the
    low-water mark closes one that has been let through before.
    """
    low, size = sealing.sealed.line.low, sealing.head.size
    intents = OpenIntents()
    for index, (request_id, does, _) in enumerate(past, low):
        sealing.sealed.low.admit(index, does)
        if not 0 <= does < low:
            intents.admit(index, request_id, does)
    for index, (request_id, does, _) in enumerate(ahead, size):
        intents.admit(index, request_id, does)
    return intents


def _close_orphans(
    folder: Path, journal: Journal, held: Sequence[bytes], intents: OpenIntents, recovered: Recovered
) -> list[bytes]:
    """Writes a recovered record for each intent that its process left open; durable on return."""
    closing: list[bytes] = []
    for index in intents.indexes():
        entry = recovered(_entry(folder, journal, held, index), index)
        request_id, does, _ = bearing(entry)
        intents.admit(journal.size + len(closing), request_id, does)
        closing.append(entry)
    for place in range(0, len(closing), _RECENT):
        journal.write(closing[place : place + _RECENT])
    return closing


def _entry(folder: Path, journal: Journal, held: Sequence[bytes], index: int) -> bytes:
    if index >= journal.first:
        return held[index - journal.first]
    bundle = folder / tile_path(TileName(ENTRIES, index // WIDTH))
    return decode_bundle(bundle.read_bytes())[index % WIDTH]


def _newest(folder: Path, journal: Journal, held: Sequence[bytes]) -> Sequence[bytes]:
    """A few of the last entries, wherever they are."""
    if held or journal.first == 0:
        return held[-_RECENT:]
    return decode_bundle((folder / tile_path(TileName(ENTRIES, (journal.first - 1) // WIDTH))).read_bytes())


def _whole(sealing: Sealing) -> int:
    """Entries below this index stand in full tiles under a checkpoint: the journal need not keep them."""
    return sealing.sealed.edge.size // WIDTH * WIDTH


def _latest(bearings: Sequence[Bearing]) -> int:
    latest = max((ts for _, _, ts in bearings), default="")
    return nanoseconds(latest) if latest else 0
