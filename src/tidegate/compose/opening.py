"""The gateway of one data worker: the path, and what runs beside it, put on their ground."""

import random
from collections.abc import Mapping

from tidegate import app, office
from tidegate.compose.ground import Ground, open_ground
from tidegate.compose.proving import prover
from tidegate.compose.receipts import find_exchange
from tidegate.config import Settings
from tidegate.config.workloads import bound
from tidegate.core.classify.derived import Derived
from tidegate.core.classify.engine import Engine
from tidegate.core.decide.oracle.second import SecondOpinion
from tidegate.core.dispatch import plan
from tidegate.core.dispatch.provenance import Provenance
from tidegate.core.inspect import OutputRules
from tidegate.core.restore.external import external_tools
from tidegate.core.values.limits import Limits
from tidegate.core.values.operators import Operators
from tidegate.crossing import Handling
from tidegate.gateway import Gateway, receipt_of
from tidegate.judgement import Judge
from tidegate.pipeline import Pipeline
from tidegate.sending import NoReuse, Reuse
from tidegate.services.derived import DerivedMemory
from tidegate.services.explain import Explainer
from tidegate.services.health import HealthWatch
from tidegate.services.hooks import Hooks
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


async def open_gateway(settings: Settings, embedded: Mapping[str, str] | None) -> Gateway:
    """Every part of one data worker, put together. `embedded`: `url` and `api_key` of the embedded engine, if one runs.

    Raises ConfigError or another TidegateError whose sentence says what to do; nothing is left open then.
    """
    ground = open_ground(settings, embedded)
    settings, begun = ground.settings, ground.begun
    policy = begun.policy if begun.proven else begun.policy.only_local()
    provenance = Provenance()
    hooks = Hooks(ground.webhooks, ground.clock, ground.ledger.append, ground.entropy.uuid7)
    memory, sessions, reviews = _memory(ground), _sessions(ground), _reviews(ground, hooks)
    ruling = _ruling(ground)
    router = Router(
        settings.targets.values(),
        clock=ground.clock,
        entropy=ground.entropy,
        routes=settings.routes,
        lanes=settings.lanes,
    )
    handling = _handling(settings, provenance)
    second = SecondOpinion(settings.policy.oracle, random.SystemRandom().random, ruling.doubt)
    pipeline = Pipeline(
        engine=ground.engine,
        detectors=ground.detectors,
        judge=Judge(policy, handling.external, second=second),
        models={
            name: tuple(settings.targets[target] for target in targets) for name, targets in settings.models.items()
        },
        workloads={name: bound(table) for name, table in settings.workloads.items()},
        providers=ground.providers,
        routing=router,
        ledger=ground.ledger,
        store=ground.store,
        clock=ground.clock,
        entropy=ground.entropy,
        keys=ground.keys,
        scanners=ground.scanners,
        memory=memory,
        sessions=sessions,
        wishes=WishRegister(ground.store, ground.clock, ground.keys.tags),
        kept=Kept(),
        reviews=reviews,
        handling=handling,
        limits=Limits(body_bytes=settings.server.body_bytes, answer_bytes=settings.upstream.answer_bytes),
        strict=settings.audit.strict,
        reuse=_reuse(ground),
    )
    explainer = Explainer(ground.engine, policy, tuple(settings.targets.values()), ground.detectors)
    return Gateway(
        settings=settings,
        pipeline=pipeline,
        explainer=explainer,
        release=Release(pipeline, settings.mcp),
        memory=memory,
        sessions=sessions,
        reviews=reviews,
        hooks=hooks,
        own_data=_own_data(ground, pipeline, explainer),
        health=_health(ground, router, explainer),
        provenance=ProvenanceWatch(provenance, settings.targets.values(), ground.providers, ground.entropy),
        warm=lambda target: router.standings[target.name].load.warmth == "warm",
        ruling=ruling,
        ledger=ground.ledger,
        store=ground.store,
        providers=ground.providers,
        scanners=ground.scanners,
        receipt=lambda request_id: receipt_of(find_exchange(settings, request_id)),
        prove=None if begun.proven else prover(ground.declared, begun),
        idle=begun.idle,
    )


def _handling(settings: Settings, provenance: Provenance) -> Handling:
    output = OutputRules(dict(settings.output))  # type: ignore[arg-type]  # the declared choice is Action
    return Handling(
        operators=Operators.of(settings.redaction.operators),
        external=external_tools(settings.redaction.external_tools),
        output=dict.fromkeys(("local", "private", "cloud"), output),
        provenance=provenance,
        contexts=settings.contexts,
    )


def _memory(ground: Ground) -> DerivedMemory:
    kept_s = ground.settings.detection.derived_hours * 3600
    derived = Derived(ground.keys)
    return DerivedMemory(derived, ground.store, ground.clock, kept_s=kept_s, shared=ground.place.is_shared)


def _sessions(ground: Ground) -> SessionMemory:
    kept_s = ground.settings.sessions.kept_days * 86_400
    fresh_s = 0 if ground.place.is_shared else None
    return SessionMemory(ground.store, ground.clock, kept_s=kept_s, fresh_s=fresh_s)


def _reuse(ground: Ground) -> Reuse:
    cache = ground.settings.cache
    if not cache.bytes:
        return NoReuse()
    return AnswerCache(ground.clock, most_bytes=cache.bytes, age_s=cache.age_s, sampled=cache.sampled)


def _reviews(ground: Ground, hooks: Hooks) -> ReviewQueue:
    effects = ReviewEffects(record=ground.ledger.append, new_id=ground.entropy.uuid7, tell=hooks.tell)
    return ReviewQueue(ground.store, ground.clock, ground.keys, ground.rules, effects)


def _ruling(ground: Ground) -> RulingPolicy:
    desk = office.DeskOffice(ground.declared, lambda: ground.labels)
    effects = Effects(record=ground.ledger.append, new_id=ground.entropy.uuid7, now_ns=ground.clock.now_ns)
    begun = ground.begun
    return RulingPolicy(begun.standing, begun.policy, desk, effects, opening=begun.is_news)


def _own_data(ground: Ground, pipeline: Pipeline, explainer: Explainer) -> OwnData:
    def use(newer: Engine) -> None:
        pipeline.engine = explainer.engine = newer

    return OwnData(lambda: app.own_state(ground.settings), ground.reopen_engine, use)


def _health(ground: Ground, router: Router, explainer: Explainer) -> HealthWatch:
    upstream = ground.settings.upstream
    return HealthWatch(
        router,
        ground.settings.targets.values(),
        ground.providers,
        permits=lambda target: explainer.permits(target, plan.moment(ground.clock.now_ns())),
        entropy=ground.entropy,
        interval_s=upstream.probe_interval_s,
        connect_s=upstream.connect_timeout_s,
    )
