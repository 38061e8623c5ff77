"""Microsoft Presidio's analyzer with its default registry. https://github.com/microsoft/presidio"""

import logging
from collections.abc import Collection, Sequence

from tidegate.adapters.detectors import spacy
from tidegate.adapters.detectors.beside import Look, Span
from tidegate.adapters.detectors.offline import stay_offline
from tidegate.core.values.errors import ConfigError


def open_presidio(model: str, entities: Collection[str] | None) -> Look:
    """`model`: a spaCy pipeline, or `blank:en` for patterns alone. `entities`: None for all. Raises ConfigError.

    Presidio would download a model that is missing, and its e-mail check a list of domain suffixes: neither happens.
    """
    stay_offline()
    try:
        import tldextract
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import SpacyNlpEngine
        from presidio_analyzer.recognizer_registry import RecognizerRegistry
    except ImportError:
        raise ConfigError(["Presidio is not installed: pip install 'tidegate[presidio]'"]) from None
    # It says of each of a hundred recognisers that it speaks another language.
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    nlp = spacy.load(model)
    engine = SpacyNlpEngine([{"lang_code": nlp.lang, "model_name": model}])
    engine.nlp = {nlp.lang: nlp}
    registry = RecognizerRegistry(supported_languages=[nlp.lang])
    registry.load_predefined_recognizers(languages=[nlp.lang], nlp_engine=engine)
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[nlp.lang])
    known = analyzer.get_supported_entities(nlp.lang)
    asked = known if entities is None else sorted(entities)
    if strange := [name for name in asked if name not in known]:
        raise ConfigError(
            [f"Presidio finds no {', '.join(strange)} in {nlp.lang}; it knows {', '.join(sorted(known))}"]
        )

    def look(texts: Sequence[str]) -> list[list[Span]]:
        return [
            [
                Span(found.entity_type, found.start, found.end, found.score)
                for found in analyzer.analyze(text, language=nlp.lang, entities=asked)
            ]
            for text in texts
        ]

    return look
