"""From the client's dialect to the target's and back, where the two differ."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from tidegate.core.dialects.dialect import Asked, Spoken, Understood
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral.beside import media_beside_results
from tidegate.core.dialects.neutral.chat import Chat
from tidegate.core.dialects.neutral.conventions import FreeInputs, as_functions, free_names
from tidegate.core.dialects.neutral.events import Event, Failed, Problem
from tidegate.core.dialects.neutral.features import Cannot, Feature, Table, fit_used, used_by
from tidegate.core.dialects.neutral.linking import with_links
from tidegate.core.dialects.neutral.passing import Passing
from tidegate.core.dialects.variations import PLAIN, Variation, renamed, table_of, varied_chat
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import OpenChannel
from tidegate.core.values.errors import Refusal, UpstreamError

_LINKED = frozenset((Feature.TOOLS, Feature.FREE_TOOLS))


class Crossed(NamedTuple):
    """`dropped`: names of what the target's dialect has no word for, or says by a convention."""

    body: bytes
    dropped: tuple[str, ...]


def cross_request(
    body: bytes,
    spoken: Spoken,
    understood: Understood,
    model: str,
    varied: Variation = PLAIN,
    *,
    document: Mapping[str, Any] | None = None,
) -> Crossed:
    """`body` has been parsed before; `document`: its tree, of whoever has it. Raises BadRequest `not_expressible`."""
    if document is None:
        return _crossed(loads(body), spoken, understood, model, varied)
    try:
        return _crossed(document, spoken, understood, model, varied)
    except TypeError:  # a number of more than 64 bits, which is written as the double that most readers take it for
        return _crossed(loads(body), spoken, understood, model, varied)


def _crossed(
    document: Mapping[str, Any], spoken: Spoken, understood: Understood, model: str, varied: Variation
) -> Crossed:
    ask = spoken.read_request(document)
    table = table_of(understood.CANNOT, varied)
    used = used_by(ask)
    dropped = fit_used(ask, used, table, understood.NAME)
    if isinstance(ask, Chat):
        ask = _as_it_is_there(ask, used, table, varied)
    return Crossed(renamed(understood.write_request(ask, model), varied), dropped)


def _as_it_is_there(ask: Chat, used: AbstractSet[Feature], table: Table, varied: Variation) -> Chat:
    """Linked, varied, and said in other words where it uses what there are none for."""
    if not used.isdisjoint(_LINKED):
        ask = with_links(ask)
    ask = varied_chat(ask, varied)
    if Feature.FREE_TOOLS in used and table.get(Feature.FREE_TOOLS) is Cannot.CONVENTION:
        ask = as_functions(ask)
    if Feature.MEDIA_IN_RESULTS in used and table.get(Feature.MEDIA_IN_RESULTS) is Cannot.CONVENTION:
        ask = media_beside_results(ask)
    return ask


def cross_answer(
    body: bytes,
    understood: Understood,
    spoken: Spoken,
    asked: Asked,
    notes: AnswerNotes,
    open_channel: OpenChannel | None,
) -> bytes:
    """A whole answer. Raises UpstreamError for what is none, and for an error that came as an answer."""
    passing = Passing(notes, open_channel, asked.request_id)
    free = FreeInputs(free_names(asked.document))
    events = [*free.feed([*passing.feed(understood.read_answer(body)), *passing.close()])]
    _refuse_failed(events)
    return spoken.write_answer(events, asked)


class CrossedStream:
    """A `Stream`: the target's bytes in, the client's bytes out."""

    __slots__ = ("_free", "_id", "_notes", "_passing", "_reader", "_spoken", "_writer")

    def __init__(
        self,
        understood: Understood,
        spoken: Spoken,
        asked: Asked,
        notes: AnswerNotes,
        open_channel: OpenChannel | None,
    ) -> None:
        self._reader, self._writer = understood.open_reader(), spoken.open_writer(asked)
        self._spoken, self._notes, self._id = spoken, notes, asked.request_id
        self._passing = Passing(notes, open_channel, asked.request_id)
        self._free = FreeInputs(free_names(asked.document))

    def feed(self, chunk: bytes) -> bytes:
        passed = self._passing.feed(self._reader.feed(chunk))
        return b"".join([self._written(event) for event in self._free.feed(passed)])

    def close(self) -> bytes:
        """The end of the stream only where the answer has ended: a cut one must not look complete."""
        events = [*self._passing.feed(self._reader.close()), *self._passing.close()]
        left = b"".join([self._written(event) for event in self._free.feed(events)])
        return left + self._writer.close() if self._notes.complete and not self._notes.error else left

    def _written(self, event: Event) -> bytes:
        if isinstance(event, Failed):
            return self._spoken.render_stream_error(refusal_of(event.problem, self._id))
        return self._writer.feed(event)


def refusal_of(problem: Problem, request_id: str = "") -> Refusal:
    """An upstream's error as the client is told of it, in whichever dialect."""
    refusal = Refusal(problem.code, problem.message, status=problem.status, param=problem.param)
    refusal.request_id = request_id
    return refusal


def _refuse_failed(events: Sequence[Event]) -> None:
    for event in events:
        if isinstance(event, Failed):
            raise UpstreamError("protocol", f"it answered with an error of its own ({event.problem.code}).")
