"""Real processes, really killed; a real limit on how large files may grow."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.adapters.stores.tlog.kit import open_log, write_log
from tidegate.adapters.stores.tlog import entries
from tidegate.core.ledger.entries import bearing
from tidegate.core.values.errors import LedgerError
from tidegate.verify import verify

ROUNDS = 100 if os.environ.get("TIDEGATE_FAULTS") == "long" else 20
WRITER = Path(__file__).with_name("log_writer.py")


def writer(*words):
    return subprocess.Popen([sys.executable, WRITER, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def kill(child):
    child.send_signal(signal.SIGKILL)
    told, _ = child.communicate(timeout=30)
    return told.decode().rpartition("\n")[0].split("\n")


@pytest.mark.slow
def test_kill_9_under_load_loses_nothing_that_was_acknowledged(tmp_path):
    folder, chance, kept = tmp_path / "w0", random.Random(11), {}
    for round_number in range(ROUNDS):
        child = writer(folder)
        opened = child.stdout.readline().decode()
        if not opened:
            pytest.fail(f"round {round_number}: {child.communicate()[1].decode()[-500:]}")
        assert int(opened.split()[1]) >= max(kept, default=-1) + 1
        time.sleep(0.02 + 0.15 * chance.random())
        report = verify(tmp_path) if round_number % 5 == 0 else None
        for line in kill(child):
            word, index, request_id = line.split()
            assert word == "kept"
            kept[int(index)] = request_id
        assert report is None or report["first_damage"] is None
        assert verify(tmp_path)["first_damage"] is None
    write_log(folder, 1)
    found = {index: bearing(entry)[0] for index, entry in entries(folder)}
    assert len(kept) > 20 * ROUNDS
    assert {index: found.get(index) for index in kept} == kept
    report = verify(tmp_path)
    assert (report["ok"], report["orphans"], report["entries"]) == (True, 0, len(found))


def test_a_second_process_is_refused_and_told_which_the_first_is(tmp_path):
    child = writer(tmp_path / "w0")
    try:
        assert child.stdout.readline()
        with pytest.raises(LedgerError, match=f"in use by process {child.pid}"):
            open_log(tmp_path / "w0")
    finally:
        kill(child)
    write_log(tmp_path / "w0", 1)
    assert verify(tmp_path)["ok"]


def test_a_full_disk_closes_the_log_and_room_opens_it_again(tmp_path):
    child = writer(tmp_path / "w0", 1 << 16)
    told, complaint = child.communicate(timeout=30)
    assert child.returncode == 0, complaint.decode()[-500:]
    refused, closed, opened, _ = told.decode().split("\n")
    kept = int(refused.split()[2].rstrip(":"))
    assert refused.endswith("bytes could be written"), "a group was cut in the middle"
    assert closed == f"closed False {kept + 1}"
    assert opened == f"open again {kept + 1}"
    assert [index for index, _ in entries(tmp_path / "w0")] == list(range(kept + 2))
    assert verify(tmp_path)["first_damage"] is None
    assert b"Traceback" not in complaint
