"""Looks for local runtimes on their usual ports, each told by an endpoint that only it has.

All are asked at once and together take no longer than one deadline. A port where something else answers is passed over.
"""

import http.client
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tidegate.core.dispatch.provenance import is_listed_remote

DEADLINE_S = 0.3
_MOST_BYTES = 4 * 1024 * 1024
_PIECE_BYTES = 64 * 1024


class Runtime(NamedTuple):
    """`url` is the server's root. `model` is empty where it has none to offer, and `state` says what that means."""

    provider: str
    url: str
    model: str
    state: str


class _Silent(Exception):  # noqa: N818 - nobody, or somebody else, answers there
    """No answer in time, or none that the runtime would give."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """GETs one server's small JSON documents until the deadline."""

    url: str
    until: float

    def get(self, path: str) -> Any:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=self._left_s())
        try:
            connection.request("GET", path, headers={"accept": "application/json", "connection": "close"})
            answer = connection.getresponse()
            if answer.status != 200:
                raise _Silent
            return json.loads(self._body(answer))
        except (OSError, http.client.HTTPException, ValueError, RecursionError):
            raise _Silent from None
        finally:
            connection.close()

    def _body(self, answer: http.client.HTTPResponse) -> bytes:
        """Piece by piece: a server that drips must not outlast the deadline."""
        body = bytearray()
        while piece := answer.read1(_PIECE_BYTES):
            body += piece
            if len(body) > _MOST_BYTES or self._left_s() <= 0:
                raise _Silent
        return bytes(body)

    def _left_s(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise _Silent
        return left


def _objects(document: Any, key: str) -> list[dict[str, Any]]:
    found = document.get(key) if isinstance(document, dict) else None
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _name(entry: Mapping[str, Any], key: str) -> str:
    """A model's name goes into configuration and banner: what is no plain text of sane length is none."""
    value = entry.get(key)
    return value if isinstance(value, str) and value.isprintable() and 0 < len(value) <= 200 else ""


def _first_served(ask: _Asking, provider: str) -> Runtime:
    names = [_name(entry, "id") for entry in _objects(ask.get("/v1/models"), "data")]
    model = next(filter(None, names), "")
    return Runtime(provider, ask.url, model, "serving" if model else "it serves no model; start it with one")


def _ollama(ask: _Asking) -> Runtime:
    """The model that is loaded, else the newest: that is what a user of Ollama means by "the" model. Models that run at
    its maker's are none of a local runtime's.
    """
    if not _name(ask.get("/api/version"), "version"):
        raise _Silent
    chatting = {
        _name(entry, "name"): str(entry.get("modified_at", ""))
        for entry in _objects(ask.get("/api/tags"), "models")
        if not is_listed_remote(entry)
        and (not isinstance(entry.get("capabilities"), list) or "completion" in entry["capabilities"])
    }
    chatting.pop("", None)
    if not chatting:
        return Runtime("ollama", ask.url, "", "it has no model; fetch one: ollama pull llama3.2")
    running = [_name(entry, "name") for entry in _objects(ask.get("/api/ps"), "models")]
    loaded = next((name for name in running if name in chatting), "")
    newest = max(chatting, key=lambda name: chatting[name])
    return Runtime("ollama", ask.url, loaded or newest, "loaded" if loaded else "not loaded yet")


def _lmstudio(ask: _Asking) -> Runtime:
    try:
        chatting, loaded = _lmstudio_v1(ask)
    except _Silent:  # before its version 0.4
        chatting, loaded = _lmstudio_v0(ask)
    if not chatting:
        return Runtime("lmstudio", ask.url, "", "it has no model; fetch one in LM Studio")
    return Runtime("lmstudio", ask.url, (loaded or chatting)[0], "loaded" if loaded else "not loaded yet")


def _lmstudio_v1(ask: _Asking) -> tuple[list[str], list[str]]:
    """Names of all chat models, and of the instances that are loaded."""
    document = ask.get("/api/v1/models")
    if not isinstance(document.get("models"), list):
        raise _Silent
    models = [entry for entry in _objects(document, "models") if entry.get("type", "llm") == "llm"]
    loaded = [_name(instance, "id") for entry in models for instance in _objects(entry, "loaded_instances")]
    return _named([_name(entry, "key") for entry in models]), _named(loaded)


def _lmstudio_v0(ask: _Asking) -> tuple[list[str], list[str]]:
    models = [entry for entry in _objects(ask.get("/api/v0/models"), "data") if entry.get("type") in ("llm", "vlm")]
    loaded = [_name(entry, "id") for entry in models if entry.get("state") == "loaded"]
    return _named([_name(entry, "id") for entry in models]), _named(loaded)


def _named(names: list[str]) -> list[str]:
    return [name for name in names if name]


def _llamacpp(ask: _Asking) -> Runtime:
    properties = ask.get("/props")
    if not isinstance(properties, dict) or "default_generation_settings" not in properties:
        raise _Silent
    return _first_served(ask, "llamacpp")


def _vllm(ask: _Asking) -> Runtime:
    if not _name(ask.get("/version"), "version"):
        raise _Silent
    return _first_served(ask, "vllm")


_PROBES: dict[str, Callable[[_Asking], Runtime]] = {
    "ollama": _ollama,
    "lmstudio": _lmstudio,
    "llamacpp": _llamacpp,
    "vllm": _vllm,
}


def discover(places: Mapping[str, str], deadline_s: float = DEADLINE_S) -> list[Runtime]:
    """The runtimes that answered, in the order of `places` (provider -> root URL). Takes at most the deadline."""
    until = time.monotonic() + deadline_s
    found: dict[str, Runtime] = {}

    def probe(provider: str, url: str) -> None:
        try:
            found[provider] = _PROBES[provider](_Asking(url, until))
        except (_Silent, AttributeError, TypeError):  # the document has another shape: it is somebody else
            return

    threads = [threading.Thread(target=probe, args=place, daemon=True) for place in places.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    answered = dict(found)  # a straggler may still add to the other one
    return [answered[provider] for provider in places if provider in answered]
