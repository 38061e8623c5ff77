"""What a request asks for beside text, in the words of every dialect."""

import orjson
import pytest

from tidegate.core.dialects import asked
from tidegate.core.dialects.openai_chat import parse_request
from tidegate.core.values.capabilities import CAPABILITIES
from tidegate.core.values.errors import BadRequest

USER = {"role": "user", "content": "hello"}


def parsed(*messages, **more):
    return parse_request(orjson.dumps({"model": "auto", "messages": [USER, *messages], **more}))


def of_piece(**piece):
    return parsed({"role": "user", "content": [piece]}).capabilities


ASKED = [
    ({"store": True}, {"stored-responses"}),
    ({"store": "yes"}, {"stored-responses"}),
    ({"store": False}, set()),
    ({"store": None}, {"stored-responses"}),
    ({"background": True}, {"stored-responses"}),
    ({"previous_response_id": "r"}, {"conversations"}),
    ({"conversation": {"id": "c"}}, {"conversations"}),
    ({"prompt_cache_key": "k"}, {"long-caches"}),
    ({"prompt_cache_retention": "24h"}, {"long-caches"}),
    ({"web_search_options": {}}, {"web-search"}),
    ({"container": "c"}, {"containers"}),
    ({"mcp_servers": []}, {"remote-mcp"}),
    ({"file_ids": ["f"]}, {"files"}),
    ({"temperature": 1, "metadata": {"a": "b"}, "user": "u"}, set()),
    ({"tools": [{"type": "function", "function": {"name": "f"}}, {"type": "custom", "custom": {"name": "c"}}]}, set()),
    ({"tools": [{"type": "web_search_preview"}]}, {"web-search"}),
    ({"tools": [{"type": "mcp", "server_url": "https://x"}]}, {"remote-mcp"}),
    ({"tools": [{"type": "code_interpreter"}, {"type": "file_search"}]}, {"containers", "files"}),
    ({"tools": [{"type": "web_fetch_20250910"}]}, {"fetched-urls"}),
    ({"tools": [{"type": "image_generation"}]}, {"provider-tools"}),
    ({"tools": [{"type": 7}]}, {"provider-tools"}),
]


@pytest.mark.parametrize(("fields", "told"), ASKED, ids=[str(sorted(fields)) for fields, _ in ASKED])
def test_what_keeps_data_at_a_provider_or_moves_it_on_is_seen(fields, told):
    assert parsed(**fields).capabilities == told


@pytest.mark.parametrize(
    ("piece", "told"),
    [
        ({"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}, {"fetched-urls"}),
        ({"type": "image_url", "image_url": {"url": " HTTPS://example.org/a.png"}}, {"fetched-urls"}),
        ({"type": "image_url", "image_url": "gs://bucket/a.png"}, {"fetched-urls"}),
        ({"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}, set()),
        ({"type": "file", "file": {"file_id": "file-1"}}, {"files"}),
        ({"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"}}, set()),
        ({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}, set()),
        ({"type": "newer", "deep": [{"er": ["see", "ftp://example.org"]}]}, {"fetched-urls"}),
        ({"type": "text", "text": "see https://example.org"}, set()),
        ({"type": "text", "text": "hello", "cache_control": {"type": "ephemeral", "ttl": "1h"}}, {"long-caches"}),
    ],
)
def test_what_a_piece_of_a_message_points_to_is_seen(piece, told):
    assert of_piece(**piece) == told


def test_an_answer_that_the_provider_has_kept_is_a_stored_response():
    assert parsed({"role": "assistant", "audio": {"id": "audio-1"}}).capabilities == {"stored-responses"}


def test_every_capability_that_a_field_can_ask_for_has_an_entry_in_contracts():
    assert set(asked.CAPABILITY_OF_FIELD.values()) <= set(CAPABILITIES)


@pytest.mark.parametrize(
    ("tools", "names"),
    [
        ([], set()),
        ([{"type": "function", "function": {"name": "Look_Up"}}], {"look_up"}),
        ([{"type": "custom", "custom": {"name": "shell"}}, {"type": "function", "name": "flat"}], {"shell", "flat"}),
        ([{"type": "web_search"}], {"web_search"}),
        ([{"type": "function", "function": {"name": "mcp__files__read"}}], {"mcp__files__read"}),
        ([{"type": "function", "function": {"name": "send mail"}}], {"?"}),
        ([{"type": "function", "function": {"name": "l\u043e\u043ek"}}], {"?"}),
        ([{"type": "function", "function": {"name": 7}}, {"type": ["list"]}], {"?"}),
        ([{}], {"?"}),
        (["text"], {"?"}),
        ("text", {"?"}),
    ],
)
def test_tools_are_known_by_their_names_in_lower_case(tools, names):
    assert parsed(tools=tools).tools == names


def test_functions_of_older_clients_are_tools():
    assert parsed(functions=[{"name": "look_up"}]).tools == {"look_up"}


def test_tools_that_the_history_shows_as_called_are_named():
    call = {"id": "1", "type": "function", "function": {"name": "A", "arguments": "{}"}}
    odd = {"id": "2", "type": "custom", "custom": {"name": "B", "input": "x"}}
    older = {"role": "assistant", "function_call": {"name": "C", "arguments": "{}"}}
    found = parsed({"role": "assistant", "tool_calls": [call, odd, 7]}, older)
    assert found.tools_called == {"a", "b", "c", "?"}
    assert parsed().tools_called == set()


def test_more_tools_than_any_provider_takes_are_refused():
    tools = [{"type": "function", "function": {"name": f"tool-{n}"}} for n in range(asked.MOST_TOOLS + 1)]
    assert len(parsed(tools=tools[:-1]).tools) == asked.MOST_TOOLS
    with pytest.raises(BadRequest, match="at most 256"):
        parsed(tools=tools)
    calls = [{"id": "1", "type": "function", "function": {"name": f"tool-{n}"}} for n in range(asked.MOST_TOOLS + 1)]
    with pytest.raises(BadRequest, match="at most 256"):
        parsed({"role": "assistant", "tool_calls": calls})
