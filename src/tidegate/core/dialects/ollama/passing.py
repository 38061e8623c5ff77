"""An answer to whoever speaks the same dialect: what nobody changes passes as the bytes that came."""

from typing import Any

import orjson

from tidegate.core.dialects import ndjson
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.ollama.texts import Call, Text, note, texts, without_probabilities
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import Channel, OpenChannel
from tidegate.core.values.errors import UpstreamError

MOST_CHANNELS = 4096
"""Of one answer: an upstream whose calls have no end would fill the memory."""


def pass_answer(
    body: bytes, notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True
) -> bytes:
    """A whole answer: noted, its texts passed through channels where there are any. A body that is no answer leaves an
    error note.

    `keep_logprobs`: False takes out the probabilities of tokens and their ids, which spell the answer once more.
    """
    tree = _object(body)
    if tree is None:
        notes.error = "not_json"
        return body
    if "error" in tree or not (isinstance(tree.get("message"), dict) or isinstance(tree.get("response"), str)):
        notes.error = "not_an_answer"
        return body
    note(tree, notes)
    changed = False
    channels = _Channels(open_channel) if open_channel else None
    for text in texts(tree, notes):
        if channels:
            changed = channels.whole(text) or changed
    if not keep_logprobs:
        changed = without_probabilities(tree) or changed
    return orjson.dumps(tree) if changed else body


def open_stream(notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True) -> "LineStream":
    return LineStream(notes, open_channel, keep_logprobs=keep_logprobs)


class LineStream:
    """Lines in, lines out (a `Stream`)."""

    __slots__ = ("_channels", "_keep_logprobs", "_lines", "notes")

    def __init__(self, notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True) -> None:
        self.notes, self._keep_logprobs = notes, keep_logprobs
        self._lines = ndjson.LineReader()
        self._channels = _Channels(open_channel) if open_channel else None

    def feed(self, chunk: bytes) -> bytes:
        """Raises UpstreamError: `too_large`, `protocol`."""
        return b"".join([self._pass(line) for line in self._lines.feed(chunk)])

    def close(self) -> bytes:
        """What was held back. Without `done` the stream was cut: `notes.complete` stays False."""
        left = b"".join([self._pass(line) for line in self._lines.close()])
        return left + (self._channels.rest() if self._channels else b"")

    def _pass(self, line: ndjson.Line) -> bytes:
        if line.data is None:
            return line.raw
        tree = _object(line.data)
        if tree is None:
            self.notes.error = "not_json"
            raise UpstreamError("protocol", "The upstream sent a line that is no object.", before_first_byte=False)
        if "error" in tree:
            self.notes.error = "upstream_error_event"
            return line.raw
        note(tree, self.notes)
        before, changed = self._through(tree)
        if not self._keep_logprobs:
            changed = without_probabilities(tree) or changed
        return before + (ndjson.render(orjson.dumps(tree)) if changed else line.raw)

    def _through(self, tree: dict[str, Any]) -> tuple[bytes, bool]:
        """Lines that have to come before this one, and whether it was changed."""
        found = list(texts(tree, self.notes))
        channels = self._channels
        if channels is None:
            return b"", False
        channels.shape = tree
        before, changed = b"", False
        for text in found:
            if isinstance(text, Text) and text.where:
                before += channels.close_others(text.where)
                changed = channels.piece(text) or changed
            else:
                changed = channels.whole(text) or changed
        if tree.get("done") is True:
            changed = channels.close_into(found) or changed
            before += channels.rest()
        return before, changed


class _Channels:
    """The channels of one answer. `shape`: the line that lines of our own are shaped like."""

    __slots__ = ("_channels", "_open", "_opened", "shape")

    def __init__(self, open_channel: OpenChannel) -> None:
        self._open, self._opened = open_channel, 0
        self._channels: dict[str, Channel] = {}
        self.shape: dict[str, Any] = {}

    def piece(self, text: Text) -> bool:
        """The next piece of a field; whether it was changed."""
        channel = self._channels.get(text.where)
        if channel is None:
            channel = self._channels[text.where] = self._new("")
        return _put(text, channel.feed(text.holder[text.key]))

    def whole(self, text: Text | Call) -> bool:
        if isinstance(text, Call):
            return self._call(text)
        channel = self._new("")
        return _put(text, channel.feed(text.holder[text.key]) + channel.close())

    def _call(self, call: Call) -> bool:
        channel, before = self._new(call.tool), orjson.dumps(call.function["arguments"]).decode()
        after = channel.feed(before) + channel.close()
        if after == before:
            return False
        try:
            call.function["arguments"] = loads(after)
        except orjson.JSONDecodeError:
            message = "The arguments of a tool call could not be restored."
            raise UpstreamError("protocol", message, before_first_byte=False) from None
        return True

    def close_into(self, found: list[Text | Call]) -> bool:
        """A last line that carries text itself takes what its channel holds."""
        changed = False
        for text in found:
            channel = self._channels.pop(text.where, None) if isinstance(text, Text) and text.where else None
            if isinstance(text, Text) and channel is not None and (rest := channel.close()):
                text.holder[text.key] += rest
                changed = True
        return changed

    def close_others(self, where: str) -> bytes:
        """A model that has begun to say something else is done with its thoughts."""
        return b"".join([self._last(other) for other in list(self._channels) if other != where])

    def rest(self) -> bytes:
        return b"".join([self._last(where) for where in list(self._channels)])

    def _last(self, where: str) -> bytes:
        if not (text := self._channels.pop(where).close()):
            return b""
        line = {key: self.shape[key] for key in ("model", "created_at") if key in self.shape}
        if "message" in self.shape:
            said = {"role": "assistant", "content": "", where: text}
            return ndjson.render(orjson.dumps({**line, "message": said, "done": False}))
        said = {"response": "", where: text}
        return ndjson.render(orjson.dumps({**line, **said, "done": False}))

    def _new(self, tool: str) -> Channel:
        self._opened += 1
        if self._opened > MOST_CHANNELS:
            message = f"The upstream's answer has more than {MOST_CHANNELS} texts."
            raise UpstreamError("protocol", message, before_first_byte=False)
        return self._open(tool)


def _put(text: Text, after: str) -> bool:
    if after == text.holder[text.key]:
        return False
    text.holder[text.key] = after
    return True


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        return None
    return tree if isinstance(tree, dict) else None
