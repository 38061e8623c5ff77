"""Notices what a customer registers, and gives the gateway an engine that knows it."""

import asyncio
import logging
from collections.abc import Callable

from tidegate.core.classify.engine import Engine
from tidegate.core.values.errors import ConfigError

_log = logging.getLogger(__name__)

LOOKED_EVERY_S = 2.0


class OwnData:
    """`state` differs whenever `build` would make another engine; both block and run apart from the event loop.

    What cannot be read changes nothing: the engine that is there goes on, and the log says what to mend.
    """

    def __init__(
        self,
        state: Callable[[], object],
        build: Callable[[], Engine],
        use: Callable[[Engine], None],
        *,
        every_s: float = LOOKED_EVERY_S,
    ) -> None:
        """Call this right after the first engine was built."""
        self._state, self._build, self._use, self._every_s = state, build, use, every_s
        self._known = state()
        self._looking: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """In the running event loop, once."""
        self._looking = asyncio.ensure_future(self._look())

    async def aclose(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            state = await asyncio.to_thread(self._state)
            if state == self._known:
                continue
            self._known = state
            try:
                engine = await asyncio.to_thread(self._build)
            except ConfigError as error:
                _log.error("what was registered has changed and cannot be read, so nothing changes here: %s", error)
                continue
            self._use(engine)
            _log.warning("what was registered has changed: looked for from now on (ruleset %s)", engine.ruleset)
