"""What a request and its answer are turned into where they cross a boundary. Pure: the waits are the pipeline's."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, NamedTuple

from tidegate.core.dialects.anthropic_messages.unsigned import without_unsigned
from tidegate.core.dialects.crossing import CrossedStream, cross_answer, cross_request, refusal_of
from tidegate.core.dialects.dialect import Asked, Stream
from tidegate.core.dialects.known import BOTH, ESTIMATED, SPOKEN, UNDERSTOOD
from tidegate.core.dialects.ollama.context import with_context
from tidegate.core.dialects.variations import variation
from tidegate.core.dispatch.egress import Outgoing
from tidegate.core.dispatch.endpoints import understood_by
from tidegate.core.dispatch.provenance import Provenance
from tidegate.core.inspect import Inspecting, OutputRules
from tidegate.core.inspect.inspecting import RECORD
from tidegate.core.inspect.look import Classify
from tidegate.core.restore.external import EXTERNAL_TOOLS
from tidegate.core.restore.restoring import Restoring
from tidegate.core.settle.record import Outcome
from tidegate.core.transform import absent
from tidegate.core.transform.redact import redact, session_key
from tidegate.core.values.caller import Caller
from tidegate.core.values.decision import Effect, TargetDecision
from tidegate.core.values.envelope import Envelope, Position
from tidegate.core.values.errors import BadRequest, Unavailable, UpstreamError
from tidegate.core.values.finding import Classification
from tidegate.core.values.keys import Keys
from tidegate.core.values.operators import Operators
from tidegate.core.values.target import BoundaryKind, Target

_STAYS = frozenset(("confidential", "restricted"))
_COMMON = frozenset((Position.SYSTEM, Position.TOOL_DEFINITION, Position.SCHEMA))


def _may_store(target: Target, dialect: str) -> bool:
    """Responses are kept unless the request says no, and chats for some accounts. Other servers do not know the field
    of a chat, and some refuse it.
    """
    return dialect == "openai.responses" or target.provider == "openai" or "//api.openai.com" in target.url


class Handling(NamedTuple):
    """`operators`: what stands for values that may not leave. `external`: tools whose arguments leave the house.
    `output`: what becomes of answers, by the kind of boundary that they come from. `provenance`: what is known of where
    models run. `contexts`: how much context an Ollama target is asked to set up, for requests that do not say it.
    """

    operators: Operators = Operators()
    external: Collection[str] = EXTERNAL_TOOLS
    output: Mapping[BoundaryKind, OutputRules] = {}
    provenance: Provenance | None = None
    contexts: Mapping[str, int] = {}

    def outgoing(
        self,
        envelope: Envelope,
        caller: Caller,
        found: Classification,
        target: Target,
        permitted: TargetDecision,
        keys: Keys,
    ) -> Outgoing:
        """The body as `target` may see it, in a dialect that it understands. Raises BadRequest: `not_expressible`, or
        `runs_elsewhere` where its model is not behind its boundary.
        """
        if self.provenance and (objection := self.provenance.objection(target)):
            raise BadRequest("runs_elsewhere", f"Target {target.name} gets nothing: {objection}", status=503)
        name = understood_by(target, envelope.dialect, envelope.operation)
        if not name:
            message = f"Target {target.name} ({target.provider}) does not do what {envelope.dialect} asks for."
            raise BadRequest("not_expressible", message)
        same = name == envelope.dialect
        outgoing = self._outgoing(envelope, caller, found, target, permitted, keys, same=same)
        if same and target.provider == "anthropic":
            outgoing = _believed(outgoing)
        if tokens := self.contexts.get(target.name):
            outgoing = outgoing._replace(body=with_context(outgoing.body, tokens))
        # What the client says of storing has been left behind where its request was crossed.
        if (same and "store" in envelope.document) or not _may_store(target, name):
            return outgoing
        return outgoing._replace(body=UNDERSTOOD[name].unstored(outgoing.body))

    def _outgoing(
        self,
        envelope: Envelope,
        caller: Caller,
        found: Classification,
        target: Target,
        permitted: TargetDecision,
        keys: Keys,
        *,
        same: bool,
    ) -> Outgoing:
        spoken = SPOKEN[envelope.dialect]
        if permitted.effect is Effect.RAW:
            if same:
                return Outgoing(spoken.with_model(envelope.body, target.model), dialect=envelope.dialect)
            return _crossed(Outgoing(envelope.body), envelope.document, envelope, target)
        key = session_key(keys, caller.tenant, caller.key_id, caller.session)
        redacted = redact(envelope, found.findings, key, model=target.model, operators=self.operators)
        outgoing = Outgoing(redacted.body, redacted.originals, redacted.absent, redacted.count, redacted.withheld)
        if same:
            return outgoing._replace(dialect=envelope.dialect)
        crossed = _crossed(outgoing, redacted.document, envelope, target)
        # Words that the other dialect is made of must not be taken for values that were left in it.
        return crossed._replace(absent=absent.forms(redacted.values, crossed.body, embedded=True))


def estimated(envelope: Envelope, target: Target) -> Callable[[], bytes] | None:
    """How the gateway answers itself what `target` cannot be asked; None where it can, or nobody here knows."""
    estimate = ESTIMATED.get(envelope.dialect)
    if estimate is None or understood_by(target, envelope.dialect, envelope.operation):
        return None
    return partial(estimate, envelope)


def _believed(outgoing: Outgoing) -> Outgoing:
    """Without what Anthropic itself refuses of other models' answers."""
    body, dropped = without_unsigned(outgoing.body)
    return outgoing._replace(body=body, dropped=(*outgoing.dropped, *dropped)) if dropped else outgoing


def _crossed(outgoing: Outgoing, document: Mapping[str, Any], envelope: Envelope, target: Target) -> Outgoing:
    """`document` is the tree of its body."""
    name = understood_by(target, envelope.dialect, envelope.operation)
    varied = variation(target.provider, name, target.model)
    spoken, understood = SPOKEN[envelope.dialect], UNDERSTOOD[name]
    crossed = cross_request(outgoing.body, spoken, understood, target.model, varied, document=document)
    return outgoing._replace(body=crossed.body, dialect=name, dropped=crossed.dropped)


class Returning:
    """One answer on its way back: looked at as its target wrote it, then restored. `stays`: what it says may not leave
    the house, so it is remembered.
    """

    __slots__ = (
        "_asked", "_envelope", "_inspecting", "_open_channel", "_provenance", "_restoring", "_rewrites", "_same",
        "_spoken", "_target", "_understood", "stays", "stream",
    )  # fmt: skip

    def __init__(
        self,
        envelope: Envelope,
        found: Classification,
        target: Target,
        outgoing: Outgoing,
        handling: Handling,
        *,
        classify: Classify,
        asked: Asked,
    ) -> None:
        self._spoken, self._understood, self._asked = SPOKEN[envelope.dialect], UNDERSTOOD[outgoing.dialect], asked
        self._same = BOTH[outgoing.dialect] if outgoing.dialect == envelope.dialect else None
        rules = handling.output.get(target.boundary.kind, RECORD)
        self._envelope, self._target, self._provenance = envelope, target, handling.provenance
        self.stream, self._rewrites = envelope.stream, rules.rewrites
        self.stays = target.boundary.kind != "cloud" and found.level in _STAYS
        self._restoring: Restoring | None = None
        if outgoing.originals or outgoing.withheld:  # else nothing was replaced
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
            behind=self._restoring.open_channel if self._restoring else None,
        )
        self._open_channel = self._inspecting.open_channel

    def whole(self, raw: bytes, outcome: Outcome) -> bytes:
        """A whole answer as the client gets it. Raises UpstreamError, or Refusal where a rule ends it."""
        same = self._same
        if same is None:
            open_channel = self._open_channel
            out = cross_answer(raw, self._understood, self._spoken, self._asked, outcome.notes, open_channel)
        else:
            out = same.pass_answer(raw, outcome.notes, self._open_channel, keep_logprobs=not self._rewrites)
            if outcome.notes.error:
                raise UpstreamError("protocol", f"its answer is none of {self._understood.NAME}.")
        self.check(outcome)
        return out

    def events(self, outcome: Outcome) -> Stream:
        if self._same is None:
            return CrossedStream(self._understood, self._spoken, self._asked, outcome.notes, self._open_channel)
        return self._same.open_stream(outcome.notes, self._open_channel, keep_logprobs=not self._rewrites)

    def error(self, status: int, raw: bytes) -> bytes:
        """An upstream's own error object as the client's dialect has it: tags in it stay tags."""
        if self._same is not None:
            return raw
        return self._spoken.render_error(refusal_of(self._understood.read_problem(status, raw), self._asked.request_id))

    @property
    def stream_types(self) -> tuple[str, str]:
        """The media type that the target streams in, and the one that the client is sent."""
        return self._understood.STREAM_TYPE, self._spoken.STREAM_TYPE

    def check(self, outcome: Outcome) -> None:
        """Raises Refusal where an answer holds what nobody can look at and a rule asks for a look, and where somebody
        else gave it than the local target that was asked: that one is asked nothing any more.
        """
        if outcome.notes.relayed and self._target.boundary.kind == "local":
            if self._provenance:
                self._provenance.relayed(self._target, outcome.notes.relayed)
            message = (
                f"Target {self._target.name} is local, and its answer was made elsewhere. It gets nothing any more."
            )
            raise Unavailable("runs_elsewhere", message)
        if outcome.notes.unscannable:
            self._inspecting.unscannable()

    @property
    def waiting(self) -> int:
        """Characters that `finish` looks at."""
        return self._inspecting.waiting

    def finish(self, outcome: Outcome) -> None:
        """Looks at what has not been looked at yet, and notes what was seen and done. Twice is fine."""
        self._inspecting.finish()
        outcome.output_labels = sorted(self._inspecting.labels)
        outcome.masked = self._inspecting.masked
        if self._restoring:
            outcome.restored, outcome.suppressed, outcome.left = self._restoring.counts()

    def said(self) -> tuple[list[str], list[str]]:
        """What the answer said, and what of the request many requests share (instructions, tools), for the memory."""
        common = [part.text for part in self._envelope.parts if part.position in _COMMON]
        return self._inspecting.texts(), common
