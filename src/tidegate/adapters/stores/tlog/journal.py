"""The write-ahead journal: segments of groups under `wal/`, each named after the index of its first entry."""

import contextlib
import os
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tidegate.adapters.stores.tlog.disk import Disk
from tidegate.core.ledger import journal as groups
from tidegate.core.values.errors import LedgerError

_NAME = re.compile(r"([0-9]{20})\.seg\Z")


class Segment(NamedTuple):
    first: int
    path: Path


class Journal:
    """Where appended entries become durable. One thread writes; another may drop segments that are no longer needed."""

    def __init__(self, disk: Disk, folder: Path, origin: str, segment_bytes: int) -> None:
        self._disk, self._folder, self._origin, self._segment_bytes = disk, folder, origin, segment_bytes
        self._segments: list[Segment] = []
        self._segments_change = threading.Lock()
        self._fd = -1
        self._end = 0
        self._room = 0
        self._uncut = False
        self.size = 0
        """Entries that are durable."""

    def load(self) -> list[bytes]:
        """Reads all segments, cuts an unfinished last group, and makes ready to write.

        Gives all entries; the first one's index is `first`. Raises LedgerError for damage.
        """
        entries: list[bytes] = []
        self._segments = segments(self._folder)
        if not self._segments:
            raise LedgerError(f"{self._folder} holds no journal segment, although the log once had one")
        for number, segment in enumerate(self._segments):
            if segment.first != self.first + len(entries):
                raise LedgerError(f"{segment.path} begins with entry {segment.first}: entries before it are missing")
            entries += self._load(segment, last=number == len(self._segments) - 1)
        self.size = self.first + len(entries)
        return entries

    def _load(self, segment: Segment, *, last: bool) -> list[bytes]:
        content = segment.path.read_bytes()
        found = groups.scan(self._origin, segment.first, content)
        if found.damage or (found.torn and not last):
            what = found.damage or "an unfinished group in the middle of the journal"
            raise LedgerError(f"{segment.path} is damaged at byte {found.end}: {what}")
        if last:
            self._disk.sync(segment.path)
            if found.torn:
                self._disk.cut(segment.path, found.end, self._segment_bytes)
            self._use(segment.path, found.end, max(len(content), self._segment_bytes if found.torn else 0))
        return found.entries

    @property
    def first(self) -> int:
        """The index of the oldest entry that the journal still holds."""
        return self._segments[0].first

    def begin(self, first: int) -> None:
        """A new segment, for the entries from index `first` on."""
        path = self._folder / f"{first:020d}.seg"
        fd = self._disk.create(path, self._segment_bytes)
        self._close()
        self._fd, self._end, self._room = fd, 0, self._segment_bytes
        self.size = first
        with self._segments_change:
            self._segments.append(Segment(first, path))

    def write(self, entries: Sequence[bytes]) -> None:
        """One group, durable on return. Raises OSError; the journal is then unusable until `repair` succeeds."""
        group = groups.encode_group(self._origin, self.size, entries)
        length = sum(map(len, group))
        try:
            if self._end and self._end + length > self._room:
                self.begin(self.size)
            self._disk.write(self._fd, group, self._end)
        except OSError:
            self._uncut = True
            raise
        self._end += length
        self.size += len(entries)

    def repair(self) -> None:
        """After a failed write: cuts off what it left, proves that the rest is sound, and goes on in a fresh segment.

        Never through the old descriptor, whose next sync might report success for pages that were lost.
        Raises OSError or LedgerError while it is no use.
        """
        self._close()
        segment = self._segments[-1]
        if self._end == 0:
            self._disk.cut(segment.path, 0, self._segment_bytes)
            self._use(segment.path, 0, self._segment_bytes)
            return
        if self._uncut:
            self._disk.cut(segment.path, self._end)
            found = groups.scan(self._origin, segment.first, segment.path.read_bytes())
            if found.damage or found.torn or segment.first + len(found.entries) != self.size:
                raise LedgerError(
                    f"{segment.path} is damaged at byte {found.end}: {found.damage or 'groups are missing'}"
                )
            self._uncut = False
        self.begin(self.size)

    def drop_before(self, index: int) -> None:
        """Removes the segments all of whose entries are below `index`, but never the newest."""
        with self._segments_change:
            keep = next(
                (n for n in range(len(self._segments) - 1) if self._segments[n + 1].first > index),
                len(self._segments) - 1,
            )
            gone, self._segments = self._segments[:keep], self._segments[keep:]
        for segment in gone:
            self._disk.remove(segment.path)

    def close(self) -> None:
        self._close()

    def _use(self, path: Path, end: int, room: int) -> None:
        self._fd, self._end, self._room = os.open(path, os.O_RDWR | os.O_CLOEXEC), end, room

    def _close(self) -> None:
        if self._fd >= 0:
            with contextlib.suppress(
                OSError
            ):  # nothing is owed to this descriptor: every group was synced as it was written
                os.close(self._fd)
            self._fd = -1


def segments(folder: Path) -> list[Segment]:
    """In order. Other files in the folder are not looked at."""
    found = [(_NAME.match(path.name), path) for path in folder.iterdir()]
    return sorted(Segment(int(name[1]), path) for name, path in found if name)
