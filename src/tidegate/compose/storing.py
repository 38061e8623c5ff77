"""The store and the log, and the log's heads in the store: whoever rewrites the one does not write the other."""

import asyncio
import importlib
import logging
from collections.abc import Callable

from tidegate import app
from tidegate.adapters.stores.late import LateStore, Opened
from tidegate.adapters.stores.tlog import TileLog
from tidegate.adapters.system.clock import SystemClock
from tidegate.adapters.system.entropy import SystemEntropy
from tidegate.config import Settings
from tidegate.core.settle import record
from tidegate.core.values.errors import TidegateError
from tidegate.ports import Anchor, Store

_log = logging.getLogger("tidegate.compose")

SLOT = "w0"  # one log a worker slot; there is one worker


def open_store(place: app.StorePlace) -> LateStore:
    """Opened beside the path, once the gateway begins: its library takes half a second to load."""

    async def opened() -> Opened:
        await asyncio.to_thread(importlib.import_module, "tidegate.adapters.stores.sql")
        from tidegate.adapters.stores.sql import SqlStore

        return await SqlStore.open(place.url, entropy=SystemEntropy(), password=place.password, replica=place.replica)

    return LateStore(opened)


def open_log(settings: Settings, signing_key: bytes, store: Store) -> TileLog:
    """Raises LedgerError."""
    system = SystemClock()
    return TileLog.open(
        settings.audit.path / SLOT,
        signing_key=signing_key,
        origin_id=SystemEntropy().uuid7(),
        recovered=lambda entry, index: record.recovered(entry, index, record.timestamp(system.now_ns())),
        anchor=_anchoring(store),
        now_ns=system.now_ns(),
    )


def _anchoring(store: Store) -> Callable[[Anchor], None]:
    """Heads go to the store as they are signed; a store that fails is noticed by whoever compares, not by requests."""
    tasks: set[asyncio.Task[None]] = set()
    trouble = ""

    async def keep(head: Anchor) -> None:
        nonlocal trouble
        try:
            await store.anchor(head)
            trouble = ""
        except TidegateError as error:
            if trouble != str(error):  # once, not every second
                _log.warning("the log's head could not be anchored: %s", error)
            trouble = str(error)

    def anchor(head: Anchor) -> None:
        task = asyncio.get_running_loop().create_task(keep(head))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    return anchor
