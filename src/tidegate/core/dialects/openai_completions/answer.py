"""A completion, whole or streamed, that passes as the bytes that came: its texts through channels, its usage noted."""

from typing import Any

import orjson

from tidegate.core.dialects import sse
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.openai_chat.answer import note, without_logprobs
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import Channel, OpenChannel
from tidegate.core.values.errors import UpstreamError

MOST_CHOICES = 1024
"""Of one answer: an upstream that numbers them without end would fill the memory."""


def pass_answer(
    body: bytes, notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True
) -> bytes:
    """A whole answer. A body that is none leaves an error note. `keep_logprobs`: False takes out the probabilities of
    tokens, which spell the answer once more.
    """
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        notes.error = "not_json"
        return body
    if not isinstance(tree, dict) or not isinstance(tree.get("choices"), list):
        notes.error = "not_an_answer"
        return body
    note(tree, notes)
    notes.complete = True
    changed = False
    for choice in tree["choices"]:
        if not isinstance(choice, dict):
            continue
        if isinstance(reason := choice.get("finish_reason"), str):
            notes.finished(reason)
        if open_channel is not None and isinstance(text := choice.get("text"), str):
            channel = open_channel("")
            choice["text"] = channel.feed(text) + channel.close()
            changed = changed or choice["text"] != text
        if not keep_logprobs:
            changed = without_logprobs(choice) or changed
    return orjson.dumps(tree) if changed else body


class AnswerStream:
    """Events in, events out; each choice has a channel of its own."""

    __slots__ = ("_channels", "_events", "_keep_logprobs", "_last", "_open", "notes")

    def __init__(self, notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True) -> None:
        self.notes, self._open, self._keep_logprobs = notes, open_channel, keep_logprobs
        self._events = sse.EventReader()
        self._channels: dict[int, Channel] = {}
        self._last: dict[str, Any] = {}

    def feed(self, chunk: bytes) -> bytes:
        """Raises UpstreamError: `too_large`, `protocol`."""
        return b"".join([self._pass(event) for event in self._events.feed(chunk)])

    def close(self) -> bytes:
        """What was held back. Without `[DONE]` or a finish reason the stream was cut: `notes.complete` stays False."""
        left = b"".join([self._pass(event) for event in self._events.close()])
        return left + self._flush()

    def _pass(self, event: sse.Event) -> bytes:
        if event.data is None:
            return event.raw
        if event.data == b"[DONE]":
            self.notes.complete = True
            return self._flush() + event.raw
        try:
            tree = loads(event.data)
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
        changed = [self._choice(choice) for choice in choices if isinstance(choice, dict)]
        return sse.render(orjson.dumps(tree)) if any(changed) else event.raw

    def _choice(self, choice: dict[str, Any]) -> bool:
        """Whether it was changed. A choice that ends takes along what its channel holds."""
        number, before = choice.get("index"), choice.get("text")
        number = number if isinstance(number, int) else 0
        after = before if isinstance(before, str) else ""
        if self._open is not None and after:
            after = self._channel(number, self._open).feed(after)
        if isinstance(reason := choice.get("finish_reason"), str):
            self.notes.finished(reason)
            self.notes.complete = True
            if channel := self._channels.pop(number, None):
                after += channel.close()
        changed = after != before and (isinstance(before, str) or bool(after))
        if changed:
            choice["text"] = after
        return (not self._keep_logprobs and without_logprobs(choice)) or changed

    def _channel(self, number: int, open_channel: OpenChannel) -> Channel:
        found = self._channels.get(number)
        if found is None:
            if len(self._channels) >= MOST_CHOICES:
                message = f"The upstream's answer has more than {MOST_CHOICES} texts."
                raise UpstreamError("protocol", message, before_first_byte=False)
            found = self._channels[number] = open_channel("")
        return found

    def _flush(self) -> bytes:
        """Events for what the channels still hold, in the shape of the last event."""
        out = b""
        for number in list(self._channels):
            if text := self._channels.pop(number).close():
                shape = {key: value for key, value in self._last.items() if key not in ("choices", "usage")}
                choice = {"text": text, "index": number, "logprobs": None, "finish_reason": None}
                out += sse.render(orjson.dumps({**shape, "choices": [choice]}))
        return out


def open_stream(notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True) -> AnswerStream:
    return AnswerStream(notes, open_channel, keep_logprobs=keep_logprobs)
