"""The gateway's own keys on disk: made once, at first start, and refused when anybody else could have read them.

    keys/               0700
    ├── signing         0600  32 bytes, the Ed25519 seed that signs the log's checkpoints
    ├── signing.pub     0644  the same key's public half as a verifier key (C2SP signed-note), for auditors
    └── root            0600  32 bytes, from which commitments, fingerprints and tags are derived

All three come into being together: they are written into a folder beside and renamed into place, so that a first start
that is interrupted leaves no half of a keyring. A keyring with a part missing is refused, because a new root would cut
every stored commitment off, and a new signing key every checkpoint.
"""

import hashlib
import hmac
import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tidegate.core.values.errors import ConfigError
from tidegate.core.values.keys import Keys

SIGNING, PUBLIC, ROOT = "signing", "signing.pub", "root"
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Keyring:
    """`name` is the signer's name in signed notes, `verifier` what an auditor is given."""

    keys: Keys
    name: str
    verifier: str
    seed: bytes = field(repr=False)


class _Folder:
    """An open folder of ours; names are looked up in it, whatever is moved in its place meanwhile."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except NotADirectoryError:
            raise _refusal(path, "it is no folder, or a link to one; let keys.path name the folder itself") from None
        except OSError as error:
            raise _refusal(path, f"it cannot be opened ({error.strerror}); check keys.path and its owner") from None
        _check_private(path, os.fstat(self._descriptor), "chmod 700")

    def close(self) -> None:
        os.close(self._descriptor)

    def names(self) -> set[str]:
        return set(os.listdir(self._descriptor))  # noqa: PTH208 - pathlib cannot list a descriptor

    def read(self, name: str, *, private: bool) -> bytes:
        path = self.path / name
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            descriptor = os.open(name, flags, dir_fd=self._descriptor)
        except OSError as error:
            raise _refusal(path, f"it cannot be opened as a plain file ({error.strerror}); restore it") from None
        try:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                raise _refusal(path, "it is no regular file; restore the key from your backup")
            if private:
                _check_private(path, about, "chmod 600")
            return os.read(descriptor, 4096)
        finally:
            os.close(descriptor)


def read_keyring(folder: Path) -> Keyring:
    """The keys in `folder`, which must be there. Raises ConfigError."""
    with closing(_Folder(folder)) as opened:
        missing = {SIGNING, PUBLIC, ROOT} - opened.names()
        if missing:
            raise _refusal(
                folder,
                f"{' and '.join(sorted(missing))} is missing; restore it from your backup (without it the log that is "
                "there cannot be continued), or move keys and log away to begin anew",
            )
        seed = _exactly(folder / SIGNING, opened.read(SIGNING, private=True))
        root = _exactly(folder / ROOT, opened.read(ROOT, private=True))
        published = opened.read(PUBLIC, private=False)
    name, verifier = _public_half(seed)
    if published.strip() != verifier.encode():
        raise _refusal(folder / PUBLIC, "it does not belong to the signing key beside it; restore both from one backup")
    return Keyring(derive(root), name, verifier, seed)


def open_keyring(folder: Path, random_bytes: Callable[[int], bytes] = os.urandom) -> Keyring:
    """The keys in `folder`, made there if it is missing or empty. Concurrent first starts agree on one keyring."""
    if not folder.is_symlink() and (not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))):
        _make(folder, random_bytes)
    return read_keyring(folder)


def derive(root: bytes) -> Keys:
    """One key a purpose (HKDF-Expand, RFC 5869: the root is uniform already). The epoch's name tells roots apart."""
    epoch = _expand(root, b"tidegate v1 epoch")[:4].hex()
    purpose = {what: _expand(root, f"tidegate v1 {what} {epoch}".encode()) for what in _PURPOSES}
    return Keys(epoch, *(purpose[what] for what in _PURPOSES))


_PURPOSES = ("commitments", "fingerprints", "tags", "detection")


def _expand(root: bytes, info: bytes) -> bytes:
    return hmac.digest(root, info + b"\x01", "sha256")


def _public_half(seed: bytes) -> tuple[str, str]:
    # Late, because cryptography is the dearest import of whoever needs the keyring's errors only.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from tidegate.core.ledger.notes import Verifier

    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    name = f"tidegate-{hashlib.sha256(public).hexdigest()[:8]}"
    return name, Verifier(name, public).vkey()


def _make(folder: Path, random_bytes: Callable[[int], bytes]) -> None:
    seed, root = random_bytes(_KEY_BYTES), random_bytes(_KEY_BYTES)
    _, verifier = _public_half(seed)
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))  # 0700 by itself
        _write(beside / SIGNING, seed, 0o600)
        _write(beside / PUBLIC, verifier.encode() + b"\n", 0o644)
        _write(beside / ROOT, root, 0o600)
        _sync(beside)
        _put(beside, folder)
        _sync(folder.parent)
    except OSError as error:
        raise _refusal(
            folder, f"the keys cannot be made there ({error.strerror}); let keys.path name a folder you may write"
        ) from None


def _write(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _put(beside: Path, folder: Path) -> None:
    """A rename takes the place of a missing or empty folder only: whoever was first has filled it, and wins."""
    try:
        beside.rename(folder)
    except OSError:
        for name in (SIGNING, PUBLIC, ROOT):
            (beside / name).unlink()
        beside.rmdir()
        if not (folder / SIGNING).exists():
            raise


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _exactly(path: Path, found: bytes) -> bytes:
    if len(found) != _KEY_BYTES:
        raise _refusal(path, f"it holds {len(found)} bytes instead of {_KEY_BYTES}; restore it from your backup")
    return found


def _check_private(path: Path, about: os.stat_result, remedy: str) -> None:
    if about.st_uid != os.geteuid():
        raise _refusal(path, "it belongs to another user; let the gateway's own user own its keys")
    if about.st_mode & 0o077:
        raise _refusal(
            path,
            f"others on this machine may read or change it (mode {stat.S_IMODE(about.st_mode):04o}); "
            f"{remedy} it, and think about whether it has been read",
        )


def _refusal(path: Path, what: str) -> ConfigError:
    return ConfigError([f"{path}: {what}"])
