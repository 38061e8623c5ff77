"""What a caller is told of the people whom its data is about: their consent, and where their data must stay.

The register is asked again after two seconds, so that a withdrawal reaches a running gateway by then. Where it cannot
be asked, nobody has consented, and no region is the right one.
"""

import logging
from collections import OrderedDict
from collections.abc import Sequence

from tidegate.core.values.caller import Caller
from tidegate.core.values.errors import StoreError
from tidegate.core.values.wish import Wish, both_regions, words
from tidegate.ports import Clock, Store

_log = logging.getLogger(__name__)

NOWHERE = "unknown"
"""A region that is none: what somebody's wishes may be is not known."""
MOST_HELD = 4096

_FRESH_NS = 2 * 10**9


class WishRegister:
    """`ports.Wishes`."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._held: OrderedDict[tuple[str, str], tuple[int, Sequence[Wish]]] = OrderedDict()
        self._trouble = ""

    async def apply(self, caller: Caller) -> Caller:
        """The same with as much less consent, and with the residency that its subject asks for. Never raises."""
        if not caller.subject and caller.consent_of is None:
            return caller
        consent, residency = caller.consent, caller.residency
        if caller.consent_of is not None:
            said = await self._wishes(caller.tenant, caller.consent_of) if caller.consent_of else ()
            consent &= words(said or (), "consent", self._clock.now_ns())
        if caller.subject:
            said = await self._wishes(caller.tenant, caller.subject)
            regions = {NOWHERE} if said is None else words(said, "residency", self._clock.now_ns())
            for region in sorted(regions):
                residency = both_regions(residency, region)
        return caller._replace(consent=consent, residency=residency)

    async def _wishes(self, tenant: str, about: str) -> Sequence[Wish] | None:
        """None where they cannot be read."""
        key, now = (tenant, about), self._clock.now_ns()
        held = self._held.get(key)
        if held is not None and now - held[0] < _FRESH_NS:
            return held[1]
        try:
            said = await self._store.wishes(tenant, about)
        except StoreError as error:
            if self._trouble != str(error):  # once, not every request
                _log.error("what people have said cannot be read, so nobody has consented: %s", error)
            self._trouble = str(error)
            return None
        self._trouble = ""
        self._held[key] = (now, said)
        self._held.move_to_end(key)
        if len(self._held) > MOST_HELD:
            self._held.popitem(last=False)
        return said
