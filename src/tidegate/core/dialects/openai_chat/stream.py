"""A streamed answer: events in, events out, each text through the channel of its choice and field."""

from typing import Any

import orjson

from tidegate.core.dialects import sse
from tidegate.core.dialects.openai_chat.answer import API_WORDS, NAMELESS, note
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import Channel, OpenChannel
from tidegate.core.values.errors import UpstreamError


class AnswerStream:
    """Events in, events out. With channels, text is restored however it was split; without, bytes pass as they came."""

    __slots__ = ("_channels", "_events", "_last", "_open", "_tools", "notes")

    def __init__(self, notes: AnswerNotes, open_channel: OpenChannel | None) -> None:
        self.notes = notes
        self._open = open_channel
        self._events = sse.EventReader()
        self._channels: dict[tuple[int, str, int], Channel] = {}
        self._tools: dict[tuple[int, int], str] = {}
        self._last: dict[str, Any] = {}

    def feed(self, chunk: bytes) -> bytes:
        """Raises UpstreamError: `too_large`, `protocol`."""
        return b"".join([self._pass(event) for event in self._events.feed(chunk)])

    def close(self) -> bytes:
        """What was held back. Without `[DONE]` or a finish reason the stream was cut: `notes.complete` stays False."""
        left = b"".join([self._pass(event) for event in self._events.close()])
        return left + self._flush()

    def _pass(self, event: sse.Event) -> bytes:
        data = event.data
        if data is None:
            return event.raw
        if data == b"[DONE]":
            self.notes.complete = True
            return self._flush() + event.raw
        try:
            tree = orjson.loads(data)
        except orjson.JSONDecodeError:
            tree = None
        if not isinstance(tree, dict):
            self.notes.error = "not_json"
            raise UpstreamError("protocol", "The upstream sent an event that is no object.", before_first_byte=False)
        if "error" in tree and "choices" not in tree:
            self.notes.error = "upstream_error_event"
        note(tree, self.notes)
        choices = tree.get("choices")
        if not isinstance(choices, list):
            return event.raw
        self._last = tree
        return self._choices(event, tree, choices)

    def _choices(self, event: sse.Event, tree: dict[str, Any], choices: list[Any]) -> bytes:
        changed, before = False, b""
        for choice in choices:
            if not isinstance(choice, dict):
                continue
            index = choice.get("index")
            index = index if isinstance(index, int) else 0
            if self._open and isinstance(delta := choice.get("delta"), dict):
                changed = self._delta(index, delta, self._open) or changed
            if isinstance(reason := choice.get("finish_reason"), str):
                self.notes.finish_reasons.append(reason)
                self.notes.complete = True
                changed = self._close_into(index, choice.get("delta")) or changed
                before += self._flush(index)
        return before + (sse.render(orjson.dumps(tree)) if changed else event.raw)

    def _delta(self, index: int, delta: dict[str, Any], open_channel: OpenChannel) -> bool:
        changed = False
        for key, value in delta.items():
            if isinstance(value, str) and key not in API_WORDS:
                changed = self._through((index, key, -1), "", delta, key, open_channel) or changed
        calls = delta.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            if not isinstance(call, dict) or not isinstance(function := call.get("function"), dict):
                continue
            at = call.get("index")
            at = at if isinstance(at, int) else 0
            if isinstance(name := function.get("name"), str) and name:
                self._tools[index, at] = name
            if isinstance(function.get("arguments"), str):
                tool = self._tools.get((index, at), NAMELESS)
                where = (index, "arguments", at)
                changed = self._through(where, tool, function, "arguments", open_channel) or changed
        return changed

    def _through(
        self, where: tuple[int, str, int], tool: str, holder: dict[str, Any], key: str, open_channel: OpenChannel
    ) -> bool:
        channel = self._channels.get(where)
        if channel is None:
            channel = self._channels[where] = open_channel(tool)
        before = holder[key]
        holder[key] = channel.feed(before)
        return bool(holder[key] != before)

    def _close_into(self, index: int, delta: Any) -> bool:
        """A last delta that carries text itself takes what its channel holds: an event before it would overtake it."""
        changed = False
        for where in [w for w in self._channels if w[0] == index] if isinstance(delta, dict) else ():
            holder = _holder(delta, where)
            if holder is not None and (text := self._channels.pop(where).close()):
                holder[where[1]] += text
                changed = True
        return changed

    def _flush(self, index: int | None = None) -> bytes:
        """Events for what the channels (of one choice, or all) still hold, in the shape of the last event."""
        out = b""
        for where in [w for w in self._channels if index is None or w[0] == index]:
            if text := self._channels.pop(where).close():
                choice, key, call = where
                delta = {key: text} if call < 0 else {"tool_calls": [{"index": call, "function": {key: text}}]}
                shape = {k: v for k, v in self._last.items() if k not in ("choices", "usage")}
                out += sse.render(
                    orjson.dumps({**shape, "choices": [{"index": choice, "delta": delta, "finish_reason": None}]})
                )
        return out


def _holder(delta: dict[str, Any], where: tuple[int, str, int]) -> dict[str, Any] | None:
    """Where in `delta` the text of the channel at `where` stands, if it does."""
    _, key, call_index = where
    if call_index < 0:
        return delta if isinstance(delta.get(key), str) else None
    calls = delta.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        if isinstance(call, dict) and call.get("index", 0) == call_index and isinstance(call.get("function"), dict):
            function: dict[str, Any] = call["function"]
            return function if isinstance(function.get(key), str) else None
    return None
