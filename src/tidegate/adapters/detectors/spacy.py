"""spaCy pipelines: whatever they mark as an entity. https://spacy.io/api/doc#ents"""

from collections.abc import Sequence

from tidegate.adapters.detectors.beside import Look, Span
from tidegate.core.values.errors import ConfigError

BLANK = "blank:"
"""`blank:en` is a language's tokenizer without a model, for a Presidio that finds by patterns alone."""
_SCORE = 0.85
"""spaCy's entities have no score of their own; this is what Presidio takes them to be worth."""


def open_spacy(model: str) -> Look:
    """Loads an installed pipeline or a folder. Raises ConfigError, which says what to do; downloads nothing."""
    nlp = load(model)

    def look(texts: Sequence[str]) -> list[list[Span]]:
        return [
            [Span(entity.label_, entity.start_char, entity.end_char, _SCORE) for entity in document.ents]
            for document in nlp.pipe(texts)
        ]

    return look


def load(model: str):  # type: ignore[no-untyped-def]  # noqa: ANN201 - spaCy's type must not be imported at the top
    try:
        import spacy
    except ImportError:
        raise ConfigError(["spaCy is not installed: pip install 'tidegate[spacy]'"]) from None
    try:
        return spacy.blank(model.removeprefix(BLANK)) if model.startswith(BLANK) else spacy.load(model)
    except (OSError, ImportError, ValueError) as error:
        raise ConfigError(
            [f"spaCy cannot load {model} ({type(error).__name__}): install it, or name the folder of a saved pipeline"]
        ) from None
