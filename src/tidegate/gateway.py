"""One data worker's parts from open to closed. `app` puts them together."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import orjson

from tidegate.config import Settings
from tidegate.core.decide.lifecycle.shadow import Shadow
from tidegate.core.decide.policy import Policy
from tidegate.core.dialects import document
from tidegate.core.dialects.ollama import listing
from tidegate.core.dispatch import plan
from tidegate.core.settle import record
from tidegate.core.values.errors import BadRequest, LedgerError, Refusal, StoreError, Unavailable
from tidegate.core.values.target import Target
from tidegate.pipeline import Pipeline
from tidegate.ports import Anchor, Ledger, Provider, Store
from tidegate.server.connection import Bounds
from tidegate.server.data_plane import ENDPOINTS, DataPlane, Service
from tidegate.server.listener import Listener
from tidegate.services.derived import DerivedMemory
from tidegate.services.explain import Explainer
from tidegate.services.health import HealthWatch
from tidegate.services.hooks import Hooks
from tidegate.services.own_data import OwnData
from tidegate.services.provenance import ProvenanceWatch
from tidegate.services.release import Release
from tidegate.services.reviews import ReviewQueue
from tidegate.services.ruling import RulingPolicy
from tidegate.services.sessions import SessionMemory

_log = logging.getLogger("tidegate.gateway")

LOOPBACK_NAMES = frozenset(("localhost", "127.0.0.1", "::1"))


class ClosableLedger(Ledger, Protocol):
    @property
    def writable(self) -> bool: ...

    @property
    def reason(self) -> str: ...

    @property
    def head(self) -> Anchor: ...

    async def close(self) -> None: ...


class OpeningStore(Store, Protocol):
    @property
    def trouble(self) -> str: ...

    def begin(self) -> None: ...


@dataclass(kw_only=True)
class Gateway:
    """`receipt`: blocking look-up of an exchange's records by request id. `prove`: None for a proven policy."""

    settings: Settings
    pipeline: Pipeline
    explainer: Explainer
    release: Release
    ledger: ClosableLedger
    store: OpeningStore
    memory: DerivedMemory
    sessions: SessionMemory
    reviews: ReviewQueue
    hooks: Hooks
    own_data: OwnData
    health: HealthWatch
    provenance: ProvenanceWatch
    warm: Callable[[Target], bool]
    ruling: RulingPolicy
    providers: Mapping[str, Provider]
    scanners: ThreadPoolExecutor
    receipt: Callable[[str], object]
    prove: Callable[["Gateway"], Awaitable[None]] | None
    idle: tuple[str, ...] = ()
    """Ways of the configuration that get nothing today, a sentence each."""
    listener: Listener = field(init=False)
    _proving: "asyncio.Task[None] | None" = None
    _anchoring: "asyncio.Task[None] | None" = None

    def __post_init__(self) -> None:
        server = self.settings.server
        service = Service(
            models=tuple(self.settings.models),
            ready=lambda: self.ledger.reason or self.store.trouble,
            limited=lambda: self.ruling.limited,
            health=self._health,
            receipt=self._receipt,
            explain=self._explain,
            release=self._release,
            review=self.reviews.answer,
            listed=self._listed(),
            show=self._show,
            refused=self._refused,
        )
        hosts = LOOPBACK_NAMES | {server.listen.host}
        plane = DataPlane(self.pipeline.serve, service, hosts=hosts, body_bytes=server.body_bytes)
        self.listener = Listener(
            plane.serve,
            Bounds(
                head_bytes=server.head_bytes,
                head_seconds=server.head_timeout_s,
                body_bytes=server.body_bytes,
                body_seconds=server.body_timeout_s,
                idle_seconds=server.idle_timeout_s,
                write_seconds=server.write_timeout_s,
                connections=server.connections,
            ),
        )

    async def listen(self, listening: socket.socket) -> None:
        await self.ruling.begin(self)
        await self.listener.start(listening)
        self.store.begin()
        self.memory.begin()
        self.sessions.begin()
        self.reviews.begin()
        self.own_data.begin()
        self.health.begin()
        self.provenance.begin()
        self._anchoring = asyncio.ensure_future(self._anchor())
        if self.prove:
            self._proving = asyncio.ensure_future(self.prove(self))

    async def close(self) -> None:
        """Drains, then closes in the order in which things lean on each other: the log last but one, the store last."""
        self.reviews.end_waits()
        await self.listener.drain(self.settings.server.drain_timeout_s)
        if self._proving:
            self._proving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._proving
        await self.health.aclose()
        await self.provenance.aclose()
        for provider in self.providers.values():
            await provider.aclose()
        self.scanners.shutdown(wait=False, cancel_futures=True)
        for detector in self.pipeline.detectors:
            detector.close()
        await self.reviews.aclose()
        await self.hooks.aclose()
        await self.own_data.aclose()
        await self.ruling.aclose()
        await self.memory.aclose()
        await self.sessions.aclose()
        await self.pipeline.wishes.aclose()
        await self.ledger.close()
        await self._anchor()
        await self.store.aclose()

    async def _anchor(self) -> None:
        """The head as it was found, kept where whoever rewrites the log does not write."""
        try:
            await self.store.anchor(self.ledger.head)
        except StoreError as error:
            _log.critical("requests that need the store are refused: %s", error)

    def rule_by(self, policy: Policy) -> None:
        """From the next request on; requests under way keep the policy that they were decided by."""
        self.pipeline.judge = self.pipeline.judge.ruled_by(policy)
        self.explainer.policy = policy
        self.pipeline.reuse.clear()

    def shadow_by(self, shadow: Shadow | None) -> None:
        """A policy that goes along from the next request on, without effect; None: none does."""
        self.pipeline.judge = self.pipeline.judge.beside(shadow)

    # -- what the service endpoints ask for -------------------------------------------------------------------------

    def _health(self) -> Mapping[str, str]:
        known = dict(self.pipeline.routing.health)
        return {name: known.get(name, "unknown") for name in self.settings.targets}

    async def _receipt(self, request_id: str) -> object:
        try:
            return await asyncio.get_running_loop().run_in_executor(self.scanners, self.receipt, request_id)
        except LedgerError as error:
            _log.error("the log cannot be read: %s", error)
            raise Unavailable("log_unreadable", "The log cannot be read. `tidegate audit verify` says why.") from None

    async def _explain(self, body: bytes) -> object:
        text = _text(body)
        now = plan.moment(self.pipeline.clock.now_ns())
        loop = asyncio.get_running_loop()
        more, health = await self.explainer.beside(text), dict(self.pipeline.routing.health)
        return await loop.run_in_executor(self.scanners, self.explainer.explain, text, now, more, health)

    async def _release(self, body: bytes) -> object:
        return (await self.release.release(_text(body))).as_json()

    def _listed(self) -> Mapping[str, Callable[[], object]]:
        """What clients of Ollama ask of models, answered from what is known here: nobody else is asked."""
        models, known = self.pipeline.models, self.provenance.known.entry
        since = record.timestamp(self.pipeline.clock.now_ns())
        return {
            "/api/tags": lambda: listing.tags(models, known, since),
            "/api/ps": lambda: listing.running(models, known, self.warm),
            "/api/version": listing.version,
        }

    async def _show(self, body: bytes) -> object:
        since = record.timestamp(self.pipeline.clock.now_ns())
        return listing.show(document.parse(body), self.pipeline.models, self.provenance.known.entry, since)

    def _refused(self, path: str, refusal: Refusal) -> None:
        """A request that never reached the path, or asked a service endpoint for what it does not do."""
        entry = record.refusal(
            request_id=self.pipeline.entropy.uuid7(),
            ts=record.timestamp(self.pipeline.clock.now_ns()),
            tenant="default",
            path=path if path in ENDPOINTS else "other",  # whatever else stands there is somebody's text
            http_status=refusal.status,
            code=refusal.code,
            bytes_in=0,
        )
        try:
            self.ledger.append(entry, linger=True)
        except LedgerError as error:
            _log.error("a refusal could not be recorded: %s", error)


def _text(body: bytes) -> str:
    text = document.parse(body).get("text")
    if not isinstance(text, str):
        raise BadRequest("missing_text", 'Send {"text": "…"}: the text that it is about.', param="text")
    return text


def receipt_of(entries: list[tuple[int, bytes]]) -> object | None:
    """The records of one exchange as the API tells them, each with its index in the log.

    Of a request that waited for a person, what was said of it is there too.
    """
    if not entries:
        return None
    records = [{"index": index, "record": orjson.loads(entry)} for index, entry in entries]
    own = next((one["record"] for one in records if one["record"]["kind"] != "admin"), records[0]["record"])
    return {"object": "tidegate.receipt", "request_id": own["request_id"], "records": records}
