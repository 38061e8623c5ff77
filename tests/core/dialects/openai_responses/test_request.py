"""What of a request is text, what nobody can look at, and what it asks of a provider."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.core.dialects import openai_responses as dialect
from tidegate.core.dialects.openai_responses import items
from tidegate.core.values.capabilities import CAPABILITIES
from tidegate.core.values.envelope import Position
from tidegate.core.values.errors import BadRequest

SEALED = base64.b64encode(bytes(range(128, 256))).decode()


def parsed(given="Hi.", **more):
    return dialect.parse_request(json.dumps({"model": "auto", "input": given, **more}).encode())


def said(envelope):
    return {(part.position, part.text) for part in envelope.parts if not part.is_key}


SAYS = [
    ("text", Position.USER),
    ([{"role": "user", "content": "text"}], Position.USER),
    ([{"role": "user", "content": [{"type": "input_text", "text": "text"}]}], Position.USER),
    ([{"role": "developer", "content": "text"}], Position.SYSTEM),
    ([{"type": "message", "role": "system", "content": "text"}], Position.SYSTEM),
    ([{"type": "message", "role": "assistant", "id": "msg_1", "status": "completed", "phase": "final_answer",
       "content": [{"type": "output_text", "text": "text", "annotations": []}]}], Position.ASSISTANT),
    ([{"role": "assistant", "content": [{"type": "refusal", "refusal": "text"}]}], Position.ASSISTANT),
    ([{"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "text"}]}], Position.ASSISTANT),
    ([{"type": "reasoning", "id": "r", "summary": [], "content": [{"type": "reasoning_text", "text": "text"}]}],
     Position.ASSISTANT),
    ([{"type": "function_call", "call_id": "c", "name": "f", "arguments": "text"}], Position.TOOL_CALL),
    ([{"type": "custom_tool_call", "call_id": "c", "name": "f", "input": "text"}], Position.TOOL_CALL),
    ([{"type": "local_shell_call", "call_id": "c", "id": "l", "status": "completed",
       "action": {"type": "exec", "command": ["echo", "text"], "env": {}}}], Position.TOOL_CALL),
    ([{"type": "shell_call", "call_id": "c", "action": {"commands": ["text"]}}], Position.TOOL_CALL),
    ([{"type": "apply_patch_call", "call_id": "c", "operation": {"type": "update_file", "path": "p", "diff": "text"}}],
     Position.TOOL_CALL),
    ([{"type": "code_interpreter_call", "id": "c", "code": "text", "container_id": "x", "outputs": []}],
     Position.TOOL_CALL),
    ([{"type": "web_search_call", "id": "w", "action": {"type": "search", "query": "text"}}], Position.TOOL_CALL),
    ([{"type": "file_search_call", "id": "w", "queries": ["text"], "results": None}], Position.TOOL_CALL),
    ([{"type": "mcp_call", "id": "m", "name": "f", "server_label": "s", "arguments": "{}", "output": "text"}],
     Position.TOOL_CALL),
    ([{"type": "function_call_output", "call_id": "c", "output": "text"}], Position.TOOL_RESULT),
    ([{"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "text"}]}],
     Position.TOOL_RESULT),
    ([{"type": "custom_tool_call_output", "call_id": "c", "output": "text"}], Position.TOOL_RESULT),
    ([{"type": "local_shell_call_output", "id": "c", "output": "text"}], Position.TOOL_RESULT),
    ([{"type": "shell_call_output", "call_id": "c", "output": [{"stdout": "text", "stderr": ""}]}],
     Position.TOOL_RESULT),
    ([{"type": "apply_patch_call_output", "call_id": "c", "status": "failed", "output": "text"}],
     Position.TOOL_RESULT),
    ([{"type": "mcp_approval_response", "approval_request_id": "m", "approve": False, "reason": "text"}],
     Position.TOOL_RESULT),
    ([{"type": "mcp_list_tools", "id": "m", "server_label": "s", "tools": [{"name": "f", "description": "text"}]}],
     Position.TOOL_DEFINITION),
]  # fmt: skip


@pytest.mark.parametrize(("given", "position"), SAYS)
def test_every_item_says_what_it_says_at_its_place(given, position):
    envelope = parsed(given)
    assert (position, "text") in said(envelope)
    assert not envelope.rest
    assert not envelope.unscannable


TOP = [
    ({"instructions": "text"}, Position.SYSTEM),
    ({"metadata": {"key": "text"}}, Position.METADATA),
    ({"client_metadata": {"key": "text"}}, Position.METADATA),
    ({"user": "text"}, Position.METADATA),
    ({"safety_identifier": "text"}, Position.METADATA),
    ({"prompt_cache_key": "text"}, Position.METADATA),
    ({"tools": [{"type": "function", "name": "f", "description": "text"}]}, Position.TOOL_DEFINITION),
    ({"tools": [{"type": "namespace", "name": "n",
                 "tools": [{"type": "function", "name": "f", "description": "text"}]}]},
     Position.TOOL_DEFINITION),
    ({"tools": [{"type": "custom", "name": "f",
                 "format": {"type": "grammar", "syntax": "lark", "definition": "text"}}]},
     Position.TOOL_DEFINITION),
    ({"tools": [{"type": "mcp", "server_label": "s", "server_url": "https://x", "authorization": "text"}]},
     Position.TOOL_DEFINITION),
    ({"text": {"format": {"type": "json_schema", "name": "n", "schema": {"description": "text"}}}}, Position.SCHEMA),
    ({"prompt": {"id": "pmpt_1", "variables": {"name": "text"}}}, Position.USER),
    ({"include": ["text"]}, Position.REST),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "position"), TOP)
def test_every_field_at_the_top_says_what_it_says_at_its_place(fields, position):
    envelope = parsed(**fields)
    assert (position, "text") in said(envelope)
    assert not envelope.rest


def test_arguments_are_json_so_that_what_stands_for_a_value_keeps_them_so():
    envelope = parsed([{"type": "function_call", "call_id": "c", "name": "f", "arguments": '{"a":"b"}'}])
    assert [part.text for part in envelope.parts if part.is_json] == ['{"a":"b"}']
    envelope = parsed([{"type": "custom_tool_call", "call_id": "c", "name": "f", "input": '{"a":"b"}'}])
    assert not [part for part in envelope.parts if part.is_json]


OPAQUE = [
    ([{"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;base64,AAAA"}]}], set()),
    ([{"role": "user", "content": [{"type": "input_image", "image_url": "https://x/y.png"}]}], {"fetched-urls"}),
    ([{"role": "user", "content": [{"type": "input_image", "file_id": "file_1"}]}], {"files"}),
    ([{"role": "user", "content": [{"type": "input_file", "filename": "a.pdf", "file_data": "AAAA"}]}], set()),
    ([{"role": "user", "content": [{"type": "input_file", "file_url": "https://x/y.pdf"}]}], {"fetched-urls"}),
    ([{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}]}], set()),
    ([{"role": "user", "content": [{"type": "something_new", "secret": "text"}]}], set()),
    ([{"type": "function_call_output", "call_id": "c", "output": [{"type": "input_image", "image_url": "data:,A"}]}],
     set()),
    ([{"type": "computer_call_output", "call_id": "c", "output": {"type": "computer_screenshot", "file_id": "f"}}],
     {"files"}),
    ([{"type": "image_generation_call", "id": "i", "status": "completed", "result": "AAAA"}], set()),
    ([{"type": "code_interpreter_call", "id": "c", "outputs": [{"type": "image", "url": "https://x/y.png"}]}],
     {"fetched-urls"}),
]  # fmt: skip


@pytest.mark.parametrize(("given", "capabilities"), OPAQUE)
def test_what_is_no_text_nobody_has_looked_at(given, capabilities):
    envelope = parsed(given)
    assert envelope.unscannable
    assert envelope.capabilities == capabilities


ASKS = [
    ({"store": True}, {"stored-responses"}),
    ({"store": None}, {"stored-responses"}),
    ({"store": False}, set()),
    ({"background": True}, {"stored-responses"}),
    ({"background": False}, set()),
    ({"previous_response_id": "resp_1"}, {"conversations"}),
    ({"conversation": {"id": "conv_1"}}, {"conversations"}),
    ({"conversation": "conv_1"}, {"conversations"}),
    ({"prompt": {"id": "pmpt_1"}}, {"stored-prompts"}),
    ({"prompt_cache_key": "k"}, {"long-caches"}),
    ({"prompt_cache_retention": "24h"}, {"long-caches"}),
    ({"input": [{"type": "item_reference", "id": "msg_1"}]}, {"conversations"}),
    ({"input": [{"id": "msg_1"}]}, {"conversations"}),
    ({"input": [{"type": "reasoning", "id": "r", "summary": [], "encrypted_content": SEALED}]}, {"sealed-reasoning"}),
    ({"input": [{"type": "compaction", "encrypted_content": SEALED}]}, {"sealed-reasoning"}),
    ({"tools": [{"type": "web_search"}]}, {"web-search"}),
    ({"tools": [{"type": "web_search_preview_2025_03_11"}]}, {"web-search"}),
    ({"tools": [{"type": "file_search", "vector_store_ids": ["v"]}]}, {"files"}),
    ({"tools": [{"type": "code_interpreter", "container": {"type": "auto"}}]}, {"containers"}),
    ({"tools": [{"type": "image_generation"}]}, {"provider-tools"}),
    ({"tools": [{"type": "mcp", "server_label": "s", "server_url": "https://x"}]}, {"remote-mcp"}),
    ({"tools": [{"type": "tool_search"}]}, {"provider-tools"}),
    ({"tools": [{"type": "tool_search", "execution": "client"}]}, set()),
    ({"tools": [{"type": "shell"}]}, {"containers"}),
    ({"tools": [{"type": "shell", "environment": {"type": "container_auto"}}]}, {"containers"}),
    ({"tools": [{"type": "shell", "environment": {"type": "local"}}]}, set()),
    ({"tools": [{"type": "something_new"}]}, {"provider-tools"}),
    ({"tools": [{"type": "namespace", "name": "n", "tools": [{"type": "mcp"}]}]}, {"remote-mcp"}),
    ({"tools": [{"type": each} for each in ("local_shell", "apply_patch", "computer", "function", "custom")]}, set()),
    ({"input": [{"type": "additional_tools", "role": "developer", "tools": [{"type": "mcp"}]}]}, {"remote-mcp"}),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "capabilities"), ASKS)
def test_what_a_provider_would_keep_or_do_is_a_capability(fields, capabilities):
    envelope = parsed(**{"given": fields.get("input", "Hi."), **{k: v for k, v in fields.items() if k != "input"}})
    assert envelope.capabilities == capabilities <= set(CAPABILITIES)
    assert not envelope.rest


@pytest.mark.parametrize(
    "text", ["my number is 5", base64.b64encode(b"a text that anybody can read, hidden " * 4).decode()]
)
def test_what_only_calls_itself_encrypted_is_looked_at(text):
    envelope = parsed([{"type": "reasoning", "id": "r", "summary": [], "encrypted_content": text}])
    assert (Position.ASSISTANT, text) in said(envelope)
    assert not envelope.capabilities


def test_names_of_tools_are_those_that_policy_knows():
    tools = [
        {"type": "function", "name": "Look_Up"},
        {"type": "custom", "name": "apply"},
        {"type": "web_search"},
        {"type": "namespace", "name": "crm", "tools": [{"type": "function", "name": "find"}]},
    ]
    envelope = parsed(tools=tools)
    assert envelope.tools == {"look_up", "apply", "web_search", "find"}
    assert envelope.tools_offered
    called = [
        {"type": "function_call", "call_id": "1", "name": "F", "arguments": "{}"},
        {"type": "local_shell_call", "call_id": "2", "action": {}},
    ]
    assert parsed(called).tools_called == {"f", "local_shell"}


def test_what_nobody_models_goes_to_no_cloud_by_itself():
    assert parsed(wish="x").rest == {"wish"}
    assert parsed([{"role": "user", "content": "a", "wish": "x"}]).rest == {"input.wish"}
    assert parsed([{"role": "user", "content": [{"type": "input_text", "text": "a", "wish": 1}]}]).rest == {
        "input.content.wish"
    }
    envelope = parsed([{"type": "telepathy", "thought": "text"}])
    assert envelope.rest == {"input.telepathy"}
    assert (Position.REST, "text") in said(envelope)
    assert {part.text for part in parsed(wish=None).parts} >= {"Hi."}


def test_a_conversation_is_known_by_its_id_or_by_how_it_begins():
    assert parsed("How?").conversation == "How?"
    assert parsed([{"role": "user", "content": [{"type": "input_text", "text": "How?"}]}]).conversation == "How?"
    assert parsed("And?", conversation={"id": "conv_1"}).conversation == "conv_1"
    assert not parsed("How?").has_history
    assert parsed("And?", previous_response_id="resp_1").has_history
    assert parsed([{"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"}]).has_history


def test_what_is_asked_to_be_json_is_known():
    assert parsed(text={"format": {"type": "json_schema", "name": "n", "schema": {}}}).structured
    assert not parsed(text={"format": {"type": "text"}}).structured


def test_ids_of_what_lies_elsewhere_are_known():
    envelope = parsed([{"id": "msg_1"}, {"type": "item_reference", "id": "rs_1"}], previous_response_id="resp_1",
                      conversation={"id": "conv_1"}, prompt={"id": "pmpt_1"})  # fmt: skip
    assert set(envelope.kept) == {"msg_1", "rs_1", "resp_1", "conv_1", "pmpt_1"}


WRONG = [
    ({}, "missing_model"),
    ({"model": "m"}, "missing_input"),
    ({"model": "m", "input": 5}, "invalid_type"),
    ({"model": "m", "input": ["a"]}, "invalid_type"),
    ({"model": "m", "input": [{"role": "nobody", "content": "a"}]}, "invalid_value"),
    ({"model": "m", "input": [{"role": "user", "content": {"a": 1}}]}, "invalid_type"),
    ({"model": "m", "input": "a", "stream": "yes"}, "invalid_type"),
    ({"model": "m", "input": "a", "instructions": ["a"]}, "invalid_type"),
    ({"model": "m", "input": "a", "tools": [{"type": "function", "name": f"f{n}"} for n in range(300)]},
     "too_many_tools"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "code"), WRONG)
def test_what_is_wrong_is_said_with_its_place(body, code):
    with pytest.raises(BadRequest) as caught:
        dialect.parse_request(json.dumps(body).encode())
    assert caught.value.code == code


def test_a_request_that_names_what_it_goes_on_from_needs_no_input():
    assert dialect.parse_request(b'{"model":"m","previous_response_id":"r"}').kept == ("r",)
    assert dialect.parse_request(b'{"model":"m","prompt":{"id":"p"}}').capabilities == {"stored-prompts"}


def test_nothing_is_stored_that_nobody_wants_stored():
    assert dialect.unstored(b' {\n "model": "a"}') == b' {"store":false,\n "model": "a"}'


FIELDS = ["input", "instructions", "tools", "tool_choice", "text", "reasoning", "include", "metadata", "prompt",
          "conversation", "previous_response_id", "store", "background", "user", "max_output_tokens", "temperature",
          "top_logprobs", "parallel_tool_calls", "stream_options", "truncation", "stream", "model"]  # fmt: skip
KINDS = [*items.ITEMS, "unheard_of"]
INSIDE = sorted({field for item in items.ITEMS.values() for field in item.fields} | {"type", "role", "text"})
ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INSIDE), inner, max_size=3),
    max_leaves=8,
)
ITEM = st.builds(
    lambda kind, fields: {"type": kind, **fields},
    st.sampled_from(KINDS),
    st.dictionaries(st.sampled_from(INSIDE), ANY, max_size=4),
)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), ANY | st.lists(ITEM, max_size=3), max_size=5))
def test_whatever_stands_in_a_field_it_is_read_or_refused(fields):
    body = {"model": "m", "input": "a", **fields}
    try:
        envelope = dialect.parse_request(json.dumps(body).encode())
        for part in envelope.parts:
            assert part.path
        dialect.read_request(json.loads(dialect.with_model(json.dumps(body).encode(), "n")))
    except BadRequest as refused:
        assert refused.message
