"""A real spaCy pipeline, saved to a folder and loaded from there."""

import pytest

from tidegate.adapters.detectors.beside import Span
from tidegate.adapters.detectors.spacy import load, open_spacy
from tidegate.core.values.errors import ConfigError


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory):
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": "PERSON", "pattern": "Jane Roe"}, {"label": "GPE", "pattern": "Łódź"}]
    )
    folder = tmp_path_factory.mktemp("spacy") / "pipeline"
    nlp.to_disk(folder)
    return str(folder)


def test_entities_come_with_characters_from_and_to(pipeline):
    texts = ["Ask Jane Roe.", "", "In Łódź, Jane Roe waits."]
    assert open_spacy(pipeline)(texts) == [
        [Span("PERSON", 4, 12, 0.85)],
        [],
        [Span("GPE", 3, 7, 0.85), Span("PERSON", 9, 17, 0.85)],
    ]


@pytest.mark.parametrize("model", ["no_such_pipeline", "/no/such/folder", "blank:xx-no-such-language"])
def test_a_model_that_is_not_there_is_named_with_what_to_do(model):
    with pytest.raises(ConfigError, match="install it, or name the folder"):
        open_spacy(model)


def test_a_language_without_a_model_has_a_tokenizer_and_no_entities():
    assert load("blank:de").lang == "de"
    assert open_spacy("blank:en")(["Ask Jane Roe."]) == [[]]
