"""Key files: made once and whole, the same at every start, and refused when anybody else could have read them."""

import hashlib
import hmac
import os
import stat
import threading

import pytest

from tidegate.adapters.secrets import keyring
from tidegate.adapters.secrets.keyring import derive, open_keyring, read_keyring
from tidegate.core.ledger.notes import parse_vkey
from tidegate.core.values.errors import ConfigError


def refusal(call, folder):
    with pytest.raises(ConfigError) as caught:
        call(folder)
    return caught.value.mistakes[0]


def mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


def test_the_first_start_makes_keys_that_only_their_owner_reads(tmp_path):
    folder = tmp_path / "state" / "keys"
    made = open_keyring(folder)
    assert (mode(folder), mode(folder / "signing"), mode(folder / "root")) == (0o700, 0o600, 0o600)
    assert sorted(path.name for path in folder.iterdir()) == ["root", "signing", "signing.pub"]
    assert [path.name for path in folder.parent.iterdir()] == ["keys"]
    assert (folder / "signing").read_bytes() == made.seed


def test_every_later_start_finds_the_same(tmp_path):
    assert open_keyring(tmp_path / "keys") == open_keyring(tmp_path / "keys") == read_keyring(tmp_path / "keys")


def test_a_permissive_umask_makes_no_difference(tmp_path):
    before = os.umask(0)
    try:
        open_keyring(tmp_path / "keys")
    finally:
        os.umask(before)
    assert (mode(tmp_path / "keys"), mode(tmp_path / "keys" / "root")) == (0o700, 0o600)


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "keys").mkdir(mode=0o755)
    open_keyring(tmp_path / "keys")
    assert mode(tmp_path / "keys") == 0o700


def test_the_public_half_is_a_verifier_key_that_auditors_tools_read(tmp_path):
    made = open_keyring(tmp_path / "keys")
    text = (tmp_path / "keys" / "signing.pub").read_text()
    assert text == made.verifier + "\n"
    assert parse_vkey(made.verifier).name == made.name


def test_nothing_shows_the_keys(tmp_path):
    made = open_keyring(tmp_path / "keys", lambda size: b"\x41" * size)
    assert "AAAA" not in repr(made)
    assert repr(made.keys.tags) not in repr(made)


def test_each_purpose_has_its_key_and_each_root_its_epoch():
    one, other = derive(b"\x01" * 32), derive(b"\x02" * 32)
    assert len({one.commitments, one.fingerprints, one.tags, other.commitments, other.fingerprints, other.tags}) == 6
    assert {len(one.commitments), len(one.fingerprints), len(one.tags)} == {32}
    assert one.epoch != other.epoch


def test_derivation_is_hkdf_expand_and_stays_as_it_is():
    """Whoever changes these bytes cuts every stored commitment off."""
    root = bytes(range(32))
    keys = derive(root)
    assert keys.epoch == hmac.new(root, b"tidegate v1 epoch\x01", hashlib.sha256).hexdigest()[:8]
    info = f"tidegate v1 commitments {keys.epoch}".encode()
    assert keys.commitments == hmac.new(root, info + b"\x01", hashlib.sha256).digest()
    assert (keys.epoch, keys.tags.hex()[:16]) == ("91cacf0c", "7ba36dcc7d223994")


def replace_by(path, make):
    path.unlink()
    make(path)


def link(path):
    path.rename(path.with_name("moved"))
    path.symlink_to(path.with_name("moved"))


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda keys: (keys / "root").unlink(), "root is missing; restore it from your backup"),
        (lambda keys: (keys / "signing").unlink(), "signing is missing"),
        (lambda keys: (keys / "signing.pub").unlink(), "signing.pub is missing"),
        (lambda keys: keys.chmod(0o750), "chmod 700 it, and think about whether it has been read"),
        (lambda keys: (keys / "root").chmod(0o640), "(mode 0640); chmod 600 it"),
        (lambda keys: (keys / "signing").chmod(0o604), "(mode 0604)"),
        (lambda keys: (keys / "root").write_bytes(b"x" * 31), "holds 31 bytes instead of 32"),
        (lambda keys: (keys / "root").write_bytes(b""), "holds 0 bytes instead of 32"),
        (lambda keys: (keys / "signing").write_bytes(b"x" * 33), "holds 33 bytes instead of 32"),
        (lambda keys: (keys / "signing").write_bytes(b"x" * 32), "does not belong to the signing key beside it"),
        (lambda keys: replace_by(keys / "root", os.mkfifo), "it is no regular file"),
        (lambda keys: replace_by(keys / "root", os.mkdir), "it is no regular file"),
        (lambda keys: link(keys / "root"), "it cannot be opened as a plain file"),
        (link, "a link to one; let keys.path name the folder itself"),
    ],
)
def test_a_keyring_that_is_not_whole_or_not_private_is_refused_and_left_alone(tmp_path, damage, sentence):
    folder = tmp_path / "keys"
    open_keyring(folder)
    damage(folder)
    before = sorted(path.name for path in folder.iterdir())
    assert sentence in refusal(open_keyring, folder)
    assert sentence in refusal(read_keyring, folder)
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_file_in_its_place_is_refused(tmp_path):
    (tmp_path / "keys").touch(mode=0o600)
    assert "it is no folder" in refusal(open_keyring, tmp_path / "keys")


def test_reading_never_makes_keys(tmp_path):
    assert "cannot be opened" in refusal(read_keyring, tmp_path / "keys")
    assert not (tmp_path / "keys").exists()


def test_starts_at_the_same_time_agree(tmp_path):
    found, start = [], threading.Barrier(8)

    def begin():
        start.wait()
        found.append(open_keyring(tmp_path / "keys"))

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.seed for one in found}) == 1
    assert len(found) == 8
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


@pytest.mark.parametrize("step", ["_write", "_sync", "_put"])
@pytest.mark.parametrize("calls_before", [0, 1, 2])
def test_a_first_start_that_breaks_anywhere_leaves_all_keys_or_none(tmp_path, monkeypatch, step, calls_before):
    real, calls = getattr(keyring, step), []

    def breaking(*words):
        calls.append(words)
        if len(calls) > calls_before:
            raise OSError(28, "No space left on device")
        return real(*words)

    monkeypatch.setattr(keyring, step, breaking)
    try:
        open_keyring(tmp_path / "keys")
    except ConfigError as error:
        assert "No space left on device" in error.mistakes[0]
    monkeypatch.undo()
    whole = (tmp_path / "keys").exists()
    again = open_keyring(tmp_path / "keys")
    assert again == read_keyring(tmp_path / "keys")
    assert not whole or len(calls) > 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    tmp_path.chmod(0o500)
    assert "cannot be made there" in refusal(open_keyring, tmp_path / "keys")
