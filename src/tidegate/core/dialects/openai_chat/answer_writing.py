"""Events as a chat completion, whole or streamed."""

from collections.abc import Sequence
from typing import Any

import orjson

from tidegate.core.dialects import sse
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.usage import NOT_SAID, Usage

_REASONS: dict[e.Reason, str] = {
    "length": "length",
    "tool_calls": "tool_calls",
    "content_filter": "content_filter",
    "refusal": "content_filter",
}
_FIELDS: dict[e.BlockKind, str] = {"text": "content", "thinking": "reasoning_content", "refusal": "refusal"}


def write_answer(events: Sequence[e.Event], asked: Asked) -> bytes:
    writer, choices, usage = _Gathering(), {}, NOT_SAID
    for event in events:
        if isinstance(event, e.Ended):
            choices[event.choice] = _REASONS.get(event.reason, "stop")
        elif isinstance(event, e.Used):
            usage = event.usage
        else:
            writer.take(event)
    return orjson.dumps(
        {
            "id": _id(asked),
            "object": "chat.completion",
            "created": asked.created,
            "model": asked.model,
            "choices": [
                {"index": index, "message": writer.message(index), "logprobs": None, "finish_reason": reason}
                for index, reason in sorted(choices.items())
            ],
            "usage": _usage(usage),
        }
    )


def _id(asked: Asked) -> str:
    return f"chatcmpl-{asked.request_id}"


class _Gathering:
    def __init__(self) -> None:
        self._texts: dict[tuple[int, str], list[str]] = {}
        self._calls: dict[int, dict[int, dict[str, Any]]] = {}
        self._fields: dict[tuple[int, int], str] = {}

    def take(self, event: e.Event) -> None:
        if isinstance(event, e.Opened):
            if event.kind == "tool":
                self._calls.setdefault(event.choice, {})[event.block] = _call(event)
            else:
                self._fields[event.choice, event.block] = _FIELDS[event.kind]
        elif isinstance(event, e.Delta):
            if call := self._calls.get(event.choice, {}).get(event.block):
                kind, key = _place(call["type"])
                call[kind][key] += event.text
            else:
                where = event.choice, self._fields.get((event.choice, event.block), "content")
                self._texts.setdefault(where, []).append(event.text)

    def message(self, choice: int) -> dict[str, Any]:
        said = {key: "".join(self._texts.get((choice, key), ())) or None for key in _FIELDS.values()}
        message: dict[str, Any] = {"role": "assistant", "content": said["content"], "refusal": said["refusal"]}
        if said["reasoning_content"]:
            message["reasoning_content"] = said["reasoning_content"]
        if calls := self._calls.get(choice):
            message["tool_calls"] = list(calls.values())
        elif said["content"] is None and said["refusal"] is None:
            message["content"] = ""
        return message


def _place(kind: str) -> tuple[str, str]:
    return ("custom", "input") if kind == "custom" else ("function", "arguments")


def _call(event: e.Opened) -> dict[str, Any]:
    kind = "custom" if event.free else "function"
    return {"id": event.id, "type": kind, kind: {"name": event.name, _place(kind)[1]: ""}}


def _usage(usage: Usage) -> dict[str, Any]:
    read, written = max(usage.input_tokens, 0), max(usage.output_tokens, 0)
    told: dict[str, Any] = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    if usage.cached_input_tokens >= 0:
        told["prompt_tokens_details"] = {"cached_tokens": usage.cached_input_tokens}
    if usage.thinking_tokens >= 0:
        told["completion_tokens_details"] = {"reasoning_tokens": usage.thinking_tokens}
    return told


def open_writer(asked: Asked) -> "ChunkWriter":
    return ChunkWriter(asked)


class ChunkWriter:
    """Events to the chunks of a stream (a `Writer`)."""

    __slots__ = ("_calls", "_head", "_kinds", "_says_usage", "_spoken", "_usage")

    def __init__(self, asked: Asked) -> None:
        self._head = {
            "id": _id(asked),
            "object": "chat.completion.chunk",
            "created": asked.created,
            "model": asked.model,
        }
        options = asked.document.get("stream_options")
        self._says_usage = isinstance(options, dict) and options.get("include_usage") is True
        self._usage = NOT_SAID
        self._kinds: dict[tuple[int, int], e.Opened] = {}
        self._calls: dict[tuple[int, int], int] = {}
        self._spoken: set[int] = set()

    def feed(self, event: e.Event) -> bytes:
        if isinstance(event, e.Delta):
            return self._delta(event)
        if isinstance(event, e.Opened):
            return self._opened(event)
        if isinstance(event, e.Ended):
            return self._chunk(event.choice, {}, _REASONS.get(event.reason, "stop"))
        if isinstance(event, e.Used):
            self._usage = event.usage
        return b""

    def close(self) -> bytes:
        last = sse.render(b"[DONE]")
        if not self._says_usage:
            return last
        return sse.render(orjson.dumps({**self._head, "choices": [], "usage": _usage(self._usage)})) + last

    def _opened(self, event: e.Opened) -> bytes:
        self._kinds[event.choice, event.block] = event
        if event.kind != "tool":
            return b""
        number = sum(1 for choice, _ in self._calls if choice == event.choice)
        self._calls[event.choice, event.block] = number
        return self._chunk(event.choice, {"tool_calls": [{"index": number, **_call(event)}]})

    def _delta(self, event: e.Delta) -> bytes:
        opened = self._kinds.get((event.choice, event.block))
        if opened is None or opened.kind != "tool":
            return self._chunk(event.choice, {_FIELDS[opened.kind] if opened else "content": event.text})
        kind = "custom" if opened.free else "function"
        call = {"index": self._calls[event.choice, event.block], kind: {_place(kind)[1]: event.text}}
        return self._chunk(event.choice, {"tool_calls": [call]})

    def _chunk(self, choice: int, delta: dict[str, Any], reason: str | None = None) -> bytes:
        if choice not in self._spoken:
            self._spoken.add(choice)
            delta = {"role": "assistant", **delta}
        told = {**self._head, "choices": [{"index": choice, "delta": delta, "finish_reason": reason}]}
        if self._says_usage:
            told["usage"] = None
        return sse.render(orjson.dumps(told))
