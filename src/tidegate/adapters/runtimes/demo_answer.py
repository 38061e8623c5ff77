"""What the demo cloud says: the quotation of what reached it, then the engine's own words.

The quotation's tokens are estimated in `usage`, four bytes a token, as no tokenizer is at hand; the engine's are its
own.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Protocol

TOKENS_DEFAULT, TOKENS_LIMIT = 256, 512
BYTES_A_TOKEN = 4


class Engine(Protocol):
    def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        """Chunks of an OpenAI chat stream; ends early, without an error, when the engine fails."""
        ...


def last_user_text(messages: list[Any]) -> str:
    """The words of the last user message; parts of other kinds are named by their kind."""
    for message in reversed(messages):
        if isinstance(message, dict) and message.get("role") == "user":
            content = message.get("content")
            parts = content if isinstance(content, list) else [{"type": "text", "text": content or ""}]
            return "\n".join(part_text(part) for part in parts)
    return ""


def part_text(part: Any) -> str:
    if not isinstance(part, dict):
        return ""
    text = part.get("text")
    return text if isinstance(text, str) else f"[{part.get('type', 'part')}]"


def quotation(request: dict[str, Any]) -> str:
    return f'This reached the cloud: "{last_user_text(request["messages"])}"'


def engine_request(request: dict[str, Any]) -> dict[str, Any]:
    """What the engine is asked: the client's request with a bound on its length, always one choice, always streamed."""
    asked = request.get("max_completion_tokens") or request.get("max_tokens") or TOKENS_DEFAULT
    bound = min(asked, TOKENS_LIMIT) if type(asked) is int and asked > 0 else TOKENS_DEFAULT
    forwarded = {name: value for name, value in request.items() if name not in {"max_completion_tokens", "n"}}
    return forwarded | {"max_tokens": bound, "stream": True, "stream_options": {"include_usage": True}}


async def answer_chunks(head: dict[str, Any], request: dict[str, Any], engine: Engine) -> AsyncIterator[dict[str, Any]]:
    """OpenAI's stream chunks: the quotation, what the engine adds, a finish, and last the usage."""
    frame = head | {"object": "chat.completion.chunk"}
    quoted = quotation(request)
    finish, usage = "stop", dict[str, Any]()
    yield frame | {"choices": [choice({"role": "assistant", "content": f"{quoted}\n\n"})]}
    async with contextlib.aclosing(engine.stream(engine_request(request))) as chunks:
        async for chunk in chunks:
            usage = chunk.get("usage") or usage
            for told in chunk.get("choices") or []:
                finish = told.get("finish_reason") or finish
                if delta := spoken(told.get("delta") or {}):
                    yield frame | {"choices": [choice(delta)]}
    yield frame | {"choices": [choice({}, finish)]}
    yield frame | {"choices": [], "usage": total(usage, quoted)}


def choice(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason}


def spoken(delta: dict[str, Any]) -> dict[str, Any]:
    """What of the engine's delta says something; the role has been told already."""
    return {name: value for name, value in delta.items() if name != "role" and value is not None}


def total(engine_usage: dict[str, Any], quoted: str) -> dict[str, int]:
    prompt = engine_usage.get("prompt_tokens", 0)
    completion_tokens = engine_usage.get("completion_tokens", 0) + -(
        -len(quoted.encode("utf-8", "replace")) // BYTES_A_TOKEN
    )
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt + completion_tokens,
    }


async def completion(chunks: AsyncIterator[dict[str, Any]]) -> dict[str, Any]:
    """The chunks put together into one answer."""
    answer: dict[str, Any] = {}
    message: dict[str, Any] = {"role": "assistant", "content": ""}
    calls: dict[int, dict[str, Any]] = {}
    async for chunk in chunks:
        answer = answer or chunk | {"object": "chat.completion"}
        answer["usage"] = chunk.get("usage")
        for part in chunk["choices"]:
            message["content"] += part["delta"].get("content") or ""
            for call in part["delta"].get("tool_calls") or []:
                add_call(calls, call)
            answer["choices"] = [{"index": 0, "message": message, "finish_reason": part["finish_reason"]}]
    if calls:
        message["tool_calls"] = [calls[index] for index in sorted(calls)]
    return answer


def add_call(calls: dict[int, dict[str, Any]], piece: dict[str, Any]) -> None:
    """The first piece of a call has its id and name, each has some of its arguments."""
    function = piece.get("function") or {}
    if piece["index"] not in calls:
        named = {"name": function.get("name", ""), "arguments": ""}
        calls[piece["index"]] = {"id": piece.get("id", ""), "type": "function", "function": named}
    calls[piece["index"]]["function"]["arguments"] += function.get("arguments") or ""
