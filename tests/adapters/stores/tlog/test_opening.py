"""What a log finds when it is opened: a torn tail is repaired, orphans are closed, damage and strangers are refused."""

import asyncio
import os
import shutil

import pytest

from tests.adapters.stores.tlog.kit import (
    NOW_NS,
    OTHER_SEED,
    SEED,
    abandon,
    exchange,
    intent,
    open_log,
    outcome,
    recovered,
    refusal,
    write_log,
)
from tidegate.adapters.stores.tlog import entries
from tidegate.adapters.stores.tlog.disk import Disk
from tidegate.core.ledger.journal import encode_group
from tidegate.core.values.errors import LedgerError
from tidegate.verify import verify


def kept(folder):
    return [entry for _, entry in entries(folder)]


def reopened(folder, **wishes):
    """Opens and closes; gives the size that was found."""

    async def work():
        log = open_log(folder, **wishes)
        size = log.size
        await log.close()
        return size

    return asyncio.run(work())


def segment_of(folder):
    return max((folder / "wal").iterdir())


def test_a_log_is_made_where_there_is_none_or_an_empty_folder(tmp_path):
    (tmp_path / "audit" / "w1").mkdir(parents=True)
    for name in ("w0", "w1"):
        assert reopened(tmp_path / "audit" / name) == 0
    assert verify(tmp_path / "audit")["ok"]
    assert {path.name for path in (tmp_path / "audit").iterdir()} == {"w0", "w1"}


def test_a_new_log_says_who_it_is_and_is_nobody_elses_to_read(tmp_path):
    folder = tmp_path / "audit" / "w0"
    assert reopened(folder) == 0
    assert (folder / "log").read_text().split("\n")[:3] == [
        "tidegate audit log v1", "tidegate/0199aa/w0", "2026-11-18T11:06:40.123456789Z",
    ]  # fmt: skip
    modes = {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_log_goes_on_where_it_was(tmp_path):
    folder = tmp_path / "w0"
    for _ in range(4):
        write_log(folder, 40)
    assert reopened(folder) == 320
    assert verify(folder)["entries"] == 320


def test_what_was_durable_and_not_sealed_is_sealed(tmp_path):
    write_log(tmp_path / "w0", 8, close=False, seals=0)
    before = verify(tmp_path)
    assert before["logs"][0]["exposure"]["behind_checkpoint"] == 16
    assert reopened(tmp_path / "w0") == 16
    assert verify(tmp_path)["logs"][0]["exposure"]["behind_checkpoint"] == 0


@pytest.mark.parametrize("sealed", [True, False], ids=["under a checkpoint", "in the journal only"])
def test_orphans_are_closed_each_under_its_own_request(tmp_path, sealed):
    folder = tmp_path / "w0"

    async def work():
        log = open_log(folder)
        await log.append(intent("orphan a"))
        await exchange(log, "closed")
        await log.append(intent("orphan b"))
        if sealed:
            await log.seal()
        abandon(log)

    asyncio.run(work())
    assert reopened(folder) == 6
    assert kept(folder)[4:] == [recovered(intent("orphan a"), 0), recovered(intent("orphan b"), 3)]
    report = verify(folder)
    assert (report["ok"], report["orphans"]) == (True, 0)
    assert reopened(folder) == 6, "they are closed once"


def test_orphans_are_searched_for_from_the_low_water_mark_on(tmp_path, monkeypatch):
    """Thousands of closed exchanges lie before the orphan: none of their bundles is read."""
    folder = tmp_path / "w0"

    async def work():
        log = open_log(folder, segment_bytes=8192)
        for number in range(300):
            log.append(intent(f"r{number}"))
            log.append(outcome(f"r{number}", 2 * number))
        await log.append(intent("orphan"))
        await log.seal()
        for number in range(300):
            await log.append(refusal(f"s{number}")) if number % 50 == 0 else log.append(refusal(f"s{number}"))
        await log.seal()
        abandon(log)

    asyncio.run(work())
    read = []
    whole = type(folder).read_bytes
    monkeypatch.setattr(type(folder), "read_bytes", lambda path: read.append(path) or whole(path))
    assert reopened(folder, segment_bytes=8192) == 902
    bundles = {path.name for path in read if "entries" in path.parts}
    assert "002" in bundles
    assert not {"000", "001"} & bundles
    assert kept(folder)[-1] == recovered(intent("orphan"), 600)
    assert verify(folder)["orphans"] == 0


@pytest.mark.parametrize("cut", [1, 40, 511, 512, 700])
def test_a_torn_group_is_cut_off_and_what_was_acknowledged_stays(tmp_path, cut):
    folder = tmp_path / "w0"
    write_log(folder, 5, close=False)
    before = kept(folder)
    group = b"".join(encode_group("tidegate/0199aa/w0", 10, [refusal(f"torn{n}", more="x" * 200) for n in range(4)]))
    end = len(segment_of(folder).read_bytes().rstrip(b"\0"))
    end += -end % 512
    with segment_of(folder).open("r+b") as segment:
        segment.seek(end + (0 if cut >= 40 else 512))
        segment.write(group[:cut] if cut >= 40 else group[512:1024])
    assert verify(folder)["logs"][0]["torn_bytes"] > 0
    assert kept(folder) == before
    assert reopened(folder) == 10
    assert kept(folder) == before
    report = verify(folder)
    assert (report["ok"], report["logs"][0]["torn_bytes"]) == (True, 0)
    write_log(folder, 5)
    assert verify(folder)["entries"] == 20


SEGMENT = "wal/00000000000000000000.seg"
REFUSED = {
    "a byte in the middle of the journal": (SEGMENT, lambda data: data[:40] + b"X" + data[41:], "byte 0"),
    "the journal's tail is gone": (SEGMENT, lambda data: data[:1024].ljust(len(data), b"\0"), "entries are missing"),
    "the journal is empty": (SEGMENT, lambda data: b"", "entries are missing"),
    "the checkpoint is older": ("checkpoint", lambda data: data.replace(b"\n20\n", b"\n18\n"), "damaged"),
    "the history is gone": ("checkpoints", lambda data: b"", "not the last one"),
    "the history lost its last line": (
        "checkpoints",
        lambda data: data[: data[:-1].rfind(b"\n") + 1],
        "not the last one",
    ),
    "a hash turned": ("tile/0/000.p/20", lambda data: data[:-1] + b"X", "do not give the root"),
    "an entry turned": ("tile/entries/000.p/20", lambda data: data.replace(b"r9", b"r8"), "does not match its hashes"),
    "its name turned": ("log", lambda data: data.replace(b"0199aa", b"0199ab"), "is damaged"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_damage_refuses_to_open_and_names_the_command_that_inspects_it(tmp_path, what):
    folder = tmp_path / "w0"
    write_log(folder, 10, seals=2)
    name, change, words = REFUSED[what]
    (folder / name).write_bytes(change((folder / name).read_bytes()))
    found = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "lock"}
    with pytest.raises(LedgerError, match=words) as refusal:
        open_log(folder)
    assert f"`tidegate audit verify {folder}`" in str(refusal.value)
    assert str(folder / name) in str(refusal.value) or what in {
        "the journal is empty",
        "the journal's tail is gone",
        "a hash turned",
        "an entry turned",
    }
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "lock"} == found
    assert not verify(folder)["ok"]


@pytest.mark.parametrize(
    "name", ["log", "checkpoint", "checkpoints", "wal/00000000000000000000.seg", "tile/0/000.p/20"]
)
def test_a_missing_file_refuses_to_open(tmp_path, name):
    folder = tmp_path / "w0"
    write_log(folder, 10)
    (folder / name).unlink()
    with pytest.raises(LedgerError, match="does not open"):
        open_log(folder)


def test_a_lock_that_was_held_by_a_refused_opening_is_let_go_of(tmp_path):
    folder = tmp_path / "w0"
    write_log(folder, 3)
    kept_bytes = (folder / "log").read_bytes()
    (folder / "log").write_bytes(b"")
    with pytest.raises(LedgerError):
        open_log(folder)
    (folder / "log").write_bytes(kept_bytes)
    assert reopened(folder) == 6


def test_a_second_writer_is_refused_and_told_who_the_first_is(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0")
        with pytest.raises(LedgerError, match=f"in use by process {os.getpid()}: stop that gateway first"):
            open_log(tmp_path / "w0")
        await exchange(log, "a")
        await log.close()

    asyncio.run(work())
    assert reopened(tmp_path / "w0") == 2


def test_of_two_that_make_the_same_log_one_wins_and_the_other_is_told(tmp_path):
    """The slower one finds a finished log where it wanted to put its own, even with its half-built one swept away."""

    class Slow(Disk):
        def rename(self, folder, name):
            other.append(open_log(name))
            super().rename(folder, name)

    async def work():
        with pytest.raises(LedgerError, match="in use by process"):
            open_log(tmp_path / "w0", disk=Slow(), origin_id="0199bb")
        await exchange(other[0], "a")
        await other[0].close()

    other = []
    asyncio.run(work())
    assert verify(tmp_path)["logs"][0]["origin"] == "tidegate/0199aa/w0"
    assert [path.name for path in tmp_path.iterdir()] == ["w0"]


def test_another_key_is_refused(tmp_path):
    write_log(tmp_path / "w0", 1)
    with pytest.raises(LedgerError, match=r"signed with another key than the one in .keys. path"):
        open_log(tmp_path / "w0", signing_key=OTHER_SEED)


def test_no_refusal_shows_the_key(tmp_path):
    write_log(tmp_path / "w0", 1)
    with pytest.raises(LedgerError) as refusal:
        open_log(tmp_path / "w0", signing_key=OTHER_SEED)
    assert OTHER_SEED.hex() not in str(refusal.value)
    assert SEED.hex() not in str(refusal.value)


def test_a_folder_that_cannot_be_used_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(LedgerError, match=r"cannot be opened.*in .audit. path"):
        open_log(tmp_path / "file" / "w0")


class ReadOnly(Disk):
    def make_folder(self, path):
        raise PermissionError(13, "Permission denied")

    def place(self, path, data, temporary):
        raise OSError(30, "Read-only file system")


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    with pytest.raises(LedgerError, match="cannot be opened: Permission denied"):
        open_log(tmp_path / "w0", disk=ReadOnly())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_of_somebody_else_is_told_in_a_sentence(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(LedgerError, match="Permission denied"):
        open_log(tmp_path / "w0")


def anchored(folder, exchanges):
    heads = []
    write_log(folder, exchanges, anchors=heads)
    return heads[-1]


def test_a_log_that_extends_the_head_kept_elsewhere_opens(tmp_path):
    head = anchored(tmp_path / "w0", 10)
    write_log(tmp_path / "w0", 300, anchored=head)
    assert reopened(tmp_path / "w0", anchored=head) == 620


def test_a_log_that_was_cut_replaced_rewritten_or_removed_does_not_open_under_its_head(tmp_path):
    folder, earlier = tmp_path / "w0", tmp_path / "earlier"
    write_log(folder, 3)
    shutil.copytree(folder, earlier)
    head = anchored(folder, 10)
    shutil.rmtree(folder)
    with pytest.raises(LedgerError, match="holds no audit log, but one of 26 entries"):
        open_log(folder, anchored=head)
    shutil.copytree(earlier, folder)
    with pytest.raises(LedgerError, match="a head of 26 was signed: it was cut"):
        open_log(folder, anchored=head)
    write_log(folder, 20, anchored=None)
    with pytest.raises(LedgerError, match="are not those that were signed: it was rewritten"):
        open_log(folder, anchored=head._replace(root=bytes(32)))
    shutil.rmtree(folder)
    write_log(folder, 20, origin_id="0199bb")
    with pytest.raises(LedgerError, match="it was replaced"):
        open_log(folder, anchored=head)


def test_leftovers_of_a_stop_are_cleared_away(tmp_path):
    folder = tmp_path / "w0"
    write_log(folder, 10, seals=2)
    (folder / "tmp" / "seal").write_bytes(b"half a tile")
    (tmp_path / ".w0.abc.new").mkdir()
    (folder / "tile" / "0" / "000.p" / "19").write_bytes(
        (folder / "tile" / "0" / "000.p" / "20").read_bytes()[: 19 * 32]
    )
    assert reopened(folder) == 20
    assert list((folder / "tmp").iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["w0"]
    assert [path.name for path in (folder / "tile" / "0" / "000.p").iterdir()] == ["20"]


def test_folders_that_a_backup_forgot_are_no_obstacle(tmp_path):
    folder = tmp_path / "w0"
    write_log(folder, 0)
    (folder / "tmp").rmdir()
    (folder / "tile").rmdir()
    (folder / "lock").unlink()
    write_log(folder, 2)
    assert verify(folder)["entries"] == 4


def test_an_entry_that_no_log_takes_is_told_with_its_index(tmp_path):
    folder = tmp_path / "w0"
    write_log(folder, 2, close=False)
    end = -(-len(segment_of(folder).read_bytes().rstrip(b"\0")) // 512) * 512
    with segment_of(folder).open("r+b") as segment:
        segment.seek(end)
        segment.write(b"".join(encode_group("tidegate/0199aa/w0", 4, [b"{}"])))
    with pytest.raises(LedgerError, match="entry 4 is none that a log takes"):
        open_log(folder)


def test_the_newest_time_is_found_also_when_the_journal_is_empty(tmp_path):
    folder = tmp_path / "w0"

    async def work():
        log = open_log(folder, segment_bytes=512)
        for number in range(256):
            log.append(refusal(f"r{number}", at_ns=NOW_NS + number))
        await log.seal()
        await log.close()

    asyncio.run(work())
    log = open_log(folder)
    assert log.last_time_ns == NOW_NS + 255
    asyncio.run(log.close())
