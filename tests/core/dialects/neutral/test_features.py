"""What a request uses, and what becomes of what a dialect cannot say."""

import pytest

from tidegate.core.dialects.neutral.chat import (
    Chat,
    Format,
    Left,
    Media,
    Refused,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.dialects.neutral.features import Cannot, Feature, fit, used_by
from tidegate.core.values.errors import BadRequest

HELLO = Turn("user", (Text("hello"),))


def said(*blocks, role="user"):
    return Chat(turns=(Turn(role, blocks), HELLO))


USES = [
    (Chat(turns=(HELLO,)), set()),
    (Chat(turns=(HELLO,), temperature=0.0), {Feature.TEMPERATURE}),
    (Chat(turns=(HELLO,), stop=("x",), seed=0), {Feature.STOP, Feature.SEED}),
    (Chat(turns=(HELLO,), choices=1), set()),
    (Chat(turns=(HELLO,), choices=2), {Feature.CHOICES}),
    (Chat(turns=(HELLO,), tool_choice="auto"), set()),
    (Chat(turns=(HELLO,), tool_choice="required"), {Feature.TOOL_CHOICE_REQUIRED}),
    (Chat(turns=(HELLO,), format=Format("text")), set()),
    (Chat(turns=(HELLO,), format=Format("json")), {Feature.JSON}),
    (Chat(turns=(HELLO,), format=Format("schema")), {Feature.JSON_SCHEMA}),
    (Chat(turns=(HELLO,), tools=(Tool("f", strict=True),)), {Feature.TOOLS, Feature.STRICT_TOOLS}),
    (Chat(turns=(HELLO,), tools=(Tool("f", free=True),)), {Feature.TOOLS, Feature.FREE_TOOLS}),
    (Chat(turns=(HELLO, Turn("system", (Text("s"),)))), {Feature.LATER_SYSTEM_TURNS}),
    (Chat(turns=(HELLO, Turn("assistant", (Text("{"),)))), {Feature.PREFILL}),
    (Chat(turns=(HELLO._replace(name="Ann"),)), {Feature.PARTICIPANT_NAMES}),
    (said(Text("x", cache="5m")), {Feature.CACHE_HINTS}),
    (said(Media("image", data="A")), {Feature.IMAGE_DATA}),
    (said(Media("image", url="https://x", detail="low")), {Feature.IMAGE_URL, Feature.IMAGE_DETAIL}),
    (said(Media("image", file_id="f")), {Feature.FILE_ID}),
    (said(Media("file", data="A")), {Feature.FILE_DATA}),
    (said(Media("file", url="https://x")), {Feature.FILE_URL}),
    (said(Media("audio", data="A")), {Feature.AUDIO}),
    (said(Media("video", data="A")), {Feature.VIDEO}),
    (said(Thinking("hm"), role="assistant"), {Feature.THINKING_HISTORY, Feature.UNSIGNED_THINKING_HISTORY}),
    (said(Refused("no"), role="assistant"), {Feature.REFUSAL_HISTORY}),
    (said(ToolCall("1", "f", "{}"), role="assistant"), {Feature.TOOLS}),
    (said(ToolResult("1", "f", (Media("image", data="A"),), failed=True), role="tool"),
     {Feature.TOOLS, Feature.TOOL_FAILURES, Feature.MEDIA_IN_RESULTS, Feature.IMAGE_DATA}),
    (Embedding(inputs=("a",)), set()),
    (Embedding(inputs=("a", (1, 2)), dimensions=8), {Feature.DIMENSIONS, Feature.TOKEN_INPUT}),
    (Embedding(inputs=("a",), truncate=False, user="u", keep_alive='"5m"'),
     {Feature.TRUNCATE, Feature.USER, Feature.KEEP_ALIVE}),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "features"), USES)
def test_features_are_seen(ask, features):
    assert set(used_by(ask)) == features


def test_every_feature_is_seen_somewhere():
    plain = {Feature.MAX_TOKENS, Feature.TOP_P, Feature.TOP_K, Feature.PRESENCE_PENALTY, Feature.FREQUENCY_PENALTY,
             Feature.LOGIT_BIAS, Feature.LOGPROBS, Feature.METADATA, Feature.CONTEXT_TOKENS, Feature.VERBOSITY,
             Feature.THINKING, Feature.EFFORT, Feature.THINKING_TOKENS, Feature.TOOL_CHOICE, Feature.TOOL_CHOICE_NAMED,
             Feature.PARALLEL_TOOLS}  # fmt: skip
    values = {"max_tokens": 1, "top_p": 1.0, "top_k": 1, "presence_penalty": 0.0, "frequency_penalty": 0.0,
              "logit_bias": {}, "logprobs": True, "metadata": {}, "context_tokens": 1, "verbosity": "low",
              "thinks": False, "effort": "low", "thinking_tokens": 1, "tool_choice": "none",
              "parallel_tools": True}  # fmt: skip
    seen = set(used_by(Chat(turns=(HELLO,), **values)))
    seen |= set(used_by(Chat(turns=(HELLO,), tool_choice="named", tool_named="f")))
    assert seen == plain
    assert plain.union(*[features for _, features in USES]) == set(Feature)


def test_what_is_dropped_is_named_and_what_is_refused_raises():
    chat = Chat(turns=(HELLO,), seed=1, top_k=2, temperature=0.0, left=(Left("novel"),))
    table = {Feature.SEED: Cannot.DROPPED, Feature.TOP_K: Cannot.DROPPED}
    assert fit(chat, table, "d") == ("novel", "seed", "top_k")
    with pytest.raises(BadRequest, match="cannot be said in d: seed, top_k") as raised:
        fit(chat, dict.fromkeys(table, Cannot.REFUSED), "d")
    assert raised.value.code == "not_expressible"


@pytest.mark.parametrize("forced", [{"tool_choice": "required"}, {"tool_choice": "named", "tool_named": "web_search"}])
def test_a_tool_that_must_be_called_cannot_be_left_out(forced):
    left = (Left("tools.web_search"),)
    assert fit(Chat(turns=(HELLO,), left=left, tool_choice="auto"), {}, "d") == ("tools.web_search",)
    with pytest.raises(BadRequest, match="tool_choice"):
        fit(Chat(turns=(HELLO,), left=left, **forced), {}, "d")


def test_a_field_without_which_the_request_means_something_else_is_refused_everywhere():
    with pytest.raises(BadRequest, match="previous_response_id"):
        fit(Chat(turns=(HELLO,), left=(Left("previous_response_id", essential=True),)), {}, "d")
