"""Checks a tidegate audit log: `python verify.py PATH [--key FILE] [--json]`. Exit 0 sound, 1 damaged, 2 cannot tell.

One file on the standard library and `cryptography`, so that an auditor can carry it away and read it in one sitting; it
shares no line with the code that writes logs, on purpose. The format is described in docs/audit-log.md. PATH is one log
or the folder that holds them (`w0`, `w1`, ...). Nothing is changed, and the log may be in use meanwhile.

Without a key that came some other way, a log vouches for itself only: whoever rewrote all of it with a key of their own
is not seen. `--key FILE` takes verifier keys (`NAME+HEX+BASE64`, one a line) or a PEM public key.
"""

import argparse
import fcntl
import json
import os
import re
import struct
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

PATIENCE = 40
PAUSE_S = 0.025
SECTOR = 512
HEADER = struct.Struct(">IIQ8s8s")
FILES = {"log", "lock", "checkpoint", "checkpoints", "wal", "tile", "tmp"}
SEGMENT = re.compile(r"([0-9]{20})\.seg\Z")
TILE = re.compile(r"(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?\Z")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{9}Z\Z")
KINDS = {"intent", "outcome", "recovered", "refusal", "admin"}


class Damage(Exception):  # noqa: N818 - it is a finding
    """What is wrong, and where: a file, and in it a byte or an entry if that is known."""

    def __init__(self, what: str, file: Path, *, offset: int | None = None, entry: int | None = None) -> None:
        super().__init__(what)
        self.what, self.file, self.offset, self.entry = what, file, offset, entry

    def report(self) -> dict[str, Any]:
        return {"what": self.what, "file": str(self.file), "offset": self.offset, "entry": self.entry}


class CannotTell(Exception):  # noqa: N818 - it is an answer
    """The question was wrong, or a file cannot be read."""


class Anchor(Protocol):
    """A head that was kept where whoever rewrites the log does not write. `note` may be empty."""

    @property
    def origin(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def root(self) -> bytes: ...
    @property
    def note(self) -> str: ...


def require(holds: object, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


# -- signed notes -----------------------------------------------------------------------------------


class Key(NamedTuple):
    name: str
    public: bytes

    @property
    def hint(self) -> bytes:
        return sha256(self.name.encode() + b"\n\x01" + self.public).digest()[:4]

    def check(self, text: str, signature: bytes) -> None:
        """Raises ValueError."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            raise ValueError("the signature does not fit") from None

    def open(self, note: str) -> str:
        """The text of a note with this key's signature and no other. Raises ValueError."""
        text, gap, line = note.rpartition("\n\n— ")
        if not gap:
            raise ValueError("it is not a signed note")
        text += "\n"
        signature = unbase64(line.removeprefix(self.name + " ").removesuffix("\n"))
        if note != f"{text}\n— {self.name} {b64encode(self.hint + signature[4:]).decode()}\n":
            raise ValueError("it is not signed with this log's key, or not spelled as it must be")
        self.check(text, signature[4:])
        return text


def unbase64(text: str) -> bytes:
    decoded = b64decode(text, validate=True)
    if b64encode(decoded).decode() != text:
        raise ValueError("base64 in a spelling that is not the canonical one")
    return decoded


def read_vkey(vkey: str) -> Key:
    """Raises ValueError."""
    name, _, rest = vkey.partition("+")
    material = unbase64(rest.partition("+")[2])
    key = Key(name, material[1:])
    if len(material) != 33 or material[0] != 1 or vkey != f"{name}+{key.hint.hex()}+{rest.partition('+')[2]}":
        raise ValueError("it is not an Ed25519 verifier key NAME+HEX+BASE64")
    return key


# -- hashes -----------------------------------------------------------------------------------------


def pair_up(row: Sequence[bytes]) -> list[bytes]:
    """One row of the tree from the one below; an odd last hash has no parent yet."""
    pairs = iter(row)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]


def rows_over(leaves: list[bytes]) -> list[list[bytes]]:
    """All complete subtrees over up to 256 leaves, by height."""
    rows = [leaves]
    while len(rows[-1]) > 1:
        rows.append(pair_up(rows[-1]))
    return rows


def fold(peaks: list[bytes]) -> bytes:
    if not peaks:
        return sha256(b"").digest()
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = sha256(b"\x01" + peak + root).digest()
    return root


@dataclass
class Tree:
    """Grows by whole bundles. `peaks` are its complete subtrees, tallest first, each with its width in bundles."""

    bundles: int = 0
    peaks: list[tuple[int, bytes]] = field(default_factory=list)

    def add(self, root: bytes) -> None:
        self.bundles += 1
        width = 1
        while self.peaks and self.peaks[-1][0] == width:
            root = sha256(b"\x01" + self.peaks.pop()[1] + root).digest()
            width *= 2
        self.peaks.append((width, root))

    def root(self, rows: list[list[bytes]], width: int) -> bytes:
        """Of the bundles so far and the first `width` leaves of the next, whose rows are given."""
        below = [rows[height][(width >> height) - 1] for height in range(8, -1, -1) if width >> height & 1]
        return fold([root for _, root in self.peaks] + below)


# -- what a log holds at one moment -----------------------------------------------------------------


class Head(NamedTuple):
    """A line of the history. `low`: the oldest intent that was open."""

    number: int
    low: int
    size: int
    root: bytes


class TileName(NamedTuple):
    level: str
    place: int
    width: int


@dataclass
class Snapshot:
    """All that changes while the log is written; the full tiles that it speaks of never do."""

    folder: Path
    key: Key
    live: bool
    wal_first: int
    wal: list[bytes]
    torn_bytes: int
    note: str
    size: int
    edge: dict[TileName, bytes]
    left: dict[TileName, bytes]
    history: bytes


def tile_path(name: TileName) -> str:
    digits = f"{name.place:03d}"
    while len(digits) % 3:
        digits = "0" + digits
    parts = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    number = "/".join(["x" + part for part in parts[:-1]] + parts[-1:])
    return f"tile/{name.level}/{number}" + (f".p/{name.width}" if name.width < 256 else "")


def levels(size: int) -> list[tuple[str, int]]:
    """Each kind of tile in a tree of `size`, with how many items of that kind there are."""
    found, count, level = [("entries", size)], size, 0
    while count:
        found.append((str(level), count))
        count, level = count >> 8, level + 1
    return found


def is_live(folder: Path) -> bool:
    """Whether a process holds the log open for writing."""
    try:
        fd = os.open(folder / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(fd)


def take_snapshot(folder: Path, keys: Sequence[bytes]) -> Snapshot:
    """A writer may be in the middle of something: what looks wrong in a live log is looked at again."""
    for attempt in range(PATIENCE):
        live = is_live(folder)
        try:
            return _snapshot(folder, keys, live=live)
        except (Damage, FileNotFoundError) as error:
            if not (live or is_live(folder)) or attempt == PATIENCE - 1:
                if isinstance(error, Damage):
                    raise
                raise Damage("the file is missing", Path(error.filename)) from error
        time.sleep(PAUSE_S)
    raise AssertionError("unreachable")


def _snapshot(folder: Path, keys: Sequence[bytes], *, live: bool) -> Snapshot:
    key = _identity(folder, keys)
    for child in folder.iterdir():
        if child.name not in FILES:
            raise Damage("there is no such file in a log", child)
    # The journal before the checkpoint: what it no longer holds is then surely covered by full tiles.
    first, entries, torn = _journal(folder / "wal", key.name, live=live)
    path = folder / "checkpoint"
    try:
        note = path.read_bytes().decode()
        lines = key.open(note).split("\n")
        size, root = int(lines[1]), unbase64(lines[2])
        require(lines == [key.name, str(size), b64encode(root).decode(), ""], "it is not origin, size and root")
    except (ValueError, IndexError) as error:
        raise Damage(f"this is no checkpoint of this log: {error}", path) from error
    history = _history(folder / "checkpoints", f"{size} {lines[2]} ", live=live)
    edge = {
        name: (folder / tile_path(name)).read_bytes()
        for level, count in levels(size)
        if (name := TileName(level, count // 256, count % 256)).width
    }
    left = _left_over(folder, size, edge, live=live)
    return Snapshot(folder, key, live, first, entries, torn, note, size, edge, left, history)


def _identity(folder: Path, keys: Sequence[bytes]) -> Key:
    path = folder / "log"
    try:
        note = path.read_bytes().decode()
        lines = note.split("\n")
        key = read_vkey(lines[3])
        wanted = ["tidegate audit log v1", key.name, lines[2], lines[3], ""]
        require(key.open(note).split("\n") == wanted, "it does not name format, origin, creation and key, a line each")
        require(TIME.match(lines[2]), "its creation is no time")
    except (ValueError, IndexError) as error:
        raise Damage(f"this does not say what log it is: {error}", path) from error
    if keys and key.public not in keys:
        raise Damage("the log is signed with another key than the one that was given", path)
    return key


def _history(path: Path, wanted: str, *, live: bool) -> bytes:
    """The finished lines. The checkpoint is the last of them or, between two steps of a writer, the one before."""
    history = path.read_bytes()
    whole, _, rest = history.rpartition(b"\n")
    hole = history.find(b"\x00")
    if hole >= 0 and not history[hole : hole + -hole % SECTOR].strip(b"\x00"):
        whole, _, rest = history[:hole].rpartition(b"\n")  # a sector of the line that was being written is missing
    lines = whole.split(b"\n")
    heads = [b" ".join(line.split(b" ")[2:4]).decode("ascii", "replace") + " " for line in lines[-2:]]
    if wanted not in heads or (live and len(whole) + 1 != len(history)):
        raise Damage("the checkpoint is not the last of these", path)
    if not _begins_a_line(rest, len(lines) + 1):
        raise Damage("the last line does not end as it must", path, offset=len(whole) + 1)
    return whole + b"\n"


def _begins_a_line(begun: bytes, number: int) -> bool:
    """Whether a stop can have left this of line `number`: not its end, a signature of 88 characters and a newline."""
    start = f"{number} ".encode()
    words = begun.split(b" ", 4)
    fits = begun.startswith(start) or start.startswith(begun)
    return fits and re.fullmatch(b"[0-9A-Za-z+/= ]*", begun) is not None and (len(words) < 5 or len(words[4]) <= 88)


def _left_over(folder: Path, size: int, edge: dict[TileName, bytes], *, live: bool) -> dict[TileName, bytes]:
    """Tiles beside those of this head: outgrown ones not yet removed, or those of a head not signed yet."""
    left: dict[TileName, bytes] = {}
    counts = dict(levels(size))
    for path in _files(folder / "tile"):
        found = TILE.match(path.relative_to(folder / "tile").as_posix())
        name = found and TileName(found[1], int(re.sub("[x/]", "", found[2])), int(found[3] or 256))
        if not name or name.width > 256 or folder / tile_path(name) != path:
            raise Damage("there is no such file in a log", path)
        if name in edge or (name.width == 256 and name.place < counts.get(name.level, 0) // 256):
            continue
        try:
            left[name] = path.read_bytes()
        except FileNotFoundError:
            if not live:
                raise
    return left


def _files(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place) / name for name in names)


# -- the journal ------------------------------------------------------------------------------------


def _journal(folder: Path, origin: str, *, live: bool) -> tuple[int, list[bytes], int]:
    """The index of the first entry in it, its entries, and how many bytes an unfinished last group has."""
    paths = sorted(folder.iterdir())
    if not paths:
        raise Damage("the journal is missing", folder)
    entries: list[bytes] = []
    first = torn = 0
    for number, path in enumerate(paths):
        if not SEGMENT.match(path.name):
            raise Damage("there is no such file in a log", path)
        begins = int(path.name[:20])
        first = first if number else begins
        if begins != first + len(entries) or torn:
            raise Damage("entries before this segment are missing", path, entry=first + len(entries))
        found, torn = _segment(path, path.read_bytes(), origin, begins)
        entries += found
    if torn and live:
        raise Damage("the last group is not finished, although a process is writing", paths[-1])
    return first, entries, torn


def _segment(path: Path, data: bytes, origin: str, first: int) -> tuple[list[bytes], int]:
    """Its entries, and the length of an unfinished last group. Groups begin on sectors; behind them are zeros."""
    entries: list[bytes] = []
    place, written = 0, len(data.rstrip(b"\x00"))
    while place < written:
        length, count, index, check, whole = _group_header(data, place, origin)
        start, stop = place + HEADER.size, place + HEADER.size + length
        after = stop + -stop % SECTOR
        payload = data[start:stop]
        sound = whole and index == first + len(entries) and stop <= len(data)
        if not sound or sha256(origin.encode() + b"\n" + index.to_bytes(8) + payload).digest()[:8] != check:
            if _unfinished(data, place, written, origin, whole, stop):
                return entries, written - place
            raise Damage("a group of entries does not check", path, offset=place, entry=first + len(entries))
        if data[stop:after].strip(b"\x00"):
            raise Damage("there are bytes between two groups", path, offset=stop)
        found = split_bundle(payload)
        if found is None or len(found) != count:
            raise Damage("a group of entries is not made as it must be", path, offset=place, entry=index)
        entries += found
        place = after
    return entries, 0


def _group_header(data: bytes, place: int, origin: str) -> tuple[int, int, int, bytes, bool]:
    raw = data[place : place + HEADER.size].ljust(HEADER.size, b"\x00")
    length, count, index, check, own = HEADER.unpack(raw)
    return length, count, index, check, sha256(origin.encode() + b"\n" + raw[:24]).digest()[:8] == own


def _unfinished(data: bytes, place: int, written: int, origin: str, whole: bool, stop: int) -> bool:  # noqa: FBT001
    """Whether a stop can have left this: the last group, with a sector missing or the rest of it."""
    if any(_group_header(data, later, origin)[4] for later in range(place + SECTOR, written, SECTOR)):
        return False
    sectors = [data[at : at + SECTOR] for at in range(place, stop if whole else written, SECTOR)]
    if whole:
        return written < stop or not all(sector.strip(b"\x00") for sector in sectors)
    # Without its header, the rest of a group is known by being text: no two zeros in a row, a brace at the end.
    texts = [sector.rstrip(b"\x00") for sector in sectors]
    stops = texts[-1].endswith(b"}") or len(texts[-1]) >= SECTOR - 1
    return not texts[0] and stops and not any(b"\x00\x00" in text for text in texts)


def split_bundle(data: bytes) -> list[bytes] | None:
    entries, place, end = [], 0, len(data)
    while place < end:
        start = place + 2
        place = start + int.from_bytes(data[place:start])
        if start > end or place > end:
            return None
        entries.append(data[start:place])
    return entries


# -- entries ----------------------------------------------------------------------------------------


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


_decode = json.JSONDecoder(parse_constant=_no_constant).decode
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_FRACTION = "\x00fraction "
_decode_fractions = json.JSONDecoder(parse_float=lambda text: _FRACTION + text, parse_constant=_no_constant).decode
_QUOTED_FRACTION = re.compile(r'"\\u0000fraction ([^"]*)"')


def canonical(text: str, value: Any) -> bool:
    """Keys sorted and none twice, no spaces, the shortest escapes; numbers with a fraction as they stand."""
    if _encode(value) == text:
        return True
    return _QUOTED_FRACTION.sub(r"\1", _encode(_decode_fractions(text))) == text


@dataclass
class Pairing:
    """Intents that wait for their outcome: index -> request. In order of index."""

    waiting: dict[int, str] = field(default_factory=dict)
    first: str = ""
    last: str = ""

    def take(self, index: int, entry: bytes) -> str:
        """Looks at one entry; gives its time. Raises ValueError."""
        text = entry.decode()
        value = _decode(text)
        if type(value) is not dict or not canonical(text, value):
            raise ValueError("it is not a JSON object in its canonical form")
        kind, request, ts = value.get("kind"), value.get("request_id"), value.get("ts")
        if kind not in KINDS or type(request) is not str or type(ts) is not str or not TIME.match(ts):
            raise ValueError("it lacks a known kind, a request_id or a time")
        if kind == "intent":
            self.waiting[index] = request
        elif kind in {"outcome", "recovered"}:
            closes = value.get("intent")
            if type(closes) is not int or self.waiting.get(closes) != request:
                raise ValueError(f"it closes intent {closes}, which is not open, or not of this request")
            del self.waiting[closes]
        return ts

    def low(self, size: int) -> int:
        return next(iter(self.waiting), size)


# -- one log ----------------------------------------------------------------------------------------


@dataclass
class Check:
    """Streams all entries of a snapshot through the tree and compares everything with everything."""

    shot: Snapshot
    anchors: Sequence[Anchor]
    tree: Tree = field(default_factory=Tree)
    pairing: Pairing = field(default_factory=Pairing)
    count: int = 0
    first_time: str = ""
    last_time: str = ""
    since: dict[int, str] = field(default_factory=dict)

    def run(self) -> None:
        shot = self.shot
        total = max(shot.size, shot.wal_first + len(shot.wal))
        if shot.wal_first > shot.size // 256 * 256:
            raise Damage("entries that no full tile holds are missing from the journal", shot.folder / "wal")
        if total > shot.wal_first + len(shot.wal) and not shot.live:
            what = f"it covers {shot.size} entries, and the journal does not reach there"
            raise Damage(what, shot.folder / "checkpoint")
        self._points = self._all_points(total)
        self._next_point = next(self._points, None)
        watch = sorted({shot.size, *(anchor.size for anchor in self.anchors)})
        self._watch = [size for size in watch if size < total]
        tile_rows: list[list[bytes]] = [[]]
        rows: list[list[bytes]] = [[]]
        for number in range(-(-total // 256)):
            entries, hashes, path = self._bundle(number, total)
            leaves = [sha256(b"\x00" + entry).digest() for entry in entries]
            if hashes is not None:
                self._compare(leaves, hashes, number, path)
            rows = rows_over(leaves)
            self._entries(number * 256, entries, rows, path)
            self._left_over("0", number, leaves)
            self._left_over(
                "entries", number, [len(entry).to_bytes(2) + entry for entry in entries] if shot.left else []
            )
            if len(leaves) == 256:
                self.tree.add(rows[8][0])
                self._climb(tile_rows, rows[8][0])
        self._at(total, rows if total % 256 else [[]], total % 256)
        self._finish(tile_rows, total)

    def _bundle(self, number: int, total: int) -> tuple[list[bytes], bytes | None, Path]:
        """Entries of a bundle, from tiles and behind the checkpoint from the journal; the tiles' hashes; a path."""
        shot = self.shot
        covered = min(256, max(0, shot.size - number * 256))
        entries, hashes, path = [], None, shot.folder / "wal"
        if covered:
            name = TileName("entries", number, covered)
            path = shot.folder / tile_path(name)
            found = split_bundle(self._tile(name))
            if found is None or len(found) != covered:
                raise Damage(f"this does not hold {covered} entries", path, entry=number * 256)
            entries, hashes = found, self._tile(TileName("0", number, covered))
            self._copy(number * 256, entries, path)
        if covered < 256 and total > shot.size:
            start = number * 256 + covered - shot.wal_first
            entries = entries + shot.wal[start : start + min(256, total - number * 256) - covered]
        return entries, hashes, path

    def _tile(self, name: TileName) -> bytes:
        if name in self.shot.edge:
            return self.shot.edge[name]
        path = self.shot.folder / tile_path(name)
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise Damage("the file is missing", path) from error

    def _copy(self, first: int, entries: list[bytes], path: Path) -> None:
        """The journal's copy of entries that are in tiles too."""
        shot = self.shot
        if first + len(entries) <= shot.wal_first:
            return
        for index in range(max(first, shot.wal_first), min(first + len(entries), shot.wal_first + len(shot.wal))):
            if entries[index - first] != shot.wal[index - shot.wal_first]:
                raise Damage("the journal holds another entry here", path, entry=index)

    def _compare(self, leaves: list[bytes], hashes: bytes, number: int, path: Path) -> None:
        found = b"".join(leaves)[: len(hashes)]
        covered = min(256, self.shot.size - number * 256)
        if hashes != found or len(hashes) != covered * 32:
            wrong = next((i for i in range(covered) if hashes[i * 32 : i * 32 + 32] != leaves[i]), covered)
            raise Damage("the entry is not the one whose hash is in the tree", path, entry=number * 256 + wrong)

    def _entries(self, first: int, entries: list[bytes], rows: list[list[bytes]], path: Path) -> None:
        for index, entry in enumerate(entries, first):
            if self._next_point is not None and self._next_point[0] == index:
                self._at(index, rows, index - first)
            try:
                ts = self.pairing.take(index, entry)
            except (ValueError, RecursionError) as error:
                raise Damage(f"this is no entry of a log: {error}", path, entry=index) from error
            if self._watch and index == self._watch[0]:
                self.since[self._watch.pop(0)] = ts
            if not index:
                self.first_time = ts
            self.last_time = ts
        self.count = first + len(entries)

    def _all_points(self, total: int) -> Iterator[tuple[int, bytes, int | None, Path]]:
        """(size, root, low-water mark, whose word it is), by size: the history's lines and the anchored heads."""
        path = self.shot.folder / "checkpoints"
        anchors = sorted(((anchor.size, anchor.root) for anchor in self.anchors), reverse=True)
        last = -1
        for head in self._history(path):
            while anchors and anchors[-1][0] <= head.size:
                yield (*anchors.pop(), None, path)
            if head.size <= last or head.size > total:
                raise Damage(f"head {head.number} covers {head.size} entries, which is not possible", path)
            last = head.size
            yield head.size, head.root, head.low, path
        for size, root in reversed(anchors):
            if size > self.shot.size:
                raise Damage(
                    f"a head of {size} entries was signed, and only {self.shot.size} are covered: the log was cut",
                    self.shot.folder / "checkpoint",
                )
            yield size, root, None, path

    def _history(self, path: Path) -> Iterator[Head]:
        start, number, history = 0, 0, self.shot.history
        while (end := history.find(b"\n", start)) >= 0:
            number += 1
            try:
                words = history[start:end].decode().split(" ")
                head = Head(int(words[0]), int(words[1]), int(words[2]), unbase64(words[3]))
                signature, root = unbase64(words[4]), b64encode(head.root).decode()
                wanted = [str(number), str(head.low), str(head.size), root, b64encode(signature).decode()]
                require(words == wanted, "it is not the next line")
                self.shot.key.check(f"{self.shot.key.name}\n{head.size}\n{root}\n", signature)
            except (ValueError, IndexError) as error:
                raise Damage(f"line {number} is no head of this log: {error}", path, offset=start) from error
            yield head
            start = end + 1

    def _at(self, size: int, rows: list[list[bytes]], width: int) -> None:
        """The tree has `size` entries now: whoever signed or kept a head of that size must have meant this one."""
        while self._next_point is not None and self._next_point[0] == size:
            _, root, low, path = self._next_point
            if self.tree.root(rows, width) != root:
                raise Damage(f"the first {size} entries are not those that were signed", path, entry=size)
            if low is not None and low != self.pairing.low(size):
                raise Damage(f"the low-water mark of the head of {size} is not {self.pairing.low(size)}", path)
            self._next_point = next(self._points, None)

    def _climb(self, tile_rows: list[list[bytes]], root: bytes) -> None:
        """Full tiles of the levels above the leaves, as they fill up."""
        level = 1
        while True:
            if level == len(tile_rows):
                tile_rows.append([])
            row = tile_rows[level]
            row.append(root)
            if len(row) < 256:
                return
            root = rows_over(row)[8][0]
            place = (self.tree.bundles >> 8 * level) - 1
            self._left_over(str(level), place, row)
            self._unfinished(str(level), place, row)
            if (place + 1) << 8 * (level + 1) <= self.shot.size:
                self._same(TileName(str(level), place, 256), b"".join(row))
            tile_rows[level] = []
            level += 1

    def _same(self, name: TileName, wanted: bytes) -> None:
        if self._tile(name) != wanted:
            raise Damage("these are not the hashes of the tree", self.shot.folder / tile_path(name))

    def _unfinished(self, level: str, place: int, row: Sequence[bytes]) -> None:
        """The head's own last tile of a level, which entries behind the head may have filled meanwhile."""
        for name, data in self.shot.edge.items():
            if (name.level, name.place) == (level, place) and data != b"".join(row[: name.width]):
                raise Damage("these are not the hashes of the tree", self.shot.folder / tile_path(name))

    def _left_over(self, level: str, place: int, items: Sequence[bytes]) -> None:
        """Tiles that this head does not speak of must still be beginnings of what is there."""
        left = self.shot.left
        for name in [name for name in left if name.level == level and name.place == place]:
            if len(items) < name.width or left[name] != b"".join(items[: name.width]):
                if not self.shot.live:
                    raise Damage("this tile is not one of this log's", self.shot.folder / tile_path(name))
                continue
            del left[name]

    def _finish(self, tile_rows: list[list[bytes]], total: int) -> None:
        shot = self.shot
        if self._next_point is not None:
            raise Damage(f"a head of {self._next_point[0]} entries was signed; there are {total}", self._next_point[3])
        for level, row in enumerate(tile_rows[1:], 1):
            place = self.tree.bundles >> 8 * level
            self._left_over(str(level), place, row)
            self._unfinished(str(level), place, row)
        if shot.left and not shot.live:
            raise Damage("this tile is not one of this log's", shot.folder / tile_path(next(iter(shot.left))))


def check_log(folder: Path, keys: Sequence[bytes], anchors: Sequence[Anchor]) -> dict[str, Any]:
    """What there is to say of one log. Raises Damage."""
    shot = take_snapshot(folder, keys)
    mine = [anchor for anchor in anchors if anchor.origin == shot.key.name]
    for anchor in mine:
        _check_anchor(anchor, shot.key, folder)
    check = Check(shot, mine)
    check.run()
    anchored = max((anchor.size for anchor in mine), default=None)
    waiting = len(check.pairing.waiting)
    return {
        "origin": shot.key.name,
        "size": check.count,
        "checkpoint": shot.note,
        "sealed": shot.size,
        "live": shot.live,
        "open": waiting if shot.live else 0,
        "orphans": 0 if shot.live else waiting,
        "torn_bytes": shot.torn_bytes,
        "first": check.first_time,
        "last": check.last_time,
        "exposure": {
            "behind_checkpoint": check.count - shot.size,
            "since": check.since.get(shot.size),
            "behind_anchor": None if anchored is None else check.count - anchored,
            "unanchored_since": None if anchored is None else check.since.get(anchored),
        },
    }


def _check_anchor(anchor: Anchor, key: Key, folder: Path) -> None:
    if not anchor.note:
        return
    try:
        text = key.open(anchor.note)
    except ValueError as error:
        raise Damage(f"the head kept outside was not signed with this log's key: {error}", folder / "log") from error
    if text != f"{anchor.origin}\n{anchor.size}\n{b64encode(anchor.root).decode()}\n":
        raise Damage("the head kept outside is not what its note says", folder / "log")


# -- all logs ---------------------------------------------------------------------------------------


def verify(
    path: Path | str, *, keys: Iterable[bytes] = (), key: str = "untrusted", anchors: Iterable[Anchor] = ()
) -> dict[str, Any]:
    """Checks the log at `path` or all logs in it, and gives the report that `--json` prints.

    `keys`: raw Ed25519 public keys of 32 bytes that may have signed, where they are known; `key` says from where
    ("given", "local"). `anchors`: heads kept elsewhere; a log that is missing or does not extend its head is damaged.
    Raises CannotTell when there is nothing to look at, or it cannot be read.
    """
    root, trusted, heads = Path(path), list(keys), list(anchors)
    logs: list[dict[str, Any]] = []
    damages: list[Damage] = []
    folders = _logs(root, heads)
    for folder in folders:
        try:
            logs.append(check_log(folder, trusted, heads))
        except Damage as damage:
            damages.append(damage)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            damages.append(Damage("a file is missing, or a folder in its place", Path(error.filename or folder)))
        except OSError as error:
            raise CannotTell(f"{error.filename or folder} cannot be read: {error.strerror}") from error
    damages += _missing(root, heads, folders)
    if not folders and not damages:
        damages.append(Damage("there is no audit log here", root))
    return {
        "ok": not damages,
        "entries": sum(log["size"] for log in logs),
        "orphans": sum(log["orphans"] for log in logs),
        "open": sum(log["open"] for log in logs),
        "logs": logs,
        "first_damage": damages[0].report() if damages else None,
        "damages": len(damages),
        "key": key if trusted else "untrusted",
        "exposure": _exposure(logs, anchored=bool(heads), trusted=bool(trusted)),
    }


def _logs(root: Path, anchors: list[Anchor]) -> list[Path]:
    if not root.is_dir():
        if root.exists() or not anchors:
            raise CannotTell(f"{root} is not a folder: name the audit folder, or one log in it")
        return []
    if any((root / name).exists() for name in FILES - {"lock", "tmp"}):
        return [root]
    try:
        return sorted(child for child in root.iterdir() if re.fullmatch("w[0-9]+", child.name))
    except OSError as error:
        raise CannotTell(f"{root} cannot be read: {error.strerror}") from error


def _missing(root: Path, anchors: list[Anchor], folders: list[Path]) -> list[Damage]:
    """Heads whose log is not here. A log whose own name cannot be read is reported as damaged already."""
    origins = {_origin(folder) for folder in folders}
    wanted = {anchor.origin: anchor.size for anchor in anchors if anchor.size}
    if len(folders) == 1 and folders[0] == root:
        wanted = {origin: size for origin, size in wanted.items() if origin.rpartition("/")[2] == root.name}
    return [
        Damage(f"the log {origin} of at least {size} entries is not here: it was removed or replaced", root)
        for origin, size in sorted(wanted.items())
        if origin not in origins
    ]


def _origin(folder: Path) -> str:
    try:
        return (folder / "log").read_bytes().decode().split("\n")[1]
    except (OSError, ValueError, IndexError):
        return ""


def _exposure(logs: list[dict[str, Any]], *, anchored: bool, trusted: bool) -> str:
    """What could still be changed without anybody seeing it, in words."""
    loose = sum(log["exposure"]["behind_checkpoint"] for log in logs)
    times = [log["exposure"]["since"] for log in logs if log["exposure"]["since"]]
    words = [
        f"{loose} entries since {min(times)} are not under a checkpoint yet"
        if times
        else "every entry is under a checkpoint"
    ]
    if anchored:
        times = [log["exposure"]["unanchored_since"] for log in logs if log["exposure"]["unanchored_since"]]
        words.append(f"a cut of entries since {min(times)} would not be seen" if times else "any cut would be seen")
    else:
        words.append("no head kept outside the log was compared: a cut at an earlier checkpoint would not be seen")
    if not trusted:
        words.append("the key is the log's own word: a log rewritten from its beginning would not be seen")
    return "; ".join(words)


# -- command line -----------------------------------------------------------------------------------


def read_keys(path: Path) -> list[bytes]:
    """Public keys from a file of verifier keys, one a line, or from a PEM file. Raises CannotTell."""
    try:
        content = path.read_bytes()
        if content.startswith(b"-----BEGIN"):
            loaded = load_pem_public_key(content)
            require(isinstance(loaded, Ed25519PublicKey), "it is not an Ed25519 key")
            assert isinstance(loaded, Ed25519PublicKey)
            return [loaded.public_bytes_raw()]
        keys = [read_vkey(line.strip()).public for line in content.decode().splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise CannotTell(f"{path} holds no verifier key: {error}") from error
    if not keys:
        raise CannotTell(f"{path} holds no verifier key: it is empty")
    return keys


def summary(report: dict[str, Any]) -> Iterator[str]:
    """The report for people, a line at a time."""
    for log in report["logs"]:
        state = f"{log['open']} open" if log["live"] else f"{log['orphans']} orphans"
        yield f"OK      {log['origin']}: {log['size']} entries, {log['sealed']} under the checkpoint, {state}"
    if damage := report["first_damage"]:
        place = "".join(f", {word} {damage[word]}" for word in ("entry", "offset") if damage[word] is not None)
        yield f"DAMAGE  {damage['file']}{place}: {damage['what']}"
        if report["damages"] > 1:
            yield f"        and {report['damages'] - 1} more logs"
    yield f"key: {report['key']}"
    yield f"exposure: {report['exposure']}"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify.py", description="Checks a tidegate audit log.")
    parser.add_argument("path", type=Path, help="the audit folder, or one log in it")
    parser.add_argument("--key", type=Path, help="verifier keys that you got some other way, or a PEM public key")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    words = parser.parse_args(argv)
    try:
        keys = read_keys(words.key) if words.key else []
        report = verify(words.path, keys=keys, key="given" if keys else "untrusted")
    except CannotTell as error:
        print(f"verify: {error}", file=sys.stderr)
        return 2
    lines = [json.dumps(report, ensure_ascii=False)] if words.json else summary(report)
    for line in chain(lines):
        print(line)
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
