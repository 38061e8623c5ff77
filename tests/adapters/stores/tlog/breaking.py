"""An operating system that breaks at one call, and a disk that forgets what was not synced.

Put in the place of `os` in the one module through which the log changes files. It carries out each call for real,
counts it, and keeps beside it what a power cut would leave: bytes of synced files, names of synced folders.
After a sync that failed the bytes it was for are forgotten for good, and the next sync reports success: as kernels do.
"""

import errno
import os
import random
import stat
from pathlib import Path

SECTOR = 512
FAILS = "fails"
DIES_BEFORE, DIES_HALFWAY, DIES_UNSYNCED, DIES_AFTER = "dies before", "dies halfway", "dies unsynced", "dies after"


class Dead(OSError):  # noqa: N818 - a state, not an accident
    """The process is gone: nothing that it still tries has any effect."""


class BreakingOs:
    """`at`: the number of the changing call that breaks, from 1. `times`: how many fail in a row, if `how` is FAILS."""

    def __init__(self, root, at=0, how=FAILS, *, times=1, error=errno.EIO):
        self.at, self.how, self.times, self.error = at, how, times, error
        self.calls, self.dead = [], False
        self._content, self._waiting, self._names, self._held = {}, {}, {}, {}
        self._root = self._hold(root)
        self._remember(self._root, root)

    def __getattr__(self, name):
        return getattr(os, name)

    def release(self):
        for fd in self._held.values():
            os.close(fd)

    # -- calls that change something ----------------------------------------------------------------

    def open(self, path, flags, mode=0o777):
        def work():
            fd = os.open(path, flags, mode)
            inode = self._hold(path)
            if flags & os.O_TRUNC:
                self._waiting.setdefault(inode, []).append(("truncate", 0))
            return fd

        if flags & (os.O_CREAT | os.O_TRUNC):
            return self._call("open", work)
        self._alive()
        return os.open(path, flags, mode)

    def mkdir(self, path, mode=0o777):
        def work():
            Path(path).mkdir(mode)
            self._hold(path)

        self._call("mkdir", work)

    def pwrite(self, fd, data, offset):
        self._call("pwrite", lambda: self._put(fd, data, offset), halfway=lambda: self._put(fd, half(data), offset))
        return len(data)

    def pwritev(self, fd, pieces, offset, flags):
        data = b"".join(pieces)

        def work():
            os.pwrite(fd, data, offset)
            inode = os.fstat(fd).st_ino
            self._content[inode] = self._with(inode, [("write", offset, data)])  # the flag syncs these bytes alone

        def halfway():
            if self.how == FAILS:
                os.pwrite(fd, half(data), offset)
            else:
                self._put(fd, data if self.how == DIES_UNSYNCED else half(data), offset)

        self._call("pwritev", work, halfway=halfway)
        return len(data)

    def ftruncate(self, fd, size):
        def work():
            os.ftruncate(fd, size)
            self._waiting.setdefault(os.fstat(fd).st_ino, []).append(("truncate", size))

        self._call("ftruncate", work)

    def posix_fallocate(self, fd, start, size):
        def work():
            os.posix_fallocate(fd, start, size)
            self._waiting.setdefault(os.fstat(fd).st_ino, []).append(("extend", size))

        self._call("fallocate", work)

    def fsync(self, fd):
        self._call("fsync", lambda: self._sync(fd), halfway=lambda: self._forget(fd) if self.how == FAILS else None)

    def replace(self, source, target):
        self._call("replace", lambda: Path(source).replace(target))

    def rename(self, source, target):
        self._call("rename", lambda: Path(source).rename(target))

    def unlink(self, path):
        self._call("unlink", Path(path).unlink)

    def rmdir(self, path):
        self._call("rmdir", Path(path).rmdir)

    # -- breaking -----------------------------------------------------------------------------------

    def _alive(self):
        if self.dead:
            raise Dead(errno.EIO, "the process is gone")

    def _call(self, name, work, *, halfway=lambda: None):
        self._alive()
        self.calls.append(name)
        number = len(self.calls)
        broken = self.at <= number < self.at + (self.times if self.how == FAILS else 1)
        if not broken:
            return work()
        if self.how == FAILS:
            halfway()
            raise OSError(self.error, os.strerror(self.error))
        if self.how in {DIES_HALFWAY, DIES_UNSYNCED}:
            halfway()
        if self.how == DIES_AFTER:
            work()
        self.dead = True
        raise Dead(errno.EIO, "the process is gone")

    # -- what a power cut leaves --------------------------------------------------------------------

    def _hold(self, path):
        """An inode that is held open is not given to another file, so its number stays its name."""
        fd = os.open(path, os.O_RDONLY)
        inode = os.fstat(fd).st_ino
        if inode in self._held:
            os.close(fd)
        else:
            self._held[inode] = fd
        return inode

    def _remember(self, inode, path):
        """What is there to begin with is durable."""
        if not path.is_dir():
            self._content[inode] = path.read_bytes()
            return
        self._names[inode] = self._listing(inode)
        for child in path.iterdir():
            self._remember(self._hold(child), child)

    def _put(self, fd, data, offset):
        os.pwrite(fd, data, offset)
        self._waiting.setdefault(os.fstat(fd).st_ino, []).append(("write", offset, data))

    def _forget(self, fd):
        self._waiting.pop(os.fstat(fd).st_ino, None)

    def _sync(self, fd):
        found = os.fstat(fd)
        if found.st_ino not in self._held:
            return
        if stat.S_ISDIR(found.st_mode):
            self._names[found.st_ino] = self._listing(found.st_ino)
        else:
            self._content[found.st_ino] = self._with(found.st_ino, self._waiting.pop(found.st_ino, []))

    def _listing(self, inode):
        with os.scandir(self._held[inode]) as found:
            return {entry.name: entry.inode() for entry in found}

    def _with(self, inode, changes):
        content = bytearray(self._content.get(inode, b""))
        for kind, place, *data in changes:
            if kind == "write":
                content.extend(bytes(max(0, place + len(data[0]) - len(content))))
                content[place : place + len(data[0])] = data[0]
            else:
                content = content[:place] if kind == "truncate" else content
                content.extend(bytes(max(0, place - len(content))))
        return bytes(content)

    def power_cut(self, target, chance=None):
        """Writes under `target` what is on the disk afterwards. With `chance`, some of what was not synced is there all
        the same: any sectors of any write, and of any folder its new list of names instead of its old one."""
        self._write_out(self._root, target, chance)

    def _write_out(self, inode, target, chance):
        if not stat.S_ISDIR(os.fstat(self._held[inode]).st_mode):
            target.write_bytes(self._with(inode, self._some(inode, chance)))
            return
        target.mkdir()
        lucky = chance is not None and chance.random() < 0.5
        names = self._listing(inode) if lucky else self._names.get(inode, {})
        for name, child in names.items():
            if child in self._held:  # the lock file is made by another hand, and holds nothing that matters
                self._write_out(child, target / name, chance)

    def _some(self, inode, chance):
        kept = []
        for change in self._waiting.get(inode, []) if chance else []:
            kind, place, *data = change
            if kind == "write":
                ends = [*range((place // SECTOR + 1) * SECTOR, place + len(data[0]), SECTOR), place + len(data[0])]
                starts = [place, *ends[:-1]]
                pieces = [(kind, a, data[0][a - place : b - place]) for a, b in zip(starts, ends, strict=True)]
                kept += [piece for piece in pieces if chance.random() < 0.5]
            elif chance.random() < 0.5:
                kept.append(change)
        return kept


def half(data):
    """A write that stops in the middle stops between sectors, or, if it is small, somewhere."""
    return data[: len(data) // 2 // SECTOR * SECTOR or len(data) // 2]


def outcomes(seed):
    """Power cuts: one that keeps nothing that was not synced, and two that keep some of it."""
    return [None, random.Random(seed), random.Random(seed + 7919)]
