r"""Fingerprints of a repository's windows: made with a key, packed into one block of bytes, looked up in place.

    tidegate code 1\n | length of header, u32 | header, JSON | padding to 8 | slots u32 * (2**bits + 1) | padding to 8
    | entries u64 * n, ascending | places u32 * n

An entry is 40 bits of a keyed hash, 3 bits of how many files the window stands in, and three times 7 bits of a keyed
hash of a name in it. A place counts windows over the whole repository, so that what was copied in one piece stands in
a row. Slots lead from the hash's first bits to its entries: a look-up reads one or two of them.

Everything is a keyed hash: whoever holds the file alone cannot ask it whether some text is in it. The header's MAC
covers the rest, so a damaged file is refused and never read.
"""

import hmac
import json
import sys
from array import array
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import groupby
from typing import Literal

from tidegate.core.classify.proprietary.windows import Reading, Window

MAGIC = b"tidegate code 1\n"
PLACES_APART = 64
"""Between two files: no run of windows reaches from the one into the other."""

_PRINT_BITS = 40
_FILES_BITS = 3
_NAME_BITS = 7
_NAMES = 3
_LOW_BITS = _FILES_BITS + _NAMES * _NAME_BITS
_PLACE_BITS = 32
_MOST_PLACES = 4
_NAME_MASK = (1 << _NAME_BITS) - 1
_FILES_MASK = (1 << _FILES_BITS) - 1
_MAC_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """`registered_at`: RFC 3339. `bits`: of the slots. `key`: tells one key from another and nothing about it."""

    name: str
    registered_at: str
    files: int
    bytes: int
    lines: int
    entries: int
    bits: int
    key: str
    mac: str


def derive_key(detection: bytes) -> bytes:
    """The key of all code fingerprints. `detection`: `Keys.detection`, 32 bytes."""
    return blake2b(b"fingerprints of registered code", key=detection, digest_size=32).digest()


def key_check(key: bytes) -> str:
    return blake2b(b"which key", key=key, digest_size=8).hexdigest()


def window_print(key: bytes, said: bytes) -> int:
    """40 bits. The key goes first and BLAKE2 cannot be extended, so this is a MAC at the price of one block."""
    return int.from_bytes(blake2b(key + said, digest_size=5).digest(), "big")


def name_print(key: bytes, name: bytes) -> int:
    """7 bits, never 0: that says that there is no name."""
    return blake2b(key + b"\0" + name, digest_size=1).digest()[0] % _NAME_MASK + 1


class Names:
    """Prints of names, each made once."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[bytes, int] = {}

    def of(self, reading: Reading, window: Window) -> list[int]:
        """Of the window's first names: always as many numbers, 0 where there is none."""
        known = self._known
        found: list[int] = []
        for name in reading.names(window)[:_NAMES]:
            print_ = known.get(name)
            if print_ is None:
                print_ = known[name] = name_print(self._key, name)
            found.append(print_)
        return found + [0] * (_NAMES - len(found))


class Builder:
    """Takes a repository's files in one after another."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._packed: list[int] = []
        self._place = 0
        self._seen: set[bytes] = set()
        self.files = 0
        self.bytes = 0
        self.lines = 0

    def add(self, reading: Reading, size_bytes: int) -> bool:
        """False where nothing was added: no window in it, or the same text as a file before."""
        whole = blake2b(b"\n".join((*reading.words, *(said for *_, said in reading.windows))), digest_size=16).digest()
        if not reading.windows or whole in self._seen:
            return False
        self._seen.add(whole)
        known: set[int] = set()
        names = Names(self._key)
        for place, window in enumerate(reading.windows, self._place):
            print_ = window_print(self._key, window[4])
            if print_ not in known:
                known.add(print_)
                low = 0
                for name in names.of(reading, window):
                    low = low << _NAME_BITS | name
                self._packed.append((print_ << _PLACE_BITS | place) << _NAMES * _NAME_BITS | low)
        self._place += len(reading.windows) + PLACES_APART
        self.files += 1
        self.bytes += size_bytes
        self.lines += reading.lines
        return True

    def entries(self) -> "tuple[array[int], array[int]]":
        """Entries in order, and their places. Of a window in many files, the first few are kept and all are counted."""
        self._packed.sort()
        entries, places = array("Q"), array("I")
        for print_, group in groupby(self._packed, lambda packed: packed >> _PLACE_BITS + _NAMES * _NAME_BITS):
            same = list(group)
            files = min(len(same), 1 << _FILES_BITS) - 1
            for packed in same[:_MOST_PLACES]:
                names = packed & (1 << _NAMES * _NAME_BITS) - 1
                entries.append((print_ << _FILES_BITS | files) << _NAMES * _NAME_BITS | names)
                places.append(packed >> _NAMES * _NAME_BITS & (1 << _PLACE_BITS) - 1)
        return entries, places


def pack(builder: Builder, key: bytes, *, name: str, registered_at: str) -> bytes:
    """A whole file."""
    entries, places = builder.entries()
    bits = max(1, len(entries).bit_length())
    body = _body(entries, places, bits)
    header = Header(
        name=name,
        registered_at=registered_at,
        files=builder.files,
        bytes=builder.bytes,
        lines=builder.lines,
        entries=len(entries),
        bits=bits,
        key=key_check(key),
        mac="",
    )
    said = asdict(header)
    said["mac"] = _mac(key, header, body)
    text = json.dumps(said, ensure_ascii=True).encode()
    head = MAGIC + len(text).to_bytes(4, "little") + text
    return head + bytes(-len(head) % 8) + body


def _body(entries: "array[int]", places: "array[int]", bits: int) -> bytes:
    slots = array("I", bytes(4 * ((1 << bits) + 1)))
    shift = _PRINT_BITS + _LOW_BITS - bits
    for entry in entries:
        slots[(entry >> shift) + 1] += 1
    for slot in range(1, len(slots)):
        slots[slot] += slots[slot - 1]
    if sys.byteorder == "big":
        for one in (slots, entries, places):
            one.byteswap()
    padding = bytes(-len(slots) * 4 % 8)
    return slots.tobytes() + padding + entries.tobytes() + places.tobytes()


def _mac(key: bytes, header: Header, body: bytes | memoryview) -> str:
    said = {name: value for name, value in asdict(header).items() if name != "mac"}
    mac = blake2b(json.dumps(said, sort_keys=True).encode(), key=key, digest_size=_MAC_BYTES)
    mac.update(body)
    return mac.hexdigest()


def read_header(buffer: bytes | memoryview) -> tuple[Header, int]:
    """The header, and where the body begins. Raises ValueError with what is wrong."""
    view = memoryview(buffer)
    start = len(MAGIC)
    if view[:start] != MAGIC:
        raise ValueError("it is no file of fingerprints, or one of another version of tidegate")
    length = int.from_bytes(view[start : start + 4], "little")
    end = start + 4 + length
    try:
        header = Header(**json.loads(bytes(view[start + 4 : end])))
    except (ValueError, TypeError):
        raise ValueError("its header is damaged") from None
    if not all(isinstance(getattr(header, name), kind) for name, kind in Header.__annotations__.items()):
        raise ValueError("its header is damaged")
    return header, end + -end % 8


def unpack(buffer: bytes | memoryview, key: bytes) -> "Prints":
    """Fingerprints that are looked up in `buffer` itself, which may be a mapped file and must not change.

    Raises ValueError with what is wrong: another key, or damage anywhere.
    """
    header, start = read_header(buffer)
    if header.key != key_check(key):
        raise ValueError("it was made with another key")
    body = memoryview(buffer)[start:]
    if not hmac.compare_digest(header.mac, _mac(key, header, body)):
        raise ValueError("it is damaged")
    return Prints(header, key, body)


class Prints:
    """One repository's fingerprints. Immutable; threads may share it."""

    def __init__(self, header: Header, key: bytes, body: memoryview) -> None:
        slots = (1 << header.bits) + 1
        entries_at = slots * 4 + -slots * 4 % 8
        places_at = entries_at + header.entries * 8
        self.header = header
        self._key = key
        self._shift = _PRINT_BITS - header.bits
        self._slots: Sequence[int] = _native(body[: slots * 4], "I")
        self._entries: Sequence[int] = _native(body[entries_at:places_at], "Q")
        self._places: Sequence[int] = _native(body[places_at : places_at + header.entries * 4], "I")

    def find(self, print_: int) -> Sequence[tuple[int, int]]:
        """(place, evidence) of every entry with this fingerprint; `agreement` reads the evidence."""
        slot = print_ >> self._shift
        first, stop = self._slots[slot], self._slots[slot + 1]
        if first == stop:
            return ()
        entries, places = self._entries, self._places
        return [
            (places[index], entries[index]) for index in range(first, stop) if entries[index] >> _LOW_BITS == print_
        ]


def agreement(entry: int, names: Sequence[int]) -> tuple[int, int]:
    """Of an entry: how many files it stands in (eight and more are eight), and how many of `names` are its names too,
    in their places.
    """
    same = 0
    for at, name in enumerate(names):
        if name and entry >> (_NAMES - 1 - at) * _NAME_BITS & _NAME_MASK == name:
            same += 1
    return (entry >> _NAMES * _NAME_BITS & _FILES_MASK) + 1, same


def _native(part: memoryview, kind: Literal["I", "Q"]) -> Sequence[int]:
    if sys.byteorder == "little":
        return part.cast(kind)
    swapped = array(kind, part.tobytes())
    swapped.byteswap()
    return swapped
