"""`tidegate audit`: on a log that was written by the log's own code."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.adapters.stores.tlog import kit
from tidegate import config
from tidegate.adapters.secrets.keyring import open_keyring
from tidegate.adapters.stores.sql import SqlStore
from tidegate.adapters.system.entropy import SystemEntropy


@pytest.fixture
def log():
    """Three exchanges and an orphan under the configured folders, signed with the configured key, its head anchored."""
    settings = config.read({})
    keyring = open_keyring(settings.keys.path)
    folder = settings.audit.path / "w0"

    async def write():
        heads = []
        tiles = kit.open_log(folder, signing_key=keyring.seed, anchors=heads)
        for number in range(3):
            await kit.exchange(tiles, f"r{number}", labels=["pii.email"])
        await tiles.append(kit.intent("orphan", labels=[]))
        await tiles.close()
        store = await SqlStore.open(settings.store.url, entropy=SystemEntropy())
        await store.anchor(tiles.head)
        await store.aclose()

    asyncio.run(write())
    return folder


def damage(path: Path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_sound_log_verifies_with_our_key_and_the_anchored_head(log, tidegate):
    answer = tidegate("audit", "verify", "--json")
    report = json.loads(answer.out)
    assert (answer.status, report["ok"], report["entries"], report["orphans"], report["key"]) == (
        0,
        True,
        7,
        1,
        "local",
    )
    assert report["logs"][0]["exposure"]["behind_anchor"] == 0


def test_a_copy_elsewhere_is_nobodys_word_but_its_own(log, tidegate, tmp_path):
    copy = tmp_path / "copy"
    log.parent.rename(copy)
    report = json.loads(tidegate("audit", "verify", copy, "--json").out)
    assert (report["ok"], report["key"]) == (True, "untrusted")


def test_a_copy_verifies_with_the_public_half_of_our_key(log, tidegate, tmp_path):
    copy = tmp_path / "copy"
    log.parent.rename(copy)
    public = config.read({}).keys.path / "signing.pub"
    report = json.loads(tidegate("audit", "verify", copy, "--json", "--key", public).out)
    assert (report["ok"], report["key"]) == (True, "given")


def test_another_key_is_damage(log, tidegate, tmp_path):
    open_keyring(tmp_path / "other")
    assert tidegate("audit", "verify", "--key", tmp_path / "other" / "signing.pub").status == 1


def test_a_changed_byte_is_status_1(log, tidegate):
    damage(next((log / "tile" / "entries").rglob("*.p/*")))
    answer = tidegate("audit", "verify")
    assert answer.status == 1
    assert "DAMAGE" in answer.out


@pytest.mark.parametrize("how", ["removed", "emptied", "replaced"])
def test_a_log_that_is_gone_is_noticed_by_its_anchor(log, tidegate, how):
    gone = log.rename(log.with_name("gone"))
    if how == "emptied":
        log.mkdir()
    if how == "replaced":
        kit.write_log(log, signing_key=open_keyring(config.read({}).keys.path).seed, origin_id="another")
    for path in sorted(gone.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    gone.rmdir()
    answer = tidegate("audit", "verify", "--json")
    assert answer.status == 1
    assert json.loads(answer.out)["first_damage"]


def test_an_auditor_with_a_copy_needs_no_correct_configuration(log, tidegate, machine):
    (machine.folder / "tidegate.toml").write_text("[nonsense]")
    assert tidegate("audit", "verify", log.parent).status == 0
    assert tidegate("audit", "verify").status == 2


def test_a_key_file_that_is_none_is_status_2(log, tidegate, machine):
    (machine.folder / "key").write_text("nothing")
    answer = tidegate("audit", "verify", "--key", "key")
    assert answer.status == 2
    assert "holds no verifier key" in answer.err


def test_a_search_gives_exchanges_newest_first(log, tidegate):
    found = [json.loads(line) for line in tidegate("audit", "search", "--json").out.splitlines()]
    assert [one["request_id"] for one in found] == ["orphan", "r2", "r1", "r0"]
    assert all(one["log"] == "w0" for one in found)


def test_a_search_is_bounded_and_filtered(log, tidegate):
    found = tidegate("audit", "search", "--json", "--label", "pii", "--limit", "2").out.splitlines()
    assert [json.loads(line)["request_id"] for line in found] == ["r2", "r1"]
    assert tidegate("audit", "search", "--since", "2100-01-01").out == "nothing in the log matches\n"


def test_a_search_for_people_is_a_table(log, tidegate):
    assert tidegate("audit", "search", "--request-id", "r0").out.split("\t")[1:3] == ["r0", "unknown"]
    assert tidegate("audit", "search", "--request-id", "orphan").out.split("\t")[1:3] == ["orphan", "open"]


def test_the_tail_is_the_newest_records_in_their_order(log, tidegate):
    found = [json.loads(line) for line in tidegate("audit", "tail", "-n", "3", "--json").out.splitlines()]
    assert [(one["index"], one["kind"]) for one in found] == [(4, "intent"), (5, "outcome"), (6, "intent")]
    assert "intent" in tidegate("audit", "tail").out


def test_a_followed_tail_tells_what_comes(log, tidegate, monkeypatch):
    waits = []

    def wait(_):
        if waits:
            raise KeyboardInterrupt
        waits.append(_)
        kit_append(log)

    monkeypatch.setattr("time.sleep", wait)
    answer = tidegate("audit", "tail", "-n", "1", "-f", "--json")
    assert answer.status == 130
    assert [json.loads(line)["request_id"] for line in answer.out.splitlines()] == ["orphan", "orphan", "late"]


def kit_append(log):
    """Opens the log as the next start would: it closes the orphan, and takes one more record."""

    async def write():
        tiles = kit.open_log(log, signing_key=open_keyring(config.read({}).keys.path).seed)
        await tiles.append(kit.refusal("late"))
        await tiles.close()

    asyncio.run(write())


@pytest.mark.parametrize("what", ["tail", "search"])
def test_before_the_first_start_there_is_no_log(tidegate, what):
    answer = tidegate("audit", what)
    assert answer.status == 1
    assert "it begins with the first `tidegate up`" in answer.err


def test_before_the_first_start_there_is_nothing_to_verify(tidegate):
    assert tidegate("audit", "verify").status in (1, 2)
