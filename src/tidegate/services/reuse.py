"""Answers that are given again: held in memory as the upstream said them, so that they are looked at and restored anew
each time. What stood for a value in the request stands for it in what is held.
"""

import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from typing import NamedTuple

import orjson

from tidegate.core.dispatch import reuse
from tidegate.core.settle.record import Outcome
from tidegate.core.values.caller import Caller
from tidegate.core.values.errors import BadRequest, UpstreamError
from tidegate.judgement import Judgement
from tidegate.ports import Answer, Clock, Routed
from tidegate.sending import Sending

_ENTRY_BYTES = 512
"""What an entry takes beside its bytes, roughly."""
_LARGEST_SHARE = 8


class Kept(NamedTuple):
    content_type: str
    body: bytes
    size: int
    since_ns: int


class AnswerCache:
    """`most_bytes`: 0 keeps nothing and looks for nothing. `sampled`: also of requests that do not ask for temperature
    0. One for each worker, gone with it.
    """

    def __init__(self, clock: Clock, *, most_bytes: int, age_s: float, sampled: bool = False) -> None:
        self._clock, self._most, self._age_ns, self._sampled = clock, most_bytes, int(age_s * 1e9), sampled
        self._secret = secrets.token_bytes(32)
        self._kept: OrderedDict[bytes, Kept] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        return self._size

    def ask(self, caller: Caller, judged: Judgement, sending: Sending, outcome: Outcome) -> "Reusing":
        """Sync, and never sends."""
        if not self._most or not reuse.may_be_reused(sending.envelope, sampled=self._sampled):
            return Reusing(self, outcome)
        facts = orjson.dumps(judged.told.facts)
        scope = reuse.scope(self._secret, facts, judged.told.policy, caller)
        asked = Reusing(self, outcome)
        for target, decided in judged.permitted:
            try:
                permit = sending.permit(target, decided)
            except BadRequest:
                continue  # whoever sends it says so
            dialect = sending.made[target.name].dialect
            key = reuse.key(self._secret, scope, target, decided.effect.value, dialect, permit)
            asked.keys[target.name] = key
            if (kept := self._get(key)) is not None:
                asked.found = Routed(target, KeptAnswer(kept))
                outcome.cached = True
                break
        return asked

    def keep(self, key: bytes, content_type: str, body: bytes) -> None:
        size = len(body) + _ENTRY_BYTES
        if size > self.largest:
            return
        self._drop(key)
        self._kept[key] = Kept(content_type, body, size, self._clock.monotonic_ns())
        self._size += size
        while self._size > self._most:
            self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        self._kept.clear()
        self._size = 0

    @property
    def largest(self) -> int:
        """One answer must not drive out all others."""
        return self._most // _LARGEST_SHARE

    def _get(self, key: bytes) -> Kept | None:
        kept = self._kept.get(key)
        if kept is None:
            return None
        if self._clock.monotonic_ns() - kept.since_ns > self._age_ns:
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return kept

    def _drop(self, key: bytes) -> None:
        if (kept := self._kept.pop(key, None)) is not None:
            self._size -= kept.size


class Reusing:
    """One request's side of it. `found`: an answer that is there already, and whose it is."""

    __slots__ = ("_cache", "_outcome", "found", "keys")

    def __init__(self, cache: AnswerCache, outcome: Outcome) -> None:
        self._cache, self._outcome = cache, outcome
        self.keys: dict[str, bytes] = {}
        self.found: Routed | None = None

    def noting(self, routed: Routed) -> Answer:
        """The same answer; kept when it has been given whole."""
        key = self.keys.get(routed.target.name)
        if key is None or self.found is not None or routed.answer.status != 200:
            return routed.answer
        return NotedAnswer(routed.answer, self._cache, key, lambda: _is_whole(self._outcome))


def _is_whole(outcome: Outcome) -> bool:
    notes = outcome.notes
    return outcome.status == "completed" and notes.complete and not notes.error and not notes.relayed


class KeptAnswer:
    """An `Answer` from memory."""

    __slots__ = ("_kept", "headers", "status")

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self.status = 200
        self.headers: Mapping[str, str] = {"content-type": kept.content_type}

    async def read(self, limit_bytes: int) -> bytes:
        if len(self._kept.body) > limit_bytes:
            raise UpstreamError("too_large", f"its answer is larger than {limit_bytes} bytes.")
        return self._kept.body

    async def chunks(self) -> AsyncIterator[bytes]:
        yield self._kept.body

    async def aclose(self) -> None:
        return


class NotedAnswer:
    """An `Answer` that is written down while it passes, up to what may be kept."""

    __slots__ = ("_answer", "_cache", "_chunks", "_is_whole", "_key", "_size", "headers", "status")

    def __init__(self, answer: Answer, cache: AnswerCache, key: bytes, is_whole: Callable[[], bool]) -> None:
        self.status, self.headers = answer.status, answer.headers
        self._answer, self._cache, self._key, self._is_whole = answer, cache, key, is_whole
        self._chunks: list[bytes] = []
        self._size = 0

    async def read(self, limit_bytes: int) -> bytes:
        body = await self._answer.read(limit_bytes)
        self.note(body)
        return body

    def chunks(self) -> AsyncIterator[bytes]:
        return _Noting(self, self._answer.chunks())

    async def aclose(self) -> None:
        """Kept only where the client has had all of it, and it was one."""
        if self._chunks and self._is_whole():
            self._cache.keep(self._key, self.headers.get("content-type", ""), b"".join(self._chunks))
        self._chunks = []
        await self._answer.aclose()

    def note(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > self._cache.largest:
            self._chunks = []
        else:
            self._chunks.append(chunk)


class _Noting:
    __slots__ = ("_chunks", "_noted")

    def __init__(self, noted: NotedAnswer, chunks: AsyncIterator[bytes]) -> None:
        self._noted, self._chunks = noted, chunks

    def __aiter__(self) -> "_Noting":
        return self

    async def __anext__(self) -> bytes:
        chunk = await self._chunks.__anext__()
        self._noted.note(chunk)
        return chunk
