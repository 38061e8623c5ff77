"""What leaves for the targets of one request: made once for each, and sent by whoever speaks to it."""

from collections.abc import AsyncIterator, Awaitable, Mapping
from types import MappingProxyType
from typing import Protocol

from tidegate.core.dispatch import egress
from tidegate.core.dispatch.egress import Outgoing
from tidegate.core.settle.record import Outcome
from tidegate.core.values.caller import Caller
from tidegate.core.values.decision import TargetDecision
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.finding import Classification
from tidegate.core.values.keys import Keys
from tidegate.core.values.permit import Permit
from tidegate.core.values.target import Target
from tidegate.crossing import Handling
from tidegate.judgement import Judgement
from tidegate.ports import Answer, Provider, Routed


class Sending:
    """Of a request whose intent record is durable. `made`: by the target's name, what was made of it."""

    __slots__ = ("_caller", "_found", "_handling", "_intent", "_keys", "_providers", "_request_id", "envelope", "made")

    def __init__(
        self,
        request_id: str,
        intent: int,
        envelope: Envelope,
        caller: Caller,
        found: Classification,
        *,
        handling: Handling,
        keys: Keys,
        providers: Mapping[str, Provider],
    ) -> None:
        self._request_id, self._intent = request_id, intent
        self.envelope, self._caller, self._found = envelope, caller, found
        self._handling, self._keys, self._providers = handling, keys, providers
        self.made: dict[str, Outgoing] = {}

    def __call__(self, target: Target, decided: TargetDecision) -> Awaitable[Answer]:
        """Raises BadRequest where it cannot be said to this target."""
        permit = self.permit(target, decided)
        return self._providers[target.name].send(permit, permit.body)

    def permit(self, target: Target, decided: TargetDecision) -> Permit:
        """The same bytes each time. Raises BadRequest."""
        outgoing = self.made.get(target.name)
        if outgoing is None:
            outgoing = self._handling.outgoing(self.envelope, self._caller, self._found, target, decided, self._keys)
            self.made[target.name] = outgoing
        return egress.permit(self._request_id, self._intent, target, self.envelope, outgoing)


class Reusing(Protocol):
    """One request's side of the memory of answers. `found`: one that may be given again, and whose it is."""

    found: Routed | None

    def noting(self, routed: Routed) -> Answer:
        """The same answer, remembered once it has been given whole."""
        ...


class Reuse(Protocol):
    """Remembers answers. Nothing here waits, and nothing is sent."""

    def ask(self, caller: Caller, judged: Judgement, sending: Sending, outcome: Outcome) -> Reusing:
        """Looks only at permitted targets; a find is noted in `outcome.cached`."""
        ...

    def clear(self) -> None: ...


class NoReuse:
    """Both: where no answer is given twice."""

    found: Routed | None = None

    def ask(self, caller: Caller, judged: Judgement, sending: Sending, outcome: Outcome) -> Reusing:  # noqa: ARG002
        return self

    def noting(self, routed: Routed) -> Answer:
        return routed.answer

    def clear(self) -> None:
        return


class OwnAnswer:
    """An `Answer` of the gateway's own."""

    status = 200
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def read(self, limit_bytes: int) -> bytes:  # noqa: ARG002 - it is a few bytes
        return self._body

    async def chunks(self) -> AsyncIterator[bytes]:
        yield self._body

    async def aclose(self) -> None:
        return
