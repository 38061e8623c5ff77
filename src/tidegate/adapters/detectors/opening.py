"""A configured detector, loaded and put behind its deadline."""

from collections.abc import Mapping

from tidegate.adapters.detectors.beside import Beside, Look
from tidegate.core.values.errors import ConfigError


def open_detector(
    name: str, *, kind: str, model: str, labels: Mapping[str, str], timeout_s: float, threshold: float
) -> Beside:
    """`labels`: the library's names of entities to ours. Loading takes seconds. Raises ConfigError."""
    if not labels:
        raise ConfigError([f"detectors.{name}.labels: without a line the detector finds nothing; name an entity"])
    look = _look(kind, model, frozenset(labels), threshold)
    return Beside(name, look, labels, timeout_s=timeout_s, threshold=threshold)


def _look(kind: str, model: str, entities: frozenset[str], threshold: float) -> Look:
    # Each library is imported only where the configuration names it: they take seconds and hundreds of megabytes.
    if kind == "spacy":
        from tidegate.adapters.detectors.spacy import open_spacy

        return open_spacy(model)
    if kind == "presidio":
        from tidegate.adapters.detectors.presidio import open_presidio

        return open_presidio(model, entities)
    if kind == "gliner":
        from tidegate.adapters.detectors.gliner import open_gliner

        return open_gliner(model, entities, threshold)
    raise ConfigError([f"there is no kind of detector {kind}"])
