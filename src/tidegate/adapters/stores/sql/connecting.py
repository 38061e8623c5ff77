"""Connections to a store, and what is said when there is none to be had. PostgreSQL has a page of its own.

SQLite: write-ahead log, every commit synced (`synchronous=FULL`), 0600 in a folder of 0700 where we make it.
"""

import os
import sqlite3
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Table, create_engine, event, text
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from tidegate.adapters.stores.sql import postgresql
from tidegate.core.values.errors import StoreError

BUSY_TIMEOUT_S = 5.0
FAULTS = (OSError, SQLAlchemyError, sqlite3.Error)
"""What a database raises; `told` makes a sentence of it."""
_SQLITE = "sqlite:///"
# Freed pages are overwritten: what was erased is gone from the file as well.
_PRAGMAS = ("secure_delete=ON", "trusted_schema=OFF", "synchronous=FULL")


def sqlite_path(url: str) -> Path | None:
    """The file behind a `sqlite:///` URL; None for other databases."""
    if not url.startswith(_SQLITE):
        return None
    return Path(url.removeprefix(_SQLITE)).expanduser().absolute()


def place(url: str) -> str:
    """What an error calls the store: its file, or database and host; never a user or a password."""
    path = sqlite_path(url)
    if path or postgresql.is_postgresql(url):
        return str(path or postgresql.place(url))
    return f"the {url.partition(':')[0].partition('+')[0]} database"


def connect(url: str, password: str = "") -> Connection:
    """For the store itself: the file is made if it is missing. Raises StoreError."""
    path = sqlite_path(url)
    try:
        if path is None:
            return _reached(url, password)
        _make(path)
        return _connected(lambda: _open(path), begin="BEGIN IMMEDIATE")
    except FAULTS as error:
        raise told(url, error) from None


def connect_to_read(url: str, password: str = "") -> Connection | None:
    """For a look from outside: nothing is made, changed or locked. None where no store is. Raises StoreError."""
    path = sqlite_path(url)
    try:
        if path is None:
            return _reached(url, password)
        if not path.exists() or path.stat().st_size == 0:
            return None
        return _connected(lambda: _open_to_read(path), begin="BEGIN")
    except FAULTS as error:
        raise told(url, error) from None


def _reached(url: str, password: str) -> Connection:
    if not postgresql.is_postgresql(url):
        raise StoreError(f"{place(url)}: this is neither sqlite nor postgresql; correct [store] url.")
    return postgresql.engine(url, password).connect()


MIGRATING, HOLDING = 7232630411, 7232630412


def one_at_a_time(connection: Connection, what: int) -> None:
    """Nobody else does `what` until the transaction ends. SQLite's begins with a lock anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:what)"), {"what": what})


def insert_on(dialect: str, table: Table) -> Any:
    """An insert that knows `on_conflict_do_…`: both databases do, each by a construct of its own."""
    if dialect == "postgresql":
        # Not above: it would bring six drivers' modules into every start that has a file for a store.
        from sqlalchemy.dialects import postgresql as postgresql_dialect

        return postgresql_dialect.insert(table)
    return sqlite_dialect.insert(table)


def told(url: str, error: Exception) -> StoreError:
    """One sentence with the place and the next step. Statements and their values are never part of it."""
    if postgresql.is_postgresql(url):
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        return StoreError(f"{place(url)}: {postgresql.reason(cause)}.")
    where, reason = place(url), _reason(error)
    known = {
        "not a database": "it is no SQLite database: restore it from a backup, or move it away to begin anew",
        "malformed": "it is damaged: restore it from a backup, or move it away to begin anew (the log is not affected)",
        "full": "its disk is full: free some space; the gateway goes on by itself",
        "readonly": "it may not be written: check the owner of the file and its folder, and that the disk is not "
        "mounted read-only",
        "unable to open": "it cannot be opened: check the owner of the file and its folder",
        "locked": f"another process has kept it locked for {BUSY_TIMEOUT_S:.0f} s: end it, or let it finish",
        "no such table": "its tables are not those of its version: restore it from a backup",
    }
    for words, sentence in known.items():
        if words in reason:
            return StoreError(f"{where}: {sentence}.")
    return StoreError(f"{where}: {reason or 'it failed'}. `tidegate doctor` says what works.")


def _reason(error: Exception) -> str:
    if isinstance(error, DBAPIError) and error.orig is not None:
        return str(error.orig).splitlines()[0] if str(error.orig) else type(error.orig).__name__
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    if isinstance(error, sqlite3.Error):
        return str(error)
    return type(error).__name__


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives the files beside it the mode of this one.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        about = os.fstat(descriptor)
        if stat.S_ISREG(about.st_mode) and about.st_mode & 0o077:
            os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def _connected(open_file: Callable[[], sqlite3.Connection], *, begin: str) -> Connection:
    """`begin`: with IMMEDIATE, writers queue there for the busy timeout, and never learn at commit that they should."""
    engine = create_engine("sqlite://", creator=open_file, poolclass=NullPool, hide_parameters=True)
    # On the driver's own connection: through SQLAlchemy this one word costs a third of a commit.
    event.listen(engine, "begin", lambda connection: connection.connection.driver_connection.execute(begin))
    return engine.connect()


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        _use_wal(connection)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """The busy timeout does not cover this switch: two first starts at once would see "locked" at once."""
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _open_to_read(path: Path) -> sqlite3.Connection:
    # Without a log beside it nobody has it open, and SQLite would make one, in a folder that may not be ours.
    mode = "mode=ro" if path.with_name(path.name + "-wal").exists() else "immutable=1"
    return sqlite3.connect(
        f"file:{quote(str(path))}?{mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
    )
