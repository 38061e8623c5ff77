"""What people have said of the data about them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from tidegate.app.keys import open_keys
from tidegate.app.storing import command_store
from tidegate.config import Settings

if TYPE_CHECKING:
    from tidegate.adapters.stores.sql import SqlStore
    from tidegate.core.values.owed import Owed
    from tidegate.core.values.wish import About, Wish

T = TypeVar("T")


def wishes_of(settings: Settings, which: "About", name: str) -> "list[Wish]":
    """All that was said of whoever it is about, in force or not. Raises ConfigError or StoreError."""

    async def told(store: "SqlStore", tenant: str, about: str) -> "list[Wish]":
        return (await store.wishes(tenant, [about]))[about]

    return _registered(settings, which, name, told)


def keep_wishes(settings: Settings, which: "About", name: str, wishes: "Sequence[Wish]", actor: str) -> None:
    """Each in place of what was said of the same word before, with a record that a gateway puts into its log: a running
    one within a second, else the next. Raises ConfigError or StoreError.
    """
    from tidegate.core.settle.wish_record import act_of

    async def keep(store: "SqlStore", tenant: str, about: str) -> None:
        for wish in wishes:
            owed = _owed(act_of(wish), tenant, which, about, actor, wish)
            await store.keep_wish(tenant, about, wish, owed)

    _registered(settings, which, name, keep)


def forget_wishes(settings: Settings, which: "About", name: str, actor: str) -> int:
    """Erases all of them; how many that were. Recorded as `keep_wishes` is. Raises ConfigError or StoreError."""
    from tidegate.core.settle.wish_record import ERASED

    return _registered(
        settings,
        which,
        name,
        lambda store, tenant, about: store.forget_wishes(
            tenant, about, _owed(ERASED, tenant, which, about, actor, None)
        ),
    )


def _owed(act: str, tenant: str, which: "About", about: str, actor: str, wish: "Wish | None") -> "list[Owed]":
    from tidegate.adapters.system.clock import SystemClock
    from tidegate.adapters.system.entropy import SystemEntropy
    from tidegate.core.settle.record import timestamp
    from tidegate.core.settle.wish_record import wish_act
    from tidegate.core.values.owed import Owed

    record = wish_act(
        request_id=SystemEntropy().uuid7(),
        ts=timestamp(SystemClock().now_ns()),
        act=act,
        tenant=tenant,
        which=which,
        about=about,
        actor=actor,
        wish=wish,
    )
    return [Owed("", record)]


def _registered(
    settings: Settings, which: "About", name: str, work: "Callable[[SqlStore, str, str], Awaitable[T]]"
) -> "T":
    import asyncio

    from tidegate.core.identify.loopback import TENANT
    from tidegate.core.values.wish import about

    async def run() -> T:
        store = await command_store(settings)
        try:
            return await work(store, TENANT, about(open_keys(settings).keys.tags, TENANT, which, name))
        finally:
            await store.aclose()

    return asyncio.run(run())
