"""Tables of records that the user registered: read once, kept as keyed hashes, mapped into memory by the gateway.

    FOLDER/NAME.records   0600   one registered table; `core/classify/records/table.py` says what is in it

A file is written beside and renamed into place, so a gateway that has the old one mapped keeps reading the old one.
No cell is in it, nor the name of a column, and nothing can be asked of it without the key.
"""

import mmap
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tidegate.adapters.registry.csv_rows import Rows
from tidegate.adapters.registry.writing import sync, write
from tidegate.core.classify.records import (
    Builder,
    ColumnReport,
    Header,
    RecordKey,
    RecordsFinder,
    Table,
    TableError,
    read_header,
    unpack,
)
from tidegate.core.classify.records.build import MOST_COLUMNS, MOST_ROWS
from tidegate.core.classify.records.table import DIGEST_BYTES
from tidegate.core.values.errors import ConfigError

SUFFIX = ".records"
DEFAULT_LABEL = "customer.record"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_LABEL = re.compile(r"customer(\.[a-z0-9_]+)+")
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class RegisteredData:
    """What is registered under a name. `columns` is only told when a table is registered: their names are not kept."""

    name: str
    path: Path
    label: str
    registered_at: str
    rows: int
    alone: int
    together: int
    size_bytes: int
    columns: tuple[ColumnReport, ...] = ()


def register_data(
    file: Path,
    folder: Path,
    detection: bytes,
    *,
    registered_at: str,
    name: str = "",
    label: str = DEFAULT_LABEL,
    columns: Sequence[str] = (),
    alone: Sequence[str] = (),
    together: Sequence[str] = (),
    encoding: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> RegisteredData:
    """Hashes the cells of a CSV file into `folder`; what was registered under that name before is replaced.

    `detection`: `Keys.detection`. `registered_at`: RFC 3339. `name`: the file's own where empty. `columns`: those to
    take, where not all; `alone`, `together`: those whose cells identify by themselves, or never do. `progress` is told
    bytes read and bytes in all. Raises ConfigError with every mistake that it found.
    """
    name = _checked_name(name or file.stem)
    if not _LABEL.fullmatch(label):
        raise ConfigError([f"--label {label!r}: it is a label of your own under customer, such as {DEFAULT_LABEL}"])
    with Rows.open(file, encoding) as rows:
        taken = _taken(rows, columns, alone, together)
        forced = {**dict.fromkeys(alone, "alone"), **dict.fromkeys(together, "together")}
        builder = Builder(RecordKey(detection), [rows.header[at] for at in taken], forced)
        for row in rows:
            builder.add([row[at] for at in taken])
            if builder.rows > MOST_ROWS:
                raise ConfigError([f"{file}: more than {MOST_ROWS:,} rows; split it and register each part"])
            if progress is not None and builder.rows % 1024 == 0:
                progress(rows.bytes_read, rows.size_bytes)
    if not builder.rows:
        raise ConfigError([f"{file}: there is no row below the header; nothing was registered"])
    target = folder / (name + SUFFIX)
    write(target, builder.pack(name=name, label=label, registered_at=registered_at))
    found = _registered(target, _header_of(target), tuple(builder.report()))
    if not found.alone and not found.together:
        target.unlink()
        raise ConfigError(
            [f"{file}: no cell of it tells anything (all are empty or everyday words); name other columns"]
        )
    return found


def _taken(rows: Rows, columns: Sequence[str], alone: Sequence[str], together: Sequence[str]) -> list[int]:
    """Places of the columns to take. Raises ConfigError."""
    from tidegate.config.kinds import near

    mistakes = [
        f"{rows.path}:1: there is no column {column!r}{near(column, rows.header)}; the header names the columns"
        for column in dict.fromkeys((*columns, *alone, *together))
        if column not in rows.header
    ]
    mistakes += [
        f"column {column!r} is named both alone and together; choose one" for column in alone if column in together
    ]
    taken = [at for at, column in enumerate(rows.header) if not columns or column in columns]
    mistakes += [
        f"column {column!r} is not among --columns; add it there"
        for column in (*alone, *together)
        if columns and column in rows.header and column not in columns
    ]
    if not mistakes and len(taken) > MOST_COLUMNS:
        mistakes = [
            f"{rows.path}:1: {len(taken)} columns, at most {MOST_COLUMNS} are taken; choose some with --columns"
        ]
    if mistakes:
        raise ConfigError(mistakes)
    return taken


def registered_data(folder: Path) -> list[RegisteredData]:
    """What is registered, by name. Raises ConfigError for a file that cannot be read."""
    return [_registered(file, _header_of(file)) for file in _record_files(folder)]


def forget_data(folder: Path, name: str) -> bool:
    """False where nothing is registered under that name. Raises ConfigError."""
    file = folder / (_checked_name(name) + SUFFIX)
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ConfigError([f"{file}: it cannot be removed ({error.strerror}); check who owns it"]) from None
    sync(folder)
    return True


def load_data(folder: Path, detection: bytes) -> RecordsFinder | None:
    """What looks for all registered records; None where none are registered.

    Raises ConfigError for every file that is damaged, unreadable or made with another key: records that were registered
    and are not looked for would leave unseen.
    """
    key = RecordKey(detection)
    mistakes: list[str] = []
    tables: list[Table] = []
    for file in _record_files(folder):
        try:
            content, digest = _mapped(file, key)
            tables.append(unpack(content, digest, key.check))
        except (OSError, TableError) as error:
            mistakes += _refusal(file, error).mistakes
    if mistakes:
        raise ConfigError(mistakes)
    return RecordsFinder(tables, key) if tables else None


def _record_files(folder: Path) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if file.suffix == SUFFIX)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ConfigError([f"{folder}: it cannot be listed ({error.strerror}); check [detection] path"]) from None


def _header_of(file: Path) -> Header:
    try:
        with file.open("rb") as opened:
            return read_header(opened.read(1 << 17))[0]
    except (OSError, TableError) as error:
        raise _refusal(file, error) from None


def _refusal(file: Path, error: OSError | TableError) -> ConfigError:
    why = (error.strerror or "it cannot be read") if isinstance(error, OSError) else str(error)
    return ConfigError(
        [f"{file}: {why}; register the table again with `tidegate detect register-data`, or delete this file"]
    )


def _mapped(file: Path, key: RecordKey) -> tuple[memoryview, bytes]:
    """The file's bytes and the digest that they should end with. It is read for that, not mapped: what is mapped and
    was touched counts as this process's memory.
    """
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as opened:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_size <= DIGEST_BYTES:
            raise TableError("it is empty or no regular file")
        digest = key.file(_pieces(opened, about.st_size - DIGEST_BYTES))
        return memoryview(mmap.mmap(descriptor, about.st_size, access=mmap.ACCESS_READ)), digest


def _pieces(opened: BinaryIO, left: int) -> Iterator[bytes]:
    while left:
        piece = opened.read(min(left, _PIECE_BYTES))
        if not piece:
            return
        left -= len(piece)
        yield piece


def _registered(file: Path, header: Header, columns: tuple[ColumnReport, ...] = ()) -> RegisteredData:
    return RegisteredData(
        name=header.name,
        path=file,
        label=header.label,
        registered_at=header.registered_at,
        rows=header.rows,
        alone=header.alone,
        together=header.together,
        size_bytes=file.stat().st_size,
        columns=columns,
    )


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ConfigError(
            [f"{name!r}: a name has letters, digits, dots, dashes and underscores, at most 80; give one with --name"]
        )
    return name
