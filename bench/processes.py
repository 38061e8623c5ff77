"""Starts the measured programs in process groups of their own, reads their CPU time and memory (Linux), ends them."""

import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
_numbers = itertools.count(0, 10_000)  # of the first request of each load: none has the texts of another


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def group_cpu_us(leader: int) -> float:
    """CPU time of all processes in the group of `leader`, in microseconds (resolution: one tick, usually 10 ms)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rsplit(")", 1)[1].split()
            if int(fields[2]) == leader:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS * 1e6


def group_rss_mb(leader: int) -> dict[str, float]:
    """Resident memory of each process of the group, by its last command word."""
    sizes = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getpgid(int(folder.name)) != leader:
                continue
            words = (folder / "cmdline").read_bytes().rstrip(b"\0").split(b"\0")
            name = next((w.decode() for w in words if w.startswith(b"tidegate.")), "supervisor")
            line = next(x for x in (folder / "status").read_text().splitlines() if x.startswith("VmRSS"))
            sizes[name] = int(line.split()[1]) / 1024
    return sizes


@contextmanager
def running(
    command: list[str], port: int, *, cwd: Path | None = None, path: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """Yields once `port` accepts connections (and `path` answers 200)."""
    process = subprocess.Popen(command, start_new_session=True, cwd=cwd, stdout=subprocess.DEVNULL)
    try:
        _wait(process, port, path)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"{process.args!r} ended with {process.returncode}")
        with suppress(OSError):
            if not path:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1) as answer:
                if answer.status == 200:
                    return
        time.sleep(0.02)
    raise SystemExit(f"{process.args!r} was not ready in 30 s")


def wire(role: str, port: int, *more: object) -> list[str]:
    return [sys.executable, "-m", "bench.wire", role, str(port), *map(str, more)]


def load(port: int, count: int, connections: int, kind: str) -> dict[str, float]:
    command = wire("load", port, count, connections, kind, next(_numbers))
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


CONFIGURATION = """
[server]
listen = "127.0.0.1:{port}"
[boundaries.here]
kind = "local"
[boundaries.there]
kind = "cloud"
region = "eu"
[targets.inside]
provider = "openai-compatible"
url = "http://127.0.0.1:{upstream}/v1"
model = "m"
boundary = "here"
[targets.outside]
provider = "openai-compatible"
url = "http://127.0.0.1:{upstream}/v1"
model = "m"
boundary = "there"
contract = {{ retention = "zero", training = "never", tier = "enterprise", region = "eu", expires = 2099-01-01 }}
[models]
auto = ["outside", "inside"]
[store]
url = "sqlite:///{home}/state.db"
[keys]
path = "{home}/keys"
[audit]
path = "{home}/audit"
"""


@contextmanager
def gateway(upstream: int) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A gateway with every stage on and a durable log, in a folder that goes away."""
    home = Path(tempfile.mkdtemp(prefix="tidegate-bench-"))
    port = free_port()
    try:
        (home / "tidegate.toml").write_text(CONFIGURATION.format(port=port, upstream=upstream, home=home))
        command = [sys.executable, "-m", "tidegate", "up", "--config", str(home / "tidegate.toml")]
        with running(command, port, cwd=Path.cwd(), path="/readyz") as process:
            yield port, process
    finally:
        shutil.rmtree(home, ignore_errors=True)


NGINX = """
daemon off; worker_processes 1; pid {home}/pid; error_log {home}/error.log crit;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/f;
  uwsgi_temp_path {home}/u; scgi_temp_path {home}/s; client_body_buffer_size 64k;
  upstream up {{ server 127.0.0.1:{upstream}; keepalive 64; }}
  server {{ listen 127.0.0.1:{port}; keepalive_requests 1000000;
    location / {{
      proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }} }}
}}
"""


@contextmanager
def nginx(upstream: int) -> Iterator[tuple[int, subprocess.Popen[bytes]] | None]:
    """nginx's `proxy_pass`, or None where it is not installed."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not program:
        yield None
        return
    home = Path(tempfile.mkdtemp(prefix="tidegate-bench-"))
    port = free_port()
    try:
        home.chmod(0o755)
        (home / "nginx.conf").write_text(NGINX.format(home=home, port=port, upstream=upstream))
        with running([program, "-p", str(home), "-c", str(home / "nginx.conf")], port) as process:
            yield port, process
    finally:
        shutil.rmtree(home, ignore_errors=True)
