"""A registered table as bytes: what stands for its cells, sorted, and an index that finds one in a few steps.

    magic, header's length (u32), header (JSON), zeros up to a multiple of 8
    index of the cells (u32 each), cells (u64 each), index of the groups, groups
    keyed digest of all that

A cell's entry is 59 bits of its keyed hash and five of what it is good for. A group is the keyed hash of cells that
stand in one row. Entries spread evenly, so the index (where each range of first bits begins) leaves eight to look at.
"""

import json
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tidegate.core.classify.records.cells import FLAGS

ALONE, TOGETHER, BEGINS, HOLDS, PART = 1, 2, 4, 8, 16
"""What an entry says: this is a cell that identifies alone; one that needs company; look here for
a longer cell that begins like this; look here for one that began before; this word stands in a longer cell.
"""

MAGIC = b"TGRECS1\n"
DIGEST_BYTES = 32
_VERSION = 1
_MOST_HEADER_BYTES = 1 << 16
_TO_LOOK_AT = 8


class TableError(ValueError):
    """Why a file is no table of ours; a sentence's beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What may be read without a key. `columns`: keyed digests of the names of columns. `lengths`: bit n: a number or
    code has n characters; `most_letters`: how many letters such may begin with.
    """

    name: str
    label: str
    registered_at: str
    key_check: str
    rows: int
    columns: tuple[str, ...]
    alone: int
    together: int
    entries: int
    groups: int
    most_together: int
    most_words: int
    lengths: int
    most_letters: int


class Sorted:
    """Sorted 64-bit values that a mapped file holds, and their index."""

    __slots__ = ("_index", "_shift", "_values")

    def __init__(self, index: Sequence[int], values: Sequence[int]) -> None:
        self._index, self._values = index, values
        self._shift = 64 - (len(index) - 1).bit_length() + 1

    def flags(self, cell: int) -> int:
        """What is said of a cell; 0: it is not here."""
        values, bucket = self._values, cell >> self._shift
        at = bisect_left(values, cell, self._index[bucket], self._index[bucket + 1])
        if at < len(values) and values[at] & ~FLAGS == cell:
            return values[at] & FLAGS
        return 0

    def __contains__(self, value: int) -> bool:
        bucket = value >> self._shift
        at = bisect_left(self._values, value, self._index[bucket], self._index[bucket + 1])
        return at < len(self._values) and self._values[at] == value


@dataclass(frozen=True, slots=True)
class Table:
    header: Header
    cells: Sorted
    groups: Sorted
    version: str


def pack(header: Header, cells: "array[int]", groups: "array[int]") -> Iterator[bytes]:
    """The file's bytes in pieces, without the digest that ends it. Both arrays are sorted and hold nothing twice."""
    said = json.dumps({"version": _VERSION, "order": sys.byteorder, **_plain(header)}, separators=(",", ":")).encode()
    yield MAGIC + len(said).to_bytes(4, "little") + said + bytes(-(len(MAGIC) + 4 + len(said)) % 8)
    for values in (cells, groups):
        index = _index(values)
        yield index.tobytes() + bytes(-len(index) * 4 % 8)
        yield values.tobytes()


def _plain(header: Header) -> dict[str, Any]:
    return {name: getattr(header, name) for name in Header.__slots__}


def _index(values: Sequence[int]) -> "array[int]":
    buckets = _buckets(len(values))
    shift = 64 - buckets.bit_length() + 1
    index = array("I", [0]) * (buckets + 1)
    at = 0
    for bucket in range(1, buckets):
        at = bisect_left(values, bucket << shift, at)
        index[bucket] = at
    index[buckets] = len(values)
    return index


def _buckets(count: int) -> int:
    return 1 << max(1, (count // _TO_LOOK_AT).bit_length())


def read_header(content: bytes | memoryview) -> tuple[Header, int]:
    """The header and where it ends. Raises TableError."""
    if bytes(content[: len(MAGIC)]) != MAGIC:
        raise TableError("it is no file of registered records, or of another version of tidegate")
    start = len(MAGIC) + 4
    size = int.from_bytes(content[len(MAGIC) : start], "little")
    if size > _MOST_HEADER_BYTES or start + size > len(content):
        raise TableError("it is damaged")
    try:
        return _header(json.loads(bytes(content[start : start + size]))), start + size + -(start + size) % 8
    except (ValueError, TypeError, KeyError) as error:
        raise TableError(str(error) if isinstance(error, TableError) else "it is damaged") from None


def _header(said: Mapping[str, Any]) -> Header:
    if said["version"] != _VERSION:
        raise TableError("it was written by another version of tidegate")
    if said["order"] != sys.byteorder:
        raise TableError("it was written on another kind of machine")
    header = Header(
        **{name: said[name] for name in Header.__slots__ if name != "columns"}, columns=tuple(said["columns"])
    )
    numbers = (
        header.rows,
        header.entries,
        header.groups,
        header.most_together,
        header.most_words,
        header.lengths,
        header.most_letters,
    )
    if any(type(number) is not int or number < 0 for number in numbers) or not isinstance(header.label, str):
        raise TableError("it is damaged")
    return header


def unpack(content: memoryview, digest: bytes, key_check: str) -> Table:
    """A table over mapped bytes, which are not copied. `digest`: what the key makes of all but the last 32 bytes.

    Raises TableError: a wrong key is told from damage.
    """
    header, at = read_header(content)
    if header.key_check != key_check:
        raise TableError("it was made with another key than this gateway's")
    if bytes(content[-DIGEST_BYTES:]) != digest:
        raise TableError("it is damaged")
    sections = []
    for count in (header.entries, header.groups):
        indexed = _buckets(count) + 1
        middle = at + indexed * 4 + -indexed * 4 % 8
        if middle + count * 8 + DIGEST_BYTES > len(content):
            raise TableError("it is damaged")
        sections.append(
            Sorted(content[at : at + indexed * 4].cast("I"), content[middle : middle + count * 8].cast("Q"))
        )
        at = middle + count * 8
    return Table(header, sections[0], sections[1], digest.hex()[:16])
