"""Segments: begun when one is full, dropped when they are no longer needed, mended after a failure."""

import errno

import pytest

from tidegate.adapters.stores.tlog.disk import Disk
from tidegate.adapters.stores.tlog.journal import Journal, segments
from tidegate.core.values.errors import LedgerError

ORIGIN = "tidegate/0199aa/w0"


class Failing(Disk):
    """Fails to write, leaving half of what it was given; or to begin a file."""

    def __init__(self):
        super().__init__()
        self.broken = ""

    def write(self, fd, pieces, offset):
        if self.broken == "write":
            super().write(fd, (b"".join(pieces)[:700],), offset)
            raise OSError(errno.EIO, "Input/output error")
        super().write(fd, pieces, offset)

    def create(self, path, size_bytes):
        if self.broken == "create":
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().create(path, size_bytes)


def begun(folder, disk=None, segment_bytes=2048):
    journal = Journal(disk or Failing(), folder, ORIGIN, segment_bytes)
    journal.begin(0)
    return journal


def loaded(folder):
    journal = Journal(Disk(), folder, ORIGIN, 2048)
    held = journal.load()
    journal.close()
    return journal.first, held


def entry(number):
    return b'{"n":%d}' % number


def names(folder):
    return [segment.first for segment in segments(folder)]


def test_groups_fill_a_segment_and_then_the_next(tmp_path):
    journal = begun(tmp_path)
    for number in range(9):
        journal.write([entry(number)])
    journal.close()
    assert names(tmp_path) == [0, 4, 8]
    assert loaded(tmp_path) == (0, [entry(n) for n in range(9)])


def test_a_segment_goes_when_all_of_it_is_below_and_the_newest_never(tmp_path):
    journal = begun(tmp_path)
    for number in range(9):
        journal.write([entry(number)])
    for index, left in ((3, [0, 4, 8]), (4, [4, 8]), (7, [4, 8]), (100, [8])):
        journal.drop_before(index)
        assert names(tmp_path) == left
        assert journal.first == left[0]
    journal.close()
    assert loaded(tmp_path) == (8, [entry(8)])


def test_writing_goes_on_after_loading(tmp_path):
    journal = begun(tmp_path)
    journal.write([entry(0), entry(1)])
    journal.close()
    again = Journal(Disk(), tmp_path, ORIGIN, 2048)
    assert again.load() == [entry(0), entry(1)]
    again.write([entry(2)])
    again.close()
    assert (names(tmp_path), loaded(tmp_path)) == ([0], (0, [entry(0), entry(1), entry(2)]))


@pytest.mark.parametrize("groups", [0, 1, 3, 4])
def test_a_failed_write_is_cut_off_and_a_fresh_segment_goes_on(tmp_path, groups):
    disk = Failing()
    journal = begun(tmp_path, disk)
    for number in range(groups):
        journal.write([entry(number)])
    disk.broken = "write"
    with pytest.raises(OSError, match="Input/output error"):
        journal.write([entry(100 + n) for n in range(90)])
    assert journal.size == groups
    disk.broken = ""
    journal.repair()
    journal.write([entry(groups)])
    journal.close()
    assert names(tmp_path) == sorted({0, groups})
    assert loaded(tmp_path) == (0, [entry(n) for n in range(groups + 1)])


def test_mending_is_tried_until_it_succeeds(tmp_path):
    disk = Failing()
    journal = begun(tmp_path, disk)
    journal.write([entry(0)])
    disk.broken = "write"
    with pytest.raises(OSError, match="Input/output"):
        journal.write([entry(1)])
    disk.broken = "create"
    for _ in range(3):
        with pytest.raises(OSError, match="No space left"):
            journal.repair()
    assert loaded(tmp_path) == (0, [entry(0)])
    disk.broken = ""
    journal.repair()
    journal.write([entry(1)])
    journal.close()
    assert loaded(tmp_path) == (0, [entry(0), entry(1)])


def test_a_segment_that_cannot_be_begun_loses_nothing(tmp_path):
    disk = Failing()
    journal = begun(tmp_path, disk)
    for number in range(4):
        journal.write([entry(number)])
    disk.broken = "create"
    with pytest.raises(OSError, match="No space left"):
        journal.write([entry(4)])
    disk.broken = ""
    journal.repair()
    journal.write([entry(4)])
    journal.close()
    assert (names(tmp_path), loaded(tmp_path)) == ([0, 4], (0, [entry(n) for n in range(5)]))


def test_what_was_acknowledged_and_is_gone_is_not_mended_over(tmp_path):
    disk = Failing()
    journal = begun(tmp_path, disk)
    journal.write([entry(0)])
    disk.broken = "write"
    with pytest.raises(OSError, match="Input/output"):
        journal.write([entry(1)])
    disk.broken = ""
    (tmp_path / f"{0:020d}.seg").write_bytes(bytes(2048))
    for _ in range(2):
        with pytest.raises(LedgerError, match="damaged at byte 0"):
            journal.repair()
    journal.close()


def test_a_journal_without_its_middle_does_not_load(tmp_path):
    journal = begun(tmp_path)
    for number in range(9):
        journal.write([entry(number)])
    journal.close()
    (tmp_path / f"{4:020d}.seg").unlink()
    with pytest.raises(LedgerError, match="begins with entry 8: entries before it are missing"):
        loaded(tmp_path)


def test_an_unfinished_group_is_expected_in_the_last_segment_only(tmp_path):
    journal = begun(tmp_path)
    for number in range(5):
        journal.write([entry(number)])
    journal.close()
    first = tmp_path / f"{0:020d}.seg"
    first.write_bytes(first.read_bytes()[:1541].ljust(2048, b"\0"))
    with pytest.raises(LedgerError, match=f"{first} is damaged at byte 1536"):
        loaded(tmp_path)


def test_a_journal_that_is_not_there_does_not_load(tmp_path):
    (tmp_path / "note.txt").write_text("not a segment")
    with pytest.raises(LedgerError, match="holds no journal segment"):
        loaded(tmp_path)
