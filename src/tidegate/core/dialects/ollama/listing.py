"""What clients ask about models, of the names that they may ask for (docs/api.md: "List Local Models", "Show Model
Information", "List Running Models", "Version").

A name stands for targets, best first, which may lie anywhere: it has no file, so size and digest are those of its local
model where one is known, or the name's own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from tidegate.core.values.errors import BadRequest
from tidegate.core.values.target import Target

API_VERSION = "0.12.11"
"""The version of Ollama whose API this is."""
_CAPABILITIES = ("completion", "tools")
"""What most models can; of a local one its server says what it can."""

Models = Mapping[str, Sequence[Target]]
Known = Callable[[Target], Mapping[str, Any]]
"""What a target's own server lists of its model; empty where nothing is known."""


def tags(models: Models, known: Known, since: str) -> dict[str, Any]:
    """`since`: RFC 3339, when this was last different: the start of the gateway."""
    return {"models": [_entry(name, targets, known, since) for name, targets in models.items()]}


def show(document: Mapping[str, Any], models: Models, known: Known, since: str) -> dict[str, Any]:
    """Raises BadRequest: `missing_model`, `model_not_found`."""
    name = document.get("model") or document.get("name")
    if not isinstance(name, str):
        raise BadRequest("missing_model", "model must be a non-empty string.", param="model")
    targets = models.get(name)
    if targets is None:
        message = f"model not found: there are {', '.join(sorted(models))}"
        raise BadRequest("model_not_found", message, status=404, param="model")
    entry = _entry(name, targets, known, since)
    return {
        "modelfile": "",
        "parameters": "",
        "template": "",
        "details": entry["details"],
        "model_info": {"general.architecture": entry["details"]["family"] or "unknown", "general.basename": name},
        "capabilities": entry["capabilities"],
        "modified_at": since,
        "tidegate": {"targets": [_target(target) for target in targets]},
    }


def running(models: Models, known: Known, warm: Callable[[Target], bool]) -> dict[str, Any]:
    """Names of which a local model is in memory. `warm`: whether that is known of a target."""
    found = [(name, target) for name, targets in models.items() if (target := _first_warm(targets, warm)) is not None]
    return {"models": [_running(name, known(target)) for name, target in found]}


def version() -> dict[str, Any]:
    return {"version": API_VERSION}


def _entry(name: str, targets: Sequence[Target], known: Known, since: str) -> dict[str, Any]:
    told = next((entry for target in targets if (entry := known(target))), {})
    digest = told.get("digest")
    return {
        "name": name,
        "model": name,
        "modified_at": since,
        "size": _size(told.get("size")),
        "digest": digest if isinstance(digest, str) and digest else _digest(name, targets),
        "details": _details(told, targets),
        "capabilities": _capabilities(told),
    }


def _running(name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    digest = told.get("digest")
    return {
        "name": name,
        "model": name,
        "size": _size(told.get("size")),
        "digest": digest if isinstance(digest, str) else "",
        "details": _details(told, ()),
        "expires_at": "0001-01-01T00:00:00Z",  # nobody says until when; Go's zero time
        "size_vram": 0,
    }


def _details(told: Mapping[str, Any], targets: Sequence[Target]) -> dict[str, Any]:
    own = told.get("details")
    found = own if isinstance(own, dict) else {}
    family = _text(found.get("family")) or (targets[0].provider if targets else "")
    families = found.get("families")
    return {
        "parent_model": "",
        "format": _text(found.get("format")),
        "family": family,
        "families": _texts(families) if isinstance(families, list) else [family],
        "parameter_size": _text(found.get("parameter_size")),
        "quantization_level": _text(found.get("quantization_level")),
    }


def _target(target: Target) -> dict[str, str]:
    return {
        "target": target.name,
        "provider": target.provider,
        "model": target.model,
        "boundary": target.boundary.name,
        "kind": target.boundary.kind,
    }


def _first_warm(targets: Sequence[Target], warm: Callable[[Target], bool]) -> Target | None:
    return next((target for target in targets if target.boundary.kind != "cloud" and warm(target)), None)


def _capabilities(told: Mapping[str, Any]) -> list[str]:
    found = told.get("capabilities")
    return _texts(found) or list(_CAPABILITIES) if isinstance(found, list) else list(_CAPABILITIES)


def _digest(name: str, targets: Iterable[Target]) -> str:
    """One that changes with what the name stands for."""
    return sha256("\0".join([name, *[f"{target.name}\0{target.model}" for target in targets]]).encode()).hexdigest()


def _size(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(values: Iterable[object]) -> list[str]:
    return [value for value in values if isinstance(value, str)]
