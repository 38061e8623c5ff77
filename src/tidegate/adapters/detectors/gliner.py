"""GLiNER: entities by the names that one gives them. https://github.com/urchade/GLiNER"""

from collections.abc import Collection
from pathlib import Path

from tidegate.adapters.detectors.beside import Look, Span
from tidegate.adapters.detectors.offline import stay_offline
from tidegate.core.values.errors import ConfigError

_WINDOW_CHARS = 1200
"""Its models read a few hundred tokens and silently cut off the rest, so longer texts are read in windows."""
_OVERLAP_CHARS = 200


def open_gliner(folder: str, entities: Collection[str], threshold: float) -> Look:
    """Loads a model that was saved or downloaded into `folder`. Raises ConfigError; downloads nothing."""
    if not Path(folder).is_dir():
        raise ConfigError([f"there is no folder {folder}: download a GLiNER model and name its folder"])
    stay_offline()
    try:
        from gliner import GLiNER
    except ImportError:
        raise ConfigError(["GLiNER is not installed: pip install 'tidegate[gliner]'"]) from None
    try:
        model = GLiNER.from_pretrained(folder, local_files_only=True)
    except Exception as error:
        raise ConfigError([f"GLiNER cannot load {folder} ({type(error).__name__}): download it again"]) from error
    names = sorted(entities)

    def spans(text: str) -> list[Span]:
        found: dict[tuple[str, int, int], float] = {}
        for offset in range(0, max(1, len(text)), _WINDOW_CHARS - _OVERLAP_CHARS):
            for each in model.predict_entities(text[offset : offset + _WINDOW_CHARS], names, threshold=threshold):
                place = each["label"], each["start"] + offset, each["end"] + offset
                found[place] = max(float(each["score"]), found.get(place, 0.0))
        return [Span(*place, score) for place, score in found.items()]

    return lambda texts: [spans(text) for text in texts]
