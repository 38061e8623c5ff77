"""A table row by row into what may be kept of it."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tidegate.core.classify.patterns import LETTERS
from tidegate.core.classify.records.cells import FLAGS, MOST_BACK, MOST_BYTES, MOST_WORDS, RecordKey, words_of
from tidegate.core.classify.records.table import ALONE, BEGINS, HOLDS, PART, TOGETHER, Header, pack
from tidegate.core.classify.records.weighing import (
    MAIL,
    MISSING,
    NUMBER,
    PHRASE,
    Column,
    alone,
    anchor,
    is_pieces,
    is_telling,
    look,
)

MOST_COLUMNS = 12
"""More of them make more combinations than anybody wants to store."""
MOST_ROWS = 5_000_000

_SMALLEST_GROUP, _LARGEST_GROUP = 2, 3
_PARTS = 16
_MOST_TURNED = 4
"""Words of a phrase that is looked for with its last, or its first, word turned round to the other end too."""


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """How many cells of a column identify alone, how many count beside others, how many are not used."""

    name: str
    alone: int
    together: int
    unused: int


class _Cells:
    """One column, a row after another: what stands for each cell, how it looks, its form, and its name turned round."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.hashes, self.looks, self.forms = array("Q"), array("B"), array("H")
        self.turned: dict[int, tuple[int, ...]] = {}
        self.recurring: dict[int, int] = {}
        self.crowded: frozenset[int] = frozenset()

    def counted(self) -> None:
        """Once all rows are there: how many rows share a cell (left out: one)."""
        ordered = sorted(cell for cell in self.hashes if cell)
        self.column.filled = len(ordered)
        at = 0
        while at < len(ordered):
            cell = ordered[at]
            end = at + 1
            while end < len(ordered) and ordered[end] == cell:
                end += 1
            if end - at > 1:
                self.recurring[cell] = end - at
            self.column.distinct += 1
            at = end
        self.crowded = self.column.crowded()

    def rows_with(self, cell: int) -> int:
        return self.recurring.get(cell, 1)

    def is_alone(self, row: int) -> bool:
        cell = self.hashes[row]
        return alone(self.looks[row], self.rows_with(cell), self.forms[row], self.column, self.crowded)


class Builder:
    """Takes rows, gives the file. Nothing of a cell stays but its hash."""

    def __init__(self, key: RecordKey, columns: Sequence[str], forced: Mapping[str, str] | None = None) -> None:
        """`forced`: "alone" or "together", by column: the user knows better than the numbers."""
        self._key = key
        self._columns = [_Cells(Column(name, (forced or {}).get(name, ""))) for name in columns]
        self._marks: set[int] = set()
        self._lengths = self._most_letters = 0
        self._most_words = 1
        self.rows = 0

    def add(self, cells: Sequence[str]) -> None:
        """A cell a column; an empty one is missing."""
        self.rows += 1
        for column, cell in zip(self._columns, cells, strict=True):
            self._add(column, cell)

    def _add(self, into: _Cells, cell: str) -> None:
        words = words_of(cell) if cell else []
        normal = b"".join(words)
        looks = look(cell, words) if 0 < len(words) <= MOST_WORDS and len(normal) <= MOST_BYTES else MISSING
        if looks != MISSING and not self._anchored(looks, words):
            looks = MISSING
        number = self._key.cell(normal) if looks != MISSING else 0
        into.hashes.append(number)
        into.looks.append(looks)
        into.forms.append(into.column.form(normal) if looks == NUMBER else 0)
        if looks == MISSING:
            return
        if looks != MAIL and is_pieces(words):
            self._lengths |= 1 << len(normal)
            self._most_letters = max(self._most_letters, len(normal) - len(normal.lstrip(LETTERS)))
        if looks == PHRASE and len(words) <= _MOST_TURNED:
            turns = {tuple(words[at:] + words[:at]) for at in (1, -1)}
            into.turned[number] = tuple(self._key.cell(b"".join(turn)) for turn in turns if self._anchored(looks, turn))

    def _anchored(self, looks: int, words: Sequence[bytes]) -> bool:
        """Whoever reads a text word by word must know at which of them to look further. False: nobody would."""
        at = anchor(looks, words)
        if at > MOST_BACK:
            return False
        if at >= 0:
            self._most_words = max(self._most_words, len(words))
            self._marks.add(self._key.cell(words[at]) | (HOLDS if at else BEGINS))
            self._marks.update(self._key.cell(word) | PART for word in words)
            if len(words) > 2:
                self._marks.add(self._key.cell(words[0] + words[1]) | BEGINS)
        return True

    def report(self) -> list[ColumnReport]:
        """After `pack`."""
        return [
            ColumnReport(
                column.column.name,
                alone=(by_itself := sum(map(column.is_alone, range(self.rows)))),
                together=column.column.filled - by_itself,
                unused=self.rows - column.column.filled,
            )
            for column in self._columns
        ]

    def pack(self, *, name: str, label: str, registered_at: str) -> Iterator[bytes]:
        """The whole file in pieces."""
        for column in self._columns:
            column.counted()
        groups, most = self._groups()
        cells, by_themselves = self._entries()
        header = Header(
            name=name,
            label=label,
            registered_at=registered_at,
            key_check=self._key.check,
            rows=self.rows,
            columns=tuple(self._key.column(column.column.name) for column in self._columns),
            alone=by_themselves,
            together=sum(column.column.filled for column in self._columns) - by_themselves,
            entries=len(cells),
            groups=len(groups),
            most_together=most,
            most_words=self._most_words,
            lengths=self._lengths,
            most_letters=self._most_letters,
        )
        pieces = list(pack(header, cells, groups))
        yield from pieces
        yield self._key.file(pieces)

    def _entries(self) -> "tuple[array[int], int]":
        parts = _Parts()
        by_themselves = 0
        for column in self._columns:
            for row, cell in enumerate(column.hashes):
                if not cell:
                    continue
                by_itself = column.is_alone(row)
                by_themselves += by_itself
                parts.add(cell | (ALONE if by_itself else TOGETHER))
                if by_itself:
                    for turned in column.turned.get(cell, ()):
                        parts.add(turned | ALONE)
        for mark in self._marks:
            parts.add(mark)
        return parts.joined(by_cell=True), by_themselves

    def _groups(self) -> "tuple[array[int], int]":
        """Cells of a row that tell together what none of them tells alone, and how many the largest group has."""
        parts = _Parts()
        most = 0
        for row in range(self.rows):
            there = [
                (column.hashes[row], column.rows_with(column.hashes[row]), column.is_alone(row))
                for column in self._columns
                if column.hashes[row]
            ]
            if all(by_itself for _, _, by_itself in there):
                continue
            for group in _telling(there, self.rows):
                most = max(most, len(group))
                parts.add(self._key.group(group))
        return parts.joined(by_cell=False), most


def _telling(cells: Sequence[tuple[int, int, bool]], rows: int) -> Iterator[tuple[int, ...]]:
    """The smallest combinations that tell: `cells` are (hash, rows that share it, identifies alone)."""
    found: list[frozenset[int]] = []
    for size in (_SMALLEST_GROUP, _LARGEST_GROUP):
        for group in combinations(cells, size):
            names = frozenset(cell for cell, _, _ in group)
            if len(names) < size or all(by_itself for _, _, by_itself in group):
                continue
            if size > _SMALLEST_GROUP and (
                any(one <= names for one in found) or any(by_itself for _, _, by_itself in group)
            ):
                continue
            if is_telling([count for _, count, _ in group], rows):
                found.append(names)
                yield tuple(names)


class _Parts:
    """Many numbers to be sorted, in parts, so that never all of them are Python's own integers at once."""

    def __init__(self) -> None:
        self._parts = [array("Q") for _ in range(_PARTS)]

    def add(self, number: int) -> None:
        self._parts[number >> 60].append(number)

    def joined(self, *, by_cell: bool) -> "array[int]":
        """Sorted, each once; `by_cell`: what differs in its flags alone becomes one."""
        whole = array("Q")
        for part in self._parts:
            ordered = sorted(set(part))
            if by_cell:
                ordered = _with_flags_joined(ordered)
            whole.extend(ordered)
        return whole


def _with_flags_joined(ordered: Sequence[int]) -> list[int]:
    whole: list[int] = []
    for entry in ordered:
        if whole and whole[-1] & ~FLAGS == entry & ~FLAGS:
            whole[-1] |= entry
        else:
            whole.append(entry)
    return whole
