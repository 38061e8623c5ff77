"""Every dialect is what it is registered as."""

import json

import pytest

from tidegate.core.dialects import known
from tidegate.core.dispatch.endpoints import ENDPOINTS, OPERATIONS

SPOKEN = ("NAME", "OPERATION", "STREAM_TYPE", "parse_request", "with_model", "render_error", "render_stream_error",
          "read_request", "write_answer", "open_writer")  # fmt: skip
UNDERSTOOD = ("NAME", "OPERATION", "STREAM_TYPE", "CANNOT", "write_request", "unstored", "read_answer", "open_reader",
              "read_problem")  # fmt: skip
BOTH = (*SPOKEN, *UNDERSTOOD, "pass_answer", "open_stream")


def test_dialects_have_all_that_their_sides_need():
    for dialects, names in ((known.SPOKEN, SPOKEN), (known.UNDERSTOOD, UNDERSTOOD), (known.BOTH, BOTH)):
        lacking = [(name, each) for name, dialect in dialects.items() for each in names if not hasattr(dialect, each)]
        assert lacking == []


def test_names_are_the_dialects_own():
    for dialects in (known.SPOKEN, known.UNDERSTOOD, known.BOTH):
        assert all(name == dialect.NAME for name, dialect in dialects.items())


def test_every_endpoint_is_of_a_dialect_that_is_understood_and_of_its_operation():
    for provider, endpoints in ENDPOINTS.items():
        for name in endpoints:
            assert name in known.UNDERSTOOD, provider
            assert OPERATIONS[name] == known.UNDERSTOOD[name].OPERATION
    assert set(OPERATIONS) >= set(known.SPOKEN) | set(known.UNDERSTOOD)


def test_who_speaks_and_understands_the_same_passes_it_through():
    assert set(known.BOTH) == set(known.SPOKEN) & set(known.UNDERSTOOD)


ASKING = {
    "anthropic.messages": {"max_tokens": 1, "messages": [{"role": "user", "content": "x"}]},
    "anthropic.count_tokens": {"messages": [{"role": "user", "content": "x"}]},
    "openai.responses": {"input": [{"role": "user", "content": "x"}]},
    "openai.chat": {"messages": [{"role": "user", "content": "x"}]},
    "openai.completions": {"prompt": "x"},
    "openai.embeddings": {"input": "x"},
    "ollama.chat": {"messages": [{"role": "user", "content": "x"}], "options": {}},
    "ollama.generate": {"prompt": "x", "options": {}},
    "ollama.embed": {"input": "x", "options": {}},
    "ollama.embeddings": {"prompt": "x", "options": {}},
}


def test_each_dialect_is_asked_here():
    assert set(ASKING) == set(known.SPOKEN)


@pytest.mark.parametrize("name", ASKING)
def test_a_field_that_is_null_has_a_name_and_that_may_say_anything(name):
    """It asks for nothing, so it is no field that a target would have to know."""
    asked = json.loads(json.dumps(ASKING[name]))
    inner = asked["input"] if name == "openai.responses" else asked.get("messages", [])
    for holder in (asked, *inner, *([asked["options"]] if "options" in asked else [])):
        holder["jane.roe@example.com"] = None
        envelope = known.SPOKEN[name].parse_request(json.dumps({"model": "m", **asked}).encode())
        assert "jane.roe@example.com" in {part.text for part in envelope.parts if part.is_key}
        assert envelope.rest == frozenset()
        del holder["jane.roe@example.com"]
