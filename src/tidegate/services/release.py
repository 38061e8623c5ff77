"""Texts on their way to a client that is no target: classified, decided on, redacted and recorded like all that leaves.

An MCP client hands what it gets to a model of its own, wherever that is. So what our MCP server returns is egress to
the boundary that the configuration declares for such clients; without a declaration it is a cloud without a contract.
"""

from typing import Any, NamedTuple

from tidegate.core.dispatch import egress
from tidegate.core.identify.loopback import identify
from tidegate.core.settle.exchange import Exchange
from tidegate.core.transform.redact import redact, session_key
from tidegate.core.values.caller import Caller
from tidegate.core.values.decision import Effect
from tidegate.core.values.envelope import Envelope, Part, Position
from tidegate.core.values.finding import Classification
from tidegate.core.values.target import Target
from tidegate.pipeline import Pipeline

PATH = "/v1/tidegate/release"
DIALECT, OPERATION = "tidegate.mcp", "release"


class Released(NamedTuple):
    """`text` as the client may have it; empty where `effect` is none, and `reason` says why."""

    request_id: str
    effect: str
    text: str = ""
    reason: str = ""
    rule: str = ""

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


class Release:
    """`receiver`: the client, as policy knows it: a boundary with what is agreed there."""

    def __init__(self, pipeline: Pipeline, receiver: Target) -> None:
        self._pipeline, self._receiver = pipeline, receiver

    async def release(self, text: str) -> Released:
        """Raises LedgerError or StoreError where no record can be kept: then nothing is released."""
        path, envelope = self._pipeline, _envelope(text)
        x = Exchange(path.entropy.uuid7(), PATH, path.clock.now_ns(), path.clock.monotonic_ns())
        caller = identify({}, envelope, workloads={}, secret=path.keys.tags)
        try:
            found = await path.classify(envelope, caller)
            judged = await path.decide(x, envelope, caller, found, (self._receiver,))
            if not judged.permitted:
                refusal = egress.refused_by_policy(judged.decision, judged.reason)
                x.ended("refused", refusal.status, refusal.code)
                return Released(x.request_id, "none", reason=refusal.message, rule=refusal.rule)
            effect = judged.permitted[0][1].effect
            shown, redactions = (text, 0) if effect is Effect.RAW else self._redacted(envelope, caller, found)
            x.answered_by(self._receiver, redactions, ())
            x.outcome.bytes_out = len(shown.encode())
            x.ended("completed", 200)
            return Released(x.request_id, effect.value, shown)
        finally:
            path.settle(x)

    def _redacted(self, envelope: Envelope, caller: Caller, found: Classification) -> tuple[str, int]:
        path = self._pipeline
        key = session_key(path.keys, caller.tenant, caller.key_id, caller.session)
        redacted = redact(envelope, found.findings, key, model="", operators=path.handling.operators)
        return str(redacted.document["text"]), redacted.count


def _envelope(text: str) -> Envelope:
    return Envelope(
        dialect=DIALECT,
        operation=OPERATION,
        body=text.encode(),
        document={"text": text},
        original_model="",
        stream=False,
        parts=(Part(Position.TOOL_RESULT, ("text",), text),) if text else (),
        unscannable=(),
        rest=frozenset(),
        tools_offered=False,
        tools=frozenset(),
        tools_called=frozenset(),
        capabilities=frozenset(),
        structured=False,
        conversation="",
        has_history=False,
    )
