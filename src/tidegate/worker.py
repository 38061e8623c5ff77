"""The data worker: a child of the supervisor that serves the data plane on a socket it was handed.

It reads one line of JSON from standard input (`document`, `listen_fd`, and `engine` where one runs), writes one line of
JSON to standard output when it serves or when it cannot, and lives until its input ends or SIGTERM comes.
"""

import asyncio
import contextlib
import gc
import json
import logging
import os
import signal
import socket
import sys
import threading
from types import TracebackType
from typing import Any

from tidegate.config import Settings
from tidegate.core.values.errors import ConfigError, TidegateError

_log = logging.getLogger("tidegate.worker")

_READY = {"ready": True}


def main() -> int:
    """The exit status: 0 after a drain, 1 when it could not start."""
    logging.basicConfig(
        stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s", level=logging.WARNING
    )
    tell_defects_by_place()
    try:
        order = json.loads(sys.stdin.buffer.readline())
    except ValueError:
        return _say({"ready": False, "error": "a worker is started by `tidegate up`, which tells it what to do"}, 1)
    with asyncio.Runner(loop_factory=_event_loop) as runner:
        return runner.run(_serve(order))


def _event_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # Windows has none
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def _say(message: dict[str, Any], status: int) -> int:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()
    return status


async def _serve(order: dict[str, Any]) -> int:
    gc.disable()  # until everything is made: what is imported stays, and looking through it took an eighth of a start
    from tidegate.compose import open_gateway

    asyncio.get_running_loop().set_exception_handler(loop_defect)
    stop = asyncio.Event()
    _stop_on(stop)
    try:
        settings = Settings.from_document(order["document"])
        gateway = await open_gateway(settings, order.get("engine"))
    except ConfigError as error:
        return _say({"ready": False, "error": "\n".join(error.mistakes)}, 1)
    except TidegateError as error:
        return _say({"ready": False, "error": str(error)}, 1)
    listening = socket.socket(fileno=order["listen_fd"])
    await gateway.listen(listening)
    # What start-up made lives as long as the process: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    gc.enable()
    _say({**_READY, "idle": list(gateway.idle)}, 0)
    await stop.wait()
    await gateway.close()
    return 0


def _stop_on(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def ended() -> None:
        # The supervisor never writes a second line: readable means it has gone.
        if not os.read(sys.stdin.fileno(), 4096):
            loop.remove_reader(sys.stdin.fileno())
            stop.set()

    loop.add_reader(sys.stdin.fileno(), ended)


# -- what nobody caught ----------------------------------------------------------------------------------------------


def tell_defects_by_place() -> None:
    """From here on, an exception that nobody catches is told by its type and place alone.

    Its own words, and those of Python's tracebacks and of asyncio's messages, may quote a request.
    """
    logging.raiseExceptions = False  # a message that cannot be written would be printed with its arguments
    sys.excepthook = lambda _, error, trace: _defect(error, trace)
    threading.excepthook = lambda told: _defect(told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: _defect(told.exc_value, told.exc_traceback)


def loop_defect(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    _defect(error, error.__traceback__ if error else None)


def _defect(error: BaseException | None, trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return
    kind = type(error).__name__ if error else "no exception"
    _log.error("a defect, please report this line: %s at %s", kind, _place(trace))


def _place(trace: TracebackType | None) -> str:
    """`module:line` of the innermost frame."""
    if trace is None:
        return "unknown"
    while trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"


if __name__ == "__main__":
    sys.exit(main())
