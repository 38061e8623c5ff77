"""Everything the log changes on disk goes through here, so that tests can break each step.

Every method is durable when it returns, but for `place` and `remove`, whose names are durable after `sync_folder`.
A descriptor on which a sync failed is never used again: the kernel may have dropped the dirty pages, and report success
next time.
"""

import contextlib
import errno
import os
import tempfile
from pathlib import Path

_FILE_MODE = 0o600
_FOLDER_MODE = 0o700


class Disk:
    def create(self, path: Path, size_bytes: int) -> int:
        """A new file of zeros with its blocks reserved, open for writing. Leaves nothing behind when it fails."""
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _FILE_MODE)
        try:
            reserve(fd, size_bytes)
            os.fsync(fd)
            self.sync_folder(path.parent)
        except BaseException:
            os.close(fd)
            with contextlib.suppress(OSError):
                path.unlink()
            raise
        return fd

    def write(self, fd: int, data: bytes, offset: int) -> None:
        write_through(fd, data, offset)

    def cut(self, path: Path, end: int, size_bytes: int = 0) -> None:
        """Makes everything behind `end` zeros, and the file `size_bytes` long if that is more."""
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            os.ftruncate(fd, end)
            if size_bytes > end:
                reserve(fd, size_bytes)
            os.fsync(fd)
        finally:
            os.close(fd)

    def place(self, path: Path, data: bytes, temporary: Path) -> None:
        """Puts a whole file in its place, at once, its bytes durable before its name is."""
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _FILE_MODE)
        try:
            write_all(fd, data, 0)
            os.fsync(fd)
        finally:
            os.close(fd)
        temporary.replace(path)

    def extend(self, path: Path, data: bytes, offset: int) -> None:
        """Writes at the end, where `offset` is; what an earlier, failed attempt left behind it is cut off."""
        fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            write_all(fd, data, offset)
            os.ftruncate(fd, offset + len(data))
            os.fsync(fd)
        finally:
            os.close(fd)

    def make_folder(self, path: Path) -> None:
        """With those above it, each durable; nothing happens where it exists."""
        if path.is_dir():
            return
        self.make_folder(path.parent)
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=_FOLDER_MODE)
        self.sync_folder(path.parent)

    def remove(self, path: Path) -> None:
        """A file or an empty folder; it does not mind one that is gone."""
        with contextlib.suppress(FileNotFoundError):
            path.rmdir() if path.is_dir() else path.unlink()

    def sync_folder(self, path: Path) -> None:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def reserve(fd: int, size_bytes: int) -> None:
    """Takes the blocks now: a disk that fills up later does not stop the middle of a group."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(fd, 0, size_bytes)
    else:
        write_all(fd, bytes(size_bytes - os.fstat(fd).st_size), os.fstat(fd).st_size)


def write_all(fd: int, data: bytes, offset: int) -> None:
    written = os.pwrite(fd, data, offset)
    if written != len(data):
        raise OSError(errno.ENOSPC, f"only {written} of {len(data)} bytes could be written")


def write_through(fd: int, data: bytes, offset: int) -> None:
    """Write and sync in one call of the kernel, where there is one: one release of the interpreter lock less."""
    if hasattr(os, "RWF_DSYNC"):
        try:
            written = os.pwritev(fd, (data,), offset, os.RWF_DSYNC)
        except OSError as error:
            if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS):  # some file systems lack the flag
                raise
        else:
            if written != len(data):
                raise OSError(errno.ENOSPC, f"only {written} of {len(data)} bytes could be written")
            return
    write_all(fd, data, offset)
    getattr(os, "fdatasync", os.fsync)(fd)


def nursery(folder: Path) -> Path:
    """A folder beside `folder` in which a new log is built before it gets its name."""
    return Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".new", dir=folder.parent))
