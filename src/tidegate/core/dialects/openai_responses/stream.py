"""A streamed response: events in, events out.

Every text stands several times in a stream: in its deltas, in the event that ends it, in its piece, in its item and in
the whole response. What a channel makes of the deltas is what stands in all of them; what it still holds when the text
ends comes as one more delta before, and everything after is numbered one higher.
"""

from typing import Any, NamedTuple

import orjson

from tidegate.core.dialects import sse
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.openai_responses.answer import how_it_ended, note
from tidegate.core.dialects.openai_responses.texts import (
    MOST_TEXTS,
    NAMELESS,
    Carrying,
    Text,
    of_event,
    of_item,
    of_response,
    tool_of,
    without_logprobs,
)
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import Channel, OpenChannel
from tidegate.core.values.errors import UpstreamError

ENDS = frozenset(("response.completed", "response.incomplete", "response.failed", "response.cancelled"))
_INDEXES = ("content_index", "summary_index", "command_index")
# Deltas of arguments, and whether they are any text.
_ARGUMENTS = {
    "response.function_call_arguments": False,
    "response.mcp_call_arguments": False,
    "response.custom_tool_call_input": True,
    "response.shell_call_command": True,
    "response.apply_patch_call_operation_diff": True,
}
_SOUND = frozenset(("response.audio.delta", "response.output_audio.delta"))


class _Where(NamedTuple):
    """`family`: the kind of its deltas. `inner`: which piece of the item."""

    item: object
    family: str
    inner: tuple[object, ...]


class _Open:
    """A text on its way. `shape`: its last delta, which one that carries the rest alone is shaped like."""

    __slots__ = ("came", "channel", "free", "shape", "tool", "went")

    def __init__(self, channel: Channel, shape: Text) -> None:
        self.channel, self.tool, self.free = channel, shape.tool, shape.free
        self.came: list[str] = []
        self.went: list[str] = []
        self.shape: dict[str, Any] = {}


class AnswerStream:
    """Events in, events out. Events in which nothing changes pass as the bytes that came.

    `keep_logprobs`: False takes out the probabilities of tokens, which spell the answer once more.
    """

    __slots__ = (
        "_carrying", "_events", "_keep_logprobs", "_last", "_named", "_open", "_shift", "_size", "_tools", "notes",
    )  # fmt: skip

    def __init__(self, notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True) -> None:
        self.notes = notes
        self._carrying = Carrying(open_channel) if open_channel is not None else None
        self._keep_logprobs = keep_logprobs
        self._events = sse.EventReader()
        self._open: dict[_Where, _Open] = {}
        self._tools: dict[object, Text] = {}
        self._shift = self._size = 0
        self._last = -1
        self._named = False

    def feed(self, chunk: bytes) -> bytes:
        """Raises UpstreamError: `too_large`, `protocol`."""
        return b"".join([self._pass(event) for event in self._events.feed(chunk)])

    def close(self) -> bytes:
        """What was held back. Without an event that ends the response it was cut: `notes.complete` stays False."""
        left = b"".join([self._pass(event) for event in self._events.close()])
        return left + self._close(list(self._open))

    def _pass(self, event: sse.Event) -> bytes:
        if event.data is None:
            return event.raw
        if event.data == b"[DONE]":
            return self._close(list(self._open)) + event.raw
        try:
            tree = loads(event.data)
        except orjson.JSONDecodeError:
            tree = None
        if not isinstance(tree, dict):
            self.notes.error = "not_json"
            raise UpstreamError("protocol", "The upstream sent an event that is no object.", before_first_byte=False)
        self._named = event.raw.startswith(b"event:")
        kind = tree.get("type")
        kind = kind if isinstance(kind, str) else ""
        self._note(kind, tree)
        before, changed = b"", False
        if self._carrying is not None:
            before, changed = self._carry(kind, tree, self._carrying)
        if not self._keep_logprobs:
            changed = without_logprobs(tree) or changed
        if isinstance(number := tree.get("sequence_number"), int):
            self._last = number + self._shift
            if self._shift:
                tree["sequence_number"] = self._last
                changed = True
        return before + (self._rendered(tree) if changed else event.raw)

    def _note(self, kind: str, tree: dict[str, Any]) -> None:
        if kind == "error" or (not kind and "error" in tree):
            self.notes.error = "upstream_error_event"
        if kind in _SOUND:
            self.notes.unscannable = True
        response = tree.get("response")
        if not isinstance(response, dict):
            return
        note(response, self.notes)
        if kind in ENDS and not self.notes.complete:
            self.notes.complete = True
            self.notes.finished(how_it_ended(response))
            if kind == "response.failed":
                self.notes.error = "upstream_error_event"

    # -- texts --------------------------------------------------------------------------------------------

    def _carry(self, kind: str, tree: dict[str, Any], carrying: Carrying) -> tuple[bytes, bool]:
        """What has to come before the event, and whether it has changed itself."""
        if kind.endswith(".delta") and isinstance(tree.get("delta"), str) and kind not in _SOUND:
            return b"", self._delta(kind.removesuffix(".delta"), tree, carrying)
        before = b""
        if self._open and (covered := self._covered(kind, tree)):
            before = self._close(covered)
        changed = False
        for text in list(self._texts(kind, tree)):
            changed = carrying.through(text) or changed
        return before, changed

    def _texts(self, kind: str, tree: dict[str, Any]) -> Any:
        if isinstance(response := tree.get("response"), dict):
            return of_response(response, self.notes)
        if isinstance(item := tree.get("item"), dict):
            if len(self._tools) < MOST_TEXTS:
                self._tools[_item(tree)] = tool_of(item)
            return of_item(item, self.notes)
        family = kind.removesuffix(".done")
        return of_event(tree, self._shape(family, tree), self.notes)

    def _shape(self, family: str, tree: dict[str, Any]) -> Text:
        """Whose argument a text of that kind is."""
        free = _ARGUMENTS.get(family)
        if free is None:
            return Text(None, None)
        known = self._tools.get(_item(tree))
        return Text(None, None, known.tool if known and known.tool else NAMELESS, free)

    def _delta(self, family: str, tree: dict[str, Any], carrying: Carrying) -> bool:
        where = _Where(_item(tree), family, _inner(tree))
        opened = self._open.get(where)
        if opened is None:
            shape = self._shape(family, tree)
            opened = self._open[where] = _Open(carrying.opens(shape.tool, free=shape.free), shape)
        came: str = tree["delta"]
        self._size += len(came)
        if self._size > sse.MAX_EVENT_BYTES:  # the event that ends it could not be read
            raise UpstreamError("too_large", "The upstream's answer has more than 4 MiB.", before_first_byte=False)
        went = opened.channel.feed(came)
        opened.came.append(came)
        opened.went.append(went)
        opened.shape = tree
        if went == came:
            return False
        tree["delta"] = went
        return True

    def _covered(self, kind: str, tree: dict[str, Any]) -> list[_Where]:
        """Texts that are over, now that this event comes."""
        if kind in ENDS:
            return list(self._open)
        if not kind.endswith(".done"):
            return []
        item, inner, family = _item(tree), _inner(tree), kind.removesuffix(".done")
        of_item_ = [where for where in self._open if where.item == item]
        if kind == "response.output_item.done":
            return of_item_
        if family.endswith("_part"):
            return [where for where in of_item_ if where.inner == inner]
        return [where for where in of_item_ if where.family == family and where.inner == inner]

    def _close(self, covered: list[_Where]) -> bytes:
        """Deltas for what their channels still hold, numbered on."""
        out = b""
        for where in covered:
            opened = self._open.pop(where)
            rest = opened.channel.close()
            opened.went.append(rest)
            if self._carrying is not None:
                came, went = "".join(opened.came), "".join(opened.went)
                self._carrying.learn(opened.tool, came, went, free=opened.free)
            if rest:
                out += self._rendered(self._alone(opened.shape, rest))
        return out

    def _alone(self, shape: dict[str, Any], text: str) -> dict[str, Any]:
        delta = {**shape, "delta": text}
        if "logprobs" in delta:
            delta["logprobs"] = []
        if "sequence_number" in delta:
            self._last += 1
            self._shift += 1
            delta["sequence_number"] = self._last
        return delta

    def _rendered(self, tree: dict[str, Any]) -> bytes:
        """As the upstream writes its events."""
        name = f"event: {tree['type']}\n".encode() if self._named and isinstance(tree.get("type"), str) else b""
        return name + sse.render(orjson.dumps(tree))


def _inner(tree: dict[str, Any]) -> tuple[object, ...]:
    return tuple([_hashable(tree.get(key)) for key in _INDEXES])


def _item(tree: dict[str, Any]) -> object:
    """Which item an event is about: by its place, because some give it another id with each event; else by its id."""
    place = _hashable(tree.get("output_index"))
    if place is not None:
        return place
    shown = tree.get("item")
    return _hashable(shown.get("id") if isinstance(shown, dict) else tree.get("item_id"))


def _hashable(value: object) -> object:
    return value if isinstance(value, int | str) else None


def open_stream(notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True) -> AnswerStream:
    return AnswerStream(notes, open_channel, keep_logprobs=keep_logprobs)
