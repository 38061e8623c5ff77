"""A streamed answer: events in, events out, each text through the channel of its block."""

from typing import Any, NamedTuple

from tidegate.core.dialects import sse
from tidegate.core.dialects.anthropic_messages.answer import note, note_end, through
from tidegate.core.dialects.anthropic_messages.errors import event as render
from tidegate.core.dialects.anthropic_messages.texts import NAMELESS, Text, beside, dump, load, texts, tool_of
from tidegate.core.dialects.anthropic_messages.words import OPAQUE
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import Channel, OpenChannel
from tidegate.core.values.errors import UpstreamError

MOST_CHANNELS = 4096
"""Of one answer: an upstream that opens blocks without end would fill the memory."""

_GROWING = {"text": "text", "thinking": "thinking", "compaction": "content"}
"""Kinds of blocks whose text goes on in deltas, with its key; a delta has the same key."""
_INPUT = "partial_json"


class _At(NamedTuple):
    """One text on its way: its block, the kind of its deltas, and its key in them."""

    block: int
    kind: str
    key: str


class AnswerStream:
    """Events in which nothing changes pass as the bytes that came."""

    __slots__ = ("_channels", "_events", "_open", "_opened", "_tools", "notes")

    def __init__(self, notes: AnswerNotes, open_channel: OpenChannel | None) -> None:
        self.notes = notes
        self._open = open_channel
        self._events = sse.EventReader()
        self._channels: dict[_At, Channel] = {}
        self._tools: dict[int, str] = {}
        self._opened = 0

    def feed(self, chunk: bytes) -> bytes:
        """Raises UpstreamError: `too_large`, `protocol`."""
        return b"".join([self._pass(event) for event in self._events.feed(chunk)])

    def close(self) -> bytes:
        """What was held back. Without `message_stop` the stream was cut: `notes.complete` stays False."""
        left = b"".join([self._pass(event) for event in self._events.close()])
        return left + self._rest()

    def _pass(self, event: sse.Event) -> bytes:
        if event.data is None:
            return event.raw
        try:
            tree = load(event.data)
        except ValueError:
            tree = None
        if not isinstance(tree, dict):
            self.notes.error = "not_json"
            raise UpstreamError("protocol", "The upstream sent an event that is no object.", before_first_byte=False)
        before, changed = self._event(tree)
        if not changed:
            return before + event.raw if before else event.raw
        return before + render(str(tree["type"]), dump(tree))

    def _event(self, tree: dict[str, Any]) -> tuple[bytes, bool]:
        """(what has to come before it, whether it was changed)"""
        kind = tree.get("type")
        if kind == "content_block_delta":
            return self._delta(tree)
        if kind == "content_block_start":
            return b"", self._start(tree)
        if kind == "content_block_stop":
            return self._rest(_index(tree)), False
        return self._of_the_message(kind, tree)

    def _of_the_message(self, kind: object, tree: dict[str, Any]) -> tuple[bytes, bool]:
        if kind == "message_start" and isinstance(message := tree.get("message"), dict):
            note(message, self.notes)
            content = message.get("content")
            blocks = [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []
            return b"", self._whole([text for block in blocks for text in texts(block, self.notes)])
        if kind == "message_delta" and isinstance(delta := tree.get("delta"), dict):
            note_end(delta, tree.get("usage"), self.notes)
            return self._rest(), self._whole(list(beside(delta)))
        if kind == "message_stop":
            self.notes.complete = True
            return self._rest(), False
        if kind == "error":
            self.notes.error = "upstream_error_event"
        return b"", False

    def _start(self, tree: dict[str, Any]) -> bool:
        block, index = tree.get("content_block"), _index(tree)
        if not isinstance(block, dict) or self._open is None:
            return False
        kind = block.get("type")
        if tool := tool_of(block):
            self._tools[index] = tool
            self._count()
        growing = _GROWING.get(kind) if isinstance(kind, str) else None
        found = [text for text in texts(block, self.notes) if text.key != growing or text.holder is not block]
        changed = self._whole(found)
        if growing and isinstance(block.get(growing), str) and block[growing]:
            changed = self._grow(_At(index, f"{kind}_delta", growing), block) or changed
        return changed

    def _delta(self, tree: dict[str, Any]) -> tuple[bytes, bool]:
        delta, index = tree.get("delta"), _index(tree)
        if not isinstance(delta, dict) or self._open is None:
            return b"", False
        kind = str(delta.get("type"))
        before = self._rest(index) if kind == "signature_delta" else b""
        changed, whole = False, list[Text]()
        for key, value in delta.items():
            if key == "type" or key in OPAQUE:
                continue
            if isinstance(value, str):
                changed = self._grow(_At(index, kind, key), delta) or changed
            else:  # a citation, which comes in one piece
                whole += texts({key: value}, self.notes)
        return before, self._whole(whole) or changed

    def _grow(self, at: _At, holder: dict[str, Any]) -> bool:
        channel = self._channels.get(at)
        if self._open is None:
            return False
        if channel is None:
            tool = self._tools.get(at.block, NAMELESS) if at.key == _INPUT else ""
            self._count()
            channel = self._channels[at] = self._open(tool)
        before = holder[at.key]
        holder[at.key] = after = channel.feed(before)
        return bool(after != before)

    def _whole(self, found: list[Text]) -> bool:
        if self._open is None:
            return False
        changed = False
        for text in found:
            self._count()
            changed = through(text, self._open) or changed
        return changed

    def _count(self) -> None:
        self._opened += 1
        if self._opened > MOST_CHANNELS:
            raise UpstreamError(
                "protocol", f"The upstream's answer has more than {MOST_CHANNELS} texts.", before_first_byte=False
            )

    def _rest(self, index: int | None = None) -> bytes:
        """Events for what the channels (of one block, or all) still hold."""
        if not self._channels:
            return b""
        out = b""
        for at in [at for at in self._channels if index is None or at.block == index]:
            if text := self._channels.pop(at).close():
                delta = {"type": at.kind, at.key: text}
                told = {"type": "content_block_delta", "index": at.block, "delta": delta}
                out += render("content_block_delta", dump(told))
        return out


def _index(tree: dict[str, Any]) -> int:
    index = tree.get("index")
    return index if isinstance(index, int) else 0


def open_stream(
    notes: AnswerNotes,
    open_channel: OpenChannel | None,
    *,
    keep_logprobs: bool = True,  # noqa: ARG001 - the dialect has none
) -> AnswerStream:
    return AnswerStream(notes, open_channel)
