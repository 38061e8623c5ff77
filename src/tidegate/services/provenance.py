"""Asks local servers where their models run, beside the path: `ollama pull` may change it at any time."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping

from tidegate.core.dispatch import egress, provenance
from tidegate.core.dispatch.provenance import Provenance
from tidegate.core.values.errors import SealBroken, UpstreamError
from tidegate.core.values.target import Target
from tidegate.ports import Entropy, Provider

_log = logging.getLogger(__name__)

INTERVAL_S = 30.0
_QUESTION_S = 5.0


class ProvenanceWatch:
    """Asks at once, and then every INTERVAL_S. A server that does not answer leaves things as they were known."""

    def __init__(
        self, known: Provenance, targets: Iterable[Target], providers: Mapping[str, Provider], entropy: Entropy
    ) -> None:
        self.known, self._providers, self._entropy = known, providers, entropy
        self._targets = list(targets)
        self._said: dict[str, str] = {}
        self._watching: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """In the running event loop, once."""
        self._tell()
        if any(provenance.may_be_asked(target) for target in self._targets):
            self._watching = asyncio.ensure_future(self._watch())

    async def aclose(self) -> None:
        if self._watching:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching

    async def _watch(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(INTERVAL_S)

    async def look(self) -> None:
        """Asks each once, all at the same time. Never raises."""
        await asyncio.gather(*[self._ask(target) for target in self._targets if provenance.may_be_asked(target)])
        self._tell()

    async def _ask(self, target: Target) -> None:
        permit = egress.asking(self._entropy.uuid7(), target, provenance.TAGS)
        try:
            async with asyncio.timeout(_QUESTION_S):
                answer = await self._providers[target.name].send(permit, permit.body)
                try:
                    body = await answer.read(provenance.MOST_BYTES)
                finally:
                    await answer.aclose()
        except (UpstreamError, SealBroken, TimeoutError):
            return  # whoever watches its health says so
        if answer.status == 200 and not self.known.told(target, body):
            _log.warning("target %s: its list of models cannot be read, so where they run is not known", target.name)

    def _tell(self) -> None:
        """What has changed, once."""
        for target in self._targets:
            objection = self.known.objection(target)
            if objection != self._said.get(target.name, ""):
                self._said[target.name] = objection
                if objection:
                    _log.error("target %s gets nothing: %s", target.name, objection)
                else:
                    _log.warning("target %s: its model runs where its boundary says", target.name)
