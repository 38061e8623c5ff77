"""Finds the way in by method and path, and lets in only whom loopback rules let in."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

import orjson

from tidegate.core.dialects import anthropic_messages, models, ollama_chat, openai_chat
from tidegate.core.dialects.known import PATHS
from tidegate.core.dialects.openai_responses import kept
from tidegate.core.values.errors import BadRequest, Refusal
from tidegate.ports import Downstream

_log = logging.getLogger("tidegate.server")

Serve = Callable[[Downstream], Awaitable[None]]
RECEIPTS = "/v1/tidegate/receipts/"
REVIEWS = "/v1/tidegate/reviews"
RELEASE = "/v1/tidegate/release"
OLLAMA = ("/api/tags", "/api/ps", "/api/version")
SHOW = "/api/show"
ROOT = "/"
"""Some clients look whether anybody is there before they ask anything (Claude Code: HEAD)."""
ENDPOINTS = frozenset(
    (ROOT, *PATHS, *OLLAMA, SHOW, models.PATH, "/v1/tidegate/explain", REVIEWS, RELEASE, "/healthz", "/readyz")
)
_DEFECT = Refusal("internal_error", "tidegate made a mistake.", status=500)


class Service:
    """What the service endpoints need. Each returns (status, JSON-able object)."""

    def __init__(
        self,
        *,
        models: tuple[str, ...],
        ready: Callable[[], str],
        limited: Callable[[], str],
        health: Callable[[], Mapping[str, str]],
        receipt: Callable[[str], Awaitable[object]],
        explain: Callable[[bytes], Awaitable[object]],
        review: Callable[[bytes], Awaitable[object]],
        release: Callable[[bytes], Awaitable[object]],
        listed: Mapping[str, Callable[[], object]],
        show: Callable[[bytes], Awaitable[object]],
        refused: Callable[[str, Refusal], None],
    ) -> None:
        """`ready`: an empty string, or why not. `limited`: likewise why only local targets are served. `health`: of
        each target, by name. `receipt`: None where there is no such exchange. `review`: what a reviewer's signed note
        asks for. `release`: a text as a client that is no target may have it.
        """
        self.models, self.ready, self.receipt, self.refused = models, ready, receipt, refused
        self.health, self.limited = health, limited
        self.posted = {"/v1/tidegate/explain": explain, REVIEWS: review, RELEASE: release, SHOW: show}
        self.listed = listed


class DataPlane:
    """`hosts`: host names (without port) that a Host or Origin header may name: protection against DNS rebinding."""

    def __init__(self, serve: Serve, service: Service, *, hosts: frozenset[str], body_bytes: int) -> None:
        self._serve, self._service, self._hosts, self._body_bytes = serve, service, hosts, body_bytes
        self._trusted: set[str] = set()

    async def serve(self, downstream: Downstream) -> None:
        """Answers one request, whatever happens; a cancellation (the client has left) passes through."""
        headers = downstream.headers
        try:
            if headers.get("host", "") not in self._trusted or "origin" in headers:
                self._check_origin(headers)
            if downstream.path in PATHS and downstream.method == "POST":
                await self._serve(downstream)
            elif downstream.path.startswith(kept.PATH):
                raise kept.refused()  # noqa: TRY301 - it is told like any other refusal
            else:
                await self._serve_service(downstream)
        except Refusal as refusal:
            self._service.refused(downstream.path, refusal)
            await _respond(downstream, refusal.status, _error(downstream, refusal))
        except Exception as error:
            _log.error("defect %s at the edge", type(error).__name__)
            if downstream.started:
                raise
            await _respond(downstream, 500, _error(downstream, _DEFECT))

    def _check_origin(self, headers: Mapping[str, str]) -> None:
        host = headers.get("host", "")
        if _hostname("//" + host) not in self._hosts:
            raise BadRequest("unknown_host", "The Host header names another machine than this one.", status=403)
        if len(self._trusted) < 64:
            self._trusted.add(host)
        origin = headers.get("origin")
        if origin is not None and _hostname(origin) not in self._hosts:
            raise BadRequest("foreign_origin", "A page of another origin may not call this gateway.", status=403)

    async def _serve_service(self, downstream: Downstream) -> None:
        service, method, path = self._service, downstream.method, downstream.path
        if method == "POST" and (posted := service.posted.get(path)):
            found = await posted(await downstream.body(self._body_bytes))
            return await _respond(downstream, 200, orjson.dumps(found))
        if method not in ("GET", "HEAD"):
            raise _not_allowed(method) if path in ENDPOINTS else _not_found()
        if listed := service.listed.get(path):
            return await _respond(downstream, 200, orjson.dumps(listed()))
        if models.is_asked(path):
            return await _respond(downstream, 200, models.told(path, downstream.headers, service.models))
        if path.startswith(RECEIPTS):
            receipt = await service.receipt(path.removeprefix(RECEIPTS))
            if receipt is None:
                raise BadRequest("receipt_not_found", "The log holds no exchange of that id.", status=404)
            return await _respond(downstream, 200, orjson.dumps(receipt))
        if path in ("/healthz", ROOT):
            return await _respond(downstream, 200, b'{"status":"alive"}')
        if path == "/readyz":
            why_not = service.ready()
            told = {"status": "not ready", "reason": why_not} if why_not else {"status": "ready"}
            if limited := service.limited():
                told["only_local"] = limited
            body = orjson.dumps({**told, "targets": dict(service.health())})
            return await _respond(downstream, 503 if why_not else 200, body)
        raise _not_allowed(method) if path in ENDPOINTS else _not_found()


def _error(downstream: Downstream, refusal: Refusal) -> bytes:
    """In the words of whoever calls that path."""
    others = ollama_chat if downstream.path.startswith("/api/") else openai_chat
    if models.is_asked(downstream.path) and models.speaks_anthropic(downstream.headers):
        others = anthropic_messages
    return PATHS.get(downstream.path, others).render_error(refusal)


def _hostname(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _not_found() -> BadRequest:
    return BadRequest("not_found", "There is no such endpoint. See /v1/models and /v1/chat/completions.", status=404)


def _not_allowed(method: str) -> BadRequest:
    return BadRequest("method_not_allowed", f"{method} is not allowed here.", status=405)


async def _respond(downstream: Downstream, status: int, body: bytes) -> None:
    await downstream.respond(status, {"content-type": "application/json"}, body)
