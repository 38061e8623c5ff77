"""How near an estimate comes to what was counted."""

import json
from pathlib import Path

import pytest

from tidegate.core.dialects.anthropic_count_tokens.estimate import estimate

GOLDEN = Path(__file__).parents[3] / "golden" / "anthropic_messages"
# Pictures are counted at their largest, and tools that the provider runs bring texts of its own.
UNLIKE = ('"type":"image"', '"type": "image"', "tool_search_tool_regex")


def counted(response):
    """What the provider says that it read, of a whole answer or of a stream's beginning."""
    body = response["body"]
    tree = (
        json.loads(body) if body.startswith("{") else json.loads(body.split("data: ", 1)[1].split("\n")[0])["message"]
    )
    kinds = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    return sum(tree["usage"].get(kind) or 0 for kind in kinds)


def recorded():
    for path in sorted(GOLDEN.glob("*.json")):
        exchange = json.loads(path.read_text("utf-8"))
        if exchange["response"]["status"] == 200 and not any(w in exchange["request"]["body"] for w in UNLIKE):
            yield pytest.param(exchange, id=path.stem)


@pytest.mark.parametrize("exchange", [*recorded()])
def test_recorded_requests_are_estimated_at_half_to_one_and_a_half_times_their_count(exchange):
    found, told = estimate(json.loads(exchange["request"]["body"])), counted(exchange["response"])
    assert 0.5 * told <= found <= 1.5 * told


def of(text):
    return estimate({"messages": [{"role": "user", "content": text}]}) - estimate({"messages": [{"role": "user"}]})


# (a text, what Claude 2, Qwen, Tekken and Mistral's v3 count it as)
TEXTS = [
    ("The harbour master wrote the tide tables by hand for forty years, and nobody ever found a mistake in them.",
     (22, 22, 22, 23)),
    ("def total(values: list[int]) -> int:\n    return sum(value for value in values if value > 0)\n",
     (27, 24, 24, 29)),
    ('{"name": "buoy-7", "depth_m": 12.5, "tags": ["red", "lit"], "active": true}', (32, 33, 33, 34)),
    ("Приливы и отливы бывают дважды в сутки.", (24, 18, 14, 17)),
    ("潮の満ち引きは一日に二回あります。", (17, 13, 15, 22)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "counts"), TEXTS, ids=[text[:20] for text, _ in TEXTS])
def test_texts_are_estimated_near_the_middle_of_four_tokenizers(text, counts):
    middle = sorted(counts)[1]
    assert 0.6 * middle <= of(text) <= 1.5 * middle


def test_more_text_is_more_and_nothing_is_little():
    assert of("") == 0
    assert of("tide " * 100) > 9 * of("tide " * 10)


def test_everything_that_a_model_reads_counts():
    base = {"messages": [{"role": "user", "content": "hello"}]}
    least = estimate(base)
    for more in (
        {"thinking": {"type": "enabled", "budget_tokens": 1024}},
        {"system": "Be brief, and kind."},
        {"tools": [{"name": "f", "input_schema": {}}]},
        {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}},
        {"messages": [*base["messages"], {"role": "assistant", "content": [{"type": "text", "text": "Hello there."}]}]},
        {"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "url", "url": "x"}}]}]},
        {"messages": [{"role": "user", "content": [
            {"type": "document", "source": {"type": "text", "data": "said " * 40}}]}]},
        {"messages": [{"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t", "content": "found " * 40}]}]},
        {"messages": [{"role": "assistant", "content": [
            {"type": "tool_use", "id": "t", "name": "f", "input": {"a": "b " * 40}}]}]},
    ):  # fmt: skip
        assert estimate({**base, **more}) > least


def test_bytes_of_a_picture_are_no_text():
    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD" * 9000}}
    assert estimate({"messages": [{"role": "user", "content": [picture]}]}) < 2000


@pytest.mark.parametrize("odd", [None, 3, "x", [3, None, "x"], {"a": {"b": [1]}}, [[["x"]]]])
def test_a_request_of_any_shape_has_an_estimate(odd):
    for key in ("messages", "system", "tools", "output_config", "output_format"):
        assert estimate({key: odd}) >= 8


def test_numbers_of_any_size_count():
    content = [{"type": "tool_use", "id": "c", "name": "f", "input": {"n": 2**70}}]
    document = {"messages": [{"role": "assistant", "content": content}], "tools": [{"n": 2**70}]}
    document["output_format"] = {"n": -(2**70)}
    assert estimate(document) > estimate({"messages": [{"role": "assistant", "content": ""}]})
