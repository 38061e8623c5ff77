"""An answer on its way through: it times its target, and gives the turn back as soon as the target is done."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import Any

from tidegate.core.dispatch import verdicts
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import UpstreamError
from tidegate.ports import Answer
from tidegate.services.turns import Turns

_ERROR_S = 2.0


class RoutedAnswer:
    """An `Answer` that holds a turn, and gives it back once. `notes`: what is known of the tokens by now."""

    __slots__ = ("_answer", "_began", "_first", "_has_turn", "_notes", "_now", "_turns", "headers", "status")

    def __init__(
        self, answer: Answer, turns: Turns, now: Callable[[], float], began: float, notes: AnswerNotes
    ) -> None:
        self.status, self.headers = answer.status, answer.headers
        self._answer, self._turns, self._now, self._began, self._notes = answer, turns, now, began, notes
        self._has_turn = True
        self._first = 0.0

    async def read(self, limit_bytes: int) -> bytes:
        try:
            body = await self._answer.read(limit_bytes)
        except UpstreamError as error:
            self.broke(error)
            raise
        if self.status == 200:
            self._turns.standing.pace.answered(self._now() - self._began)
        self._done()
        return body

    def chunks(self) -> AsyncIterator[bytes]:
        return _Timed(self, self._answer.chunks())

    def aclose(self) -> Coroutine[Any, Any, None]:
        if self._has_turn:
            self._done()
        return self._answer.aclose()

    # -- the stream's side ---------------------------------------------------------------------------------

    def began(self) -> None:
        """The first piece is here."""
        self._first = self._now()

    def ended(self) -> None:
        """The last one was."""
        if self._first and self._has_turn:
            rest = self._now() - self._first
            self._turns.standing.pace.streamed(self._first - self._began, rest, self._notes.usage.output_tokens)
        self._done()

    def broke(self, error: UpstreamError) -> None:
        """Without chance: nobody has waited for this rest yet, and others' rests have their own."""
        self._turns.standing.failed(self._now(), error.kind, 0.0)
        self._done()

    def _done(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self._turns.leave()


class _Timed:
    __slots__ = ("_chunks", "_fresh", "_routed")

    def __init__(self, routed: RoutedAnswer, chunks: AsyncIterator[bytes]) -> None:
        self._routed, self._chunks, self._fresh = routed, chunks, True

    def __aiter__(self) -> "_Timed":
        return self

    async def __anext__(self) -> bytes:
        try:
            chunk = await self._chunks.__anext__()
        except StopAsyncIteration:
            self._routed.ended()
            raise
        except UpstreamError as error:
            self._routed.broke(error)
            raise
        if self._fresh:
            self._fresh = False
            self._routed.began()
        return chunk


class ReadAnswer:
    """An `Answer` whose body was read already, because it had to be looked at."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    async def read(self, limit_bytes: int) -> bytes:
        if len(self.body) > limit_bytes:
            raise UpstreamError("too_large", f"its answer is larger than {limit_bytes} bytes.")
        return self.body

    async def chunks(self) -> AsyncIterator[bytes]:
        if self.body:
            yield self.body

    async def aclose(self) -> None:
        return


async def looked_at(answer: Answer) -> ReadAnswer:
    """Its error object, as far as it fits and comes in time: without it, its status alone counts."""
    body = b""
    try:
        async with asyncio.timeout(_ERROR_S):
            body = await answer.read(verdicts.MOST_BYTES)
    except (UpstreamError, TimeoutError):
        pass
    finally:
        await answer.aclose()
    return ReadAnswer(answer.status, answer.headers, body)
