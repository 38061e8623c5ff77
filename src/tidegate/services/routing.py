"""Who of the permitted ones is asked, when again, and who waits for whom: `ports.Routing`.

Nobody outside the permitted set is ever looked at: a journey is given that set and works with positions in it. What it
decides with is arithmetic in `core.dispatch`; in `journey` and `race` are only the order of things and the waits.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from typing import Any

from tidegate.core.settle.record import Outcome
from tidegate.core.values.route import Lane, Route, Wanted
from tidegate.core.values.target import Target
from tidegate.ports import Clock, Entropy, Routed, Send
from tidegate.services.field import Field, Sleep
from tidegate.services.journey import Journey, Permitted


class Router(Field):
    """One for each worker. `routes`: by the name under `[models]`; whoever has none gets the default."""

    def __init__(
        self,
        targets: Iterable[Target],
        *,
        clock: Clock,
        entropy: Entropy,
        routes: Mapping[str, Route] | None = None,
        lanes: Mapping[str, Lane] | None = None,
        default: Route | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        super().__init__(targets, clock=clock, entropy=entropy, lanes=lanes, sleep=sleep)
        self._routes, self._default = dict(routes or {}), default or Route()

    def first_answer(
        self, wanted: Wanted, permitted: Permitted, send: Send, outcome: Outcome
    ) -> Coroutine[Any, Any, Routed]:
        route = self._routes.get(wanted.model, self._default)
        return Journey(self, route, wanted, permitted, send, outcome).run()
