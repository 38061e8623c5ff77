"""All that looks at texts: the engine with what is the user's own, and detectors beside it."""

import hmac
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from tidegate.app.keys import read_keys
from tidegate.config import Settings

if TYPE_CHECKING:
    from tidegate.core.classify.engine import Engine
    from tidegate.core.classify.rows import Finder
    from tidegate.core.decide.policy import Policy
    from tidegate.ports import Detector
    from tidegate.services.explain import Explainer


def open_engine(settings: Settings, detection: bytes) -> "Engine":
    """The engine, with names and all that is the user's own. `detection`: `Keys.detection`. Raises ConfigError."""
    from tidegate.core.classify.engine import Engine

    finders = own_finders(settings, detection)
    if settings.detection.names:
        finders.append(names_finder())
    key = hmac.digest(detection, b"tidegate texts seen before", "sha256")
    return Engine(finders=finders, key=key, kept_bytes=settings.detection.cache_bytes)


@cache
def names_finder() -> "Finder":
    """The tagger that ships. Its data, some megabytes, is read once."""
    from tidegate.core.classify import names
    from tidegate.models.names import names_data

    return names.load(*names_data())


def open_detectors(settings: Settings) -> "list[Detector]":
    """The detectors beside the engine that the configuration names, loaded: seconds. Raises ConfigError."""
    if not settings.detectors:
        return []
    from tidegate.adapters.detectors.opening import open_detector

    return [
        open_detector(
            name,
            kind=table.kind,
            model=table.model,
            labels=table.labels,
            timeout_s=table.timeout_s,
            threshold=table.threshold,
        )
        for name, table in settings.detectors.items()
    ]


def labels_found(settings: Settings) -> frozenset[str]:
    """Labels that some detector can find; what is not among them is never reported. Raises ConfigError where what was
    registered, a dictionary or a model cannot be read.
    """
    detection = read_keys(settings).keys.detection if settings.detection.path.exists() else b""
    return labels_of(settings, open_engine(settings, detection), open_detectors(settings))


def labels_of(settings: Settings, engine: "Engine", detectors: "Sequence[Detector]") -> frozenset[str]:
    """What these find, and what is remembered of answers."""
    from tidegate.core.classify.derived import LABEL

    remembered = {LABEL} if settings.detection.derived_hours else set()
    return engine.labels.union(remembered, *(detector.labels for detector in detectors))


def own_finders(settings: Settings, detection: bytes) -> "list[Finder]":
    """Detectors of the user's own words, records and code. `detection`: `Keys.detection`. Raises ConfigError."""
    from tidegate.adapters.registry.folder import own_finders

    return own_finders(settings.detection.path, settings.detection.dictionaries, detection)


def own_state(settings: Settings) -> tuple[object, ...]:
    """Differs whenever `own_finders` would give something else. Blocking, but short: it asks for each file's date."""
    from tidegate.adapters.registry.folder import state

    return state(settings.detection.path, settings.detection.dictionaries)


def explainer(settings: Settings, policy: "Policy") -> "Explainer":
    """Classifies and decides as the path does, without record and dispatch. It knows nothing of past answers."""
    from tidegate.services.explain import Explainer

    # Only what was registered needs the key, and only a gateway or `tidegate detect` makes keys.
    detection = read_keys(settings).keys.detection if settings.detection.path.exists() else b""
    targets = list(settings.targets.values())
    return Explainer(
        open_engine(settings, detection),
        policy,
        targets,
        open_detectors(settings),
    )
