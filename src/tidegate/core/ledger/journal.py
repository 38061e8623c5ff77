"""The write-ahead journal's bytes: groups of entries, each made durable by one write, each beginning on a sector.

    group  = header, payload, zeros up to the next multiple of 512
    header = payload length u32 ‖ entry count u32 ‖ index of the first entry u64
             ‖ payload check (8 bytes) ‖ header check (8 bytes)                            all big-endian
    payload = the entries as in an entry bundle
    payload check = SHA-256(origin ‖ 0x0A ‖ first index u64 ‖ payload)[:8]
    header check = SHA-256(origin ‖ 0x0A ‖ header[:24])[:8]

A group starts after the one before it is durable, so only the last one may be torn, and a disk tears between sectors:
a torn group has a sector of zeros where bytes should be, or stops. Anything else that does not check is damage.
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


def group_bytes(entries: Sequence[bytes]) -> int:
    """How much room a group of `entries` takes in a segment."""
    return padded(HEADER.size + sum(map(len, entries)) + 2 * len(entries))


def encode_group(origin: str, first: int, entries: Sequence[bytes]) -> bytes:
    payload = encode_bundle(entries)
    index = first.to_bytes(8)
    seed = origin.encode() + b"\n"
    payload_check = sha256(b"".join((seed, index, payload))).digest()[:8]
    start = len(payload).to_bytes(4) + len(entries).to_bytes(4) + index + payload_check
    group = b"".join((start, sha256(seed + start).digest()[:8], payload))
    return group + bytes(-len(group) % SECTOR)


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
    rest = segment[place:].rstrip(b"\x00")
    if not rest:
        return so_far
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
    if not header.sound:
        # Sectors are written whole or not at all: a header is there, or zero, or its beginning is (a copy was killed).
        return not any(segment[place : place + SECTOR]) or written < HEADER.size
    stop = HEADER.size + header.length
    if written < stop:
        return True
    sectors = range(place, place + stop, SECTOR)
    return any(segment[at : at + SECTOR] == _NO_SECTOR for at in sectors)


def _header(origin: str, segment: bytes, place: int) -> _Header:
    raw = segment[place : place + HEADER.size].ljust(HEADER.size, b"\x00")
    length, count, first, payload_check, check = HEADER.unpack(raw)
    sound = sha256(origin.encode() + b"\n" + raw[:24]).digest()[:8] == check
    return _Header(length, count, first, payload_check, sound)


def _payload_check(origin: str, first: int, payload: bytes) -> bytes:
    return sha256(b"".join((origin.encode(), b"\n", first.to_bytes(8), payload))).digest()[:8]


def _unpack(payload: bytes, count: int) -> list[bytes] | None:
    try:
        entries = decode_bundle(payload)
    except ValueError:
        return None
    return entries if len(entries) == count else None
