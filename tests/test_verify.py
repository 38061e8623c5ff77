"""The verifier: nothing in a log can be changed, swapped, cut, removed or replaced without its seeing it."""

import asyncio
import fcntl
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.stores.tlog.kit import (
    NOW_NS,
    OTHER_SEED,
    SEED,
    abandon,
    canonical,
    exchange,
    intent,
    open_log,
    outcome,
    refusal,
    write_log,
)
from tidegate import verify
from tidegate.core.ledger import checkpoints, merkle, notes, tiles
from tidegate.core.ledger.entries import rfc3339
from tidegate.core.ledger.journal import encode_group
from tidegate.ports import Anchor

PUBLIC = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Nobody writes in most of these tests: what looks wrong once will not mend."""
    monkeypatch.setattr(verify, "PATIENCE", 2)
    monkeypatch.setattr(verify, "PAUSE_S", 0)


def files_of(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "lock")


def damage_in(folder, **more):
    report = verify.verify(folder, **more)
    assert report["ok"] is (report["first_damage"] is None)
    return report["first_damage"]


def head_of(folder):
    note = (folder / "checkpoint").read_bytes().decode()
    head, _ = checkpoints.parse_checkpoint(note, notes.Signer("tidegate/0199aa/w0", SEED).verifier)
    return Anchor(*head, note)


# -- sound logs -------------------------------------------------------------------------------------


def test_a_sound_log_verifies_and_says_what_it_holds(tmp_path):
    write_log(tmp_path / "w0", 10)
    report = verify.verify(tmp_path, keys=[PUBLIC], key="given", anchors=[head_of(tmp_path / "w0")])
    assert {name: report[name] for name in ("ok", "entries", "orphans", "open", "first_damage", "key")} == {
        "ok": True,
        "entries": 20,
        "orphans": 0,
        "open": 0,
        "first_damage": None,
        "key": "given",
    }
    (log,) = report["logs"]
    assert (log["origin"], log["size"], log["sealed"]) == ("tidegate/0199aa/w0", 20, 20)
    assert log["checkpoint"] == (tmp_path / "w0" / "checkpoint").read_text()
    assert report["exposure"] == "every entry is under a checkpoint; any cut would be seen"
    assert json.loads(json.dumps(report)) == report


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 700])
def test_logs_of_many_sizes_verify_one_log_or_the_folder_of_all(tmp_path, size):
    async def work():
        log = open_log(tmp_path / "w0")
        for number in range(size):
            log.append(refusal(f"r{number}"))
            if number % 97 == 5:
                await log.seal()
        await log.close()

    asyncio.run(work())
    for path in (tmp_path, tmp_path / "w0"):
        assert verify.verify(path)["entries"] == size
        assert damage_in(path) is None


def test_more_logs_than_one_are_added_up(tmp_path):
    write_log(tmp_path / "w0", 3)
    write_log(tmp_path / "w1", 4, orphans=2, close=False)
    report = verify.verify(tmp_path)
    assert (report["ok"], report["entries"], report["orphans"], len(report["logs"])) == (True, 16, 2, 2)


def test_intents_without_outcome_are_open_while_the_process_lives_and_orphans_after(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0")
        await log.append(intent("a"))
        await exchange(log, "b")
        report = verify.verify(tmp_path)
        abandon(log)
        return report

    report = asyncio.run(work())
    assert (report["ok"], report["open"], report["orphans"]) == (True, 1, 0)
    report = verify.verify(tmp_path)
    assert (report["ok"], report["open"], report["orphans"]) == (True, 0, 1)


def test_a_restart_closes_orphans(tmp_path):
    write_log(tmp_path / "w0", 5, orphans=3, close=False)
    write_log(tmp_path / "w0", 0)
    report = verify.verify(tmp_path)
    assert (report["ok"], report["entries"], report["orphans"]) == (True, 16, 0)


def test_exposure_tells_what_no_checkpoint_covers_and_since_when(tmp_path):
    async def work():
        log = open_log(tmp_path / "w0")
        await exchange(log, "a")
        await log.seal()
        anchored = log.head
        await exchange(log, "b")
        await log.seal()
        await exchange(log, "c", at_ns=NOW_NS + 10**9)
        report = verify.verify(tmp_path, anchors=[anchored])
        await log.close()
        return report

    report = asyncio.run(work())
    assert report["logs"][0]["exposure"] == {
        "behind_checkpoint": 2,
        "since": rfc3339(NOW_NS + 10**9),
        "behind_anchor": 4,
        "unanchored_since": rfc3339(NOW_NS),
    }
    assert report["exposure"].startswith(f"2 entries since {rfc3339(NOW_NS + 10**9)} are not under a checkpoint yet")
    assert "the key is the log's own word" in report["exposure"]


# -- every bit matters ------------------------------------------------------------------------------


def every_flip(folder, seed, **more):
    """One random bit of every byte of every file: gives those that nobody noticed."""
    chance, unseen = random.Random(seed), []
    assert damage_in(folder, **more) is None
    for path in files_of(folder):
        kept = path.read_bytes()
        with path.open("r+b", buffering=0) as file:
            for place, byte in enumerate(kept):
                bit = chance.randrange(8)
                os.pwrite(file.fileno(), bytes([byte ^ 1 << bit]), place)
                if damage_in(folder, **more) is None:
                    unseen.append((path.name, place, bit))
                os.pwrite(file.fileno(), bytes([byte]), place)
    assert damage_in(folder, **more) is None
    return unseen


def small_log(folder, *, sealed):
    """Twenty records in a small segment; or eight of them, the last four only in the journal."""
    log = open_log(folder, segment_bytes=4096)
    tickets = [log.append(intent(f"r{n}")) for n in range(4)]
    tickets += [log.append(outcome(f"r{n}", n)) for n in range(3)]
    if sealed:
        tickets += [log.append(refusal(f"s{n}")) for n in range(12)]
    return log, tickets


def test_each_byte_of_a_sealed_log_matters(tmp_path):
    folder = tmp_path / "w0"

    async def work():
        log, tickets = small_log(folder, sealed=True)
        await asyncio.gather(*tickets)
        await log.seal()
        await log.append(outcome("r3", 3))
        await log.close()

    asyncio.run(work())
    assert every_flip(folder, 1) == []


def test_each_byte_of_a_live_log_matters(tmp_path):
    folder = tmp_path / "w0"

    async def work():
        log, tickets = small_log(folder, sealed=False)
        await asyncio.gather(*tickets)
        await log.seal()
        await asyncio.gather(*(log.append(refusal(f"t{n}")) for n in range(3)))
        unseen = await asyncio.to_thread(every_flip, folder, 2)
        await log.close()
        return unseen

    assert asyncio.run(work()) == []


def test_each_byte_of_a_log_that_was_let_go_of_in_the_middle_matters(tmp_path):
    folder = tmp_path / "w0"

    async def work():
        log, tickets = small_log(folder, sealed=False)
        await log.seal()
        await asyncio.gather(*tickets)
        abandon(log)

    asyncio.run(work())
    assert every_flip(folder, 3) == []


def test_a_journal_that_goes_on_past_a_tile_of_the_second_level_is_no_damage_and_the_tile_still_matters(tmp_path):
    """The head's last tile of level 1 covers 65,000 of 65,536 entries; those behind the head fill it."""

    async def work():
        log = open_log(tmp_path / "w0", segment_bytes=16 << 20)
        for number in range(65_000):
            log.append(refusal(f"r{number}"), linger=True)
        await log.append(refusal("covered"))
        await log.seal()
        for number in range(1_000):
            log.append(refusal(f"s{number}"), linger=True)
        await log.append(refusal("behind"))
        abandon(log)

    asyncio.run(work())
    report = verify.verify(tmp_path)
    assert (report["first_damage"], report["entries"]) == (None, 66_002)
    tile = tmp_path / "w0" / "tile" / "1" / "000.p" / "253"
    data = bytearray(tile.read_bytes())
    data[-1] ^= 1
    tile.write_bytes(data)
    assert verify.verify(tmp_path)["first_damage"]["what"] == "these are not the hashes of the tree"


def test_damage_is_told_with_its_place(tmp_path):
    folder = tmp_path / "w0"
    write_log(folder, 10)
    bundle = folder / "tile" / "entries" / "000.p" / "20"
    content = bytearray(bundle.read_bytes())
    place = content.index(b'"r5"')
    content[place + 1] ^= 1
    bundle.write_bytes(content)
    found = damage_in(tmp_path)
    assert (found["file"], found["entry"]) == (str(bundle), 10)


# -- larger changes ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A log of 600 entries over three bundles, and the head that somebody else keeps."""
    folder = tmp_path_factory.mktemp("audit") / "w0"
    write_log(folder, 300, seals=5, segment_bytes=8192)
    return folder


@pytest.fixture
def log(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "audit" / "w0")
    return tmp_path / "audit" / "w0"


def edit(path, change):
    path.write_bytes(change(path.read_bytes()))


def swap_entries(data):
    first, second, *rest = tiles.decode_bundle(data)
    return tiles.encode_bundle([second, first, *rest])


def swap_hashes(data):
    return data[32:64] + data[:32] + data[64:]


def without_a_line(data):
    lines = data.splitlines(keepends=True)
    return b"".join(lines[:2] + lines[3:])


CHANGES = {
    "two entries swapped": ("tile/entries/000", swap_entries),
    "an entry removed": ("tile/entries/001", lambda data: tiles.encode_bundle(tiles.decode_bundle(data)[:-1])),
    "an entry added": ("tile/entries/002.p/88", lambda data: data + tiles.encode_bundle([refusal("added")])),
    "a byte behind a bundle": ("tile/entries/000", lambda data: data + b"\x00"),
    "two hashes swapped": ("tile/0/001", swap_hashes),
    "a hash too many": ("tile/0/001", lambda data: data + bytes(32)),
    "upper hashes swapped": ("tile/1/000.p/2", swap_hashes),
    "the last line of the history gone": ("checkpoints", lambda data: data[: data.rstrip().rfind(b"\n") + 1]),
    "a middle line of the history gone": ("checkpoints", without_a_line),
    "the history repeated": ("checkpoints", lambda data: data + data.splitlines(keepends=True)[-1]),
    "the history unfinished by one byte": ("checkpoints", lambda data: data[:-1]),
    "an extension line in the checkpoint": ("checkpoint", lambda data: data.replace(b"\n\n", b"\nmore\n\n")),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_seen(log, what):
    assert damage_in(log) is None
    name, change = CHANGES[what]
    edit(log / name, change)
    assert damage_in(log), what


@pytest.mark.parametrize("how", ["deleted", "emptied", "cut in half", "longer", "a folder"])
def test_each_file_is_needed_whole(log, how):
    for path in files_of(log):
        kept = path.read_bytes()
        if how == "deleted" and path == min((log / "wal").iterdir()):
            continue  # all of it is in full tiles: the writer itself may remove it
        if how == "deleted":
            path.unlink()
        elif how == "emptied":
            path.write_bytes(b"")
        elif how == "cut in half":
            path.write_bytes(kept[: len(kept.rstrip(b"\x00")) // 2])
        elif how == "longer":
            path.write_bytes(kept + b"x")
        else:
            path.unlink()
            path.mkdir()
        assert damage_in(log), path
        if path.is_dir():
            path.rmdir()
        path.write_bytes(kept)
    assert damage_in(log) is None


@pytest.mark.parametrize(
    "change", [lambda data: b"", lambda data: data[: len(data) // 2]], ids=["emptied", "cut in half"]
)
def test_all_files_at_once_are_seen_too(log, change):
    for path in files_of(log):
        edit(path, change)
    assert damage_in(log)


@pytest.mark.parametrize(
    "name",
    [
        "note.txt",
        "tile/notes",
        "tile/0/x000/001",
        "tile/0/003",
        "tile/0/002.p/7",
        "tile/entries/000.p/3",
        "tile/9/000",
        "tile/1/000.p/1",
        "wal/00000000000000000601.seg",
        "wal/more",
        "checkpoint.bak",
        "tile/0/002.p/300",
    ],
)
def test_a_stray_file_is_seen(log, name):
    path = log / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * 32)
    assert damage_in(log), name


def test_outgrown_tiles_that_a_stop_left_behind_are_no_damage_if_they_are_right(log):
    whole = (log / "tile" / "0" / "001").read_bytes()
    (log / "tile" / "0" / "001.p").mkdir()
    left = log / "tile" / "0" / "001.p" / "9"
    left.write_bytes(whole[: 9 * 32])
    assert damage_in(log) is None
    left.write_bytes(whole[: 8 * 32] + bytes(32))
    assert damage_in(log)["file"] == str(left)


def test_a_cut_is_seen_against_a_head_that_was_kept_elsewhere(tmp_path):
    """Whoever puts tiles, journal, history and checkpoint back to an earlier state leaves a log sound by itself."""
    folder = tmp_path / "audit" / "w0"
    write_log(folder, 10)
    shutil.copytree(folder, tmp_path / "earlier")
    write_log(folder, 5)
    anchor = head_of(folder)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "earlier", folder)
    assert damage_in(folder) is None
    assert "the log was cut" in damage_in(folder, anchors=[anchor])["what"]


def test_a_log_that_was_removed_emptied_or_replaced_is_seen_against_its_head(tmp_path):
    folder = tmp_path / "audit" / "w0"
    write_log(folder, 10)
    anchor = head_of(folder)
    shutil.rmtree(folder)
    for path in (tmp_path / "audit", tmp_path / "audit" / "w0"):
        assert "is not here" in damage_in(path, anchors=[anchor])["what"]
    folder.mkdir()
    assert damage_in(tmp_path / "audit", anchors=[anchor])
    folder.rmdir()
    write_log(folder, 10, origin_id="0199bb")
    assert damage_in(folder) is None
    assert "it was removed or replaced" in damage_in(folder, anchors=[anchor])["what"]


def test_a_rewritten_log_is_seen_against_its_head_even_if_the_right_key_signed_it(tmp_path):
    folder = tmp_path / "audit" / "w0"
    write_log(folder, 10)
    anchor = head_of(folder)
    shutil.rmtree(folder)

    async def rewrite():
        log = open_log(folder)
        for number in range(12):
            await exchange(log, f"other{number}")
        await log.close()

    asyncio.run(rewrite())
    assert "not those that were signed" in damage_in(folder, anchors=[anchor])["what"]


def test_an_anchor_that_was_tampered_with_is_seen(log):
    anchor = head_of(log)
    assert damage_in(log, anchors=[anchor]) is None
    assert damage_in(log, anchors=[anchor._replace(root=bytes(32))])
    assert damage_in(log, anchors=[anchor._replace(note=anchor.note.replace("600", "601"))])
    assert damage_in(log, anchors=[anchor._replace(note="")]) is None


def test_another_key_is_seen(tmp_path):
    write_log(tmp_path / "w0", 3, signing_key=OTHER_SEED)
    assert verify.verify(tmp_path)["key"] == "untrusted"
    assert damage_in(tmp_path) is None
    assert "another key" in damage_in(tmp_path, keys=[PUBLIC])["what"]


def signed_as_found(folder, entries):
    """A log with these entries, sound in all but what they say: what a writer without our checks would sign."""
    write_log(folder, 0, segment_bytes=512)
    signer = notes.Signer(f"tidegate/0199aa/{folder.name}", SEED)
    edge = tiles.Edge()
    edge.grow(map(merkle.leaf_hash, entries))
    head = checkpoints.Head(signer.verifier.name, len(entries), edge.root())
    line = checkpoints.HistoryLine(2, len(entries), head, signer.sign(head.text()))
    bundle = tiles.Tile(tiles.TileName(tiles.ENTRIES, 0, len(entries)), tiles.encode_bundle(entries))
    for name, data in (bundle, *edge.partial()):
        path = folder / tiles.tile_path(name)
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    with (folder / "checkpoints").open("a") as history:
        history.write(line.render())
    (folder / "checkpoint").write_text(line.note(signer.verifier))
    (folder / "wal" / f"{0:020d}.seg").write_bytes(b"".join(encode_group(head.origin, 0, entries)))


GOOD = refusal("r")


@pytest.mark.parametrize(
    ("what", "entries"),
    [
        ("keys out of order", [b'{"request_id":"r","kind":"refusal","ts":"2026-11-21T14:00:00.000000000Z"}']),
        ("a space", [GOOD.replace(b",", b", ", 1)]),
        ("a key twice", [GOOD.replace(b"{", b'{"kind":"refusal",', 1)]),
        ("a needless escape", [GOOD.replace(b'"r"', b'"\\u0072"')]),
        ("no object", [b"[]"]),
        ("no text", [b"\xff\xfe"]),
        ("no number", [canonical(kind="refusal", request_id="r", ts=rfc3339(0), x=float("nan"))]),
        ("an unknown kind", [canonical(kind="guess", request_id="r", ts=rfc3339(0))]),
        ("no time", [canonical(kind="refusal", request_id="r")]),
        ("another time", [canonical(kind="refusal", request_id="r", ts="2026-11-21T14:00:00Z")]),
        ("an outcome of nothing", [outcome("r", 0)]),
        ("an outcome before its intent", [outcome("r", 1), intent("r")]),
        ("two outcomes", [intent("r"), outcome("r", 0), outcome("r", 0)]),
        ("the outcome of another request", [intent("r"), outcome("s", 0)]),
        (
            "an outcome of True",
            [intent("r"), intent("s"), canonical(kind="outcome", request_id="s", intent=True, ts=rfc3339(0))],
        ),
    ],
)
def test_what_a_careless_writer_signed_is_seen(tmp_path, what, entries):
    signed_as_found(tmp_path / "good", [GOOD])
    assert damage_in(tmp_path / "good") is None
    signed_as_found(tmp_path / "bad", entries)
    assert "this is no entry of a log" in damage_in(tmp_path / "bad")["what"], what


@pytest.mark.parametrize("spelling", ["0.5", "1e+22", "1e22", "-0.0", "1.0", "123456789012345678901234567890"])
def test_numbers_may_stand_as_they_were_written(tmp_path, spelling):
    entry = GOOD.replace(b'"v":1', b'"v":' + spelling.encode())
    signed_as_found(tmp_path / "w0", [entry])
    assert damage_in(tmp_path) is None


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_garbage_is_damage_and_never_an_accident(finished, data):
    """Whatever stands in a file, the verifier finds words for it."""
    path = data.draw(st.sampled_from(files_of(finished)))
    kept = path.read_bytes()
    start = data.draw(st.integers(0, len(kept)))
    stop = data.draw(st.integers(start, len(kept)))
    garbage = data.draw(st.one_of(st.binary(max_size=300), st.text(max_size=100).map(str.encode), st.just(kept[:stop])))
    changed = kept[:start] + garbage + kept[stop:]
    path.write_bytes(changed)
    try:
        report = verify.verify(finished.parent)
        # Zeros behind a segment's end are nothing, and the history's next line may have begun.
        same = changed.rstrip(b"\0") == kept.rstrip(b"\0") or (path.name == "checkpoints" and changed.startswith(kept))
        assert same or not report["ok"]
        assert list(verify.summary(report))
    finally:
        path.write_bytes(kept)


# -- a log in use -----------------------------------------------------------------------------------


def test_a_log_that_is_being_written_verifies_all_the_while(tmp_path, monkeypatch):
    monkeypatch.setattr(verify, "PATIENCE", 200)
    monkeypatch.setattr(verify, "PAUSE_S", 0.005)
    folder = tmp_path / "w0"

    async def work():
        heads = []
        log = open_log(folder, segment_bytes=16384, seal_s=0.002, anchors=heads)
        running = True

        async def write(name):
            number = 0
            while running:
                number += 1
                await exchange(log, f"{name}{number}")

        writers = [asyncio.create_task(write(name)) for name in "abcd"]
        reports = []
        for _ in range(25):
            anchors = heads[-1:]
            reports.append(await asyncio.to_thread(verify.verify, tmp_path, anchors=anchors))
        running = False
        await asyncio.gather(*writers)
        await log.close()
        return reports

    reports = asyncio.run(work())
    assert [report["first_damage"] for report in reports] == [None] * 25
    sizes = [report["entries"] for report in reports]
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]
    assert all(report["open"] <= 4 and not report["orphans"] for report in reports)


def test_looking_does_not_lock_and_a_lock_alone_makes_a_log_live(tmp_path):
    write_log(tmp_path / "w0", 1)
    assert not verify.is_live(tmp_path / "w0")
    with (tmp_path / "w0" / "lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert verify.is_live(tmp_path / "w0")
    assert not verify.is_live(tmp_path / "w0")
    (tmp_path / "w0" / "lock").unlink()
    assert not verify.is_live(tmp_path / "w0")
    assert damage_in(tmp_path) is None


# -- by itself, from a shell ------------------------------------------------------------------------


def run(*words, cwd):
    return subprocess.run(
        [sys.executable, "-I", "-B", *words], capture_output=True, text=True, cwd=cwd, timeout=60, check=False
    )


def test_the_file_runs_alone_and_answers_with_its_exit_status(log, tmp_path):
    alone = tmp_path / "somewhere" / "verify.py"
    alone.parent.mkdir()
    shutil.copy(Path(verify.__file__), alone)
    sound = run(alone, log.parent, "--json", cwd=tmp_path)
    assert (sound.returncode, sound.stderr) == (0, "")
    assert json.loads(sound.stdout)["entries"] == 600
    edit(log / "checkpoint", lambda data: data[::-1])
    damaged = run(alone, log, cwd=tmp_path)
    assert damaged.returncode == 1
    assert damaged.stdout.startswith(f"DAMAGE  {log / 'checkpoint'}: this is no checkpoint of this log")
    for words in (["nowhere"], [], [log, "--key", "nowhere"]):
        wrong = run(alone, *words, cwd=tmp_path)
        assert (wrong.returncode, wrong.stdout) == (2, "")
        assert "Traceback" not in wrong.stderr


def test_keys_are_read_as_verifier_keys_or_pem(tmp_path, capsys):
    write_log(tmp_path / "w0", 3)
    vkey = (tmp_path / "w0" / "log").read_text().split("\n")[3]
    pem = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
    other = notes.Signer("tidegate/other", OTHER_SEED).verifier.vkey()
    keys = {
        "vkey": vkey + "\n",
        "two": f"{other}\n{vkey}\n",
        "pem": pem.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        "other": other,
        "empty": "\n",
        "garbage": "no key",
    }
    status = {}
    for name, content in keys.items():
        (tmp_path / name).write_text(content)
        status[name] = verify.main([str(tmp_path), "--key", str(tmp_path / name)])
    assert status == {"vkey": 0, "two": 0, "pem": 0, "other": 1, "empty": 2, "garbage": 2}
    assert "key: given" in capsys.readouterr().out


def test_a_folder_without_a_log_is_no_sound_log(tmp_path, capsys):
    assert verify.main([str(tmp_path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["first_damage"]["what"] == "there is no audit log here"


# -- two implementations of one format --------------------------------------------------------------


@given(st.lists(st.binary(max_size=40), max_size=600), st.data())
def test_both_implementations_build_the_same_tree(entries, data):
    width = data.draw(st.integers(0, min(256, len(entries))))
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    theirs = verify.Tree()
    whole = (len(leaves) - width) // 256 * 256
    for place in range(0, whole, 256):
        theirs.add(verify.rows_over(leaves[place : place + 256])[8][0])
    rest = leaves[whole : whole + width]
    edge = tiles.Edge()
    edge.grow(leaves[: whole + len(rest)])
    if len(rest) < 256:
        assert theirs.root(verify.rows_over(rest), len(rest)) == edge.root()


@given(st.integers(tiles.ENTRIES, 63), st.integers(0, 10**9), st.integers(1, 256))
def test_both_implementations_name_tiles_alike(level, number, width):
    ours = tiles.tile_path(tiles.TileName(level, number, width))
    theirs = verify.tile_path(verify.TileName("entries" if level < 0 else str(level), number, width))
    assert ours == theirs


@given(st.binary(max_size=2000))
def test_both_implementations_split_bundles_alike(data):
    try:
        ours = tiles.decode_bundle(data)
    except ValueError:
        ours = None
    assert verify.split_bundle(data) == ours


@given(st.integers(0, 2**40))
def test_both_implementations_expect_the_same_tiles(size):
    ours = {tiles.tile_path(name) for name in tiles.edge_tiles(size)}
    theirs = {
        verify.tile_path(verify.TileName(level, count // 256, count % 256))
        for level, count in verify.levels(size)
        if count % 256
    }
    assert ours == theirs
