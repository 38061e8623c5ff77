"""Settings that stand beside the text, read and written."""

import orjson
import pytest

from tidegate.core.dialects.neutral.chat import Chat, Format
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.ollama import options
from tidegate.core.values.errors import BadRequest

SAID = [
    ({}, {"stream": True, "stream_usage": True}),
    ({"stream": False}, {"stream": False}),
    ({"options": {"num_ctx": 8192}}, {"context_tokens": 8192}),
    ({"options": {"num_predict": 100}}, {"max_tokens": 100}),
    ({"options": {"num_predict": -1}}, {"max_tokens": None}),
    ({"options": {"num_predict": -2}}, {"max_tokens": None}),
    ({"options": {"temperature": 0, "top_p": 0.9, "top_k": 40}}, {"temperature": 0, "top_p": 0.9, "top_k": 40}),
    ({"options": {"stop": ["a", "b"], "seed": 7}}, {"stop": ("a", "b"), "seed": 7}),
    ({"options": {"presence_penalty": 1.5}}, {"presence_penalty": 1.5}),
    ({"options": {"frequency_penalty": 1.5}}, {"frequency_penalty": 1.5}),
    ({"options": None}, {"temperature": None}),
    ({"keep_alive": "5m"}, {"keep_alive": '"5m"'}),
    ({"keep_alive": 0}, {"keep_alive": "0"}),
    ({"keep_alive": -1}, {"keep_alive": "-1"}),
    ({"format": ""}, {"format": None}),
    ({"format": "json"}, {"format": Format("json")}),
    ({"format": {"type": "object"}}, {"format": Format("schema", schema={"type": "object"})}),
    ({"think": True}, {"thinks": True}),
    ({"think": False}, {"thinks": False}),
    ({"think": "high"}, {"thinks": True, "effort": "high"}),
    ({"logprobs": True, "top_logprobs": 3}, {"logprobs": True, "top_logprobs": 3}),
]
WRONG = [
    ({"options": []}, "options"),
    ({"options": {"num_ctx": "8k"}}, "options.num_ctx"),
    ({"options": {"temperature": True}}, "options.temperature"),
    ({"options": {"stop": [1]}}, "options.stop"),
    ({"stream": "yes"}, "stream"),
    ({"format": 1}, "format"),
    ({"format": "yaml"}, "format"),
    ({"think": 1}, "think"),
    ({"logprobs": 1}, "logprobs"),
]


@pytest.mark.parametrize(("document", "meant"), SAID)
def test_what_settings_mean(document, meant):
    found = options.read(Fields(document))
    assert {name: found.get(name) for name in meant} == meant
    assert found["left"] == ()


@pytest.mark.parametrize(("document", "where"), WRONG)
def test_a_wrong_type_is_named_by_its_path(document, where):
    with pytest.raises(BadRequest) as refused:
        options.read(Fields(document))
    assert refused.value.param == where


def test_an_option_without_a_word_elsewhere_is_named():
    found = options.read(Fields({"options": {"min_p": 0.1, "repeat_penalty": 1.1, "top_k": 1}}))
    assert [(left.name, left.essential) for left in found["left"]] == [
        ("options.min_p", False),
        ("options.repeat_penalty", False),
    ]


@pytest.mark.parametrize("document", [document for document, _ in SAID if document.get("stream") is not False])
def test_what_was_read_is_written_and_read_again(document):
    meant = {name: value for name, value in options.read(Fields(document)).items() if name != "left"}
    ask = Chat(turns=(), **meant)
    again = options.read(Fields(orjson.loads(orjson.dumps(dict(options.written(ask))))))
    assert {name: value for name, value in again.items() if name != "left"} == meant


@pytest.mark.parametrize(
    ("effort", "think"), [("minimal", "low"), ("low", "low"), ("high", "high"), ("xhigh", "high"), ("none", False)]
)
def test_other_dialects_words_for_effort_become_one_of_three_levels(effort, think):
    assert dict(options.written(Chat(turns=(), effort=effort)))["think"] == think


def test_how_long_a_model_stays_reaches_the_target():
    """It was lost on the way in another gateway (litellm 11483)."""
    assert dict(options.written(Chat(turns=(), keep_alive='"24h"')))["keep_alive"] == "24h"
    assert dict(options.written(Chat(turns=(), keep_alive="-1")))["keep_alive"] == -1


def test_a_number_beyond_64_bits_is_a_mistake_of_the_client():
    with pytest.raises(BadRequest):
        options.as_json(2**70)
