"""What local runtimes tell of themselves: whether the model is in memory, and who works and waits there.

Every question is a GET without a body. Where each answer is described:
- Ollama `docs/api.md`: `/api/ps` lists the models in memory; of queues it tells nothing;
- LM Studio REST v1: `/api/v1/models`, each with `loaded_instances`;
- llama.cpp `tools/server/README.md`: `/health` (503 while loading), `/metrics` (`llamacpp:requests_processing`,
  `llamacpp:requests_deferred`), `/slots` (`is_processing`);
- vLLM "Production Metrics": `/metrics` (`vllm:num_requests_running`, `vllm:num_requests_waiting`), `/health`.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from tidegate.core.values.route import UNTOLD, Load, Warmth

MOST_BYTES = 4 * 1024 * 1024
_SAMPLE = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^}]*)\})?\s+(\S+)", re.MULTILINE)
_MODEL = re.compile(r'model_name="((?:[^"\\]|\\.)*)"')


class Told(NamedTuple):
    """An answer to one question; `status` 0 where none came."""

    status: int
    body: bytes


_UNASKED = Told(0, b"")

Reading = Callable[[Mapping[str, Told], str], Load]


class Questions(NamedTuple):
    """`paths`: from the server's root, the first one also tells whether somebody is there. `read`: of what was told by
    path, and the model's name there.
    """

    paths: Sequence[str]
    read: Reading


def _ollama(told: Mapping[str, Told], model: str) -> Load:
    answer = _json(told["/api/ps"])
    if not isinstance(answer, dict) or not isinstance(answer.get("models"), list):
        return UNTOLD
    loaded = {_text(entry, key) for entry in _entries(told["/api/ps"], "models") for key in ("name", "model")}
    named = model if ":" in model else f"{model}:latest"
    return Load("warm" if named in loaded or model in loaded else "cold")


def _lmstudio(told: Mapping[str, Told], model: str) -> Load:
    answer = told["/api/v1/models"]
    for entry in _entries(answer, "models"):
        listed = entry.get("loaded_instances")
        instances = [one for one in (listed if isinstance(listed, list) else ()) if isinstance(one, dict)]
        if model == _text(entry, "key") or model in {_text(one, "id") for one in instances}:
            return Load("warm" if instances else "cold")
    return UNTOLD


def _llamacpp(told: Mapping[str, Told], model: str) -> Load:  # noqa: ARG001 - it serves one model
    health = told["/health"].status
    warmth: Warmth = "warm" if health == 200 else "loading" if health == 503 else "unknown"
    slots = [one for one in _list(told.get("/slots", _UNASKED)) if isinstance(one, dict)]
    metrics = dict(_samples(told["/metrics"], ""))
    running = metrics.get("llamacpp:requests_processing", -1)
    if running < 0 and slots:
        running = sum(one.get("is_processing") is True for one in slots)
    return Load(warmth, running, metrics.get("llamacpp:requests_deferred", -1), len(slots) or -1)


def _vllm(told: Mapping[str, Told], model: str) -> Load:
    """It listens only once its model is there; 503 means that its engine has died."""
    metrics = dict(_samples(told["/metrics"], model))
    running, waiting = metrics.get("vllm:num_requests_running", -1), metrics.get("vllm:num_requests_waiting", -1)
    return Load("warm" if told["/health"].status == 200 else "unknown", running, waiting)


QUESTIONS: Mapping[str, Questions] = {
    "ollama": Questions(("/api/ps",), _ollama),
    "lmstudio": Questions(("/api/v1/models",), _lmstudio),
    "llamacpp": Questions(("/health", "/metrics", "/slots"), _llamacpp),
    "embedded": Questions(("/health", "/metrics"), _llamacpp),  # its slots would show what others wrote
    "vllm": Questions(("/health", "/metrics"), _vllm),
}
"""By the provider of a target."""

ALIVE: Mapping[str, str] = {
    "openai": "/v1/models",
    "openai-compatible": "/models",
    "anthropic": "/v1/models",
    "gemini": "/v1beta/models",
    "mistral": "/v1/models",
    "azure": "/openai/v1/models",
    "deepseek": "/models",
    "groq": "/v1/models",
    "openrouter": "/v1/models",
    "xai": "/v1/models",
}
"""What others are asked, after the target's url: their list of models. Whoever is not here is asked nothing."""


def paths(provider: str) -> Sequence[str]:
    """What may be asked there, after the target's url; the first one tells whether it is there."""
    if questions := QUESTIONS.get(provider):
        return questions.paths
    return (ALIVE[provider],) if provider in ALIVE else ()


def read(provider: str, told: Mapping[str, Told], model: str) -> Load:
    """`UNTOLD` for whoever tells nothing, and for an answer of another shape than the documented one."""
    questions = QUESTIONS.get(provider)
    return questions.read(told, model) if questions else UNTOLD


def _json(told: Told) -> Any:
    if told.status != 200 or len(told.body) > MOST_BYTES:
        return None
    try:
        return orjson.loads(told.body)
    except orjson.JSONDecodeError:
        return None


def _list(told: Told) -> list[Any]:
    found = _json(told)
    return found if isinstance(found, list) else []


def _entries(told: Told, key: str) -> list[dict[str, Any]]:
    found = _json(told)
    entries = found.get(key) if isinstance(found, dict) else None
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _samples(told: Told, model: str) -> Iterator[tuple[str, int]]:
    """Gauges of Prometheus' text format; of those that name a model, the ones of `model`. Counts of several engines
    under one name are added up.
    """
    sums: dict[str, int] = {}
    text = told.body.decode("utf-8", "replace") if told.status == 200 and len(told.body) <= MOST_BYTES else ""
    for name, labels, value in _SAMPLE.findall(text):
        named = _MODEL.search(labels)
        number = _number(value)
        if number >= 0 and (not model or not named or named[1] == model):
            sums[name] = sums.get(name, 0) + number
    return iter(sums.items())


def _number(text: str) -> int:
    try:
        number = float(text)
    except ValueError:
        return -1
    return int(number) if math.isfinite(number) and 0 <= number < 1e9 else -1
