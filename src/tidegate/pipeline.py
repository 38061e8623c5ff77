"""THE PATH. One request's life from top to bottom; every wait on it above the ports is in this file.

ingress dialect → envelope → identify → classify → decide → transform → [intent record] → dispatch → restore → settle

What holds at each step:
- no byte leaves before the intent record is durable;
- only permitted targets are tried, in order, and none after the first byte has been passed on;
- the outcome is recorded exactly once, whatever happened, without a wait that a cancellation could cut.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar, TypeVarTuple

from tidegate.core.classify.combine import combine
from tidegate.core.dialects.dialect import Asked, Spoken
from tidegate.core.dialects.known import PATHS
from tidegate.core.dispatch import egress, plan
from tidegate.core.dispatch.egress import Outgoing
from tidegate.core.identify.loopback import identify
from tidegate.core.review.asking import asking
from tidegate.core.settle.exchange import Exchange
from tidegate.core.transform.fingerprints import prints
from tidegate.core.values.caller import Caller
from tidegate.core.values.envelope import Envelope, Part
from tidegate.core.values.errors import LedgerError, Refusal, TidegateError, UpstreamError
from tidegate.core.values.finding import Classification
from tidegate.core.values.labels import UNKNOWN, UNSCANNABLE
from tidegate.core.values.review import Question
from tidegate.core.values.target import Target
from tidegate.crossing import Returning, estimated
from tidegate.judgement import Judgement, circumstances
from tidegate.needs import Needs
from tidegate.ports import Answer, Downstream
from tidegate.sending import OwnAnswer, Sending

_log = logging.getLogger("tidegate.pipeline")

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Pipeline(Needs):
    """Serves requests. They share nothing but what it was given."""

    async def serve(self, downstream: Downstream) -> None:
        """Answers one request, whatever happens. Cancelled when the client leaves."""
        spoken = PATHS[downstream.path]
        x = Exchange(self.entropy.uuid7(), downstream.path, self.clock.now_ns(), self.clock.monotonic_ns())
        try:
            await self._walk(x, spoken, downstream)
        except asyncio.CancelledError:
            x.outcome.status = "failed" if x.outcome.notes.error else "aborted"  # who is told of an error may leave
            raise
        except Refusal as refusal:
            await self._refuse(x, spoken, refusal, downstream)
        except TidegateError as error:
            _log.error("%s failed: %s", x.request_id, error)
            await self._refuse(x, spoken, egress.told(x.outcome.target, error), downstream)
        except Exception as error:  # noqa: BLE001 - a defect must still be answered and recorded
            # Its type alone: a message might quote the request.
            _log.error("defect %s while serving %s", type(error).__name__, x.request_id)
            await self._refuse(x, spoken, Refusal("internal_error", "tidegate made a mistake.", status=500), downstream)
        finally:
            self.settle(x)

    async def _walk(self, x: Exchange, spoken: Spoken, downstream: Downstream) -> None:
        body = await downstream.body(self.limits.body_bytes)
        x.bytes_in = len(body)
        envelope = spoken.parse_request(body, downstream.headers)
        caller = identify(downstream.headers, envelope, workloads=self.workloads, secret=self.keys.tags)
        candidates = self.kept.only(plan.candidates(self.models, envelope.original_model), envelope, caller)
        x.asking = asking(downstream.headers)
        found = await self.classify(envelope, caller)
        judged = await self.decide(x, envelope, caller, found, candidates)
        if not judged.permitted:
            raise judged.refusal()
        answer, returning = await self._dispatch(x, envelope, caller, found, judged)
        try:
            await self._return(x, answer, returning, downstream)
            self.kept.note(caller, envelope, x.outcome.target, x.outcome.notes)
            if returning.waiting > self.limits.inline_scan_bytes:
                await self._apart(returning.waiting, returning.finish, x.outcome)
        finally:
            returning.finish(x.outcome)
            if returning.stays:
                self.memory.remember(x.tenant, *returning.said())
            await answer.aclose()

    async def classify(self, envelope: Envelope, caller: Caller) -> Classification:
        known = await self.memory.ready()
        found = await self._apart(len(envelope.body), self._look, envelope.parts, caller.tenant)
        if self.detectors:
            found = combine(found, await asyncio.gather(*[each.find(envelope.parts) for each in self.detectors]))
        found = found if known else found.plus(UNKNOWN)
        return found.plus(UNSCANNABLE) if envelope.unscannable else found

    def _look(self, parts: Sequence[Part], tenant: str) -> Classification:
        return self.memory.derived.mark(self.engine.classify(parts, scope=tenant), parts, tenant)

    async def _apart(self, size: int, work: Callable[[*Ts], T], *on: *Ts) -> T:
        """Much text is worked on off the event loop, so that nobody else waits for it."""
        if size <= self.limits.inline_scan_bytes:
            return work(*on)
        return await asyncio.get_running_loop().run_in_executor(self.scanners, work, *on)

    async def _judge(
        self, envelope: Envelope, caller: Caller, found: Classification, candidates: Sequence[Target]
    ) -> Judgement:
        caller = await self.wishes.apply(caller)
        seen = await self.sessions.level(caller, has_history=envelope.has_history)
        around = circumstances(self.clock.now_ns(), seen, self.engine, self.detectors, found)
        return self.judge.judge(envelope, caller, found, candidates, around, self.routing.health)

    async def decide(
        self, x: Exchange, envelope: Envelope, caller: Caller, found: Classification, candidates: Sequence[Target]
    ) -> Judgement:
        """By policy, and by people where it wants them; returns once the intent record that holds it is durable."""
        judged = await self._judge(envelope, caller, found, candidates)
        if judged.needs_review:
            ask = partial(Question, x.request_id, *x.asking, envelope, caller, found)
            review = await self.reviews.wait(ask(*judged.grounds))
            judged = await self._judge(envelope, caller, found, candidates)  # whatever has changed meanwhile counts
            if judged.needs_review:
                judged = judged.reviewed(review, await self.reviews.use(review, ask(*judged.grounds)))
        entry, bearing = x.intent_record(envelope, caller, found, judged.told, self.keys, review=judged.review)
        # From here on the outcome is owed, also when the client leaves while the intent is on its way to the disk.
        x.intent, durable = self.ledger.size, self.ledger.append(entry, bearing)
        if found.findings:
            where = [target.name for target, _ in judged.permitted]
            index = prints(envelope.parts, found.findings, self.keys, **x.named, targets=where)
            await self.store.remember(x.tenant, index)
        if not judged.withheld:  # what was only held has not been in the session: it would forbid itself later
            await self.sessions.note(caller, found.level)
        await durable
        return judged

    async def _dispatch(
        self, x: Exchange, envelope: Envelope, caller: Caller, found: Classification, judged: Judgement
    ) -> tuple[Answer, Returning]:
        """The first permitted target that answers. Raises Unavailable when none does: it never widens."""
        sending = Sending(
            x.request_id, x.intent, envelope, caller, found,
            handling=self.handling, keys=self.keys, providers=self.providers,
        )  # fmt: skip
        if estimate := estimated(envelope, judged.permitted[0][0]):  # nothing leaves
            own: Answer = OwnAnswer(await self._apart(len(envelope.body), estimate))
            target, answer, outgoing = judged.permitted[0][0], own, Outgoing(b"", dialect=envelope.dialect)
            x.answered_here("input_tokens")
        else:
            reusing = self.reuse.ask(caller, judged, sending, x.outcome)
            wanted = plan.wanted(envelope, caller, as_ordered=judged.preferred)
            routed = reusing.found or await self.routing.first_answer(wanted, judged.permitted, sending, x.outcome)
            target, answer, outgoing = routed.target, reusing.noting(routed), sending.made[routed.target.name]
            x.answered_by(target, outgoing.redactions, outgoing.dropped)
        classify = partial(self.engine.classify, scope=caller.tenant)
        asked = Asked(
            x.request_id, envelope.original_model, x.began_ns // 10**9, envelope.document,
            lambda: self.clock.monotonic_ns() - x.began_monotonic_ns,
        )  # fmt: skip
        return answer, Returning(envelope, found, target, outgoing, self.handling, classify=classify, asked=asked)

    def _return(self, x: Exchange, answer: Answer, returning: Returning, downstream: Downstream) -> Awaitable[None]:
        if answer.status != 200:
            return self._return_error(x, answer, returning, downstream)
        way = self._return_stream if returning.stream else self._return_whole
        return way(x, answer, returning, downstream)

    async def _return_whole(self, x: Exchange, answer: Answer, returning: Returning, downstream: Downstream) -> None:
        raw = await answer.read(self.limits.answer_bytes)
        out = await self._apart(len(raw), returning.whole, raw, x.outcome)
        x.outcome.response_commit = x.answer_commitment(out).hexdigest()
        x.completed(len(out))
        if self.strict:
            await self._settled(x, returning)
        await downstream.respond(200, {**x.headers, "content-type": "application/json"}, out)

    async def _return_stream(self, x: Exchange, answer: Answer, returning: Returning, downstream: Downstream) -> None:
        expected, told = returning.stream_types
        if not answer.headers.get("content-type", "").startswith(expected):
            raise UpstreamError("protocol", "it was asked for a stream and sent something else.")
        events = returning.events(x.outcome)
        commitment = x.answer_commitment()
        x.outcome.http_status = 200
        await downstream.start(200, {**x.headers, "content-type": told, "cache-control": "no-cache"})
        async for chunk in answer.chunks():
            out = events.feed(chunk)
            returning.check(x.outcome)
            if out:
                commitment.update(out)
                x.outcome.bytes_out += len(out)
                await downstream.write(out)
        if last := events.close():
            commitment.update(last)
            await downstream.write(last)
        if x.outcome.notes.error:  # the client has been told, in the upstream's own words
            x.ended("failed", 200, x.outcome.notes.error)
            await downstream.finish()
            return
        if not x.outcome.notes.complete:
            raise UpstreamError("cut", "its stream ended before the answer did.", before_first_byte=False)
        x.outcome.response_commit = commitment.hexdigest()
        x.completed(x.outcome.bytes_out + len(last))
        if self.strict:
            await self._settled(x, returning)
        await downstream.finish()

    async def _return_error(self, x: Exchange, answer: Answer, returning: Returning, downstream: Downstream) -> None:
        """An upstream's own error goes to the client."""
        raw = await answer.read(self.limits.answer_bytes)
        if refusal := egress.misconfigured(x.outcome.target, answer.status, raw):
            raise refusal
        out = returning.error(answer.status, raw)
        x.ended("failed", answer.status, "upstream_status")
        x.outcome.bytes_out = len(out)
        if self.strict and (durable := self.settle(x)):
            await durable
        await downstream.respond(answer.status, {**x.headers, "content-type": "application/json"}, out)

    async def _settled(self, x: Exchange, returning: Returning) -> None:
        """Everything is in hand but the last byte; a strict log has it wait for the outcome's durability."""
        await self._apart(returning.waiting, returning.finish, x.outcome)
        await (self.settle(x) or asyncio.sleep(0))

    async def _refuse(self, x: Exchange, spoken: Spoken, refusal: Refusal, downstream: Downstream) -> None:
        x.refused(refusal)
        if downstream.started:
            await downstream.write(spoken.render_stream_error(refusal))
            return await downstream.finish()
        if x.intent < 0:
            with contextlib.suppress(LedgerError):  # when the log is what is broken, nobody can write it down
                await self.ledger.append(x.refusal_record(refusal))
        headers = {**x.headers, **refusal.headers, "content-type": "application/json"}
        return await downstream.respond(refusal.status, headers, spoken.render_error(refusal))

    def settle(self, x: Exchange) -> Awaitable[int] | None:
        """The outcome, once. Not awaited here: it joins the next group, also when this task is being cancelled."""
        if x.settled or x.intent < 0:
            return None
        x.settled = True
        try:
            entry, bearing = x.outcome_record(self.clock.now_ns(), self.clock.monotonic_ns())
            return self.ledger.append(entry, bearing, linger=True)
        except LedgerError as error:
            _log.error("the outcome of %s could not be recorded: %s", x.request_id, error)
            return None
