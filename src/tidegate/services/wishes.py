"""What a caller is told of the people whom its data is about: their consent, and where their data must stay; and where
all data of its tenant, of itself and of its key must stay.

The register is asked again after two seconds, so that a withdrawal reaches a running gateway by then; what is asked for
all the time is asked for again before that, and nobody waits. Where it cannot be asked, nobody has consented, and no
region is the right one.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from tidegate.core.values.caller import Caller
from tidegate.core.values.errors import StoreError
from tidegate.core.values.wish import Wish, about, all_regions, words
from tidegate.ports import Clock, Store

_log = logging.getLogger(__name__)

NOWHERE = "unknown"
"""A region that is none: what somebody's wishes may be is not known."""
MOST_HELD = 4096

_FRESH_NS = 2 * 10**9
_ASKED_AGAIN_NS = 10**9


class WishRegister:
    """`ports.Wishes`. `secret` (32 bytes) keys whom a wish is about, as `core.values.wish.about` has it."""

    def __init__(self, store: Store, clock: Clock, secret: bytes) -> None:
        self._store, self._clock = store, clock
        self._held: OrderedDict[tuple[str, str], tuple[int, Sequence[Wish]]] = OrderedDict()
        self._silent: dict[tuple[str, str, str], int] = {}
        self._trouble = ""
        self._asking: asyncio.Task[bool] | None = None

        @lru_cache(maxsize=MOST_HELD)
        def tagged(tenant: str, actor: str, key_id: str) -> tuple[str, ...]:
            """Under what the tags of a caller are kept."""
            return (
                about(secret, tenant, "tenant", tenant),
                about(secret, tenant, "caller", actor),
                about(secret, tenant, "key", key_id),
            )

        self._tagged = tagged

    async def apply(self, caller: Caller) -> Caller:
        """The same with as much less consent, and with the residency that all ask for. Never raises."""
        who = (caller.tenant, caller.actor, caller.key_id)
        if not caller.subject and caller.consent_of is None and self._is_silent(who):
            return caller
        of = self._tagged(*who)
        of = (*of, caller.subject) if caller.subject else of
        wanted = (*of, caller.consent_of) if caller.consent_of else of
        said, now = await self._said(caller.tenant, wanted), self._clock.now_ns()
        self._note(who, said, of)
        consent, residency = caller.consent, caller.residency
        if caller.consent_of is not None:
            agreed = said.get(caller.consent_of, ()) if said else ()
            consent &= words(agreed, "consent", now)
        regions = {NOWHERE} if said is None else _regions(said, of, now)
        if regions:
            residency = all_regions((residency, *regions))
        if residency == caller.residency and consent == caller.consent:
            return caller
        return caller._replace(consent=consent, residency=residency)

    async def aclose(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    def _is_silent(self, who: tuple[str, str, str]) -> bool:
        """A short way for most requests: nothing was said of this tenant, caller and key when last asked."""
        read_ns = self._silent.get(who)
        return read_ns is not None and self._clock.now_ns() - read_ns < _ASKED_AGAIN_NS

    def _note(self, who: tuple[str, str, str], said: Mapping[str, Sequence[Wish]] | None, of: Sequence[str]) -> None:
        if said is None or any(said[one] for one in of):
            self._silent.pop(who, None)
            return
        if len(self._silent) >= MOST_HELD:
            self._silent.clear()
        self._silent[who] = min(self._held[who[0], one][0] for one in of)

    async def _said(self, tenant: str, wanted: Sequence[str]) -> Mapping[str, Sequence[Wish]] | None:
        """None where they cannot be read."""
        now = self._clock.now_ns()
        held = {one: self._held.get((tenant, one)) for one in wanted}
        stale = [one for one, known in held.items() if known is None or now - known[0] >= _FRESH_NS]
        if stale:
            if not await self._ask(tenant, stale):
                return None
            held = {one: self._held.get((tenant, one)) for one in wanted}
        found = {one: known[1] for one, known in held.items() if known is not None}
        if len(found) < len(held):  # forgotten meanwhile, for others: what they said is not known
            return None
        if not stale and any(known is None or now - known[0] >= _ASKED_AGAIN_NS for known in held.values()):
            self._ask_beside(tenant, wanted)
        return found

    def _ask_beside(self, tenant: str, wanted: Sequence[str]) -> None:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self._ask(tenant, wanted))

    async def _ask(self, tenant: str, wanted: Sequence[str]) -> bool:
        now = self._clock.now_ns()
        try:
            said = await self._store.wishes(tenant, wanted)
        except StoreError as error:
            if self._trouble != str(error):  # once, not every request
                _log.error(
                    "what people have said cannot be read, so nobody has consented, and no region is right: %s", error
                )
            self._trouble = str(error)
            return False
        self._trouble = ""
        for one in wanted:
            self._held[tenant, one] = (now, said.get(one, ()))
            self._held.move_to_end((tenant, one))
        while len(self._held) > max(MOST_HELD, len(wanted)):
            self._held.popitem(last=False)
        return True


def _regions(said: Mapping[str, Sequence[Wish]], of: Iterable[str], now_ns: int) -> set[str]:
    return {region for one in of if said.get(one) for region in words(said[one], "residency", now_ns)}
