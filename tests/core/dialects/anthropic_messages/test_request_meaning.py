"""What a request means to others, and what of it nobody else has a word for."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dialects import anthropic_messages as dialect
from tidegate.core.dialects import openai_chat
from tidegate.core.dialects.crossing import cross_request
from tidegate.core.dialects.neutral.chat import Media, Text, Thinking, ToolCall, ToolResult, Turn
from tidegate.core.values.errors import BadRequest

USER = {"role": "user", "content": "hello"}


def read(*messages, **fields):
    return dialect.read_request({"model": "m", "max_tokens": 9, "messages": [*messages] or [USER], **fields})


def turns(*content, role="user"):
    return read({"role": role, "content": [*content]}).turns


@pytest.mark.parametrize(
    ("block", "meant"),
    [
        ({"type": "text", "text": "a"}, Text("a")),
        ({"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}, Text("a", "5m")),
        ({"type": "text", "text": "a", "cache_control": {"type": "ephemeral", "ttl": "1h"}}, Text("a", "1h")),
        ({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QQ=="}},
         Media("image", "image/png", data="QQ==")),
        ({"type": "image", "source": {"type": "url", "url": "https://a.example/x"}},
         Media("image", url="https://a.example/x")),
        ({"type": "image", "source": {"type": "file", "file_id": "f"}}, Media("image", file_id="f")),
        ({"type": "document", "title": "t", "source": {"type": "base64", "media_type": "application/pdf", "data": "Q"}},
         Media("file", "application/pdf", data="Q", name="t")),
        ({"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "said"}}, Text("said")),
        ({"type": "compaction", "content": "in short"}, Text("in short")),
        ({"type": "thinking", "thinking": "hm", "signature": "s"}, Thinking("hm", "s")),
        ({"type": "redacted_thinking", "data": "d"}, Thinking("", sealed="d")),
        ({"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}}, ToolCall("t", "f", '{"a":1}')),
    ],
)  # fmt: skip
def test_a_block_has_a_meaning(block, meant):
    assert turns(block) == (Turn("user", (meant,)),)


def test_a_document_of_text_is_text_after_its_title_and_context():
    source = {"type": "content", "content": [{"type": "text", "text": "b"}]}
    assert turns({"type": "document", "title": "t", "context": "c", "source": source}) == (
        Turn("user", (Text("t\nc"), Text("b"))),
    )


def test_results_stand_in_a_turn_of_their_own_before_what_the_user_says():
    said = {"type": "text", "text": "and?"}
    one = {"type": "tool_result", "tool_use_id": "a", "content": "1"}
    two = {"type": "tool_result", "tool_use_id": "b", "content": [{"type": "text", "text": "2"}], "is_error": True}
    assert turns(said, one, two) == (
        Turn("tool", (ToolResult("a", "", (Text("1"),)), ToolResult("b", "", (Text("2"),), failed=True))),
        Turn("user", (Text("and?"),)),
    )


def test_the_system_prompt_comes_first():
    assert read(system="s").turns[0] == read(system=[{"type": "text", "text": "s"}]).turns[0]
    assert read(system="s").turns[0] == Turn("system", (Text("s"),))


def test_what_the_system_says_later_joins_what_it_says_first():
    """Claude Code says something there in each conversation, and templates of many local models refuse it."""
    ask = read(USER, {"role": "system", "content": "b"}, {"role": "assistant", "content": "x"}, system="a")
    assert [turn.role for turn in ask.turns] == ["system", "user", "assistant"]
    assert ask.turns[0] == Turn("system", (Text("a"), Text("b")))
    assert [left.name for left in ask.left] == ["later_system_turns:by_convention"]
    assert read(USER, {"role": "system", "content": "b"}).turns[0] == Turn("system", (Text("b"),))


SETTINGS = [
    ({"temperature": 0.5, "top_p": 0.9, "top_k": 4}, {"temperature": 0.5, "top_p": 0.9, "top_k": 4}),
    ({"stop_sequences": ["a", "b"]}, {"stop": ("a", "b")}),
    ({"stream": True}, {"stream": True, "stream_usage": True}),
    ({"thinking": {"type": "enabled", "budget_tokens": 2048}}, {"thinks": True, "thinking_tokens": 2048}),
    ({"thinking": {"type": "disabled"}}, {"thinks": False}),
    ({"thinking": {"type": "adaptive"}}, {"thinks": None}),
    ({"output_config": {"effort": "low"}}, {"effort": "low"}),
    ({"output_config": {"effort": "max"}}, {"effort": "high"}),
    ({"tool_choice": {"type": "auto"}}, {"tool_choice": "auto", "parallel_tools": None}),
    ({"tool_choice": {"type": "any", "disable_parallel_tool_use": True}},
     {"tool_choice": "required", "parallel_tools": False}),
    ({"tool_choice": {"type": "tool", "name": "f"}}, {"tool_choice": "named", "tool_named": "f"}),
    ({"tool_choice": {"type": "none"}}, {"tool_choice": "none"}),
    ({"metadata": {"user_id": "u"}}, {"user": "u"}),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "meant"), SETTINGS)
def test_settings_have_a_meaning(fields, meant):
    ask = read(**fields)
    assert {name: getattr(ask, name) for name in meant} == meant
    assert not any(left.essential for left in ask.left)


@pytest.mark.parametrize("field", ["output_config", "output_format"])
def test_a_schema_is_a_strict_format(field):
    wanted = {"type": "json_schema", "schema": {"type": "object"}}
    ask = read(**{field: {"format": wanted} if field == "output_config" else wanted})
    assert (ask.format.shape, ask.format.schema, ask.format.strict) == ("schema", {"type": "object"}, True)


ESSENTIAL = [
    {"mcp_servers": [{"name": "s"}]},
    {"container": "c"},
    {"thread": {"type": "create"}},
    {"inference_geo": "eu"},
    {"messages": [{"role": "user", "content": [{"type": "container_upload", "file_id": "f"}]}]},
    {
        "messages": [
            USER,
            {"role": "assistant", "content": [{"type": "server_tool_use", "id": "s", "name": "web_search"}]},
        ]
    },
    {"messages": [{"role": "user", "content": [{"type": "novel"}]}]},
]


@pytest.mark.parametrize("fields", ESSENTIAL, ids=lambda fields: json.dumps(fields)[:70])
def test_what_others_cannot_do_is_refused_by_name(fields):
    body = {"model": "m", "max_tokens": 9, "messages": [USER], **fields}
    with pytest.raises(BadRequest) as refused:
        cross_request(json.dumps(body).encode(), dialect, openai_chat, "m")
    assert refused.value.code == "not_expressible"


@pytest.mark.parametrize("kind", ["web_search_20250305", "bash_20250124"])
def test_a_tool_that_only_its_own_models_know_is_left_out_by_name(kind):
    body = {"model": "m", "max_tokens": 9, "messages": [USER], "tools": [{"type": kind, "name": "t"}]}
    crossed = cross_request(json.dumps(body).encode(), dialect, openai_chat, "m")
    assert f"tools.{kind}" in crossed.dropped
    assert "tools" not in json.loads(crossed.body)


def test_what_others_can_do_without_is_named_once_and_without_its_place():
    text = {"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}, "novel": 1}
    body = {
        "model": "m", "max_tokens": 9, "service_tier": "auto", "context_management": {"edits": []},
        "messages": [{"role": "user", "content": [text, text]}], "output_config": {"effort": "xhigh"},
        "tools": [{"name": "f", "input_schema": {}, "eager_input_streaming": True}] * 2,
    }  # fmt: skip
    assert sorted(cross_request(json.dumps(body).encode(), dialect, openai_chat, "m").dropped) == [
        "cache_hints", "context_management", "messages.content.novel", "output_config.effort.xhigh", "service_tier",
        "tools.eager_input_streaming",
    ]  # fmt: skip


def test_tools_and_their_calls_reach_another_dialect_whole():
    """Every request with tools was broken there once (bifrost#3511, bifrost#3512)."""
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    body = {
        "model": "m", "max_tokens": 9, "tool_choice": {"type": "any"},
        "tools": [{"name": "get_weather", "description": "d", "input_schema": schema}],
        "messages": [
            USER,
            {"role": "assistant", "content": [
                {"type": "text", "text": "I look."},
                {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Oslo"}},
                {"type": "tool_use", "id": "toolu_2", "name": "get_weather", "input": {}},
            ]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "toolu_1", "content": "rain"},
                {"type": "tool_result", "tool_use_id": "toolu_2"},
                {"type": "text", "text": "So?"},
            ]},
        ],
    }  # fmt: skip
    crossed = json.loads(cross_request(json.dumps(body).encode(), dialect, openai_chat, "gpt").body)
    calls = [
        {"id": "toolu_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city":"Oslo"}'}},
        {"id": "toolu_2", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}},
    ]
    assert crossed == {
        "model": "gpt", "max_tokens": 9, "tool_choice": "required",
        "tools": [{"type": "function",
                   "function": {"name": "get_weather", "description": "d", "parameters": schema}}],
        "messages": [
            {"role": "user", "content": "hello"},
            {"role": "assistant", "content": "I look.", "tool_calls": calls},
            {"role": "tool", "tool_call_id": "toolu_1", "content": "rain"},
            {"role": "tool", "tool_call_id": "toolu_2", "content": ""},
            {"role": "user", "content": "So?"},
        ],
    }  # fmt: skip


def test_a_picture_that_a_tool_gave_reaches_who_takes_none_in_results():
    """Agents that look at a screen or a file say it so, and the history keeps it: refused once, refused for good."""
    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QQ=="}}
    result = {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "shown"}, picture]}
    call = {"type": "tool_use", "id": "t", "name": "look", "input": {}}
    messages = [USER, {"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}]
    body = {"model": "m", "max_tokens": 9, "tools": [{"name": "look", "input_schema": {}}], "messages": messages}
    found = cross_request(json.dumps(body).encode(), dialect, openai_chat, "m")
    assert found.dropped == ("media_in_results:by_convention",)
    assert json.loads(found.body)["messages"][2:] == [
        {"role": "tool", "tool_call_id": "t", "content": "shown"},
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,QQ=="}}]},
    ]


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "source", "content", "input", "name", "edits", "format", "ttl", "id"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
FIELDS = ["messages", "system", "tools", "tool_choice", "thinking", "output_config", "output_format", "metadata",
          "stop_sequences", "max_tokens", "temperature", "stream", "cache_control", "container", "novel"]  # fmt: skip


@given(st.sampled_from(FIELDS), TREES)
def test_a_field_of_any_shape_is_read_or_refused(field, tree):
    _read_or_refused({"model": "m", "messages": [USER], field: tree})


@given(
    st.sampled_from(["text", "image", "document", "tool_use", "tool_result", "thinking", "search_result", "x"]),
    st.dictionaries(
        st.sampled_from(["text", "source", "content", "input", "id", "name", "cache_control", "citations", "thinking",
                         "signature", "title", "is_error", "tool_use_id"]),
        TREES, max_size=5,
    ),
)  # fmt: skip
def test_a_block_of_any_shape_is_read_or_refused(kind, fields):
    _read_or_refused({"model": "m", "messages": [{"role": "user", "content": [{**fields, "type": kind}]}]})


def _read_or_refused(body):
    raw = json.dumps(body).encode()
    try:
        dialect.parse_request(raw)
        for understood in (openai_chat, dialect):
            cross_request(raw, dialect, understood, "m")
    except BadRequest as refused:
        assert refused.code and refused.message
