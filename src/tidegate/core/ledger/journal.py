"""The write-ahead journal's bytes: groups of entries, each made durable by one write, each beginning on a sector.

    group  = header, payload, zeros up to the next multiple of 512
    header = payload length u32 ‖ entry count u32 ‖ index of the first entry u64
             ‖ payload check (8 bytes) ‖ header check (8 bytes)                            all big-endian
    payload = the entries as in an entry bundle
    payload check = SHA-256(origin ‖ 0x0A ‖ first index u64 ‖ payload)[:8]
    header check = SHA-256(origin ‖ 0x0A ‖ header[:24])[:8]

A group starts after the one before it is durable, so only the last one may be torn, and a disk tears between sectors:
a torn group stops somewhere behind its header, or has whole sectors of zeros where bytes should be. Anything else that
does not check is damage, a single bit that turned among the zeros behind the last group included.
"""

import struct
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from tidegate.core.ledger.tiles import decode_bundle, encode_bundle

SECTOR = 512
HEADER = struct.Struct(">IIQ8s8s")
_NO_SECTOR = bytes(SECTOR)


class Scan(NamedTuple):
    """What a segment holds. `end`: offset behind the last sound group. `torn`: behind it is an unfinished one.
    `damage`: None, or what is wrong at `end`; `entries` are those before it.
    """

    entries: list[bytes]
    end: int
    torn: bool
    damage: str | None


class _Header(NamedTuple):
    length: int
    entries: int
    first: int
    payload_check: bytes
    sound: bool


def padded(length: int) -> int:
    return -(-length // SECTOR) * SECTOR


def encode_group(origin: str, first: int, entries: Sequence[bytes]) -> tuple[bytes, bytes, bytes]:
    """Header, payload, zeros: in pieces, because a large payload is not worth copying again."""
    payload = encode_bundle(entries)
    check = _payload_check(origin, first, payload)
    start = b"".join((len(payload).to_bytes(4), len(entries).to_bytes(4), first.to_bytes(8), check))
    header = start + sha256(origin.encode() + b"\n" + start).digest()[:8]
    return header, payload, bytes(-(HEADER.size + len(payload)) % SECTOR)


def scan(origin: str, first: int, segment: bytes) -> Scan:
    """Reads a segment whose first entry has index `first`."""
    entries: list[bytes] = []
    place, end = 0, len(segment)
    while place + HEADER.size <= end:
        header = _header(origin, segment, place)
        stop = place + HEADER.size + header.length
        if not header.sound or header.first != first + len(entries) or stop > end:
            break
        payload = segment[place + HEADER.size : stop]
        next_place = min(padded(stop), end)
        if _payload_check(origin, header.first, payload) != header.payload_check or any(segment[stop:next_place]):
            break
        found = _unpack(payload, header.entries)
        if found is None:
            return Scan(entries, place, torn=False, damage="a group whose count is not that of its entries")
        entries.extend(found)
        place = next_place
    return _judge(origin, segment, Scan(entries, place, torn=False, damage=None), first + len(entries))


def _judge(origin: str, segment: bytes, so_far: Scan, expected: int) -> Scan:
    """What stands behind the last sound group: nothing, an unfinished group, or damage."""
    place = so_far.end
    if segment.endswith(bytes(len(segment) - place)):  # what every start finds, and twenty times as fast as stripping
        return so_far
    rest = segment[place:].rstrip(b"\x00")
    for later in range(place + SECTOR, place + len(rest), SECTOR):
        if segment[later : later + 1] and _header(origin, segment, later).sound:
            return so_far._replace(damage="a group that does not check, although a later one was written")
    header = _header(origin, segment, place)
    if header.sound and header.first != expected:
        return so_far._replace(damage=f"a group that begins with entry {header.first} where {expected} is due")
    if _torn(segment, place, len(rest), header):
        return so_far._replace(torn=True)
    return so_far._replace(damage="a group that does not check, although all of it was written")


def _torn(segment: bytes, place: int, written: int, header: _Header) -> bool:
    """Whether a stop can have left this. `written`: bytes from `place` to the last that is not zero."""
    if header.sound:
        stop = HEADER.size + header.length
        starts = range(place, place + stop, SECTOR)
        return written < stop or any(segment[at : at + SECTOR] == _NO_SECTOR for at in starts)
    sectors = [segment[at : at + SECTOR] for at in range(place, place + written, SECTOR)]
    return not any(sectors[0]) and all(map(_is_written, sectors)) and _ends_like_a_group(sectors[-1])


def _is_written(sector: bytes) -> bool:
    """Entries are text and a length has at most one zero byte: no group writes two in a row before its end."""
    return b"\x00\x00" not in sector.rstrip(b"\x00")


def _ends_like_a_group(sector: bytes) -> bool:
    """The last sector that is there ends with an entry, or in the middle of the group."""
    return sector.rstrip(b"\x00")[-1:] == b"}" or len(sector.rstrip(b"\x00")) >= SECTOR - 1


def _header(origin: str, segment: bytes, place: int) -> _Header:
    raw = segment[place : place + HEADER.size].ljust(HEADER.size, b"\x00")
    length, count, first, payload_check, check = HEADER.unpack(raw)
    sound = sha256(origin.encode() + b"\n" + raw[:24]).digest()[:8] == check
    return _Header(length, count, first, payload_check, sound)


def _payload_check(origin: str, first: int, payload: bytes) -> bytes:
    check = sha256(origin.encode() + b"\n" + first.to_bytes(8))
    check.update(payload)
    return check.digest()[:8]


def _unpack(payload: bytes, count: int) -> list[bytes] | None:
    try:
        entries = decode_bundle(payload)
    except ValueError:
        return None
    return entries if len(entries) == count else None
