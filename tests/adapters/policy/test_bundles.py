"""Bundles on disk: what is written is read byte for byte, and what no policy would hold is refused unread."""

import io
import tarfile

import pytest

from tests.fakes import policies
from tidegate.adapters.policy import bundles
from tidegate.adapters.policy.bundles import (
    Bundle,
    make_signing_key,
    read_bundle,
    read_signing_key,
    unsigned_bundle,
    write_bundle,
)
from tidegate.core.decide.bundle.manifest import Manifest, sign
from tidegate.core.values.errors import ConfigError


@pytest.fixture
def folder(tmp_path):
    return policies.write(tmp_path / "house")


@pytest.fixture
def bundle(folder, tmp_path):
    found = unsigned_bundle(folder)
    manifest = Manifest(name="house", revision=3, files=found.manifest.files)
    return Bundle(manifest, found.members, sign(manifest, make_signing_key(tmp_path / "key", "house")), "")


def refused(path):
    with pytest.raises(ConfigError) as caught:
        read_bundle(path)
    return str(caught.value)


@pytest.mark.parametrize("name", ["a-folder", "one.tar"])
def test_what_is_written_is_read_again(bundle, tmp_path, name):
    write_bundle(tmp_path / name, bundle)
    assert read_bundle(tmp_path / name) == bundle._replace(where=str(tmp_path / name))
    with pytest.raises(ConfigError, match="there is something already"):
        write_bundle(tmp_path / name, bundle)


def test_preferences_belong_to_a_bundle_and_their_digest_is_in_its_manifest(folder, tmp_path):
    before = read_bundle(folder)
    (folder / "preferences.toml").write_text('[[prefer]]\nid = "a"\nreason = "So."\nfirst = { kind = "local" }\n')
    found = read_bundle(folder)
    assert "preferences.toml" in found.manifest.files
    assert found.compiled().preferences.rules[0].id == "a"
    assert found.compiled().digest != before.compiled().digest
    write_bundle(tmp_path / "one.tar", found)
    assert read_bundle(tmp_path / "one.tar").members == found.members


def test_the_same_bundle_is_the_same_tar(bundle, tmp_path):
    for name in ("a.tar", "b.tar"):
        write_bundle(tmp_path / name, bundle)
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()


def test_a_folder_without_a_manifest_is_a_policy_that_nobody_signed(folder):
    found = read_bundle(folder)
    assert (found.signature, found.manifest.revision, found.manifest.name) == ("", 0, "house")
    assert set(found.members) == {"rules.cedar", "invariants.toml", "tests/first.toml"}
    assert found.compiled().digest == read_bundle(folder).compiled().digest


def test_other_files_of_a_folder_are_nobody_s_business(folder, bundle, tmp_path):
    (folder / "README.md").write_text("ours")
    (folder / "..data").mkdir()
    assert "README.md" not in read_bundle(folder).members
    write_bundle(tmp_path / "signed", bundle)
    (tmp_path / "signed" / "README.md").write_text("ours")
    assert read_bundle(tmp_path / "signed").members == bundle.members


def test_a_rule_that_the_manifest_does_not_know_is_refused(bundle, tmp_path):
    write_bundle(tmp_path / "signed", bundle)
    (tmp_path / "signed" / "more.cedar").write_text("permit (principal, action, resource);")
    assert "more.cedar: the manifest knows no such file" in refused(tmp_path / "signed")


def tar_with(path, *members):
    with tarfile.open(path, "w") as tar:
        for name, content, kind in members:
            about = tarfile.TarInfo(name)
            about.type, about.size = kind, len(content)
            tar.addfile(about, io.BytesIO(content))
    return path


FILE, LINK = tarfile.REGTYPE, tarfile.SYMTYPE


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ([("../rules.cedar", b"", FILE)], "no file of a policy"),
        ([("/etc/rules.cedar", b"", FILE)], "no file of a policy"),
        ([("rules.cedar", b"", LINK)], "no file of a policy"),
        ([("rules.cedar", b"", FILE), ("./rules.cedar", b"", FILE)], "there twice"),
        ([("notes.txt", b"", FILE)], "no file of a policy"),
        ([("rules.cedar", b" " * 1_048_577, FILE)], "more than 1048576 bytes"),
        ([("rules.cedar", b"", FILE)], "there is no manifest.json"),
        ([("manifest.json", b"{}", FILE)], "does not say format"),
        ([(f"{n}.cedar", b"", FILE) for n in range(200)], "more than 128 files"),
    ],
)
def test_a_tar_that_holds_what_no_policy_does_is_refused(tmp_path, members, why):
    assert why in refused(tar_with(tmp_path / "one.tar", *members))


def test_what_is_no_tar_or_too_large_or_not_there_is_refused(tmp_path, monkeypatch):
    (tmp_path / "one.tar").write_bytes(b"no tar at all" * 100)
    assert "no plain tar" in refused(tmp_path / "one.tar")
    assert "there is no such file or folder" in refused(tmp_path / "nowhere.tar")
    monkeypatch.setattr(bundles, "_MAX_TAR_BYTES", 100)
    assert "more than 100 bytes" in refused(tmp_path / "one.tar")


def test_a_key_is_its_owner_s_alone_and_never_overwritten(tmp_path):
    signer = make_signing_key(tmp_path / "key", "house")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert read_signing_key(tmp_path / "key").verifier == signer.verifier
    with pytest.raises(ConfigError, match="never overwritten"):
        make_signing_key(tmp_path / "key", "house")
    with pytest.raises(ConfigError, match="choose another one"):
        make_signing_key(tmp_path / "other", "a b")
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: text.replace("+house+", "+barn+"), "do not belong together"),
        (lambda text: text[:-8], "no signing key"),
        (lambda text: text.removeprefix("PRIVATE+KEY+"), "no signing key"),
        (lambda _: "", "no signing key"),
    ],
)
def test_a_key_file_that_was_changed_is_refused_without_repeating_it(tmp_path, change, why):
    make_signing_key(tmp_path / "key", "house")
    text = (tmp_path / "key").read_text()
    (tmp_path / "key").write_text(change(text))
    with pytest.raises(ConfigError, match=why) as caught:
        read_signing_key(tmp_path / "key")
    assert text.strip()[-20:] not in str(caught.value)


def test_a_key_that_others_may_read_is_refused(tmp_path):
    make_signing_key(tmp_path / "key", "house")
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        read_signing_key(tmp_path / "key")
    with pytest.raises(ConfigError, match="--new-key makes one"):
        read_signing_key(tmp_path / "nowhere")
