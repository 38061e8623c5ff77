"""GLiNER: its windows always, and the library itself, with a model of random weights, where it is installed."""

import warnings
from itertools import pairwise

import pytest

from tidegate.adapters.detectors.gliner import open_gliner, windows
from tidegate.core.values.errors import ConfigError


@pytest.mark.parametrize("words", [0, 1, 47, 48, 49, 72, 73, 1000])
def test_windows_hold_every_word_and_none_too_many(words):
    text = " ".join(f"w{n}" for n in range(words))
    found = [text[low:high].split() for low, high in windows(text, 48)]
    assert {word for window in found for word in window} == set(text.split())
    assert all(len(window) <= 48 for window in found)


def test_neighbouring_windows_share_words():
    text = " ".join(f"w{n}" for n in range(200))
    found = [set(text[low:high].split()) for low, high in windows(text, 48)]
    assert all(len(left & right) == 24 for left, right in pairwise(found))


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match="download a GLiNER model"):
        open_gliner(str(tmp_path / "none"), ["person"], 0.5)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """The smallest model that the library itself can save: its answers mean nothing, their places must be right."""
    pytest.importorskip("gliner", reason="GLiNER is an extra of some gigabytes")
    warnings.simplefilter("ignore")
    from gliner import GLiNER, GLiNERConfig
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    backbone, folder = tmp_path_factory.mktemp("backbone"), tmp_path_factory.mktemp("gliner")
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(special)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = {f"{word[1:-1].lower()}_token": word for word in special}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(backbone)
    size = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    config = BertConfig(vocab_size=64, **size)
    BertModel(config).save_pretrained(backbone)
    whole = GLiNERConfig(
        model_name=str(backbone),
        encoder_config=config.to_dict(),
        hidden_size=32,
        span_mode="markerV0",
        max_width=4,
        max_len=128,
        vocab_size=64,
    )
    GLiNER.from_config(whole).save_pretrained(folder)
    return str(folder)


def test_spans_lie_in_the_text_also_of_a_long_one(model):
    look = open_gliner(model, ["person", "location"], 0.3)
    texts = ["Ask Jane Roe in Paris.", "", "Jane Roe waits. " * 300]
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*truncated.*")
        found = look(texts)
    assert found[0] != []
    assert found[1] == []
    assert max(span.end for span in found[2]) > 4000
    for text, spans in zip(texts, found, strict=True):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert {span.entity for span in spans} <= {"person", "location"}


def test_a_broken_model_is_named_with_what_to_do(tmp_path):
    pytest.importorskip("gliner", reason="GLiNER is an extra of some gigabytes")
    with pytest.raises(ConfigError, match="download it again"):
        open_gliner(str(tmp_path), ["person"], 0.5)
