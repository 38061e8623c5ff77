"""A streamed answer: events in, events out, each text through the channel of its choice and field."""

from typing import Any, NamedTuple

import orjson

from tidegate.core.dialects import sse
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.openai_chat.answer import note, without_logprobs
from tidegate.core.dialects.openai_chat.texts import Text, Where, alone, names, texts
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import Channel, OpenChannel
from tidegate.core.values.errors import UpstreamError

MOST_CHANNELS = 4096
"""Of one answer: an upstream that numbers its pieces without end would fill the memory."""


class _Open(NamedTuple):
    channel: Channel
    first: dict[str, Any]
    """The piece that it was opened for: one that carries the rest alone is shaped like it."""


class AnswerStream:
    """Events in, events out. With channels, texts pass through them however they were split; events in which nothing
    changes pass as the bytes that came.

    `keep_logprobs`: False takes out the probabilities of tokens, which spell the answer once more.
    """

    __slots__ = ("_channels", "_events", "_keep_logprobs", "_last", "_open", "_opened", "_tools", "notes")

    def __init__(self, notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True) -> None:
        self.notes = notes
        self._open = open_channel
        self._keep_logprobs = keep_logprobs
        self._events = sse.EventReader()
        self._channels: dict[tuple[int, Where], _Open] = {}
        self._opened = 0
        self._tools: dict[int, dict[Where, str]] = {}
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
            tree = loads(data)
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
            found: list[Text] = []
            if self._open and isinstance(delta := choice.get("delta"), dict):
                found = self._texts(index, delta)
                for text in found:
                    changed = self._through(index, text, delta, self._open) or changed
            if not self._keep_logprobs:
                changed = without_logprobs(choice) or changed
            if isinstance(reason := choice.get("finish_reason"), str):
                self.notes.finished(reason)
                self.notes.complete = True
                changed = self._close_into(index, found) or changed
                before += self._flush(index)
        return before + (sse.render(orjson.dumps(tree)) if changed else event.raw)

    def _texts(self, index: int, delta: dict[str, Any]) -> list[Text]:
        tools = self._tools.get(index)
        if "tool_calls" in delta or "function_call" in delta:
            if tools is None:
                tools = self._tools[index] = {}
            tools.update(names(delta))
        return texts(delta, self.notes, tools or {})

    def _through(self, index: int, text: Text, delta: dict[str, Any], open_channel: OpenChannel) -> bool:
        where = index, text.where
        found = self._channels.get(where)
        if found is None:
            found = _Open(self._opens(open_channel, text.tool), delta)
            if not text.whole:
                self._channels[where] = found
        before = text.holder[text.key]
        after = found.channel.feed(before)
        if text.whole:
            after += found.channel.close()
        if after == before:
            return False
        text.holder[text.key] = after
        return True

    def _opens(self, open_channel: OpenChannel, tool: str) -> Channel:
        self._opened += 1
        if self._opened > MOST_CHANNELS:
            raise UpstreamError(
                "protocol", f"The upstream's answer has more than {MOST_CHANNELS} texts.", before_first_byte=False
            )
        return open_channel(tool)

    def _close_into(self, index: int, found: list[Text]) -> bool:
        """A last delta that carries text itself takes what its channel holds: an event before it would overtake it."""
        changed = False
        for text in found:
            opened = self._channels.pop((index, text.where), None)
            if opened is not None and (rest := opened.channel.close()):
                text.holder[text.key] += rest
                changed = True
        return changed

    def _flush(self, index: int | None = None) -> bytes:
        """Events for what the channels (of one choice, or all) still hold, in the shape of the last event."""
        out = b""
        for at in [at for at in self._channels if index is None or at[0] == index]:
            opened = self._channels.pop(at)
            if text := opened.channel.close():
                delta = alone(opened.first, at[1], text)
                shape = {k: v for k, v in self._last.items() if k not in ("choices", "usage")}
                choice = {"index": at[0], "delta": delta, "finish_reason": None}
                out += sse.render(orjson.dumps({**shape, "choices": [choice]}))
        return out


def open_stream(notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True) -> AnswerStream:
    return AnswerStream(notes, open_channel, keep_logprobs=keep_logprobs)
