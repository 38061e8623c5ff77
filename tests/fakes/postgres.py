"""A real PostgreSQL in a folder of its own, for as long as a test run needs it. It is found, never installed.

Debian keeps the server where no PATH leads; root may not run it, so it then runs as somebody who may do nothing else.
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

PASSWORD = "correct horse"
_USER = "tidegate"
_PR_SET_PDEATHSIG = 1
_OPTIONS = ("-c", "fsync=off", "-c", "max_connections=60", "-c", "log_min_messages=fatal")


def binaries():
    """The folder with `initdb` and `postgres`, or why there is none."""
    on_path = shutil.which("initdb")
    folders = [str(Path(on_path).resolve().parent)] if on_path else []
    folders += sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    for folder in folders:
        if all(Path(folder, name).exists() for name in ("initdb", "postgres")):
            return folder, ""
    return "", "no PostgreSQL server is installed (initdb is neither on PATH nor under /usr/lib/postgresql)"


def servant():
    """Who runs the server: whoever runs the tests, unless that is root."""
    if os.getuid() != 0:
        return None, ""
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name), ""
    return None, "root may not run a PostgreSQL server, and there is neither a user postgres nor nobody"


def _end_with_us():
    """Where the kernel can: a run of tests that is killed must not leave a server behind."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


class Server:
    """`start` and `stop` as often as one likes; `close` ends it and removes its folder."""

    def __init__(self):
        self.bin, why = binaries()
        self.servant, why_nobody = servant()
        self.missing = why or why_nobody
        self._process, self.folder, self._made = None, None, 0
        self.port = 0

    def begin(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tidegate-pg-"))
        if self.servant:
            os.chown(self.folder, self.servant.pw_uid, self.servant.pw_gid)
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        self._run(
            "initdb",
            *("-D", self.data, "-U", _USER, "-A", "scram-sha-256", "--pwfile", str(secret)),
            *("-E", "UTF8", "--locale=C", "--no-sync"),
        )
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.start()

    @property
    def data(self):
        return str(self.folder / "data")

    def start(self):
        words = ["-D", self.data, "-p", str(self.port), "-h", "127.0.0.1", "-k", str(self.folder), *_OPTIONS]
        self._process = subprocess.Popen(
            [f"{self.bin}/postgres", *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_us,  # noqa: PLW1509 - one call into libc, before any thread of ours is in the child
            **self._as_servant(),
        )
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.conninfo("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self):
        """At once, as when a machine goes down."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None

    def close(self):
        self.stop()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def conninfo(self, database):
        return f"host=127.0.0.1 port={self.port} user={_USER} dbname={database} password='{PASSWORD}'"

    def database(self):
        """The URL of a new, empty one, with its password: what a reference would lead to."""
        self._made += 1
        name = f"t{self._made}"
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url(name)

    def url(self, name, password=PASSWORD):
        secret = f":{password.replace(' ', '%20')}" if password else ""
        return f"postgresql://{_USER}{secret}@127.0.0.1:{self.port}/{name}"

    def end_sessions(self, url):
        """As an administrator, or a failover, does."""
        name = url.rpartition("/")[2]
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    def _run(self, name, *words):
        subprocess.run(
            [f"{self.bin}/{name}", *words], check=True, capture_output=True, timeout=120, **self._as_servant()
        )

    def _as_servant(self):
        if self.servant is None:
            return {"cwd": str(self.folder)}
        about = self.servant
        return {"cwd": str(self.folder), "user": about.pw_uid, "group": about.pw_gid, "extra_groups": []}
