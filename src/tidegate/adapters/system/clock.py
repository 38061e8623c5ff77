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
        self._floor_ns = max(self._floor_ns, time.time_ns())
        return self._floor_ns

    monotonic_ns = staticmethod(time.monotonic_ns)
