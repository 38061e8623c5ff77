"""A bundle's manifest: every file of a policy by its digest, which revision it is, how long it holds, who signed.

    manifest.json    canonical JSON (RFC 8785) on one line
    signature        one signature line of a C2SP signed note whose text is the manifest

Only one spelling of either is accepted, so each of their bits matters.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import orjson

from tidegate.core.ledger.notes import Signer, Verifier, open_note, render_note

FORMAT = "tidegate policy bundle v1"
MANIFEST, SIGNATURE, SURROUNDINGS = "manifest.json", "signature", "surroundings.json"
_DOCUMENTS = ("invariants.toml", "preferences.toml", SURROUNDINGS)
MAX_REVISION = 2**53 - 1  # what every reader of JSON can count to
SKEW = timedelta(minutes=5)

_FILE = re.compile(
    r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.cedar|tests/[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.toml)", re.ASCII
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


class Untrusted(Exception):  # noqa: N818 - an answer about a bundle, on its way to a sentence
    """Why a bundle is not taken, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`revision`: 0 where nobody has signed. `created`, `valid_until`: RFC 3339 to the second, UTC; empty: not stated.

    `approver`: who accepts whatever this lets through that an earlier one did not; empty: nobody.
    """

    name: str
    revision: int = 0
    created: str = ""
    valid_until: str = ""
    approver: str = ""
    files: Mapping[str, str]

    def text(self) -> str:
        """What is signed."""
        document = {"format": FORMAT, **asdict(self), "files": dict(self.files)}
        return orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode() + "\n"

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the text: with the files' own digests in it, of the whole bundle."""
        return hashlib.sha256(self.text().encode()).hexdigest()


class Window(NamedTuple):
    """When a bundle was made and until when it holds, as the manifest says."""

    created: str
    valid_until: str


def is_member(name: str) -> bool:
    """Whether a file of that name belongs to a policy."""
    return name in _DOCUMENTS or bool(_FILE.fullmatch(name))


def manifest_of(members: Mapping[str, bytes], *, name: str) -> Manifest:
    """Of files that nobody has signed."""
    return Manifest(name=bundle_name(name), files={file: _digest(content) for file, content in members.items()})


def bundle_name(name: str) -> str:
    """`name` as a manifest may have it."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")[:63] or "policy"


def read_manifest(text: str) -> Manifest:
    """Raises Untrusted for any other text than what `Manifest.text` gives."""
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Untrusted("it is not JSON; take the bundle from its source again") from None
    if not isinstance(document, dict) or document.pop("format", None) != FORMAT:
        raise Untrusted(f'it does not say format "{FORMAT}"; make the bundle with `tidegate policy sign`')
    try:
        manifest = Manifest(**document)
        mistake = _mistake(manifest)
    except TypeError:
        raise Untrusted("it lacks something, or says what no manifest says; take the bundle anew") from None
    if mistake:
        raise Untrusted(f"{mistake}; sign the policy again")
    if manifest.text() != text:
        raise Untrusted("it is not spelled as it must be; take the bundle from its source again")
    return manifest


def changed(manifest: Manifest, members: Mapping[str, bytes]) -> list[str]:
    """A sentence for each file that is missing, of which nothing is said, or of which a byte differs."""
    told = manifest.files
    return [
        *(f"{name}: this file is missing from the bundle" for name in sorted(told.keys() - members.keys())),
        *(f"{name}: the manifest knows no such file" for name in sorted(members.keys() - told.keys())),
        *(
            f"{name}: at least one byte is not as it was when the bundle was made"
            for name in sorted(members.keys() & told.keys())
            if _digest(members[name]) != told[name]
        ),
    ]


def sign(manifest: Manifest, signer: Signer) -> str:
    """The signature file."""
    text = manifest.text()
    return render_note(text, signer.verifier, signer.sign(text)).removeprefix(text + "\n")


def signed_by(manifest: Manifest, signature: str, trusted: Sequence[Verifier]) -> Verifier:
    """Which of the trusted keys has signed. Raises Untrusted if none has."""
    words = signature.split(" ")
    if len(words) != 3 or words[0] != "—":
        raise Untrusted("it is not one signature line; sign the policy again")
    for key in trusted:
        if key.name != words[1]:
            continue
        try:
            open_note(f"{manifest.text()}\n{signature}", key)
        except ValueError:
            raise Untrusted(
                f"it is not the signature of {key.name} over this manifest: one of them was changed, or another key of "
                "that name signed; take the bundle from its source again"
            ) from None
        return key
    raise Untrusted("it is that of a key that [policy] trust does not name; have a trusted key sign, or add this one")


def outside_of(window: Window, now: str) -> str:
    """Why a bundle cannot be taken at `now` (RFC 3339, UTC), or nothing. Clocks of two machines may differ a little."""
    if window.created and _moment(now) + SKEW < _moment(window.created):
        return f"it was made at {window.created}, and the clock here says {now[:19]}Z; correct whichever clock is wrong"
    if window.valid_until and _moment(now) > _moment(window.valid_until):
        return f"it was valid until {window.valid_until}, and now is {now[:19]}Z; sign a newer revision"
    return ""


def _moment(text: str) -> datetime:
    """To the second."""
    return datetime.fromisoformat(text[:19])


def is_moment(text: str) -> bool:
    """Whether `text` is a time as manifests have it."""
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _mistake(manifest: Manifest) -> str:
    if not _is_text(manifest.name) or not _NAME.fullmatch(manifest.name):
        return "its name is not of letters, digits, dots, dashes and underscores"
    if type(manifest.revision) is not int or not 0 <= manifest.revision <= MAX_REVISION:
        return "its revision is no whole number from 0 on"
    for which in ("created", "valid_until"):
        value = getattr(manifest, which)
        if not _is_text(value) or (value and not is_moment(value)):
            return f"its {which} is not of the form 2026-11-21T14:00:00Z"
    if not _is_text(manifest.approver) or not manifest.approver.isprintable() or len(manifest.approver) > 200:
        return "its approver is no name"
    return _wrong_files(manifest.files)


def _wrong_files(files: object) -> str:
    if not isinstance(files, dict) or not files:
        return "it names no files"
    for name, digest in files.items():
        if not is_member(name):
            return "it names a file that belongs to no policy"
        if not _is_text(digest) or not _DIGEST.fullmatch(digest):
            return f"the digest of {name} is none"
    return ""


def _is_text(value: object) -> bool:
    return type(value) is str


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
