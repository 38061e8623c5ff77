"""What the log does to files: whole or not at all, durable, and never a byte too few in silence."""

import errno
import os

import pytest

from tests.adapters.stores.tlog.breaking import BreakingOs
from tidegate.adapters.stores.tlog import disk as module
from tidegate.adapters.stores.tlog.disk import Disk


@pytest.fixture
def disk():
    return Disk()


def test_a_new_file_is_zeros_with_its_room_taken(disk, tmp_path):
    fd = disk.create(tmp_path / "new", 4096)
    os.close(fd)
    assert (tmp_path / "new").read_bytes() == bytes(4096)
    assert (tmp_path / "new").stat().st_blocks * 512 >= 4096


def test_what_a_failed_attempt_left_is_gone_from_a_new_file(disk, tmp_path):
    (tmp_path / "new").write_bytes(b"left over" * 1000)
    os.close(disk.create(tmp_path / "new", 4096))
    assert (tmp_path / "new").read_bytes() == bytes(4096)


def test_pieces_are_written_in_a_row(disk, tmp_path):
    fd = disk.create(tmp_path / "file", 16)
    disk.write(fd, (b"ab", b"", b"cde"), 4)
    os.close(fd)
    assert (tmp_path / "file").read_bytes() == b"\0\0\0\0abcde".ljust(16, b"\0")


@pytest.mark.parametrize("error", [errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS])
def test_a_file_system_without_the_flag_gets_write_and_sync(disk, tmp_path, monkeypatch, error):
    synced = []

    def no_flag(*_):
        raise OSError(error, os.strerror(error))

    fd = disk.create(tmp_path / "file", 16)
    monkeypatch.setattr(module.os, "pwritev", no_flag)
    monkeypatch.setattr(module.os, "fsync", synced.append)
    disk.write(fd, (b"ab", b"c"), 0)
    os.close(fd)
    assert synced == [fd]
    assert (tmp_path / "file").read_bytes()[:3] == b"abc"


def test_a_file_system_that_reserves_nothing_gets_zeros(disk, tmp_path, monkeypatch):
    def no_reserving(*_):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(module.os, "posix_fallocate", no_reserving)
    os.close(disk.create(tmp_path / "file", 4096))
    assert (tmp_path / "file").read_bytes() == bytes(4096)
    disk.cut(tmp_path / "file", 100, 5000)
    assert (tmp_path / "file").read_bytes() == bytes(5000)


def test_a_short_write_is_a_full_disk(disk, tmp_path, monkeypatch):
    fd = disk.create(tmp_path / "file", 16)
    monkeypatch.setattr(module.os, "pwritev", lambda *_: 2)
    monkeypatch.setattr(module.os, "pwrite", lambda *_: 2)
    with pytest.raises(OSError, match="only 2 of 3 bytes") as full:
        disk.write(fd, (b"abc",), 0)
    assert full.value.errno == errno.ENOSPC
    with pytest.raises(OSError, match="only 2 of 3 bytes"):
        disk.place(tmp_path / "other", b"abc", tmp_path / "temporary")
    os.close(fd)
    assert not (tmp_path / "other").exists()


def test_any_other_error_is_not_swallowed(disk, tmp_path, monkeypatch):
    def broken(*_):
        raise OSError(errno.EIO, "Input/output error")

    fd = disk.create(tmp_path / "file", 16)
    monkeypatch.setattr(module.os, "pwritev", broken)
    with pytest.raises(OSError, match="Input/output error"):
        disk.write(fd, (b"abc",), 0)
    os.close(fd)


def test_a_file_takes_its_place_at_once(disk, tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    disk.place(tmp_path / "file", b"new", tmp_path / "temporary")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert not (tmp_path / "temporary").exists()


def test_extending_cuts_off_what_a_failed_attempt_left(disk, tmp_path):
    (tmp_path / "file").write_bytes(b"one\ntwo and a half")
    disk.extend(tmp_path / "file", b"two\n", 4)
    assert (tmp_path / "file").read_bytes() == b"one\ntwo\n"


@pytest.mark.parametrize(("size", "left"), [(0, b"ab"), (6, b"ab\0\0\0\0")])
def test_cutting_leaves_zeros_behind_the_end(disk, tmp_path, size, left):
    (tmp_path / "file").write_bytes(b"abcdef")
    disk.cut(tmp_path / "file", 2, size)
    assert (tmp_path / "file").read_bytes() == left


def test_removing_does_not_mind_what_is_gone(disk, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    for name in ("folder", "file", "nothing"):
        disk.remove(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_folders_are_made_with_those_above_and_synced_once(tmp_path, monkeypatch):
    fake = BreakingOs(tmp_path)
    monkeypatch.setattr(module, "os", fake)
    disk = Disk()
    disk.make_folder(tmp_path / "a" / "b")
    first = len(fake.calls)
    disk.make_folder(tmp_path / "a" / "b")
    assert fake.calls.count("mkdir") == 2
    assert len(fake.calls) == first
    Disk().make_folder(tmp_path / "a" / "b")
    assert fake.calls[first:] == ["fsync"], "whoever made it may have been killed before its name was durable"
    fake.release()


def test_a_folder_in_one_that_cannot_be_read_is_taken_as_it_is(tmp_path, monkeypatch):
    def refused(path):
        raise PermissionError(errno.EACCES, "Permission denied")

    disk = Disk()
    monkeypatch.setattr(disk, "sync_folder", refused)
    disk.make_folder(tmp_path)
    with pytest.raises(PermissionError):
        disk.make_folder(tmp_path / "new")
