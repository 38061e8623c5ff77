"""The small process behind `tidegate up`: it owns the listening socket and the children, and nothing of a request.

It listens before any child runs and for as long as it lives, so that a data worker that dies is replaced while
connections wait in the socket's queue instead of being refused. A child gets one line of JSON on stdin, answers one
line on stdout, and lives until its stdin ends: a supervisor that is killed takes every child along.
"""

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from tidegate.core.values.errors import TidegateError

BACKLOG = 2048
MOST_FAILURES, WITHIN_S = 5, 60.0
FIRST_BACKOFF_S, LAST_BACKOFF_S = 0.1, 5.0
SETTLED_S = 10.0
_ANSWER_BYTES = 64 * 1024
_ENDING_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})


class StartFailed(TidegateError):  # noqa: N818 - it is an answer to whoever typed `tidegate up`
    """The gateway cannot start; the message says why and what to do."""


class Announcer(Protocol):
    """Hears what happens, as sentences for whoever watches."""

    def ready(self, child: str, facts: Mapping[str, Any]) -> None: ...

    def trouble(self, child: str, sentence: str) -> None: ...


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """`order` travels over stdin: it holds keys, which no process list shows. `drain_s`: how long it may take to end
    after SIGTERM. `essential`: without it there is no gateway.
    """

    name: str
    module: str
    order: Mapping[str, Any] = field(repr=False)
    drain_s: float
    essential: bool = False
    pass_fds: tuple[int, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)


def listen(host: str, port: int) -> socket.socket:
    """A bound, listening socket. Raises StartFailed when the port is taken."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise StartFailed(
            f"tidegate cannot listen on {host} port {port} ({error.strerror}). Another gateway may run there: "
            "`tidegate doctor` tells. Or choose another port: server.listen, or TIDEGATE__SERVER__LISTEN=HOST:PORT."
        ) from None
    return listening


def hold_port(host: str = "127.0.0.1") -> tuple[int, socket.socket]:
    """A free port for a child that cannot be handed a socket, and what holds it until it is closed.

    On Linux a socket that is bound and does not listen keeps the port from everybody who does not ask for a port in use
    (SO_REUSEADDR), which our children do. Elsewhere they could not bind beside it: the port was free a moment ago.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind((host, 0))
    port: int = holder.getsockname()[1]
    if sys.platform != "linux":
        holder.close()
    return port, holder


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Ctrl-C reaches the whole process group, but it is the supervisor that ends its children, in order: they inherit
    the blocked signal. One that comes meanwhile waits for us.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Child:
    """One process at a time under one spec, and what is known of it."""

    def __init__(self, spec: ChildSpec) -> None:
        self.spec = spec
        self.process: subprocess.Popen[bytes] | None = None
        self.was_ready = False
        self.error = ""
        self.restart_at: float | None = None
        self.kill_at: float | None = None
        self._started_at = 0.0
        self._failures: deque[float] = deque(maxlen=MOST_FAILURES)
        self._said = b""
        self._heard = False

    def start(self) -> None:
        self.restart_at, self.error, self._said, self._heard = None, "", b"", False
        self._started_at = time.monotonic()
        with _interrupts_blocked():
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
                [sys.executable, "-m", self.spec.module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=self.spec.pass_fds,
                env={**os.environ, **self.spec.environ},
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)  # a grandchild may hold the other end after its death
        with suppress(BrokenPipeError):  # it died at once: its end is noticed like any other
            self.process.stdin.write(json.dumps(dict(self.spec.order)).encode() + b"\n")
            self.process.stdin.flush()

    def hear(self) -> Mapping[str, Any] | None:
        """What it answered, once; None while the line is not whole. What it says later is drained and dropped."""
        assert self.process is not None
        assert self.process.stdout is not None
        piece = os.read(self.process.stdout.fileno(), _ANSWER_BYTES)
        if not piece:
            raise EOFError
        if self._heard:
            return None
        self._said = (self._said + piece)[:_ANSWER_BYTES]
        if b"\n" not in self._said:
            return None
        self._heard = True
        with suppress(ValueError):
            answer = json.loads(self._said.split(b"\n", 1)[0])
            if isinstance(answer, dict):
                return answer
        return {"ready": False, "error": "it answered something that is no ready line"}

    def may_retry(self, now: float) -> bool:
        """Whether the restarts so far are few enough; counts this one."""
        if now - self._started_at > SETTLED_S and self.was_ready:
            self._failures.clear()
        self._failures.append(now)
        return len(self._failures) < MOST_FAILURES or now - self._failures[0] > WITHIN_S

    def backoff_s(self) -> float:
        return float(min(FIRST_BACKOFF_S * 2 ** (len(self._failures) - 1), LAST_BACKOFF_S))

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.kill_at = time.monotonic() + self.spec.drain_s

    def kill(self) -> None:
        if self.process:
            self.process.kill()


class Supervisor:
    """Runs its children until a signal ends it. Children end in their order: first the one that others serve."""

    def __init__(self, specs: Sequence[ChildSpec], announcer: Announcer) -> None:
        self._children = [_Child(spec) for spec in specs]
        self._announcer = announcer
        self._selector = selectors.DefaultSelector()
        self._ending = False
        self._hurried = False
        self._status = 0

    def run(self) -> int:
        """0 after an orderly end, 1 where the gateway could not start or go on, or a child had to be killed."""
        with _Signals() as signals:
            self._selector.register(signals.pipe, selectors.EVENT_READ, self._signalled)
            try:
                for child in self._children:
                    self._start(child)
                while not self._over():
                    self._wait()
            finally:
                self._kill_all()
                self._selector.close()
        return self._status

    def _over(self) -> bool:
        return self._ending and all(child.process is None for child in self._children)

    def _wait(self) -> None:
        moments = [m for child in self._children for m in (child.restart_at, child.kill_at) if m is not None]
        timeout = max(0.0, min(moments) - time.monotonic()) if moments else None
        for key, _ in self._selector.select(timeout):
            key.data(key.fileobj)
        self._reap()
        self._keep_time(time.monotonic())

    def _start(self, child: _Child) -> None:
        try:
            child.start()
        except OSError as error:
            child.error = f"its process cannot be made ({error.strerror})"
            self._lost(child, 1)
            return
        assert child.process is not None
        self._selector.register(child.process.stdout, selectors.EVENT_READ, lambda _: self._hear(child))  # type: ignore[arg-type]  # stdout is a pipe here

    def _hear(self, child: _Child) -> None:
        try:
            answer = child.hear()
        except EOFError:
            self._selector.unregister(child.process.stdout)  # type: ignore[union-attr, arg-type]  # it is being heard
            return
        if answer is None:
            return
        if answer.get("ready") is True:
            child.was_ready = True
            self._announcer.ready(child.spec.name, answer)
        else:
            child.error = str(answer.get("error") or "it gave no reason")

    def _signalled(self, pipe: Any) -> None:
        received = set(pipe.recv(64))
        if received & _ENDING_SIGNALS:
            self._hurried = self._ending
            self._ending = True
            self._end_next()

    def _end_next(self) -> None:
        """The worker drains while the engine still answers it: one ends after the other. A second signal hurries."""
        running = [child for child in self._children if child.process]
        for child in self._children:
            child.restart_at = None
        for child in running if self._hurried else running[:1]:
            if self._hurried:
                self._status = 1
                child.kill()
            elif child.kill_at is None:
                child.end()

    def _reap(self) -> None:
        for child in self._children:
            if child.process and child.process.poll() is not None:
                self._gone(child, child.process)

    def _gone(self, child: _Child, process: subprocess.Popen[bytes]) -> None:
        self._read_last_words(child)
        with suppress(KeyError, ValueError):
            self._selector.unregister(process.stdout)  # type: ignore[arg-type]  # stdout is a pipe here
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]  # both are pipes here
        child.process, child.kill_at = None, None
        if self._ending:
            self._end_next()
        else:
            self._lost(child, process.returncode)

    def _read_last_words(self, child: _Child) -> None:
        """Its answer may still lie in the pipe when its end is noticed first."""
        with suppress(EOFError, OSError, ValueError):
            answer = child.hear()
            if answer and answer.get("ready") is not True:
                child.error = str(answer.get("error") or "it gave no reason")

    def _lost(self, child: _Child, status: int) -> None:
        now = time.monotonic()
        reason = child.error or f"it ended with {_ending(status)}"
        fatal = child.spec.essential and not child.was_ready
        if not fatal and child.may_retry(now):
            child.restart_at = now + child.backoff_s()
            self._announcer.trouble(child.spec.name, f"{reason}; starting it again")
            return
        if child.spec.essential:
            self._announcer.trouble(child.spec.name, reason if fatal else f"{reason}; it fails again and again")
            self._status, self._ending = 1, True
            self._end_next()
            return
        self._announcer.trouble(child.spec.name, f"{reason}; it fails again and again and is left alone until restart")

    def _keep_time(self, now: float) -> None:
        for child in self._children:
            if child.restart_at is not None and child.restart_at <= now and not self._ending:
                self._start(child)
            if child.kill_at is not None and child.kill_at <= now:
                child.kill_at, self._status = None, 1
                self._announcer.trouble(child.spec.name, "it did not end in time and was killed")
                child.kill()

    def _kill_all(self) -> None:
        for child in self._children:
            if child.process:
                child.kill()
                child.process.wait()


def _ending(status: int) -> str:
    if status >= 0:
        return f"status {status}"
    with suppress(ValueError):
        return f"signal {signal.Signals(-status).name}"
    return f"signal {-status}"


class _Signals:
    """Signals as bytes on a socket, so that the one loop waits for them as for everything else."""

    def __enter__(self) -> Self:
        self.pipe, self._inlet = socket.socketpair()
        self.pipe.setblocking(False)
        self._inlet.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._inlet.fileno(), warn_on_full_buffer=False)
        noted: Callable[..., None] = lambda *_: None  # noqa: E731 - a handler must exist for the byte to be written
        # A signal that we were started to ignore (nohup, a shell's background job) stays ignored.
        wanted = [number for number in _ENDING_SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        self._before = {number: signal.signal(number, noted) for number in (*wanted, signal.SIGCHLD)}
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self.pipe.close()
        self._inlet.close()
