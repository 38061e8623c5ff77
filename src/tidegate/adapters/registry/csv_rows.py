"""A CSV file row by row, with every mistake told by its line and never by what stands in it."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from tidegate.core.values.errors import ConfigError

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_LINE_BYTES = 1 << 20
_SAMPLE_LINES = 20
_MOST_MISTAKES = 5
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class Rows:
    """An open file: its header, then its rows, each as wide as the header. Use it as a context."""

    def __init__(self, path: Path, file: BinaryIO, encoding: str) -> None:
        """`encoding`: as Python names them; empty: UTF-8, or what the file's first bytes say. Raises ConfigError."""
        self.path, self._file = path, file
        self.size_bytes = os.fstat(file.fileno()).st_size
        self.bytes_read = 0
        self._encoding = self._marked() or encoding or "utf-8"
        self._line = 0
        sample = [line for _, line in zip(range(_SAMPLE_LINES), self._lines(), strict=False)]
        self.delimiter = _delimiter(sample)
        self._reader = csv.reader(self._from(sample), delimiter=self.delimiter, strict=True)
        self.header = self._header()

    @classmethod
    def open(cls, path: Path, encoding: str = "") -> Self:
        """Raises ConfigError."""
        try:
            "".encode(encoding or "utf-8")
        except LookupError:
            raise ConfigError(
                [f"--encoding {encoding!r}: there is no such encoding; name one such as cp1252"]
            ) from None
        try:
            file = path.open("rb")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ConfigError([f"{path}: it cannot be read ({reason}); check the path and its permissions"]) from None
        try:
            return cls(path, file, encoding)
        except BaseException:
            file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[list[str]]:
        """Raises ConfigError with the first mistakes: a row of another width shifts its cells under wrong names."""
        mistakes: list[str] = []
        for row in self._parsed():
            if not any(row):
                continue
            if len(row) != len(self.header):
                mistakes.append(
                    f"{self.path}:{self._reader.line_num}: this row has {len(row)} cells and the header "
                    f"{len(self.header)}; correct it (a cell that holds the separator stands in quotes)"
                )
                if len(mistakes) == _MOST_MISTAKES:
                    break
            if not mistakes:
                yield row
        if mistakes:
            raise ConfigError(mistakes)

    def _parsed(self) -> Iterator[list[str]]:
        try:
            yield from self._reader
        except csv.Error as error:
            raise ConfigError(
                [f"{self.path}:{self._reader.line_num}: this is not CSV ({error}); correct the line's quotes"]
            ) from None

    def _header(self) -> list[str]:
        row = next((row for row in self._parsed() if any(row)), None)
        if row is None:
            raise ConfigError([f"{self.path}: it is empty; its first line names the columns"])
        names = [name.strip() for name in row]
        wrong = (
            "a column has no name"
            if not all(names)
            else "two columns have the same name"
            if len(set(names)) < len(names)
            else "this looks like data and not like names of columns"
            if any("@" in name or name.replace(".", "").isdecimal() for name in names)
            else ""
        )
        if wrong:
            raise ConfigError([f"{self.path}:1: {wrong}; write a header: a line that names each column"])
        return names

    def _marked(self) -> str:
        """What a byte order mark says; the mark itself is read past."""
        start = self._file.peek(3)[:3] if hasattr(self._file, "peek") else b""
        for mark, encoding in _MARKS:
            if start.startswith(mark):
                self.bytes_read = len(self._file.read(len(mark)))
                return encoding
        return ""

    def _from(self, sample: list[str]) -> Iterator[str]:
        yield from sample
        yield from self._lines()

    def _lines(self) -> Iterator[str]:
        end = "\n".encode(self._encoding)
        while raw := self._raw_line(end):
            self._line += 1
            self.bytes_read += len(raw)
            try:
                yield raw.decode(self._encoding)
            except UnicodeDecodeError:
                what = f"the line is not {self._encoding.upper()}; save the file as UTF-8, or name its --encoding"
                raise ConfigError([f"{self.path}:{self._line}: {what}"]) from None

    def _raw_line(self, end: bytes) -> bytes:
        raw = b""
        while piece := self._file.readline(_LONGEST_LINE_BYTES):
            raw += piece
            if len(raw) > _LONGEST_LINE_BYTES or (len(raw) == _LONGEST_LINE_BYTES and not raw.endswith(b"\n")):
                raise ConfigError([f"{self.path}:{self._line + 1}: the line has more than 1 MiB; this is no CSV file"])
            if len(end) == 1:
                break
            raw += self._file.read(-len(raw) % len(end))  # the newline's second byte
            if raw.endswith(end):
                break
        return raw


def _delimiter(sample: list[str]) -> str:
    """The one that cuts the first lines into the most columns, the same number in each."""
    best, most = ",", 1
    for delimiter in _DELIMITERS:
        try:
            widths = {len(row) for row in csv.reader(sample[:-1] or sample, delimiter=delimiter) if row}
        except csv.Error:
            continue
        width = min(widths, default=1)
        if width > most and (len(widths) == 1 or best == ","):
            best, most = delimiter, width
    return best
