"""How a child process and its parent speak: one line in, one line out, and the pipe as lifeline.

parent → child   one line of JSON: the order (where to listen, with which key)
child → parent   one line of JSON: `{"ready": true, …}` or `{"ready": false, "error": "what, and what to do"}`
afterwards       the child lives until its stdin ends or SIGTERM comes, and exits 0; exit 1 means it never got ready

A parent that dies, however it dies, closes the pipe. On Linux the kernel is asked as well (`PR_SET_PDEATHSIG`),
because a sibling may have inherited the pipe's other end. The kernel means the parent's *thread*: start children from
a thread that lives as long as they shall.
"""

from __future__ import annotations

import contextlib
import ctypes
import ipaddress
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, NoReturn

ORDER_LIMIT_BYTES = 64 * 1024
KEY_MIN_CHARACTERS = 16
PR_SET_PDEATHSIG = 1


class StartRefused(Exception):  # noqa: N818 - it is an answer to the parent rather than a fault in here
    """The child cannot do what was ordered; the text says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Order:
    """The parent's line, with getters that name the field that is wrong."""

    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        if not isinstance(value, str) or not value:
            raise StartRefused(f"{name}: a non-empty string is needed")
        return value

    def key(self, name: str) -> str:
        """A bearer key: it guards a port that every local process can reach. Never quoted in errors."""
        key = self.text(name)
        if len(key) < KEY_MIN_CHARACTERS or not key.isascii() or not key.isprintable() or " " in key:
            raise StartRefused(f"{name}: at least {KEY_MIN_CHARACTERS} visible ASCII characters are needed")
        return key

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        value = self.fields.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise StartRefused(f"{name}: a whole number from {low} to {high} is needed")
        return value

    def loopback(self, name: str) -> str:
        host = self.text(name)
        try:
            is_loopback = ipaddress.ip_address(host).is_loopback
        except ValueError:
            is_loopback = False
        if not is_loopback:
            raise StartRefused(f"{name}: a loopback address such as 127.0.0.1 is needed")
        return host

    def port(self, name: str) -> int:
        """0 lets the system choose; the ready line says what it chose."""
        return self.whole(name, default=0, low=0, high=65_535)

    def refuse_others(self, known: frozenset[str]) -> None:
        if unknown := sorted(set(self.fields) - known):
            raise StartRefused(f"{', '.join(unknown)}: unknown; known are {', '.join(sorted(known))}")


def read_order(source: IO[bytes]) -> Order:
    line = source.readline(ORDER_LIMIT_BYTES + 1)
    if not line.strip():
        raise StartRefused("no order on stdin: this process is started by `tidegate up`, not by hand")
    if len(line) > ORDER_LIMIT_BYTES:
        raise StartRefused(f"the order is longer than {ORDER_LIMIT_BYTES} bytes")
    try:
        fields = json.loads(line)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise StartRefused("the order is not one JSON object on one line")
    return Order(fields)


def url_of(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/v1" if ":" in host else f"http://{host}:{port}/v1"


class Lifeline:
    """The child's side of the pipe: takes over stdout, so that no library can write into the protocol."""

    def __init__(self) -> None:
        self._answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
        discard_output(1)
        end_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent ends us in order
        signal.signal(signal.SIGTERM, lambda *_: leave(0))

    def order(self) -> Order:
        return read_order(sys.stdin.buffer)

    @contextlib.contextmanager
    def starting(self) -> Iterator[None]:
        """Whatever goes wrong before `ready` becomes the one line that the parent waits for."""
        try:
            yield
        except StartRefused as refusal:
            self.refused(str(refusal))
        except Exception as fault:  # noqa: BLE001 - the parent is owed an answer, and a traceback helps nobody there
            self.refused(f"{type(fault).__name__}: {fault}; this is a fault in tidegate, please report it")

    def ready(self, **facts: Any) -> None:
        self._say({"ready": True, **facts})

    def refused(self, error: str) -> NoReturn:
        self._say({"ready": False, "error": error})
        leave(1)

    def wait_for_end(self) -> None:
        """Return when the parent closes the pipe; whatever else it writes is not for us."""
        while os.read(sys.stdin.fileno(), ORDER_LIMIT_BYTES):
            pass

    def end_in_background(self) -> None:
        """For a child whose main thread is busy serving."""

        def wait_and_leave() -> None:
            self.wait_for_end()
            leave(0)

        threading.Thread(target=wait_and_leave, name="lifeline", daemon=True).start()

    def _say(self, answer: dict[str, Any]) -> None:
        try:
            self._answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
            self._answers.flush()
        except BrokenPipeError:
            leave(1)


def leave(status: int) -> NoReturn:
    """End at once. Nothing here needs to be saved, and a native thread that still writes an answer to a client who
    reads slowly must not keep the process.
    """
    os._exit(status)


def discard_output(descriptor: int) -> None:
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, descriptor)
    os.close(sink)


def end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
