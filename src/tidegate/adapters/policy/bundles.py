"""Bundles on disk: a folder or a tar, signed or not. Everything is read into memory, and bounded before it is."""

import io
import os
import stat
import tarfile
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from tidegate.adapters.policy.folder import CASES, MAX_FILE_BYTES, MAX_FILES, read_baseline, read_policy
from tidegate.core.decide.bundle.manifest import (
    MANIFEST,
    SIGNATURE,
    SURROUNDINGS,
    Manifest,
    Untrusted,
    changed,
    is_member,
    manifest_of,
    read_manifest,
)
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.preferences.policy import compile_whole
from tidegate.core.ledger.notes import ED25519, Signer, decode64
from tidegate.core.values.errors import ConfigError

_PRIVATE = "PRIVATE+KEY+"
_SEED_BYTES = 32
_MAX_TAR_BYTES = 16 * 1024 * 1024


class Bundle(NamedTuple):
    """`signature` is empty where nobody signed. The members are those that the manifest names, byte for byte."""

    manifest: Manifest
    members: Mapping[str, bytes]
    signature: str
    where: str

    def compiled(self) -> Policy:
        """Raises ConfigError with every mistake of it."""
        sources = {
            name: content.decode("utf-8-sig", "replace")
            for name, content in self.members.items()
            if name != SURROUNDINGS and not name.startswith(CASES)
        }
        return compile_whole(sources, schema=read_baseline().schema)


def read_bundle(path: Path) -> Bundle:
    """Whether the signature is anybody's is not asked here. Raises ConfigError with every mistake."""
    if path.is_dir() and not (path / MANIFEST).exists() and not (path / SIGNATURE).exists():
        return unsigned_bundle(path)
    found = _of_folder(path) if path.is_dir() else _of_tar(path)
    members = {name: content for name, content in found.items() if name not in (MANIFEST, SIGNATURE)}
    if MANIFEST not in found:
        raise ConfigError([f"{path}: there is no {MANIFEST} in it; make bundles with `tidegate policy sign`"])
    try:
        manifest = read_manifest(_text(found[MANIFEST]))
    except Untrusted as error:
        raise ConfigError([f"{path}: {MANIFEST}: {error}"]) from None
    if mistakes := changed(manifest, members):
        raise ConfigError([f"{path}: {one}; take the bundle from its source again" for one in mistakes])
    return Bundle(manifest, members, _text(found.get(SIGNATURE, b"")), str(path))


def unsigned_bundle(path: Path) -> Bundle:
    """A policy folder as somebody edits it. Raises ConfigError."""
    members = {name: text.encode() for name, text in read_policy(path).sources.items()}
    members |= {
        name: content for name, content in _of_folder(path).items() if name == SURROUNDINGS or name.startswith(CASES)
    }
    return bundle_of(members, name=path.resolve().name, where=str(path))


def bundle_of(members: Mapping[str, bytes], *, name: str, where: str) -> Bundle:
    """Of files that nobody signed."""
    return Bundle(manifest_of(members, name=name), members, "", where)


def write_bundle(path: Path, bundle: Bundle) -> None:
    """A tar if `path` ends in .tar, else a folder. Raises ConfigError if there is something already."""
    files = {MANIFEST: bundle.manifest.text().encode(), SIGNATURE: bundle.signature.encode(), **bundle.members}
    try:
        if path.suffix == ".tar":
            _write_tar(path, files)
            return
        path.mkdir(parents=True)
        for name, content in files.items():
            (path / name).parent.mkdir(exist_ok=True)
            (path / name).write_bytes(content)
    except FileExistsError:
        raise ConfigError([f"{path}: there is something already; name a new place for the bundle"]) from None


# -- signing keys ----------------------------------------------------------------------------------------------------


def make_signing_key(path: Path, name: str, random_bytes: Callable[[int], bytes] = os.urandom) -> Signer:
    """A new key in a new file that its owner alone may read. Raises ConfigError."""
    seed = random_bytes(_SEED_BYTES)
    try:
        signer = Signer(name, seed)
    except ValueError as error:
        raise ConfigError([f"{error}; choose another one"]) from None
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise ConfigError([f"{path}: there is something already; a key is never overwritten"]) from None
    with os.fdopen(descriptor, "w") as file:
        key = b64encode(ED25519 + seed).decode()
        file.write(f"{_PRIVATE}{name}+{signer.verifier.key_id().hex()}+{key}\n")
        file.flush()
        os.fsync(file.fileno())
    return signer


def read_signing_key(path: Path) -> Signer:
    """Raises ConfigError, which never repeats what the file holds."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read(4096).decode("ascii", "replace").strip()
    except OSError as error:
        raise ConfigError([f"{path}: this key cannot be read ({error.strerror}); --new-key makes one"]) from None
    if mode & 0o077:
        raise ConfigError([f"{path}: others on this machine may read this key (mode {mode:04o}); chmod 600 it"])
    name, _, rest = text.removeprefix(_PRIVATE).partition("+")
    key_id, _, encoded = rest.partition("+")
    try:
        decoded = decode64(encoded)
        signer = Signer(name, decoded[1:])
    except ValueError:
        signer = None
    if signer is None or decoded[:1] != ED25519 or text[: len(_PRIVATE)] != _PRIVATE:
        raise ConfigError([f"{path}: this is no signing key; `tidegate policy sign --new-key FILE` makes one"])
    if signer.verifier.key_id().hex() != key_id:
        raise ConfigError([f"{path}: name and key do not belong together; restore the file from your backup"])
    return signer


# -- files -----------------------------------------------------------------------------------------------------------


def _of_folder(path: Path) -> dict[str, bytes]:
    """Other files of the folder are nobody's business here; what begins with a dot is how volumes are mounted."""
    inside = sorted(one for folder in (path, path / CASES) if folder.is_dir() for one in folder.iterdir())
    found = {one.relative_to(path).as_posix(): one for one in inside}
    wanted = {name: one for name, one in found.items() if _is_wanted(name)}
    _check_count(path, len(wanted))
    contents = {}
    for name, one in wanted.items():
        try:
            with one.open("rb") as file:
                contents[name] = _bounded(one, file)
        except OSError as error:
            raise ConfigError(
                [f"{one}:1: this file cannot be read: {error.strerror}; correct its permissions"]
            ) from None
    return contents


def _of_tar(path: Path) -> dict[str, bytes]:
    try:
        if path.stat().st_size > _MAX_TAR_BYTES:
            raise ConfigError([f"{path}: this bundle has more than {_MAX_TAR_BYTES} bytes; no policy needs as many"])
        with tarfile.open(path, "r:") as tar:
            return dict(_tar_members(path, tar))
    except FileNotFoundError:
        raise ConfigError([f"{path}: there is no such file or folder; name a policy folder or a bundle"]) from None
    except tarfile.TarError:
        raise ConfigError([f"{path}: this is no policy folder and no plain tar; take the bundle again"]) from None
    except OSError as error:
        raise ConfigError([f"{path}: this bundle cannot be read: {error.strerror}"]) from None


def _tar_members(path: Path, tar: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    while (member := tar.next()) is not None:  # one by one: a list of all would grow with what a stranger sends
        name = PurePosixPath(member.name).as_posix()
        if member.isdir():
            continue
        if not member.isfile() or name in seen or not _is_wanted(name):
            raise ConfigError(
                [f"{path}: {name!a} is no file of a policy, or there twice; take the bundle from its source again"]
            )
        seen.add(name)
        _check_count(path, len(seen))
        content = tar.extractfile(member)
        assert content is not None  # of a plain file
        yield name, _bounded(path / name, content)


def _write_tar(path: Path, files: Mapping[str, bytes]) -> None:
    """The same bytes for the same files: no times, no owners."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file, tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in sorted(files.items()):
            about = tarfile.TarInfo(name)
            about.size, about.mode = len(content), 0o644
            tar.addfile(about, io.BytesIO(content))


def _is_wanted(name: str) -> bool:
    return name in (MANIFEST, SIGNATURE) or is_member(name)


def _bounded(where: Path, file: IO[bytes]) -> bytes:
    content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise ConfigError([f"{where}:1: this file has more than {MAX_FILE_BYTES} bytes; split it"])
    return content


def _check_count(path: Path, count: int) -> None:
    if count > 2 * MAX_FILES:
        raise ConfigError([f"{path}: more than {2 * MAX_FILES} files belong to this policy; merge some"])


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
