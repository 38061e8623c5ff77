"""Where text stands in items, and whose it is."""

import pytest

from tidegate.core.dialects.openai_responses import texts
from tidegate.core.values.answer import AnswerNotes

ITEMS = [
    ({"type": "message", "id": "m", "content": [{"type": "output_text", "text": "a"}]}, [("a", "", False)]),
    ({"type": "message", "content": [{"type": "refusal", "refusal": "a"}]}, [("a", "", False)]),
    ({"type": "reasoning", "summary": [{"type": "summary_text", "text": "a"}], "encrypted_content": "x"},
     [("a", "", False)]),
    ({"type": "function_call", "name": "f", "call_id": "c", "arguments": "a"}, [("a", "f", False)]),
    ({"type": "function_call", "arguments": "a"}, [("a", "?", False)]),
    ({"type": "custom_tool_call", "name": "f", "input": "a"}, [("a", "f", True)]),
    ({"type": "mcp_call", "name": "f", "arguments": "a", "output": "b"}, [("a", "f", False), ("b", "", False)]),
    ({"type": "local_shell_call", "action": {"type": "exec", "command": ["a"], "env": {"K": "b"}}},
     [("a", "local_shell", True), ("b", "local_shell", True)]),
    ({"type": "apply_patch_call", "operation": {"type": "update_file", "path": "a", "diff": "b"}},
     [("a", "apply_patch", True), ("b", "apply_patch", True)]),
    ({"type": "code_interpreter_call", "code": "a", "container_id": "x", "outputs": [{"type": "logs", "logs": "b"}]},
     [("a", "", False), ("b", "", False)]),
    ({"type": "web_search_call", "action": {"type": "search", "query": "a"}}, [("a", "", False)]),
]  # fmt: skip


@pytest.mark.parametrize(("item", "found"), ITEMS)
def test_each_text_has_its_tool(item, found):
    assert [(text.holder[text.key], text.tool, text.free) for text in texts.of_item(item, AnswerNotes())] == found


@pytest.mark.parametrize(
    "item",
    [
        {"type": "image_generation_call", "result": "AAAA"},
        {"type": "message", "content": [{"type": "new", "url": "data:image/png;base64,AAAA"}]},
        {"type": "message", "content": [[[[[[[[[[[[[[[["deep"]]]]]]]]]]]]]]]]},
    ],
)
def test_what_nobody_can_look_at_is_noted(item):
    notes = AnswerNotes()
    list(texts.of_item(item, notes))
    assert notes.unscannable


def test_what_a_response_repeats_of_its_request_is_the_clients_own():
    response = {"id": "r", "object": "response", "instructions": "a", "tools": [{"name": "b"}], "output": [],
                "error": {"code": "c", "message": "d"}, "output_text": "e"}  # fmt: skip
    found = [(text.holder[text.key], text.own) for text in texts.of_response(response, AnswerNotes())]
    assert found == [("a", True), ("b", True), ("c", False), ("d", False), ("e", False)]


def test_probabilities_are_found_wherever_they_stand():
    probable = {"logprobs": [1]}
    node = {
        "response": {"output": [{"content": [{**probable}]}]},
        "part": {**probable},
        "item": {"content": [{**probable}]},
    }
    assert texts.without_logprobs(node)
    assert "1" not in str(node)
    assert not texts.without_logprobs(node)
