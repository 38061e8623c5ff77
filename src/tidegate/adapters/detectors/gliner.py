"""GLiNER: entities by the names that one gives them. https://github.com/urchade/GLiNER"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from tidegate.adapters.detectors.beside import Look, Span
from tidegate.adapters.detectors.offline import stay_offline
from tidegate.core.values.errors import ConfigError

_WORD = re.compile(r"\w+|[^\w\s]")
_OVERLAP_WORDS = 24
"""Longer entities are not found where a window ends."""


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
    names, most = sorted(entities), max(2 * _OVERLAP_WORDS, model.config.max_len * 3 // 4)

    def spans(text: str) -> list[Span]:
        found: dict[tuple[str, int, int], float] = {}
        for low, high in windows(text, most):
            for each in model.predict_entities(text[low:high], names, threshold=threshold):
                place = each["label"], each["start"] + low, each["end"] + low
                found[place] = max(float(each["score"]), found.get(place, 0.0))
        return [Span(*place, score) for place, score in found.items()]

    return lambda texts: [spans(text) for text in texts]


def windows(text: str, most: int) -> Iterator[tuple[int, int]]:
    """Characters from and to. A model reads so many words and drops the rest with a warning, which must not happen."""
    words = [word.span() for word in _WORD.finditer(text)]
    for first in range(0, max(1, len(words) - _OVERLAP_WORDS), most - _OVERLAP_WORDS):
        if window := words[first : first + most]:
            yield window[0][0], window[-1][1]
