"""Where what rules is kept, and where commands lay down what they want done. One folder beside the store:

    policy/                0700
    ├── standing.json      what rules, what ruled before, which revision may come next: written by the gateway alone
    ├── now.json           what the gateway says of itself: what rules, what was refused, what the shadow counts
    ├── acts/              what commands want done, oldest first; the gateway does it, records it, and removes it
    └── kept/DIGEST/       the bundles behind standing.json, byte for byte

Files are replaced whole, so that a reader sees one state or the other. A `standing.json` that cannot be read is never
begun anew in silence: with it goes the memory of which revisions are too old.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, NamedTuple

from tidegate.adapters.policy.bundles import Bundle, read_bundle, write_bundle
from tidegate.core.decide.bundle.standing import Refused, Ruling, Standing
from tidegate.core.values.errors import ConfigError

_STANDING, _NOW, _ACTS, _KEPT = "standing.json", "now.json", "acts", "kept"
_MOST_ACT_BYTES = 65_536
_FORMAT = 1
_FORGOTTEN_AFTER_S = 3600
_DAMAGED = (
    "restore it from your backup, or remove it if you have checked which policy should rule: with it goes the memory "
    "of which revisions are too old"
)


class Act(NamedTuple):
    """`name` orders it among the others; `wanted` says what to do."""

    name: str
    wanted: Mapping[str, Any]


class Desk:
    """One gateway writes the standing; any number of commands lay down acts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def standing(self) -> Standing | None:
        """None where nothing has ruled yet. Raises ConfigError for a file that cannot be read."""
        path = self.folder / _STANDING
        try:
            return _standing(json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            raise ConfigError([f"{path}: this file is damaged; {_DAMAGED}"]) from None

    def keep(self, standing: Standing) -> None:
        """Durable when it returns. Forgets bundles that nothing leads to, unless a command has just put them there."""
        self._replace(_STANDING, {"v": _FORMAT, **asdict(standing)}, durable=True)
        known = standing.bundles()
        for one in self._listed(_KEPT):
            with suppress(FileNotFoundError):  # a command's own, renamed or removed meanwhile
                if one.name not in known and time.time() - one.stat().st_mtime > _FORGOTTEN_AFTER_S:
                    shutil.rmtree(one, ignore_errors=True)

    def tell(self, now: Mapping[str, Any]) -> None:
        self._replace(_NOW, now, durable=False)

    def told(self) -> Mapping[str, Any]:
        """What the gateway said last; empty where it never did."""
        with suppress(OSError, ValueError):
            found = json.loads((self.folder / _NOW).read_text("utf-8"))
            if isinstance(found, dict):
                return found
        return {}

    # -- bundles -------------------------------------------------------------------------------------------------------

    def place(self, digest: str) -> Path:
        """Where a copy of that bundle lies, if there is one."""
        return self.folder / _KEPT / digest

    def put(self, bundle: Bundle) -> None:
        """Keeps a copy under its digest."""
        place = self.place(bundle.manifest.digest)
        if place.is_dir():
            return
        self._folder(_KEPT)
        beside = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent))
        try:
            write_bundle(beside / "bundle", bundle)
            with suppress(OSError):  # somebody else put the same one there
                (beside / "bundle").rename(place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def get(self, digest: str) -> Bundle:
        """Every byte is compared with the manifest again. Raises ConfigError."""
        bundle = read_bundle(self.place(digest))
        if bundle.manifest.digest != digest:
            raise ConfigError([f"{bundle.where}: this is another bundle than the one that was kept there; restore it"])
        return bundle

    # -- acts ----------------------------------------------------------------------------------------------------------

    def lay_down(self, name: str, wanted: Mapping[str, Any]) -> None:
        """`name`: whatever sorts by time."""
        self._folder(_ACTS)
        self._replace(f"{_ACTS}/{name}.json", wanted, durable=True)

    def acts(self) -> Iterator[Act]:
        """Oldest first. What is no act is dropped: nothing of ours wrote it."""
        for path in self._listed(_ACTS):
            if path.suffix != ".json" or path.name.startswith("."):
                continue
            try:
                with path.open("rb") as file:
                    wanted = json.loads(file.read(_MOST_ACT_BYTES + 1))
            except (OSError, ValueError):
                wanted = None
            yield Act(path.stem, wanted if isinstance(wanted, dict) else {})

    def done(self, name: str) -> None:
        (self.folder / _ACTS / f"{name}.json").unlink(missing_ok=True)

    def is_open(self, name: str) -> bool:
        return (self.folder / _ACTS / f"{name}.json").exists()

    # -- files ---------------------------------------------------------------------------------------------------------

    def _listed(self, name: str) -> list[Path]:
        try:
            return sorted((self.folder / name).iterdir())
        except OSError:
            return []

    def _folder(self, name: str = "") -> None:
        (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)

    def _replace(self, name: str, document: Mapping[str, Any], *, durable: bool) -> None:
        self._folder()
        path = self.folder / name
        descriptor, beside = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
            file.flush()
            if durable:
                os.fsync(file.fileno())
        Path(beside).replace(path)
        if durable:
            _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _standing(document: Mapping[str, Any]) -> Standing:
    """Raises ValueError, TypeError or KeyError for anything that `keep` did not write."""
    if document["v"] != _FORMAT:
        raise ValueError
    plain = {name: value for name, value in document.items() if name != "v"}
    if {*plain} != {one.name for one in fields(Standing)} or type(plain["highest"]) is not int:
        raise ValueError
    refused = plain["refused"]
    return Standing(
        **{
            **plain,
            "ruling": None if plain["ruling"] is None else _ruling(plain["ruling"]),
            "before": tuple(_ruling(one) for one in plain["before"]),
            "refused": None if refused is None else Refused(refused[0], tuple(refused[1]), refused[2]),
        }
    )


def _ruling(document: Mapping[str, Any]) -> Ruling:
    closed = document.get("closed", [])
    if type(closed) is not list or not all(type(one) is str for one in closed):
        raise ValueError
    return Ruling(**{**document, "closed": tuple(closed)})
