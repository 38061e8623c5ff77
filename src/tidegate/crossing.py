"""What a request and its answer are turned into where they cross a boundary. Pure: the waits are the pipeline's."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from tidegate.core.dialects import openai_chat as dialect
from tidegate.core.dispatch.egress import Outgoing
from tidegate.core.inspect import Inspecting, OutputRules
from tidegate.core.inspect.inspecting import RECORD
from tidegate.core.inspect.look import Classify
from tidegate.core.restore.external import EXTERNAL_TOOLS
from tidegate.core.restore.restoring import Restoring
from tidegate.core.settle.record import Outcome
from tidegate.core.transform.redact import redact, session_key
from tidegate.core.values.caller import Caller
from tidegate.core.values.decision import Effect, TargetDecision
from tidegate.core.values.envelope import Envelope, Position
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.finding import Classification
from tidegate.core.values.keys import Keys
from tidegate.core.values.operators import Operators
from tidegate.core.values.target import BoundaryKind, Target

_STAYS = frozenset(("confidential", "restricted"))
_COMMON = frozenset((Position.SYSTEM, Position.TOOL_DEFINITION, Position.SCHEMA))


def _may_store(target: Target) -> bool:
    """It keeps chats unless it is told not to, for some accounts. Others do not know the field, and some refuse it."""
    return target.provider == "openai" or "//api.openai.com" in target.url


class Handling(NamedTuple):
    """`operators`: what stands for values that may not leave. `external`: tools whose arguments leave the house.
    `output`: what becomes of answers, by the kind of boundary that they come from.
    """

    operators: Operators = Operators()
    external: Collection[str] = EXTERNAL_TOOLS
    output: Mapping[BoundaryKind, OutputRules] = {}

    def outgoing(
        self,
        envelope: Envelope,
        caller: Caller,
        found: Classification,
        target: Target,
        permitted: TargetDecision,
        keys: Keys,
    ) -> Outgoing:
        """The body as `target` may see it."""
        outgoing = self._outgoing(envelope, caller, found, target, permitted, keys)
        if "store" in envelope.document or not _may_store(target):
            return outgoing
        return outgoing._replace(body=dialect.unstored(outgoing.body))

    def _outgoing(
        self,
        envelope: Envelope,
        caller: Caller,
        found: Classification,
        target: Target,
        permitted: TargetDecision,
        keys: Keys,
    ) -> Outgoing:
        if permitted.effect is Effect.RAW:
            return Outgoing(dialect.with_model(envelope.body, target.model))
        key = session_key(keys, caller.tenant, caller.key_id, caller.session)
        redacted = redact(envelope, found.findings, key, model=target.model, operators=self.operators)
        return Outgoing(redacted.body, redacted.originals, redacted.absent, redacted.count, redacted.withheld)


class Returning:
    """One answer on its way back: looked at as its target wrote it, then restored. `stays`: what it says may not leave
    the house, so it is remembered.
    """

    __slots__ = ("_envelope", "_inspecting", "_open_channel", "_restores", "_restoring", "_rewrites", "stays")

    def __init__(
        self,
        envelope: Envelope,
        found: Classification,
        target: Target,
        outgoing: Outgoing,
        handling: Handling,
        classify: Classify,
    ) -> None:
        rules = handling.output.get(target.boundary.kind, RECORD)
        self._envelope = envelope
        self._restores = bool(outgoing.originals or outgoing.withheld)
        self.stays = target.boundary.kind != "cloud" and found.level in _STAYS
        self._restoring = Restoring(
            outgoing.originals,
            structured=envelope.structured,
            external=handling.external,
            withheld=outgoing.withheld,
        )
        self._inspecting = Inspecting(
            classify,
            rules,
            whole=not envelope.stream,
            structured=envelope.structured,
            own=outgoing.originals,
            keep=self.stays,
        )
        self._rewrites = rules.rewrites
        self._open_channel = self._inspecting.open_channel(self._restoring.open_channel)

    def whole(self, raw: bytes, outcome: Outcome) -> bytes:
        """A whole answer as the client gets it. Raises UpstreamError, or Refusal where a rule ends it."""
        out = dialect.pass_answer(raw, outcome.notes, self._open_channel, keep_logprobs=not self._rewrites)
        if outcome.notes.error:
            raise UpstreamError("protocol", "its answer is no chat completion.")
        self.check(outcome)
        return out

    def events(self, outcome: Outcome) -> dialect.AnswerStream:
        return dialect.AnswerStream(outcome.notes, self._open_channel, keep_logprobs=not self._rewrites)

    def check(self, outcome: Outcome) -> None:
        """Raises Refusal where an answer holds what nobody can look at and a rule asks for a look."""
        if outcome.notes.unscannable:
            self._inspecting.unscannable()

    @property
    def stream(self) -> bool:
        return self._envelope.stream

    @property
    def waiting(self) -> int:
        """Characters that `finish` looks at."""
        return self._inspecting.waiting

    def finish(self, outcome: Outcome) -> None:
        """Looks at what has not been looked at yet, and notes what was seen and done. Twice is fine."""
        self._inspecting.finish()
        outcome.output_labels = sorted(self._inspecting.labels)
        outcome.masked = self._inspecting.masked
        if self._restores:
            outcome.restored, outcome.suppressed, outcome.left = self._restoring.counts()

    def said(self) -> tuple[list[str], list[str]]:
        """What the answer said, and what of the request many requests share (instructions, tools), for the memory."""
        common = [part.text for part in self._envelope.parts if part.position in _COMMON]
        return self._inspecting.texts(), common
