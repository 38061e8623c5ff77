from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from tidegate.adapters.runtimes.demo_answer import answer_chunks, completion, engine_request, last_user_text

HEAD = {"id": "chatcmpl-1", "created": 1, "model": "demo"}


class ScriptedEngine:
    """Says its chunks and keeps what it was asked."""

    def __init__(self, *chunks: dict[str, Any]) -> None:
        self.chunks = chunks
        self.asked: list[dict[str, Any]] = []

    async def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        self.asked.append(request)
        for chunk in self.chunks:
            yield chunk


def delta(finish_reason: str | None = None, **said: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": said, "finish_reason": finish_reason}]}


def answered(engine: ScriptedEngine, text: Any = "Call ⟦pii.person:k7f2q9m3⟧") -> dict[str, Any]:
    request = {"messages": [{"role": "user", "content": text}]}
    return asyncio.run(completion(answer_chunks(HEAD, request, engine)))


@pytest.mark.parametrize(
    ("messages", "text"),
    [
        ([{"role": "user", "content": "one"}], "one"),
        ([{"role": "user", "content": "one"}, {"role": "assistant", "content": "two"}], "one"),
        ([{"role": "user", "content": "one"}, {"role": "user", "content": "two"}], "two"),
        ([{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}], "a\nb"),
        ([{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}], "[image_url]"),
        ([{"role": "user", "content": None}], ""),
        ([{"role": "user"}], ""),
        ([{"role": "system", "content": "no user"}], ""),
        (["not a message", 3], ""),
        ([{"role": "user", "content": ["text", 3]}], "\n"),
    ],
)
def test_the_last_user_text_is_found_in_every_shape(messages: list[Any], text: str):
    assert last_user_text(messages) == text


def test_the_answer_opens_with_what_arrived_and_goes_on_with_the_engine():
    engine = ScriptedEngine(
        delta(role="assistant", content=None), delta(content="Hel"), delta(content="lo"), delta("stop")
    )
    answer = answered(engine)
    assert answer["choices"] == [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": 'This reached the cloud: "Call ⟦pii.person:k7f2q9m3⟧"\n\nHello',
            },
            "finish_reason": "stop",
        }
    ]
    assert (answer["object"], answer["model"], answer["id"]) == ("chat.completion", "demo", "chatcmpl-1")


def test_without_an_engine_the_quotation_is_the_answer():
    answer = answered(ScriptedEngine())
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["choices"][0]["message"]["content"] == 'This reached the cloud: "Call ⟦pii.person:k7f2q9m3⟧"\n\n'


def test_an_engine_that_breaks_off_leaves_a_whole_answer():
    answer = answered(ScriptedEngine(delta(content="Hel")))
    assert answer["choices"][0]["message"]["content"].endswith('"\n\nHel')
    assert answer["choices"][0]["finish_reason"] == "stop"


def test_usage_is_the_engines_and_a_token_for_four_bytes_of_quotation():
    engine = ScriptedEngine(delta("stop"), {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2}})
    quoted = 'This reached the cloud: "twelve bytes"'
    assert answered(engine, "twelve bytes")["usage"] == {
        "prompt_tokens": 7,
        "completion_tokens": 2 + -(-len(quoted) // 4),
        "total_tokens": 9 + -(-len(quoted) // 4),
    }


def test_tool_calls_are_put_together_from_their_pieces():
    def piece(index: int, **function: str) -> dict[str, Any]:
        named = {"id": f"call-{index}"} if "name" in function else {}
        return {"index": index, "function": function} | named

    engine = ScriptedEngine(
        delta(tool_calls=[piece(0, name="get_weather", arguments='{"ci')]),
        delta(tool_calls=[piece(0, arguments='ty": "Paris"}')]),
        delta(tool_calls=[piece(1, name="get_time", arguments="{}")]),
        delta("tool_calls"),
    )
    choice = answered(engine)["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["tool_calls"] == [
        {"id": "call-0", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}},
        {"id": "call-1", "type": "function", "function": {"name": "get_time", "arguments": "{}"}},
    ]


@pytest.mark.parametrize(
    ("asked", "bound"),
    [
        ({}, 256),
        ({"max_tokens": 10}, 10),
        ({"max_tokens": 100_000}, 512),
        ({"max_completion_tokens": 20}, 20),
        ({"max_tokens": -1}, 256),
        ({"max_tokens": "many"}, 256),
        ({"max_tokens": True}, 256),
    ],
)
def test_the_engine_is_asked_for_a_bounded_stream_of_one_choice(asked: dict[str, Any], bound: int):
    request = engine_request({"messages": [], "n": 5, "temperature": 0} | asked)
    assert request == {
        "messages": [],
        "temperature": 0,
        "max_tokens": bound,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
