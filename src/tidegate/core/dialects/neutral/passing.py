"""Events on their way to the client: what is noted of them, and their texts through channels."""

from collections.abc import Iterable, Iterator

from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import Channel, OpenChannel
from tidegate.core.values.errors import UpstreamError

MOST_BLOCKS = 4096
"""Of one answer: an upstream that opens blocks without end would fill the memory."""

NAMELESS = "?"
"""Stands for a tool whose name has not come: nobody can say that it stays inside."""


class Passing:
    """Notes what an answer says of itself, and passes each block's text through a channel of its own."""

    __slots__ = ("_blocks", "_channels", "_id", "_notes", "_open", "_opened")

    def __init__(self, notes: AnswerNotes, open_channel: OpenChannel | None, request_id: str) -> None:
        """`request_id`: what ids are made of for calls that came without one."""
        self._notes, self._open, self._id = notes, open_channel, request_id
        self._channels: dict[tuple[int, int], Channel] = {}
        self._blocks: set[tuple[int, int]] = set()
        self._opened = 0

    def feed(self, events: Iterable[e.Event]) -> Iterator[e.Event]:
        """Raises UpstreamError `protocol` for blocks without end."""
        for event in events:
            yield from self._pass(event)

    def close(self) -> Iterator[e.Event]:
        """What channels still hold of blocks that nobody closed."""
        for choice, block in list(self._channels):
            yield from self._rest(choice, block)

    def _pass(self, event: e.Event) -> Iterator[e.Event]:
        if isinstance(event, e.Delta | e.Sealed | e.Closed):
            if (event.choice, event.block) not in self._blocks:  # upstreams go on with what they have closed
                self._notes.lost.add("answer.out_of_place")
                return
            yield from self._go_on(event)
            return
        if isinstance(event, e.Opened):
            self._open_block(event)
            if event.kind == "tool" and not event.id:
                event = event._replace(id=f"call_{self._id.replace('-', '')[-12:]}{self._opened:02}")
        else:
            self._note(event)
        yield event

    def _go_on(self, event: e.Delta | e.Sealed | e.Closed) -> Iterator[e.Event]:
        """With a block that is open."""
        if isinstance(event, e.Delta):
            channel = self._channels.get((event.choice, event.block))
            if channel is not None:
                event = event._replace(text=channel.feed(event.text))
            if event.text:
                yield event
            return
        if isinstance(event, e.Closed):
            self._blocks.discard((event.choice, event.block))
            yield from self._rest(event.choice, event.block)
        yield event

    def _open_block(self, event: e.Opened) -> None:
        self._opened += 1
        if self._opened > MOST_BLOCKS:
            message = f"The upstream's answer has more than {MOST_BLOCKS} texts."
            raise UpstreamError("protocol", message, before_first_byte=False)
        self._blocks.add((event.choice, event.block))
        if self._open is not None:
            tool = (event.name or NAMELESS) if event.kind == "tool" else ""
            self._channels[event.choice, event.block] = self._open(tool, free=True) if event.free else self._open(tool)

    def _rest(self, choice: int, block: int) -> Iterator[e.Event]:
        channel = self._channels.pop((choice, block), None)
        if channel is not None and (text := channel.close()):
            yield e.Delta(block, text, choice)

    def _note(self, event: e.Event) -> None:
        notes = self._notes
        if isinstance(event, e.Began):
            notes.response_id, notes.response_model = event.id or notes.response_id, event.model or notes.response_model
        elif isinstance(event, e.Ended):
            notes.finished(event.reason)
            notes.complete = True
        elif isinstance(event, e.Used):
            notes.usage = event.usage
        elif isinstance(event, e.Vectors):
            notes.complete = True
        elif isinstance(event, e.Lost):
            notes.lost.add(event.what)
            notes.unscannable = notes.unscannable or event.unseen
        elif isinstance(event, e.Relayed):
            notes.relayed = event.host
        elif isinstance(event, e.Failed):
            notes.error = "upstream_error_event"
