"""Events as a message, whole or streamed.

A message's blocks come one after another, and so they are written: what belongs to a block that opened while another
one was open waits until that one is closed.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.dialects.anthropic_messages.errors import event as render
from tidegate.core.dialects.anthropic_messages.request_writing import tool_id
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral.arguments import as_object
from tidegate.core.values.usage import NOT_SAID, Usage

_REASONS: Mapping[e.Reason, str] = MappingProxyType(
    {"length": "max_tokens", "tool_calls": "tool_use", "content_filter": "refusal", "refusal": "refusal",
     "pause": "pause_turn"}
)  # fmt: skip


def write_answer(events: Sequence[e.Event], asked: Asked) -> bytes:
    """Only the first choice: a request of this dialect cannot ask for more."""
    gathering, ended, usage = _Gathering(), e.Ended("stop"), NOT_SAID
    for event in events:
        if isinstance(event, e.Ended):
            ended = event if event.choice == 0 else ended
        elif isinstance(event, e.Used):
            usage = event.usage
        else:
            gathering.take(event)
    content = gathering.content()
    calls = any(block["type"] == "tool_use" for block in content)
    return orjson.dumps({**_head(asked), "content": content, **_end(ended, calls=calls), "usage": _usage(usage)})


def _head(asked: Asked) -> dict[str, Any]:
    message_id = f"msg_{asked.request_id.replace('-', '')}"
    return {"id": message_id, "type": "message", "role": "assistant", "model": asked.model}


def _end(ended: e.Ended, *, calls: bool) -> dict[str, Any]:
    """Some upstreams end calls of tools as if nothing more were to be done; clients here go by the reason."""
    reason = _REASONS.get(ended.reason, "")
    if not reason:
        reason = "tool_use" if calls else "stop_sequence" if ended.sequence else "end_turn"
    return {"stop_reason": reason, "stop_sequence": ended.sequence or None}


def _usage(usage: Usage) -> dict[str, int]:
    read, written = max(usage.cached_input_tokens, 0), max(usage.cache_write_tokens, 0)
    return {
        "input_tokens": max(usage.input_tokens - read - written, 0),
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": read,
        "output_tokens": max(usage.output_tokens, 0),
    }


def _begun(opened: e.Opened, sealed: str = "") -> dict[str, Any]:
    """A block before anything was said in it."""
    if opened.kind == "tool":
        return {"type": "tool_use", "id": tool_id(opened.id), "name": opened.name, "input": {}}
    if opened.kind != "thinking":
        return {"type": "text", "text": ""}
    return {"type": "redacted_thinking", "data": sealed} if sealed else {
        "type": "thinking", "thinking": "", "signature": ""
    }  # fmt: skip


class _Said:
    """One block as far as it has come."""

    __slots__ = ("opened", "sealed", "signature", "text")

    def __init__(self, opened: e.Opened) -> None:
        self.opened, self.text, self.signature, self.sealed = opened, "", opened.signature, ""

    def block(self) -> dict[str, Any] | None:
        """None for one in which nothing was said: the API takes no empty text back."""
        block = _begun(self.opened, self.sealed)
        if self.opened.kind == "tool":
            block["input"] = as_object(self.text)
        elif self.opened.kind == "thinking" and not self.sealed:
            block |= {"thinking": self.text, "signature": self.signature}
        elif not self.sealed:
            block["text"] = self.text
        is_empty = self.opened.kind != "tool" and not (self.text or self.signature or self.sealed)
        return None if is_empty else block


class _Gathering:
    def __init__(self) -> None:
        self._blocks: dict[int, _Said] = {}

    def take(self, event: e.Event) -> None:
        if isinstance(event, e.Opened) and event.choice == 0:
            self._blocks[event.block] = _Said(event)
        elif isinstance(event, e.Delta | e.Sealed) and event.choice == 0 and event.block in self._blocks:
            said = self._blocks[event.block]
            if isinstance(event, e.Delta):
                said.text += event.text
            else:
                said.signature, said.sealed = event.signature or said.signature, event.sealed or said.sealed

    def content(self) -> list[dict[str, Any]]:
        return [block for said in self._blocks.values() if (block := said.block()) is not None]


# -- streamed --------------------------------------------------------------------------------------------------------


def open_writer(asked: Asked) -> "EventWriter":
    return EventWriter(asked)


class EventWriter:
    """Events to the stream's (a `Writer`)."""

    __slots__ = ("_asked", "_began", "_calls", "_current", "_ended", "_index", "_opened", "_usage", "_waiting")

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._began, self._calls = False, False
        self._opened: e.Opened | None = None
        """The block that may be written, whose start waits for the first thing said in it."""
        self._current = False
        """Its start has been written."""
        self._index = -1
        self._waiting: list[e.Opened | e.Delta | e.Sealed | e.Closed] = []
        self._ended = e.Ended("stop")
        self._usage = NOT_SAID

    def feed(self, event: e.Event) -> bytes:
        if isinstance(event, e.Used):
            self._usage = event.usage
        elif isinstance(event, e.Began):
            return self._begin()
        elif isinstance(event, e.Ended):
            self._ended = event if event.choice == 0 else self._ended
        elif isinstance(event, e.Opened | e.Delta | e.Sealed | e.Closed) and event.choice == 0:
            return self._begin() + self._take(event)
        return b""

    def close(self) -> bytes:
        left = self._begin()
        while self._opened is not None:
            left += self._take(e.Closed(self._opened.block))
        delta = _end(self._ended, calls=self._calls)
        told = {"type": "message_delta", "delta": delta, "usage": _usage(self._usage)}
        return left + render("message_delta", orjson.dumps(told)) + render("message_stop", b'{"type":"message_stop"}')

    def _begin(self) -> bytes:
        if self._began:
            return b""
        self._began = True
        message = {
            **_head(self._asked),
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": _usage(NOT_SAID),
        }
        return render("message_start", orjson.dumps({"type": "message_start", "message": message}))

    def _take(self, event: e.Opened | e.Delta | e.Sealed | e.Closed) -> bytes:
        if self._opened is not None and (isinstance(event, e.Opened) or event.block != self._opened.block):
            self._waiting.append(event)
            return b""
        if isinstance(event, e.Opened):
            return self._open(event)
        if isinstance(event, e.Delta):
            return self._said(event.text)
        if isinstance(event, e.Sealed):
            return self._sealed(event)
        return self._close()

    def _open(self, event: e.Opened) -> bytes:
        self._opened, self._current = event, False
        if event.kind != "tool":
            return b""
        self._calls = True
        return self._start(_begun(event))

    def _start(self, block: dict[str, Any]) -> bytes:
        self._current, self._index = True, self._index + 1
        told = {"type": "content_block_start", "index": self._index, "content_block": block}
        return render("content_block_start", orjson.dumps(told))

    def _said(self, text: str) -> bytes:
        if self._opened is None:
            return b""
        start = b"" if self._current else self._start(_begun(self._opened))
        if self._opened.kind == "tool":
            return start + self._delta({"type": "input_json_delta", "partial_json": text})
        if self._opened.kind == "thinking":
            return start + self._delta({"type": "thinking_delta", "thinking": text})
        return start + self._delta({"type": "text_delta", "text": text})

    def _sealed(self, event: e.Sealed) -> bytes:
        if self._opened is None or self._opened.kind != "thinking":
            return b""
        if event.sealed and not self._current:
            return self._start(_begun(self._opened, event.sealed))
        start = b"" if self._current else self._start(_begun(self._opened))
        return start + self._delta({"type": "signature_delta", "signature": event.signature})

    def _delta(self, delta: dict[str, Any]) -> bytes:
        told = {"type": "content_block_delta", "index": self._index, "delta": delta}
        return render("content_block_delta", orjson.dumps(told))

    def _close(self) -> bytes:
        """What waited goes on, as far as the next block that stays open."""
        out = b""
        if self._current:
            out = render("content_block_stop", orjson.dumps({"type": "content_block_stop", "index": self._index}))
        self._opened, self._current = None, False
        waiting, self._waiting = self._waiting, []
        return out + b"".join([self._take(event) for event in waiting])
