"""PostgreSQL: how it is reached, and what is said when it is not.

A connection is made again by whoever needs it next, and not more often than once a second. What nobody answers within
seconds is an error: requests that need the store must not hang on it.
"""

import re
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from tidegate.core.values.errors import StoreError

SCHEME = "postgresql://"
AGAIN_AFTER_S = 1.0

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]]*))(?::([0-9]+))?")

_PATIENCE: Mapping[str, Any] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    # Of several hosts the one that may be written to: after a failover that is another one.
    "target_session_attrs": "read-write",
    "application_name": "tidegate",
}
# Set in each session: a pooler in between would refuse them as options of a start.
_SESSION = (
    "SET statement_timeout = '20s'",
    "SET lock_timeout = '10s'",
    "SET idle_in_transaction_session_timeout = '60s'",
)
_SENTENCES = {
    "28P01": "it does not take this password: correct what [store] password leads to",
    "28000": "it does not let this user in: check user and database in [store] url, and its pg_hba.conf",
    "3D000": "it has no such database: create it, or correct [store] url",
    "42501": "this user may not do that: make it the owner of the database or of a schema in it",
    "53100": "its disk is full: free some space; the gateway goes on by itself",
    "53300": "it takes no more connections: raise max_connections, or end some",
    "57P03": "it is starting or stopping; the gateway goes on by itself",
    "57P01": "it was shut down; the gateway goes on by itself once it is back",
    "25006": "it may only be read: it is a standby, or was made one; name its primary in [store] url",
    "55P03": "another session keeps it locked for too long: end that one, or let it finish",
    "57014": "it took too long to answer; look at its load",
    "42P01": "its tables are not those of its version: restore it from a backup",
}
# A connection that is not made has no code, only words; other languages than English get the sentence for all.
_WORDS = {
    "password authentication failed": _SENTENCES["28P01"],
    "no password supplied": "it wants a password: say where it is with [store] password",
    "pg_hba.conf": _SENTENCES["28000"],
    'role "': _SENTENCES["28000"],
    'database "': _SENTENCES["3D000"],
    "too many": _SENTENCES["53300"],
    "starting up": _SENTENCES["57P03"],
    "shutting down": _SENTENCES["57P03"],
    "certificate": "its certificate does not hold: check sslrootcert and the host's name in [store] url",
    "ssl": "it and TLS do not come together: check sslmode in [store] url",
    "read-only": _SENTENCES["25006"],
}
_UNREACHED = "it cannot be reached: check that it runs, and host and port in [store] url; the gateway tries again"


def is_postgresql(url: str) -> bool:
    return url.startswith(SCHEME)


def place(url: str) -> str:
    """For errors: the database and its host, never user or password."""
    parts = urlsplit(url)
    host = dict(parse_qsl(parts.query)).get("host") or _hosts(parts.netloc.rpartition("@")[2])[0]
    return f"the PostgreSQL database {unquote(parts.path.lstrip('/'))}{f' on {host}' if host else ''}"


def engine(url: str, password: str) -> Engine:
    """Whose connections are made anew when they were lost. Raises StoreError where the driver is missing."""
    try:
        import psycopg
    except ImportError:
        message = f"{place(url)}: its driver is not installed: pip install 'tidegate[postgres]'."
        raise StoreError(message) from None
    how = options(url, password)
    return create_engine(
        "postgresql+psycopg://",
        creator=_not_too_often(lambda: _begun(psycopg.connect(**how))),
        poolclass=NullPool,
        hide_parameters=True,
    )


def stay_with(connection: Connection, epoch: str, url: str) -> None:
    """From now on a connection that is made anew leads to the same store, or is an error."""

    def check(made: Any, _record: object) -> None:
        try:
            with made.cursor() as cursor:
                cursor.execute("SELECT value FROM meta WHERE key = 'epoch'")
                row = cursor.fetchone()
            made.commit()
        except Exception as error:  # noqa: BLE001 - the driver's own, which need not be installed
            made.close()
            raise StoreError(f"{place(url)}: {reason(error)}.") from None
        if row is None or row[0] != epoch:
            made.close()
            raise StoreError(
                f"{place(url)}: it is another store than the one that this gateway began with: it was emptied or "
                "restored; start the gateway again."
            )

    event.listen(connection.engine, "connect", check)


def reason(error: Exception) -> str:
    """What to do, by the code of the error or, where there is none, by its words. Never a statement or a value."""
    code = getattr(error, "sqlstate", None)
    if code:
        return _SENTENCES.get(code, f"it refuses with error {code}")
    words = str(error).lower()
    return next((sentence for word, sentence in _WORDS.items() if word in words), _UNREACHED)


def options(url: str, password: str) -> dict[str, Any]:
    """For the driver, by its names. Several hosts, joined by commas, are tried in their order."""
    parts = urlsplit(url)
    hosts, ports = _hosts(parts.netloc.rpartition("@")[2])
    given = {
        "host": hosts,
        "port": ports,
        "user": unquote(parts.username) if parts.username else "",
        "password": password or (unquote(parts.password) if parts.password else ""),
        "dbname": unquote(parts.path.lstrip("/")),
        **dict(parse_qsl(parts.query)),
    }
    found: dict[str, Any] = {**_PATIENCE, **{name: value for name, value in given.items() if value}}
    if "sslmode" not in found and not _is_near(found.get("host", "")):
        # libpq's own default falls back to plain text where the other end wants it so.
        found["sslmode"] = "verify-full"
        found.setdefault("sslrootcert", ssl.get_default_verify_paths().cafile or "system")
    return found


def _hosts(authority: str) -> tuple[str, str]:
    """`one:1,[::1]:2` -> ("one,::1", "1,2")"""
    found = [_HOST.fullmatch(one) for one in authority.split(",")]
    hosts = [one[1] or one[2] if one else "" for one in found]
    ports = [one[3] or "" if one else "" for one in found]
    return ",".join(hosts), ",".join(ports) if any(ports) else ""


def _is_near(hosts: str) -> bool:
    """Sockets in the file system, or this machine."""
    return all(
        not host or host.startswith(("/", "@")) or host in ("localhost", "127.0.0.1", "::1")
        for host in hosts.split(",")
    )


def _not_too_often(connect: Callable[[], Any]) -> Callable[[], Any]:
    """What failed a moment ago fails again at once, so that nobody waits for it twice."""
    failed: tuple[float, Exception] | None = None

    def once() -> Any:
        nonlocal failed
        if failed is not None and time.monotonic() - failed[0] < AGAIN_AFTER_S:
            raise failed[1]
        try:
            made = connect()
        except Exception as error:
            failed = time.monotonic(), error
            raise
        failed = None
        return made

    return once


def _begun(connection: Any) -> Any:
    with connection.cursor() as cursor:
        for setting in _SESSION:
            cursor.execute(setting)
        # Told that it is kept means kept. Stricter than `on` may stay as it is.
        cursor.execute("SHOW synchronous_commit")
        if cursor.fetchone()[0] == "off":
            cursor.execute("SET synchronous_commit = 'on'")
    connection.commit()
    return connection
