"""An answer on its way through: it times its target, and gives the turn back as soon as the target is done."""

from collections.abc import AsyncIterator, Callable, Mapping

from tidegate.core.dispatch.standing import Standing
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import Usage
from tidegate.ports import Answer


class RoutedAnswer:
    """An `Answer`. `usage`: what is known of the tokens by now. `leave`: gives the turn back, called once."""

    __slots__ = ("_answer", "_began", "_first", "_leave", "_now", "_standing", "_usage", "headers", "status")

    def __init__(
        self,
        answer: Answer,
        standing: Standing,
        *,
        began: float,
        now: Callable[[], float],
        usage: Callable[[], Usage],
        leave: Callable[[], None],
    ) -> None:
        self.status, self.headers = answer.status, answer.headers
        self._answer, self._standing = answer, standing
        self._began, self._now, self._usage = began, now, usage
        self._leave: Callable[[], None] | None = leave
        self._first = 0.0

    async def read(self, limit_bytes: int) -> bytes:
        try:
            body = await self._answer.read(limit_bytes)
        except UpstreamError as error:
            self.broke(error)
            raise
        if self.status == 200:
            self._standing.pace.answered(self._now() - self._began)
        self._done()
        return body

    def chunks(self) -> AsyncIterator[bytes]:
        return _Timed(self, self._answer.chunks())

    async def aclose(self) -> None:
        self._done()
        await self._answer.aclose()

    # -- the stream's side ---------------------------------------------------------------------------------

    def began(self) -> None:
        """The first piece is here."""
        self._first = self._now()

    def ended(self) -> None:
        """The last one was."""
        if self._first and self._leave:
            rest = self._now() - self._first
            self._standing.pace.streamed(self._first - self._began, rest, self._usage().output_tokens)
        self._done()

    def broke(self, error: UpstreamError) -> None:
        """Without chance: nobody has waited for this rest yet, and others' rests have their own."""
        self._standing.failed(self._now(), error.kind, 0.0)
        self._done()

    def _done(self) -> None:
        leave, self._leave = self._leave, None
        if leave:
            leave()


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
