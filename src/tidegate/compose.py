"""Puts one data worker together: settings → adapters → pipeline. With `app`, the only importer of adapters."""

import asyncio
import importlib
import json
import logging
import random
import re
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urlsplit

from tidegate import activation, app, office
from tidegate.adapters.providers.http import HttpProvider
from tidegate.adapters.providers.http1 import Limits as UpstreamLimits
from tidegate.adapters.providers.http1 import Timeouts
from tidegate.adapters.providers.opening import open_provider
from tidegate.adapters.stores.late import LateStore, Opened
from tidegate.adapters.stores.tlog import TileLog, entries
from tidegate.adapters.system.clock import SystemClock
from tidegate.adapters.system.entropy import SystemEntropy
from tidegate.config import Settings
from tidegate.config.checks import webhook_mistakes
from tidegate.config.declaration import WebhookTable
from tidegate.config.kinds import REFERENCE
from tidegate.config.workloads import bound
from tidegate.core.classify.derived import Derived
from tidegate.core.classify.engine import Engine
from tidegate.core.decide.oracle.second import Doubt, SecondOpinion
from tidegate.core.dispatch import plan, seal
from tidegate.core.dispatch.provenance import Provenance
from tidegate.core.inspect import OutputRules
from tidegate.core.restore.external import external_tools
from tidegate.core.settle import record
from tidegate.core.settle.review_record import HELD
from tidegate.core.values.errors import ConfigError, TidegateError
from tidegate.core.values.limits import Limits
from tidegate.core.values.operators import Operators
from tidegate.core.values.target import Target
from tidegate.crossing import Handling
from tidegate.gateway import Gateway, receipt_of
from tidegate.judgement import Judge
from tidegate.pipeline import Pipeline
from tidegate.ports import Anchor, Clock, Provider, Store
from tidegate.sending import NoReuse, Reuse
from tidegate.services.derived import DerivedMemory
from tidegate.services.explain import Explainer
from tidegate.services.health import HealthWatch
from tidegate.services.hooks import Hook, Hooks
from tidegate.services.kept import Kept
from tidegate.services.own_data import OwnData
from tidegate.services.provenance import ProvenanceWatch
from tidegate.services.release import Release
from tidegate.services.reuse import AnswerCache
from tidegate.services.reviews import Effects as ReviewEffects
from tidegate.services.reviews import ReviewQueue
from tidegate.services.routing import Router
from tidegate.services.ruling import Effects, RulingPolicy
from tidegate.services.sessions import SessionMemory
from tidegate.services.wishes import WishRegister

_log = logging.getLogger("tidegate.compose")

LEAST_SECRET_BYTES = 16
SLOT = "w0"  # one log a worker slot; there is one worker
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


async def open_gateway(settings: Settings, embedded: Mapping[str, str] | None) -> Gateway:
    """Every part of one data worker, put together. `embedded`: `url` and `api_key` of the embedded engine, if one runs.

    Raises ConfigError or another TidegateError whose sentence says what to do; nothing is left open then.
    """
    declared = settings
    if embedded:
        settings = settings.with_engine(embedded["url"])
    keyring = app.open_keys(settings)
    providers = _providers(settings, embedded["api_key"] if embedded else "")
    webhooks, rules = _hooks(settings), app.review_rules(settings)
    detection = keyring.keys.detection
    engine, detectors = app.open_engine(settings, detection), app.open_detectors(settings)
    labels = app.labels_of(settings, engine, detectors)
    begun = office.begin(declared, lambda: labels)
    policy = begun.policy if begun.proven else begun.policy.only_local()
    entropy, system = SystemEntropy(), SystemClock()
    place = app.store_place(settings)
    store = LateStore(lambda: _open_store(place))
    ledger = TileLog.open(
        settings.audit.path / SLOT,
        signing_key=keyring.seed,
        origin_id=entropy.uuid7(),
        recovered=lambda entry, index: record.recovered(entry, index, record.timestamp(system.now_ns())),
        anchor=_anchoring(store),
        now_ns=system.now_ns(),
    )
    scanners = ThreadPoolExecutor(2, thread_name_prefix="tidegate-scan")
    clock = SystemClock(ledger.last_time_ns)
    provenance = Provenance()
    handling = _handling(settings, provenance)
    hooks = Hooks(webhooks, clock, ledger.append, entropy.uuid7)
    effects = ReviewEffects(record=ledger.append, new_id=entropy.uuid7, tell=hooks.tell)
    reviews = ReviewQueue(store, clock, keyring.keys, rules, effects)
    memory = DerivedMemory(
        Derived(keyring.keys), store, clock, kept_s=settings.detection.derived_hours * 3600, shared=place.is_shared
    )
    sessions = SessionMemory(
        store, clock, kept_s=settings.sessions.kept_days * 86_400, fresh_s=0 if place.is_shared else None
    )
    wishes = WishRegister(store, clock, keyring.keys.tags)
    router = Router(
        settings.targets.values(), clock=clock, entropy=entropy, routes=settings.routes, lanes=settings.lanes
    )

    def doubt(found: Doubt) -> None:
        ruling.doubt(found)

    second = SecondOpinion(settings.policy.oracle, random.SystemRandom().random, doubt)
    pipeline = Pipeline(
        engine=engine,
        detectors=detectors,
        judge=Judge(policy, handling.external, second=second),
        models={
            name: tuple(settings.targets[target] for target in targets) for name, targets in settings.models.items()
        },
        workloads={name: bound(table) for name, table in settings.workloads.items()},
        providers=providers,
        routing=router,
        ledger=ledger,
        store=store,
        clock=clock,
        entropy=entropy,
        keys=keyring.keys,
        scanners=scanners,
        memory=memory,
        sessions=sessions,
        wishes=wishes,
        kept=Kept(),
        reviews=reviews,
        handling=handling,
        limits=Limits(body_bytes=settings.server.body_bytes, answer_bytes=settings.upstream.answer_bytes),
        strict=settings.audit.strict,
        reuse=_reuse(settings, clock),
    )
    explainer = Explainer(engine, policy, tuple(settings.targets.values()), detectors)

    def use(newer: Engine) -> None:
        pipeline.engine = explainer.engine = newer

    ruling = RulingPolicy(
        begun.standing,
        begun.policy,
        office.DeskOffice(declared, lambda: labels),
        Effects(record=ledger.append, new_id=entropy.uuid7, now_ns=clock.now_ns),
        opening=begun.is_news,
    )
    health = HealthWatch(
        router,
        settings.targets.values(),
        providers,
        permits=lambda target: explainer.permits(target, plan.moment(clock.now_ns())),
        entropy=entropy,
        interval_s=settings.upstream.probe_interval_s,
        connect_s=settings.upstream.connect_timeout_s,
    )
    return Gateway(
        settings=settings,
        pipeline=pipeline,
        explainer=explainer,
        release=Release(pipeline, settings.mcp),
        memory=memory,
        sessions=sessions,
        reviews=reviews,
        hooks=hooks,
        own_data=OwnData(lambda: app.own_state(settings), lambda: app.open_engine(settings, detection), use),
        health=health,
        provenance=ProvenanceWatch(provenance, settings.targets.values(), providers, entropy),
        warm=lambda target: router.standings[target.name].load.warmth == "warm",
        ruling=ruling,
        ledger=ledger,
        store=store,
        providers=providers,
        scanners=scanners,
        receipt=lambda request_id: receipt_of(find_exchange(settings, request_id)),
        prove=None if begun.proven else _prover(declared, begun),
        idle=begun.idle,
    )


def _reuse(settings: Settings, clock: Clock) -> Reuse:
    cache = settings.cache
    if not cache.bytes:
        return NoReuse()
    return AnswerCache(clock, most_bytes=cache.bytes, age_s=cache.age_s, sampled=cache.sampled)


def _handling(settings: Settings, provenance: Provenance) -> Handling:
    output = OutputRules(dict(settings.output))  # type: ignore[arg-type]  # the declared choice is Action
    return Handling(
        operators=Operators.of(settings.redaction.operators),
        external=external_tools(settings.redaction.external_tools),
        output=dict.fromkeys(("local", "private", "cloud"), output),
        provenance=provenance,
        contexts=settings.contexts,
    )


def _prover(settings: Settings, begun: office.Begun) -> Callable[[Gateway], Awaitable[None]]:
    """Proves the policy in a process of its own, keeps the proof, lets it rule; until then local targets only."""
    policy, ruling = begun.policy, begun.standing.ruling
    assert ruling is not None  # something always rules
    folder = office.kept_folder(settings, ruling.bundle)

    async def prove(gateway: Gateway) -> None:
        _log.warning("the policy has not been proven yet: until it is, only local targets are served")
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tidegate.prover",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            told, _ = await child.communicate(json.dumps({"path": str(folder)}).encode() + b"\n")
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()  # its transport is closed then, and not whenever it is collected
        answer = json.loads(told or b"{}")
        if answer.get("digest") != policy.digest or not answer.get("proof"):
            _log.error(
                "the policy is not proven, so only local targets are served: %s", answer.get("error", "no answer")
            )
            return
        activation.keep_proof(settings, policy, answer["proof"])
        if gateway.ruling.is_in_force(policy.digest):
            gateway.rule_by(policy)
            _log.warning("the policy is proven and rules now")

    return prove


def _providers(settings: Settings, engine_key: str) -> dict[str, Provider]:
    upstream = settings.upstream
    timeouts = Timeouts(
        connect_s=upstream.connect_timeout_s, head_s=upstream.head_timeout_s, body_s=upstream.idle_timeout_s
    )
    limits = UpstreamLimits(connections=upstream.connections)
    return {
        name: open_provider(
            target,
            secret=_credential(target, engine_key),
            document=partial(_document, target),
            seal=seal.check,
            timeouts=timeouts,
            limits=limits,
        )
        for name, target in settings.targets.items()
    }


def _hooks(settings: Settings) -> list[Hook]:
    """Raises ConfigError for a secret that is not there, and for an address that only its reference tells."""
    return [_hook(settings, name, table) for name, table in settings.review.webhooks.items()]


def _hook(settings: Settings, name: str, table: WebhookTable) -> Hook:
    boundary, place = settings.boundaries[table.boundary], f"review.webhooks.{name}"
    url = app.secret(table.url) if REFERENCE.fullmatch(table.url) else table.url
    if mistakes := webhook_mistakes(url, boundary.kind):
        raise ConfigError([f"{place}.url: {mistake}" for mistake in mistakes])
    secret = app.secret(table.secret).encode()
    if len(secret) < LEAST_SECRET_BYTES:
        raise ConfigError([f"{place}.secret: it is shorter than {LEAST_SECRET_BYTES} characters; make a longer one"])
    at = urlsplit(url)
    origin = f"{at.scheme}://{at.netloc}"
    provider = HttpProvider(
        base_url=origin,
        seal=seal.check,
        timeouts=Timeouts(connect_s=5, head_s=10, body_s=10),
        limits=UpstreamLimits(connections=4),
    )
    path = url.removeprefix(origin) or "/"
    return Hook(name=name, url=origin + path, boundary=boundary, provider=provider, secret=secret)


async def _open_store(place: app.StorePlace) -> Opened:
    await asyncio.to_thread(importlib.import_module, "tidegate.adapters.stores.sql")
    from tidegate.adapters.stores.sql import SqlStore

    return await SqlStore.open(place.url, entropy=SystemEntropy(), password=place.password, replica=place.replica)


def _credential(target: Target, engine_key: str) -> str:
    if target.provider == "embedded":
        return engine_key
    return app.secret(target.credential) if target.credential else ""


def _document(target: Target) -> str:
    return app.secret_document(target.access.credentials) if target.access.credentials else ""


def _anchoring(store: Store) -> Callable[[Anchor], None]:
    """Heads go to the store as they are signed; a store that fails is noticed by whoever compares, not by requests."""
    tasks: set[asyncio.Task[None]] = set()
    trouble = ""

    async def keep(head: Anchor) -> None:
        nonlocal trouble
        try:
            await store.anchor(head)
            trouble = ""
        except TidegateError as error:
            if trouble != str(error):  # once, not every second
                _log.warning("the log's head could not be anchored: %s", error)
            trouble = str(error)

    def anchor(head: Anchor) -> None:
        task = asyncio.get_running_loop().create_task(keep(head))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    return anchor


def find_exchange(settings: Settings, request_id: str) -> list[tuple[int, bytes]]:
    """The entries of one exchange, and of the review that it waited for, oldest first; blocking. Raises LedgerError."""
    if not _UUID.fullmatch(request_id):
        return []
    wanted = f'"request_id":"{request_id}"'.encode()
    found: list[tuple[int, bytes]] = []
    for index, entry in entries(settings.audit.path / SLOT, newest_first=True):
        if wanted in entry:
            found.append((index, entry))
            if b'"kind":"intent"' in entry or b'"kind":"refusal"' in entry:
                break
    reviews = {json.loads(entry).get("review", "") for _, entry in found} - {""}
    for review in reviews:
        found += [one for one in _acts_on(settings, review) if one not in found]
    return sorted(found)


def _acts_on(settings: Settings, review: str) -> Iterator[tuple[int, bytes]]:
    """All that was said and done about a review, newest first: the first of it is that it was held."""
    wanted = f'"review":"{review}"'.encode()
    for index, entry in entries(settings.audit.path / SLOT, newest_first=True):
        if wanted in entry and b'"kind":"admin"' in entry:
            yield index, entry
            if f'"act":"{HELD}"'.encode() in entry:
                return
