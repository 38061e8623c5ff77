"""Whoever may send: a provider for each target, and one for each webhook; all of them behind the egress seal."""

from functools import partial
from urllib.parse import urlsplit

from tidegate import app
from tidegate.adapters.providers.http import HttpProvider
from tidegate.adapters.providers.http1 import Limits, Timeouts
from tidegate.adapters.providers.opening import open_provider
from tidegate.config import Settings
from tidegate.config.checks import webhook_mistakes
from tidegate.config.declaration import WebhookTable
from tidegate.config.kinds import REFERENCE
from tidegate.core.dispatch import seal
from tidegate.core.values.errors import ConfigError
from tidegate.core.values.target import Target
from tidegate.ports import Provider
from tidegate.services.hooks import Hook

LEAST_SECRET_BYTES = 16


def open_providers(settings: Settings, engine_key: str) -> dict[str, Provider]:
    """By target. `engine_key`: the embedded engine's. Raises ConfigError for a credential that is not there."""
    upstream = settings.upstream
    timeouts = Timeouts(
        connect_s=upstream.connect_timeout_s, head_s=upstream.head_timeout_s, body_s=upstream.idle_timeout_s
    )
    limits = Limits(connections=upstream.connections)
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


def _credential(target: Target, engine_key: str) -> str:
    if target.provider == "embedded":
        return engine_key
    return app.secret(target.credential) if target.credential else ""


def _document(target: Target) -> str:
    return app.secret_document(target.access.credentials) if target.access.credentials else ""


def open_hooks(settings: Settings) -> list[Hook]:
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
        limits=Limits(connections=4),
    )
    path = url.removeprefix(origin) or "/"
    return Hook(name=name, url=origin + path, boundary=boundary, provider=provider, secret=secret)
