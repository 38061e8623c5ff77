"""Which text stands where in a request, what it asks for, and which requests are none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dialects import anthropic_messages as dialect
from tidegate.core.dialects.anthropic_messages.words import BLOCKS, MESSAGE, TOP
from tidegate.core.dialects.walk import MAX_NUMBERS_IN_A_ROW
from tidegate.core.values import capabilities as known
from tidegate.core.values.envelope import Position
from tidegate.core.values.errors import BadRequest

USER = {"role": "user", "content": "hello"}
MARK = "the mark"
PNG = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}


def parse(headers=None, **fields):
    body = {"model": "auto", "max_tokens": 9, "messages": [USER], **fields}
    return dialect.parse_request(json.dumps(body).encode(), headers or {})


def user(*blocks):
    return {"messages": [{"role": "user", "content": [*blocks]}]}


def assistant(*blocks):
    return {"messages": [USER, {"role": "assistant", "content": [*blocks]}]}


def document(source, **fields):
    return user({"type": "document", "source": source, **fields})


def result(content, kind="tool_result", **fields):
    return user({"type": kind, "tool_use_id": "t1", "content": content, **fields})


CALL = {"type": "tool_use", "id": "t1", "name": "f", "input": {"x": [MARK]}}
CITATION = {"type": "char_location", "cited_text": MARK, "document_index": 0}
TEXT = {"type": "text", "text": MARK}
PLACES = [
    ("the system prompt", {"system": MARK}, Position.SYSTEM),
    ("a block of the system prompt", {"system": [TEXT]}, Position.SYSTEM),
    ("a system message", {"messages": [USER, {"role": "system", "content": MARK}]}, Position.SYSTEM),
    ("a user's message", {"messages": [{"role": "user", "content": MARK}]}, Position.USER),
    ("a text block", user(TEXT), Position.USER),
    ("a document's text", document({"type": "text", "media_type": "text/plain", "data": MARK}), Position.USER),
    ("a document's content", document({"type": "content", "content": MARK}), Position.USER),
    ("a block in a document", document({"type": "content", "content": [TEXT]}), Position.USER),
    ("a document's title", document(PNG, title=MARK), Position.USER),
    ("a document's context", document(PNG, context=MARK), Position.USER),
    ("a search result", user({"type": "search_result", "source": "s", "title": MARK, "content": []}), Position.USER),
    ("where it was found", user({"type": "search_result", "source": MARK, "title": "", "content": []}), Position.USER),
    ("what it says", user({"type": "search_result", "source": "s", "title": "", "content": [TEXT]}), Position.USER),
    ("an assistant's message", {"messages": [USER, {"role": "assistant", "content": MARK}]}, Position.ASSISTANT),
    ("an assistant's text", assistant(TEXT), Position.ASSISTANT),
    ("thinking", assistant({"type": "thinking", "thinking": MARK, "signature": "x"}), Position.ASSISTANT),
    ("its signature", assistant({"type": "thinking", "thinking": "x", "signature": MARK}), Position.ASSISTANT),
    ("sealed thinking", assistant({"type": "redacted_thinking", "data": MARK}), Position.ASSISTANT),
    ("a summary", assistant({"type": "compaction", "content": MARK}), Position.ASSISTANT),
    ("a citation", assistant({"type": "text", "text": "x", "citations": [CITATION]}), Position.ASSISTANT),
    ("a call's input", assistant(CALL), Position.TOOL_CALL),
    ("a server tool's input", assistant({**CALL, "type": "server_tool_use"}), Position.TOOL_CALL),
    ("an MCP tool's input", assistant({**CALL, "type": "mcp_tool_use", "server_name": "s"}), Position.TOOL_CALL),
    ("an MCP server's name", assistant({"type": "mcp_tool_use", "server_name": MARK}), Position.TOOL_CALL),
    ("a tool's result", result(MARK), Position.TOOL_RESULT),
    ("a block of a result", result([TEXT]), Position.TOOL_RESULT),
    ("a document in a result",
     result([{"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": MARK}}]),
     Position.TOOL_RESULT),
    ("an MCP tool's result", result([TEXT], "mcp_tool_result"), Position.TOOL_RESULT),
    ("a page that was found",
     result([{"type": "web_search_result", "url": "u", "title": MARK}], "web_search_tool_result"),
     Position.TOOL_RESULT),
    ("a page that was fetched",
     result({"type": "web_fetch_result", "url": "u", "content": {"type": "document", "title": MARK,
             "source": {"type": "text", "media_type": "text/plain", "data": "x"}}}, "web_fetch_tool_result"),
     Position.TOOL_RESULT),
    ("what code printed",
     result({"type": "code_execution_result", "stdout": MARK, "content": []}, "code_execution_tool_result"),
     Position.TOOL_RESULT),
    ("a tool's description", {"tools": [{"name": "f", "description": MARK}]}, Position.TOOL_DEFINITION),
    ("a schema of a tool's", {"tools": [{"name": "f", "input_schema": {"properties": {"a": {"description": MARK}}}}]},
     Position.TOOL_DEFINITION),
    ("the tool that must be called", {"tool_choice": {"type": "tool", "name": MARK}}, Position.TOOL_DEFINITION),
    ("an answer's schema", {"output_config": {"format": {"type": "json_schema", "schema": {"description": MARK}}}},
     Position.SCHEMA),
    ("an older answer's schema", {"output_format": {"type": "json_schema", "schema": {"title": MARK}}},
     Position.SCHEMA),
    ("the user's id", {"metadata": {"user_id": MARK}}, Position.METADATA),
    ("a stop sequence", {"stop_sequences": [MARK]}, Position.REST),
    ("instructions for a summary", {"compaction": {"type": "summarize", "instructions": MARK}}, Position.REST),
    ("an MCP server's token", {"mcp_servers": [{"name": "s", "authorization_token": MARK}]}, Position.TOOL_DEFINITION),
    ("a field that nobody knows", {"novel": {"deep": [MARK]}}, Position.REST),
    ("a field of a message that nobody knows", {"messages": [{**USER, "novel": MARK}]}, Position.USER),
    ("a field of a block that nobody knows", user({**TEXT, "text": "x", "novel": MARK}), Position.USER),
    ("a block that nobody knows", user({"type": "novel", "deep": [MARK]}), Position.USER),
    ("a cache hint that is none", user({**TEXT, "text": "x", "cache_control": {"type": MARK}}), Position.USER),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "position"), [p[1:] for p in PLACES], ids=[p[0] for p in PLACES])
def test_text_is_found_wherever_it_stands(fields, position):
    found = [part for part in parse(**fields).parts if MARK in part.text]
    assert [part.position for part in found] == [position]
    value = parse(**fields).document
    for step in found[0].path:
        value = value[step]
    assert value == MARK


KEYED = [
    {"messages": [{**USER, MARK: 1}]},
    user({**TEXT, MARK: 1}),
    user({"type": "novel", MARK: True}),
    user({**TEXT, "citations": {MARK: 1}}),
    user({**TEXT, "cache_control": {"type": "ephemeral", MARK: 1}}),
    document({"type": "text", "media_type": "text/plain", "data": "x", MARK: 1}),
    document({**PNG, MARK: 1}),
    assistant({**CALL, "input": {MARK: None}}),
    assistant({**CALL, MARK: 1}),
    result({MARK: 1}),
    {"system": [{**TEXT, MARK: 1}]},
    {"tools": [{"name": "f", "input_schema": {"properties": {MARK: {}}}}]},
    {"tool_choice": {MARK: 1}},
    {"output_config": {MARK: 1}},
    {"thinking": {MARK: 1}},
    {"metadata": {MARK: 1}},
    {"context_management": {MARK: 1}},
    {"cache_control": {MARK: 1}},
    {MARK: 1},
]


@pytest.mark.parametrize("fields", KEYED, ids=lambda fields: json.dumps(fields)[:60])
def test_a_key_that_nobody_knows_is_a_part_wherever_it_stands(fields):
    assert [part.text for part in parse(**fields).parts if part.is_key].count(MARK) == 1


LEAVES = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("ab", max_size=3)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("cd", max_size=2), inner, max_size=3)
)
FIELDS = [*sorted(TOP - {"model", "messages", "stream", "system"}), "novel", "container", "mcp_servers"]


@given(TREES, st.sampled_from(FIELDS))
def test_no_string_of_a_field_is_left_out(tree, field):
    assert left_out(parse(**{field: tree}), tree) == []


@given(TREES, st.sampled_from(sorted(BLOCKS)), st.data())
def test_no_string_of_a_block_is_left_out(tree, kind, data):
    field = data.draw(st.sampled_from([*sorted(BLOCKS[kind]), "novel", "cache_control"]))
    assert left_out(parse(**user({"type": kind, field: tree})), tree) == []


@given(TREES, st.sampled_from(sorted(MESSAGE - {"role", "content"})))
def test_no_string_of_a_message_is_left_out(tree, field):
    assert left_out(parse(messages=[{**USER, field: tree}]), tree) == []


def left_out(envelope, tree):
    seen = {part.text for part in envelope.parts}
    return [text for text in _strings(tree) if text and text not in seen]


def _strings(tree):
    if isinstance(tree, str):
        yield tree
    for inner in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _strings(inner)


UNSEEN = [
    {"type": "image", "source": PNG},
    {"type": "image", "source": {"type": "url", "url": "https://example.com/x.png"}},
    {"type": "image", "source": {"type": "file", "file_id": "file_1"}},
    {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}},
    {"type": "document", "source": {"type": "url", "url": "https://example.com/x.pdf"}},
    {"type": "document", "source": {"type": "file", "file_id": "file_1"}},
    {"type": "document", "source": {"type": "text", "data": "x", "novel": 1}},
    {"type": "document", "source": "x"},
    {"type": "container_upload", "file_id": "file_1"},
    {"type": "novel"},
    {"text": "no type"},
    {"type": ["text"]},
    "a bare string",
    7,
    None,
]


@pytest.mark.parametrize("block", UNSEEN, ids=lambda block: json.dumps(block)[:60])
@pytest.mark.parametrize("inside", [False, True])
def test_what_nobody_can_look_into_is_unscannable(block, inside):
    at = ("messages", 0, "content", 0, *(("content", 0) if inside else ()))
    found = parse(**(result([block]) if inside else user(block))).unscannable
    assert found in ((at,), ((*at, "source"),))


def test_texts_and_what_holds_them_are_not_unscannable():
    for name, fields, _ in PLACES:
        if name not in ("a document's title", "a document's context", "a block that nobody knows"):
            assert parse(**fields).unscannable == (), name


def test_long_rows_of_numbers_are_unscannable_in_a_call_s_input_too():
    envelope = parse(**assistant({**CALL, "input": {"row": list(range(MAX_NUMBERS_IN_A_ROW + 1)), "n": 457555462}}))
    assert envelope.unscannable == (("messages", 1, "content", 0, "input", "row"),)
    assert "457555462" in {part.text for part in envelope.parts}


ASKED = [
    ({}, set()),
    ({"tools": [{"name": "f", "input_schema": {}}, {"type": "custom", "name": "g"}]}, set()),
    ({"tools": [{"type": "bash_20250124", "name": "bash"}]}, set()),
    ({"tools": [{"type": "text_editor_20250728", "name": "str_replace_based_edit_tool"}]}, set()),
    ({"tools": [{"type": "computer_20250124", "name": "computer"}]}, set()),
    ({"tools": [{"type": "memory_20250818", "name": "memory"}]}, set()),
    ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, {known.WEB_SEARCH}),
    ({"tools": [{"type": "web_fetch_20250910", "name": "web_fetch"}]}, {known.FETCHED_URLS}),
    ({"tools": [{"type": "code_execution_20250825", "name": "code_execution"}]}, {known.CONTAINERS}),
    ({"tools": [{"type": "mcp_toolset", "mcp_server_name": "s"}]}, {known.REMOTE_MCP}),
    ({"tools": [{"type": "tool_search_tool_regex_20251119", "name": "t"}]}, {known.PROVIDER_TOOLS}),
    ({"tools": [{"type": "novel_20270101", "name": "n"}]}, {known.PROVIDER_TOOLS}),
    ({"tools": [{"type": 7}]}, {known.PROVIDER_TOOLS}),
    ({"mcp_servers": [{"type": "url", "url": "https://example.com", "name": "s"}]}, {known.REMOTE_MCP}),
    ({"container": "container_1"}, {known.CONTAINERS}),
    ({"thread": {"type": "create"}}, {known.CONVERSATIONS}),
    ({"context_management": {"edits": [{"type": "clear_tool_uses_20250919"}]}}, set()),
    (user({"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}), {known.FETCHED_URLS}),
    (user({"type": "image", "source": {"type": "file", "file_id": "file_1"}}), {known.FILES}),
    (user({"type": "container_upload", "file_id": "file_1"}), {known.FILES, known.CONTAINERS}),
    (user({**TEXT, "cache_control": {"type": "ephemeral"}}), set()),
    (user({**TEXT, "cache_control": {"type": "ephemeral", "ttl": "5m"}}), set()),
    (user({**TEXT, "cache_control": None}), set()),
    (user({**TEXT, "cache_control": {"type": "ephemeral", "ttl": "1h"}}), {known.LONG_CACHES}),
    ({"cache_control": {"type": "ephemeral", "ttl": "1h"}}, {known.LONG_CACHES}),
    ({"system": [{**TEXT, "cache_control": {"type": "ephemeral", "ttl": "1h"}}]}, {known.LONG_CACHES}),
    ({"tools": [{"name": "f", "cache_control": {"type": "ephemeral", "ttl": "1h"}}]}, {known.LONG_CACHES}),
    (assistant({"type": "redacted_thinking", "data": "x"}), {known.SEALED_REASONING}),
    (assistant({"type": "thinking", "thinking": "", "signature": "x"}), {known.SEALED_REASONING}),
    (assistant({"type": "thinking", "thinking": "seen", "signature": "x"}), set()),
    ({"store": True}, {known.STORED_RESPONSES}),
]


@pytest.mark.parametrize(("fields", "asked"), ASKED, ids=lambda v: json.dumps(v)[:60] if isinstance(v, dict) else "")
def test_what_is_asked_for_beyond_an_answer_is_known_by_name(fields, asked):
    assert parse(**fields).capabilities == asked


REST = [
    ({"temperature": 0.2, "tools": [], "thinking": {"type": "enabled", "budget_tokens": 1024}, "top_k": 3}, set()),
    ({"service_tier": "auto", "speed": "fast", "output_config": {"effort": "low"}}, set()),
    ({"inference_geo": "us"}, {"inference_geo"}),
    ({"fallbacks": "default"}, {"fallbacks"}),
    ({"novel": 1}, {"novel"}),
    ({"messages": [{**USER, "novel": 1}]}, {"messages.novel"}),
    (user({**TEXT, "novel": 1}), {"messages.content.novel"}),
    (user({**TEXT, "cache_control": {"type": "ephemeral", "ttl": "9w"}}), {"cache_control.ttl"}),
    (user({**TEXT, "cache_control": {"type": "ephemeral", "scope": "global"}}), {"cache_control.scope"}),
    (user({**TEXT, "cache_control": "x"}), {"cache_control.ttl"}),
    ({"context_management": {"edits": [{"type": "keep_everything"}]}}, {"context_management"}),
    ({"context_management": {"edits": [], "novel": 1}}, {"context_management"}),
    ({"context_management": 3}, {"context_management"}),
]


@pytest.mark.parametrize(("fields", "rest"), REST, ids=lambda v: json.dumps(v)[:60] if isinstance(v, dict) else "")
def test_fields_that_the_dialect_does_not_model_are_named(fields, rest):
    assert parse(**fields).rest == rest


# -- conversations -----------------------------------------------------------------------------------------------


SESSION = "0a1b2c3d-0000-4000-8000-0123456789ab"


@pytest.mark.parametrize(
    ("user_id", "conversation"),
    [
        (f"user_{'a' * 64}_account__session_{SESSION}", SESSION),
        (json.dumps({"device_id": "d", "account_uuid": "", "session_id": SESSION}), SESSION),
        ("user-7", "hello"),
        ("", "hello"),
        (7, "hello"),
    ],
)
def test_a_session_that_the_client_names_is_the_conversation_else_its_first_user_text(user_id, conversation):
    assert parse(metadata={"user_id": user_id}).conversation == conversation


def test_a_conversation_has_a_history_once_the_assistant_has_spoken():
    assert not parse(system="s").has_history
    assert parse(**assistant(TEXT)).has_history
    assert parse(**user(TEXT)).conversation == MARK


def test_tools_are_known_by_name():
    envelope = parse(
        tools=[{"name": "Read"}, {"type": "web_search_20250305", "name": "web_search"}, {"type": "mcp_toolset"}],
        **assistant(CALL, {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}}),
    )
    assert envelope.tools_offered
    assert envelope.tools == {"read", "web_search", "mcp_toolset"}
    assert envelope.tools_called == {"f", "web_search"}
    with pytest.raises(BadRequest, match="at most"):
        parse(tools=[{"name": f"t{n}"} for n in range(257)])
    with pytest.raises(BadRequest, match="at most"):
        parse(**assistant(*({**CALL, "name": f"t{n}"} for n in range(257))))


def test_an_answer_by_a_schema_is_structured():
    wanted = {"type": "json_schema", "schema": {}}
    assert parse(output_config={"format": wanted}).structured
    assert parse(output_format=wanted).structured
    assert not parse(output_config={"effort": "low"}).structured
    assert not parse(output_config=3, output_format="x").structured


BAD = [
    ({"model": 7}, "missing_model"),
    ({"model": ""}, "missing_model"),
    ({"messages": []}, "invalid_type"),
    ({"messages": "hello"}, "invalid_type"),
    ({"messages": [7]}, "invalid_type"),
    ({"messages": [{"content": "x"}]}, "invalid_value"),
    ({"messages": [{"role": "tool", "content": "x"}]}, "invalid_value"),
    ({"messages": [{"role": ["user"], "content": "x"}]}, "invalid_value"),
    ({"messages": [{"role": "user", "content": {"text": "x"}}]}, "invalid_type"),
    ({"system": {"text": "x"}}, "invalid_type"),
    ({"stream": "yes"}, "invalid_type"),
]


@pytest.mark.parametrize(("fields", "code"), BAD)
def test_what_is_no_request_is_refused_by_the_field_s_name(fields, code):
    with pytest.raises(BadRequest) as refused:
        parse(**fields)
    assert refused.value.code == code
    assert refused.value.param


@pytest.mark.parametrize("depth", [50, 200, 400, 900, 1000, 5000])
@pytest.mark.parametrize("kind", ["novel", "tool_result"])
def test_a_body_of_any_depth_is_read_or_refused(depth, kind):
    deep = b'[{"type":"tool_result","content":' * depth + b'"x"' + b"}]" * depth
    novel = b"[" * depth + b"]" * depth
    at = b'"novel":%b' % novel if kind == "novel" else b'"system":%b' % deep
    try:
        dialect.parse_request(b'{"model":"m","messages":[{"role":"user","content":"x"}],%b}' % at)
    except BadRequest as refused:
        assert refused.code == "too_deep"
        assert depth > 100
