"""Events as a response, whole or streamed: every field that the API promises is there."""

from collections.abc import Iterator, Sequence
from typing import Any

from tidegate.core.dialects import sse
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.document import dumps
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.openai_responses import native
from tidegate.core.dialects.openai_responses.namespaces import apart
from tidegate.core.values.usage import NOT_SAID, Usage

_INCOMPLETE: dict[e.Reason, str] = {"length": "max_output_tokens", "content_filter": "content_filter"}
# Asked for, and so repeated; the values are what the API's own are where nothing was said.
_REPEATED: dict[str, Any] = {
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "prompt_cache_key": None,
    "reasoning": {"effort": None, "summary": None},
    "safety_identifier": None,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [],
    "top_logprobs": 0,
    "top_p": 1.0,
    "truncation": "disabled",
    "user": None,
}


def write_answer(events: Sequence[e.Event], asked: Asked) -> bytes:
    writer = EventWriter(asked)
    for event in events:
        writer.feed(event)
    return dumps(writer.response(final=True))


def open_writer(asked: Asked) -> "EventWriter":
    return EventWriter(asked)


class _Item:
    """One item on its way. `done`: as it stands at its end."""

    __slots__ = ("added", "arguments", "index", "kind", "native", "sealed", "texts")

    def __init__(self, index: int, kind: str, added: dict[str, Any], own: native.Native | None) -> None:
        self.index, self.kind, self.added, self.native = index, kind, added, own
        self.texts: list[str] = []
        self.sealed = ""

    @property
    def id(self) -> str:
        return str(self.added["id"])

    @property
    def text(self) -> str:
        return "".join(self.texts)

    @property
    def done(self) -> dict[str, Any]:
        whole = {**self.added, "status": "completed"}
        if self.kind in ("text", "refusal"):
            whole["content"] = [_part(self.kind, self.text)]
        elif self.kind == "thinking":
            whole["summary"] = [_part(self.kind, self.text)] if self.text else []
        elif self.native is not None:
            whole[self.native.holder] = native.held_by(self.native, self.text)
        else:
            whole["input" if self.kind == "custom" else "arguments"] = self.text or (
                "" if self.kind == "custom" else "{}"
            )
        return whole


def _part(kind: str, text: str) -> dict[str, Any]:
    if kind == "text":
        return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}
    if kind == "thinking":
        return {"type": "summary_text", "text": text}
    return {"type": "refusal", "refusal": text}


_FAMILIES = {
    "text": "response.output_text",
    "refusal": "response.refusal",
    "thinking": "response.reasoning_summary_text",
    "function": "response.function_call_arguments",
    "custom": "response.custom_tool_call_input",
}
_PIECES = {"text": "response.content_part", "refusal": "response.content_part"}


class EventWriter:
    """Events to the events of a stream (a `Writer`)."""

    __slots__ = ("_asked", "_blocks", "_id", "_items", "_named", "_native", "_number", "_reason", "_usage")

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._id = asked.request_id.replace("-", "")
        self._native = native.offered(asked.document.get("tools"))
        self._named = apart(asked.document.get("tools"))
        self._items: list[_Item] = []
        self._blocks: dict[int, _Item] = {}
        self._number = 0
        self._reason: e.Reason = "stop"
        self._usage = NOT_SAID

    def feed(self, event: e.Event) -> bytes:
        begun = b"" if self._number else self._begin()
        if isinstance(event, e.Ended):
            if event.choice == 0:
                self._reason = event.reason
        elif isinstance(event, e.Used):
            self._usage = event.usage
        elif isinstance(event, e.Opened | e.Delta | e.Sealed | e.Closed) and event.choice == 0:
            return begun + b"".join(self._step(event))
        return begun

    def close(self) -> bytes:
        begun = b"" if self._number else self._begin()
        left = b"".join([event for block in list(self._blocks) for event in self._closed(block)])
        response = self.response(final=True)
        return begun + left + self._event(f"response.{response['status']}", response=response)

    def _begin(self) -> bytes:
        response = self.response(final=False)
        return self._event("response.created", response=response) + self._event(
            "response.in_progress", response=response
        )

    def _step(self, event: e.Opened | e.Delta | e.Sealed | e.Closed) -> Iterator[bytes]:
        if isinstance(event, e.Opened):
            yield from self._opened(event)
        elif isinstance(event, e.Closed):
            yield from self._closed(event.block)
        elif isinstance(event, e.Delta) and (item := self._blocks.get(event.block)):
            yield from self._delta(item, event.text)

    def _opened(self, event: e.Opened) -> Iterator[bytes]:
        index = len(self._items)
        kind: str = event.kind
        own = self._native.get(event.name) if kind == "tool" and not event.free else None
        if kind == "tool":
            kind = "custom" if event.free else "function"
        item = _Item(index, kind, self._added(index, kind, event, own), own)
        self._items.append(item)
        self._blocks[event.block] = item
        if own is not None:  # it has no deltas of its own, and comes whole
            return
        yield self._event("response.output_item.added", output_index=index, item=item.added)
        if kind in _PIECES:
            part = _part(kind, "")
            yield self._event(f"{_PIECES[kind]}.added", **_where(item), content_index=0, part=part)

    def _added(self, index: int, kind: str, event: e.Opened, own: native.Native | None) -> dict[str, Any]:
        number = f"{self._id}{index:04}"
        progress = {"status": "in_progress"}
        if kind in ("text", "refusal"):
            return {"id": f"msg_{number}", "type": "message", **progress, "role": "assistant", "content": []}
        if kind == "thinking":
            return {"id": f"rs_{number}", "type": "reasoning", **progress, "summary": []}
        if own is not None:
            return {"id": f"sh_{number}", "type": own.call, **progress, "call_id": event.id, own.holder: {}}
        space, name = self._named.get(event.name, ("", event.name))
        named = {"call_id": event.id, "name": name} | ({"namespace": space} if space else {})
        if kind == "custom":
            return {"id": f"ctc_{number}", "type": "custom_tool_call", **progress, **named, "input": ""}
        return {"id": f"fc_{number}", "type": "function_call", **progress, **named, "arguments": ""}

    def _delta(self, item: _Item, text: str) -> Iterator[bytes]:
        if item.kind == "thinking" and not item.texts:
            part = _part(item.kind, "")
            yield self._event("response.reasoning_summary_part.added", **_where(item), summary_index=0, part=part)
        item.texts.append(text)
        if item.native is None:
            logprobs: dict[str, Any] = {"logprobs": []} if item.kind == "text" else {}
            yield self._event(f"{_FAMILIES[item.kind]}.delta", **_where(item), **_inner(item), delta=text, **logprobs)

    def _closed(self, block: int) -> Iterator[bytes]:
        item = self._blocks.pop(block, None)
        if item is None:
            return
        if item.native is not None:
            yield self._event("response.output_item.added", output_index=item.index, item=item.done)
        else:
            yield from self._text_done(item)
        yield self._event("response.output_item.done", output_index=item.index, item=item.done)

    def _text_done(self, item: _Item) -> Iterator[bytes]:
        whole, family = item.done, _FAMILIES[item.kind]
        if item.kind == "thinking":
            if whole["summary"]:
                at = {**_where(item), "summary_index": 0}
                yield self._event(f"{family}.done", **at, text=item.text)
                yield self._event("response.reasoning_summary_part.done", **at, part=whole["summary"][0])
        elif item.kind in _PIECES:
            at, part = {**_where(item), "content_index": 0}, whole["content"][0]
            told = {"text": item.text, "logprobs": []} if item.kind == "text" else {"refusal": item.text}
            yield self._event(f"{family}.done", **at, **told)
            yield self._event(f"{_PIECES[item.kind]}.done", **at, part=part)
        else:
            key = "input" if item.kind == "custom" else "arguments"
            named = {} if item.kind == "custom" else {"name": whole["name"]}
            yield self._event(f"{family}.done", **_where(item), **named, **{key: whole[key]})

    def _event(self, kind: str, **told: Any) -> bytes:
        number, self._number = self._number, self._number + 1
        event = {"type": kind, "sequence_number": number, **told}
        return f"event: {kind}\n".encode() + sse.render(dumps(event))

    def response(self, *, final: bool) -> dict[str, Any]:
        document, asked = self._asked.document, self._asked
        incomplete = _INCOMPLETE.get(self._reason) if final else None
        status = "in_progress" if not final else "incomplete" if incomplete else "completed"
        said = {key: document[key] for key in _REPEATED if document.get(key) is not None}
        return {
            "id": f"resp_{self._id}",
            "object": "response",
            "created_at": asked.created,
            "status": status,
            "background": False,
            "completed_at": asked.created if status == "completed" else None,
            "error": None,
            "incomplete_details": {"reason": incomplete} if incomplete else None,
            "model": asked.model,
            "output": [item.done for item in self._items] if final else [],
            "previous_response_id": None,
            "service_tier": "default",
            "store": False,
            **_REPEATED,
            **said,
            "usage": _usage(self._usage) if final else None,
        }


def _where(item: _Item) -> dict[str, Any]:
    return {"item_id": item.id, "output_index": item.index}


def _inner(item: _Item) -> dict[str, Any]:
    if item.kind == "thinking":
        return {"summary_index": 0}
    return {"content_index": 0} if item.kind in _PIECES else {}


def _usage(usage: Usage) -> dict[str, Any]:
    read, written = max(usage.input_tokens, 0), max(usage.output_tokens, 0)
    return {
        "input_tokens": read,
        "input_tokens_details": {
            "cached_tokens": max(usage.cached_input_tokens, 0),
            "cache_write_tokens": max(usage.cache_write_tokens, 0),
        },
        "output_tokens": written,
        "output_tokens_details": {"reasoning_tokens": max(usage.thinking_tokens, 0)},
        "total_tokens": read + written,
    }
