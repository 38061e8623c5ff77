"""A real gateway for black-box tests: `tidegate up` in its own process group, between upstreams on loopback.

with upstreams(inside=answers(...), outside=answers(...)) as (inside, outside):
    with Gateway(inside, outside) as gateway:
        gateway.chat("hello")
"""

import asyncio
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from tests.fakes.upstream import Upstream
from tidegate.adapters.stores.tlog import entries

CONFIGURATION = """
[server]
listen = "127.0.0.1:{port}"
{server}
[boundaries.here]
kind = "local"
[boundaries.there]
kind = "cloud"
region = "eu"
[targets.inside]
provider = "openai-compatible"
url = "{inside}"
model = "m"
boundary = "here"
[targets.outside]
provider = "openai-compatible"
url = "{outside}"
model = "m"
boundary = "there"
api_key = "env:TEST_OUTSIDE_KEY"
contract = {{ retention = "zero", training = "never", tier = "enterprise", region = "eu", expires = 2099-01-01 }}
[upstream]
{upstream}
[models]
auto = ["outside", "inside"]
cloud-only = ["outside"]
[store]
url = "sqlite:///{home}/state.db"
[keys]
path = "{home}/keys"
[audit]
path = "{home}/audit"
{audit}
[detection]
path = "{home}/detection"
{more}
"""
CREDENTIAL = "test-credential-" + "of-the-outside"


class Response(NamedTuple):
    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        return json.loads(self.body)["choices"][0]["message"]["content"]

    @property
    def code(self):
        return json.loads(self.body)["error"]["code"]


@contextlib.contextmanager
def upstreams(*scripts):
    """One scripted upstream a script, served by a loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    opened = [Upstream(script) for script in scripts]

    def run(work):
        return asyncio.run_coroutine_threadsafe(work, loop).result(10)

    try:
        for upstream in opened:
            run(upstream.__aenter__())
        yield opened
    finally:
        for upstream in opened:
            run(upstream.__aexit__(None, None, None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Gateway:
    """`server`, `upstream`, `audit`: further lines of those tables; `more`: further lines of `[detection]` and further
    tables. `preexec`: runs in the child before the gateway."""

    def __init__(self, inside, outside, *, home=None, server="", upstream="", audit="", more="", preexec=None,
                 template=CONFIGURATION):  # fmt: skip
        self._temporary = None if home else tempfile.TemporaryDirectory(prefix="tidegate-test-")
        self.home = Path(home or self._temporary.name)
        self.port = free_port()
        self.audit, self.config, self.log = self.home / "audit", self.home / "tidegate.toml", self.home / "log.txt"
        self.config.write_text(
            template.format(
                port=self.port,
                inside=inside.url,
                outside=outside.url,
                home=self.home,
                server=server,
                # Scripts count requests, so nobody asks their upstreams how they are unless a test wants it.
                upstream=upstream if "probe_interval_s" in upstream else f"probe_interval_s = 0\n{upstream}",
                audit=audit,
                more=more,
            )
        )
        self._environ = {**os.environ, "TEST_OUTSIDE_KEY": CREDENTIAL}
        self._preexec = preexec
        self.process = None

    def launch(self):
        """Starts it and does not wait."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tidegate", "up", "--config", str(self.config)],
                stdout=out, stderr=out, cwd=self.home, env=self._environ, start_new_session=True,
                preexec_fn=self._preexec,  # noqa: PLW1509 - it sets a limit and takes no lock
            )  # fmt: skip
        return self

    def start(self):
        self.launch()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            assert self.process.poll() is None, f"the gateway ended: {self.log.read_text()[-2000:]}"
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get("/readyz").status == 200:
                    return self
            time.sleep(0.02)
        raise AssertionError(f"not ready: {self.log.read_text()[-2000:]}")

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self):
        """The exit status."""
        if self.process is None or self.process.poll() is not None:
            return self.process.returncode if self.process else 0
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.clean()
            raise

    def __exit__(self, *_exc):
        try:
            self.stop()
        finally:
            self.clean()

    def clean(self):
        """Leaves nothing running and nothing lying about."""
        if self.process and self.process.poll() is None:
            self.kill()
        if self._temporary:
            self._temporary.cleanup()

    # -- speaking to it ---------------------------------------------------------------------------------------------

    def request(self, method, path, body=None, headers=None, timeout=20):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            link.request(method, path, body, headers or {})
            answer = link.getresponse()
            return Response(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            link.close()

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, body, headers=None, **more):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.request("POST", path, raw, {"content-type": "application/json", **(headers or {})}, **more)

    def chat(self, text, *, model="auto", headers=None, timeout=20, **more):
        body = {"model": model, "messages": [{"role": "user", "content": text}], **more}
        return self.post("/v1/chat/completions", body, headers, timeout=timeout)

    def socket(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def cli(self, *words, timeout=60):
        return subprocess.run(
            [sys.executable, "-m", "tidegate", *words],
            capture_output=True, text=True, timeout=timeout, cwd=self.home, env=self._environ, check=False,
        )  # fmt: skip

    def verify(self):
        done = self.cli("audit", "verify", "--json")
        return done.returncode, json.loads(done.stdout)

    def records(self):
        """Every record of the log, oldest first, as it stands on disk."""
        return [json.loads(entry) for _, entry in entries(self.audit / "w0")]

    def outcomes(self, count=1):
        """Waits until that many exchanges have ended: an outcome may come a moment after its answer."""
        until = time.monotonic() + 5
        while time.monotonic() < until:
            found = [record for record in self.records() if record["kind"] == "outcome"]
            if len(found) >= count:
                return found
            time.sleep(0.02)
        raise AssertionError(f"{len(found)} outcomes instead of {count}")
