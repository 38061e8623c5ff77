"""Two that would give the same answer: the second is asked when the first is slow, and who answers first is heard."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from tidegate.core.values.attempt import Attempt
from tidegate.ports import Routed

Try = Callable[[], Coroutine[Any, Any, Routed | None]]
Running = asyncio.Task[Routed | None]


async def race(one: Try, other: Try, after_s: float, attempts: Sequence[Attempt]) -> Routed | None:
    """The other is asked after `after_s`, or when the first has failed; the loser is cancelled, and noted as `outrun`.

    Raises what any of them raises. `attempts`: of the whole request; both add to it.
    """
    tasks = [asyncio.ensure_future(one())]
    winner = None
    try:
        await asyncio.wait(tasks, timeout=after_s)
        if not (winner := _winner(tasks)):
            tasks.append(asyncio.ensure_future(other()))
        while winner is None and (running := [task for task in tasks if not task.done()]):
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            winner = _winner(tasks)
    finally:
        await _stop([task for task in tasks if task is not winner])
    found = winner.result() if winner else None
    if found:
        _note(attempts, found.target.name)
    return found


def _winner(tasks: Sequence[Running]) -> Running | None:
    """One that has answered. Raises what any of them raised."""
    return next((task for task in tasks if task.done() and task.result()), None)


async def _stop(losers: Sequence[Running]) -> None:
    """Also one that has answered in the same moment."""
    for task in losers:
        task.cancel()
    for late in await asyncio.gather(*losers, return_exceptions=True):
        if isinstance(late, Routed):
            await late.answer.aclose()


def _note(attempts: Sequence[Attempt], winner: str) -> None:
    """Whoever has failed says so itself."""
    for attempt in attempts:
        if attempt.target != winner and not attempt.error:
            attempt.error = "outrun"
