"""Turns at one target: so many at once, the others wait, each for a bounded time, round the keys."""

import asyncio

from tidegate.core.dispatch.lines import Line
from tidegate.core.dispatch.standing import Standing
from tidegate.core.values.route import FairKey, Lane


class NoTurn(Exception):  # noqa: N818 - it is an answer, not an accident
    """`reason`: `queue_full` or `queue_late`, as an attempt's `error`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Turns:
    """Counts into its `standing`. A turn that somebody has is given back by `leave`, exactly once."""

    __slots__ = ("_lane", "_line", "standing")

    def __init__(self, lane: Lane, standing: Standing) -> None:
        self._lane, self.standing = lane, standing
        self._line: Line[asyncio.Future[bool]] = Line(lane.queue)

    def enter(self) -> bool:
        """A turn at once, if there is one and nobody waits for it."""
        if self._lane.most and (self.standing.in_flight >= self._lane.most or len(self._line)):
            return False
        self.standing.in_flight += 1
        return True

    async def wait(self, key: FairKey, within_s: float) -> None:
        """Returns with a turn. Raises NoTurn."""
        granted = asyncio.get_running_loop().create_future()
        displaced = self._line.join(key, granted)
        if displaced is granted:
            raise NoTurn("queue_full")
        if displaced is not None and not displaced.done():
            displaced.set_result(False)
        self.standing.waiting = len(self._line)
        try:
            async with asyncio.timeout(min(within_s, self._lane.queue_s)):
                has_turn = await granted
        except BaseException as error:
            self._give_up(key, granted)
            if isinstance(error, TimeoutError):
                raise NoTurn("queue_late") from None
            raise
        if not has_turn:
            raise NoTurn("queue_full")

    def leave(self) -> None:
        """The turn goes to whoever is next; it never counts as free in between."""
        while self._lane.most and (waiting := self._line.next()) is not None:
            self.standing.waiting = len(self._line)
            if not waiting.done():
                waiting.set_result(True)
                return
        self.standing.in_flight -= 1

    def _give_up(self, key: FairKey, granted: "asyncio.Future[bool]") -> None:
        """What was granted in the same moment in which its caller left goes to the next one."""
        if self._line.leave(key, granted):
            self.standing.waiting = len(self._line)
        elif granted.done() and not granted.cancelled() and granted.result():
            self.leave()
