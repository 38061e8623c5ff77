"""Everything the log changes on disk goes through here, in calls of `os` alone, so that tests can break each of them.

Every method is durable when it returns, but for `place`, `rename` and `remove`: their names are after `sync_folder`.
A descriptor on which a sync failed is never used again: the kernel may have dropped the dirty pages, and report success
next time.
"""

import contextlib
import errno
import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

_FILE_MODE = 0o600
_FOLDER_MODE = 0o700
_UNKNOWN = (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS)  # what a file system says of a wish that it does not know


class Disk:
    def __init__(self) -> None:
        self._folders: set[Path] = set()

    def create(self, path: Path, size_bytes: int) -> int:
        """A file of zeros with its blocks reserved, open for writing; what an earlier, failed attempt left goes."""
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _FILE_MODE)
        try:
            reserve(fd, size_bytes)
            sync(fd)
            self.sync_folder(path.parent)
        except BaseException:
            os.close(fd)
            raise
        return fd

    def write(self, fd: int, pieces: Sequence[bytes], offset: int) -> None:
        write_through(fd, pieces, offset)

    def cut(self, path: Path, end: int, size_bytes: int = 0) -> None:
        """Makes everything behind `end` zeros, and the file `size_bytes` long if that is more."""
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            os.ftruncate(fd, end)
            if size_bytes > end:
                reserve(fd, size_bytes)
            sync(fd)
        finally:
            os.close(fd)

    def place(self, path: Path, data: bytes, temporary: Path) -> None:
        """Puts a whole file in its place, at once, its bytes durable before its name is."""
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _FILE_MODE)
        try:
            write_all(fd, data, 0)
            sync(fd)
        finally:
            os.close(fd)
        os.replace(temporary, path)  # noqa: PTH105 - calls of `os` alone

    def rename(self, folder: Path, name: Path) -> None:
        """Gives a folder its name, if nothing but an empty folder has it. Raises OSError otherwise."""
        os.rename(folder, name)  # noqa: PTH104 - calls of `os` alone

    def extend(self, path: Path, data: bytes, offset: int) -> None:
        """Writes at the end, where `offset` is; what an earlier, failed attempt left behind it is cut off."""
        fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            write_all(fd, data, offset)
            os.ftruncate(fd, offset + len(data))
            sync(fd)
        finally:
            os.close(fd)

    def make_folder(self, path: Path) -> None:
        """With those above it.

        That a folder exists does not mean that its name is durable: whoever made it may have been killed before it was.
        So each is synced once a process.
        """
        if path in self._folders:
            return
        if path.is_dir():
            with contextlib.suppress(PermissionError):  # it lies in a folder that is not ours to read, nor to have made
                self.sync_folder(path.parent)
        else:
            self.make_folder(path.parent)
            with contextlib.suppress(FileExistsError):
                os.mkdir(path, _FOLDER_MODE)  # noqa: PTH102 - calls of `os` alone
            self.sync_folder(path.parent)
        self._folders.add(path)

    def remove(self, path: Path) -> None:
        """A file or an empty folder; it does not mind one that is gone."""
        with contextlib.suppress(FileNotFoundError):
            (os.rmdir if path.is_dir() else os.unlink)(path)

    def sync(self, path: Path) -> None:
        """What is read from a file after a crash may not be on the disk yet; from here on it is."""
        self._sync(path, os.O_RDWR)

    def sync_folder(self, path: Path) -> None:
        self._sync(path, os.O_RDONLY | os.O_DIRECTORY)

    def _sync(self, path: Path, flags: int) -> None:
        fd = os.open(path, flags | os.O_CLOEXEC)
        try:
            sync(fd)
        finally:
            os.close(fd)


def reserve(fd: int, size_bytes: int) -> None:
    """Takes the blocks now: a disk that fills up later does not stop the middle of a group."""
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(fd, 0, size_bytes)
        except OSError as error:
            if error.errno not in _UNKNOWN:
                raise
        else:
            return
    there = os.fstat(fd).st_size
    write_all(fd, bytes(max(0, size_bytes - there)), there)


def write_all(fd: int, data: bytes, offset: int) -> None:
    check_count(os.pwrite(fd, data, offset), len(data))


def check_count(written: int, wanted: int) -> None:
    if written != wanted:
        raise OSError(errno.ENOSPC, f"only {written} of {wanted} bytes could be written")


def write_through(fd: int, pieces: Sequence[bytes], offset: int) -> None:
    """Write and sync in one call of the kernel, where there is one: one release of the interpreter lock less."""
    if hasattr(os, "RWF_DSYNC"):
        try:
            written = os.pwritev(fd, pieces, offset, os.RWF_DSYNC)
        except OSError as error:
            if error.errno not in _UNKNOWN:
                raise
        else:
            check_count(written, sum(map(len, pieces)))
            return
    write_all(fd, b"".join(pieces), offset)
    sync(fd)


def sync(fd: int) -> None:
    if hasattr(fcntl, "F_FULLFSYNC"):
        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)  # macOS: fsync stops at the drive's own cache
    else:
        os.fsync(fd)
