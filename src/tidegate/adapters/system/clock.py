"""ports.Clock on the machine's clocks."""

import time


class SystemClock:
    """Never earlier than `floor_ns`, the time of the log's last checkpoint, nor than what it has told before.

    A machine whose clock is set back must not make an expired contract valid again.
    """

    __slots__ = ("_floor_ns",)

    def __init__(self, floor_ns: int = 0) -> None:
        self._floor_ns = floor_ns

    def now_ns(self) -> int:
        now = time.time_ns()
        if now > self._floor_ns:  # noqa: PLR1730 - four times a request: a call of `max` costs as much as the clock
            self._floor_ns = now
        return self._floor_ns

    monotonic_ns = staticmethod(time.monotonic_ns)
