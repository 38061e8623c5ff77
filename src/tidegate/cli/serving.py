"""What `tidegate up` starts: the worker, and what it needs beside it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tidegate.cli.chosen import EMBEDDED, HERE, Chosen
from tidegate.config.endpoints import EMBEDDED_MODEL
from tidegate.core.values.errors import ConfigError
from tidegate.supervisor import ChildSpec, hold_port

if TYPE_CHECKING:
    from tidegate.config import Settings

LOOPBACK = "127.0.0.1"
DEMO_CLOUD = "demo-cloud"
_DEMO_KEY = "TIDEGATE_DEMO_CLOUD_KEY"
_ENGINE_DRAIN_S = 1.0
_WORKER_GRACE_S = 2.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a child will listen, and with which key: chosen before it runs, so that nobody waits for it."""

    port: int
    key: str = field(repr=False)

    @classmethod
    @contextmanager
    def drawn(cls) -> Iterator["Endpoint"]:
        """Holds the port as long as it lasts, also while the child is being replaced."""
        port, holder = hold_port(LOOPBACK)
        with holder:
            yield cls(port, secrets.token_urlsafe(32))

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/v1"


def demonstration(cloud: Endpoint) -> Chosen:
    """A local model, and the same engine playing a cloud that is under contract. Raises ConfigError."""
    from tidegate import app, config

    if not app.has_embedded_engine():
        raise ConfigError(["--demo needs the embedded engine; run: pip install 'tidegate[embedded]'"])
    settings = config.read(_demo_document(cloud.url))
    states = {EMBEDDED: "the model in the package", DEMO_CLOUD: "plays a cloud; quotes what reached it"}
    return Chosen(settings, "the demonstration", states, ())


def _demo_document(cloud_url: str) -> dict[str, Any]:
    agreed = {"retention": "zero", "training": "never", "tier": "enterprise", "expires": "2099-12-31"}
    cloud = {"provider": "openai-compatible", "url": cloud_url, "model": DEMO_CLOUD, "boundary": DEMO_CLOUD}
    return {
        "boundaries": {HERE: {"kind": "local"}, DEMO_CLOUD: {"kind": "cloud"}},
        "targets": {
            DEMO_CLOUD: {**cloud, "api_key": f"env:{_DEMO_KEY}", "contract": agreed},
            EMBEDDED: {"provider": "embedded", "boundary": HERE},
        },
        "models": {"auto": [DEMO_CLOUD, EMBEDDED], "local": [EMBEDDED]},
    }


def specs(settings: "Settings", listen_fd: int, engine: Endpoint, cloud: Endpoint | None) -> list[ChildSpec]:
    """In the order in which they end: the worker's last exchanges still need the engine."""
    found = [_worker(settings, listen_fd, engine, cloud)]
    if cloud:
        found.append(_demo_cloud(engine, cloud))
    if settings.has_embedded:
        contexts = [settings.contexts.get(t.name, 0) for t in settings.targets.values() if t.provider == EMBEDDED]
        found.append(_engine(engine, max(contexts)))
    return found


def _worker(settings: "Settings", listen_fd: int, engine: Endpoint, cloud: Endpoint | None) -> ChildSpec:
    order: dict[str, Any] = {"document": dict(settings.document), "listen_fd": listen_fd, "engine": None}
    if settings.has_embedded:
        order["engine"] = {"url": engine.url, "api_key": engine.key}
    return ChildSpec(
        name="worker",
        module="tidegate.worker",
        order=order,
        drain_s=settings.server.drain_timeout_s + _WORKER_GRACE_S,
        essential=True,
        pass_fds=(listen_fd,),
        environ={_DEMO_KEY: cloud.key} if cloud else {},
    )


def _engine(engine: Endpoint, context: int) -> ChildSpec:
    """`context`: tokens of one request; 0 for the engine's own."""
    from tidegate import app

    order: dict[str, Any] = {
        "model_path": str(app.embedded_model()),
        "host": LOOPBACK,
        "port": engine.port,
        "api_key": engine.key,
        "alias": EMBEDDED_MODEL,
    }
    if context:
        order["context"] = context
    return ChildSpec(EMBEDDED, "tidegate.adapters.runtimes.engine", order, _ENGINE_DRAIN_S)


def _demo_cloud(engine: Endpoint, cloud: Endpoint) -> ChildSpec:
    order = {
        "host": LOOPBACK,
        "port": cloud.port,
        "api_key": cloud.key,
        "model": DEMO_CLOUD,
        "engine_url": engine.url,
        "engine_key": engine.key,
    }
    return ChildSpec(DEMO_CLOUD, "tidegate.adapters.runtimes.demo_cloud", order, _ENGINE_DRAIN_S)
