"""Is this text made of what a local model said of data that may not leave?

Such an answer leaves its shingles here, for a while, and nothing else. A text that shares some of them, close together,
bears `derived.local`. What is remembered changes with every answer, so this stands beside the engine, which remembers
what it found: here everything is asked anew, and where nothing is remembered nothing is asked.
"""

import hmac
from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple
from zlib import crc32

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tidegate.core.classify.fold import SEAM
from tidegate.core.classify.shingles import Shingling, plain
from tidegate.core.values.envelope import Part
from tidegate.core.values.finding import Classification
from tidegate.core.values.keys import Keys
from tidegate.core.values.trace import Trace

LABEL = "derived.local"
MOST_SHINGLES = 150_000
"""Of all tenants together: some 4 MB of answers, in 12 MB of memory."""
SHORTEST_BYTES = 60
"""A dozen words. An answer of fewer leaves nothing: "yes" is in every text."""

_LEAST_PIECES = 3
_LEAST_TOGETHER = 40
_FARTHEST = 8
"""A passage shares three different shingles that hold 40 letters together, each within eight pieces of the next."""
_NONCE_BYTES = 12


class _Answer(NamedTuple):
    tenant: str
    expires_ns: int
    shingles: "array[int]"


class _Known:
    """One tenant's shingles: those of several answers stay until the last of them is gone."""

    __slots__ = ("again", "shingles", "shingling")

    def __init__(self, shingling: Shingling) -> None:
        self.shingling = shingling
        self.shingles: set[int] = set()
        self.again: dict[int, int] = {}

    def add(self, shingles: Iterable[int]) -> None:
        for shingle in shingles:
            if shingle in self.shingles:
                self.again[shingle] = self.again.get(shingle, 0) + 1
            else:
                self.shingles.add(shingle)

    def remove(self, shingles: Iterable[int]) -> None:
        for shingle in shingles:
            more = self.again.get(shingle, 0)
            if not more:
                self.shingles.discard(shingle)
            elif more == 1:
                del self.again[shingle]
            else:
                self.again[shingle] = more - 1


class Derived:
    """What local answers left, tenant by tenant. Asked from any thread, changed from one.

    At most `most_shingles`; the oldest answers go first.
    """

    def __init__(self, keys: Keys, *, most_shingles: int = MOST_SHINGLES) -> None:
        self._keys = keys
        self._most = most_shingles
        self._known: dict[str, _Known] = {}
        self._answers: deque[_Answer] = deque()
        self.shingles = 0
        """How many are remembered, one that two answers share twice."""

    def __repr__(self) -> str:
        return f"Derived({len(self._answers)} answers, {self.shingles} shingles)"

    # -- asking -------------------------------------------------------------------------------------------

    def mark(self, found: Classification, parts: Sequence[Part], tenant: str) -> Classification:
        """`found`, with `derived.local` where some part holds a passage of a remembered answer."""
        known = self._known.get(tenant)
        if known is None or not known.shingles:
            return found
        source = plain(SEAM.join([part.text for part in parts]))
        return found.plus(LABEL) if _holds_passage(source, known) else found

    # -- remembering --------------------------------------------------------------------------------------

    def learn(self, tenant: str, texts: Iterable[str], *, besides: Iterable[str] = (), expires_ns: int) -> Trace | None:
        """Remembers an answer, and returns what to store of it; None where it is too short to be told from others.

        `besides`: texts that many requests share (system prompts, tools): the answer's quotations of them tell nothing.
        """
        shingling = self._of(tenant).shingling
        shingles: set[int] = set()
        for text in texts:
            if len(plain(text)) >= SHORTEST_BYTES:
                shingles |= shingling.of(text)
        for text in besides:
            shingles -= shingling.of(text)
        if len(shingles) < _LEAST_PIECES:
            return None
        answer = _Answer(tenant, expires_ns, array("I", sorted(shingles)))
        self._add(answer)
        return self._seal(answer)

    def load(self, traces: Iterable[Trace], now_ns: int) -> int:
        """Remembers what the store kept; returns how many traces no key opens any more."""
        closed = 0
        kept = []
        for trace in sorted(traces, key=lambda trace: trace.expires_ns):
            if trace.expires_ns > now_ns:
                try:
                    kept.append(self._unseal(trace))
                except (InvalidTag, ValueError):
                    closed += 1
        later, self._answers = self._answers, deque()  # the gateway may have answered before the store was open
        self.shingles -= sum(len(answer.shingles) for answer in later)
        for answer in kept:
            self._of(answer.tenant).add(answer.shingles)
        for answer in (*kept, *later):
            self._append(answer)
        return closed

    def join(self, traces: Iterable[Trace], now_ns: int) -> None:
        """Remembers what others have learned since. What no key opens is not ours to know."""
        for trace in traces:
            if trace.expires_ns > now_ns:
                with suppress(InvalidTag, ValueError):
                    self._add(self._unseal(trace))

    def purge(self, now_ns: int) -> int:
        """Forgets what has expired; how many answers that were."""
        before = len(self._answers)
        while self._answers and self._answers[0].expires_ns <= now_ns:
            self._drop()
        return before - len(self._answers)

    def forget(self, tenant: str) -> None:
        """All that is remembered of one tenant."""
        self._known.pop(tenant, None)
        self.shingles -= sum(len(answer.shingles) for answer in self._answers if answer.tenant == tenant)
        self._answers = deque(answer for answer in self._answers if answer.tenant != tenant)

    def _of(self, tenant: str) -> _Known:
        known = self._known.get(tenant)
        if known is None:
            known = self._known[tenant] = _Known(Shingling(self._key("shingles", tenant)))
        return known

    def _add(self, answer: _Answer) -> None:
        self._of(answer.tenant).add(answer.shingles)
        self._append(answer)

    def _append(self, answer: _Answer) -> None:
        self._answers.append(answer)
        self.shingles += len(answer.shingles)
        while self.shingles > self._most and len(self._answers) > 1:
            self._drop()

    def _drop(self) -> None:
        gone = self._answers.popleft()
        self.shingles -= len(gone.shingles)
        self._known[gone.tenant].remove(gone.shingles)

    # -- sealing: numbers of 32 bits could be tried out by whoever found them in the store ----------------

    def _seal(self, answer: _Answer) -> Trace:
        content = answer.shingles.tobytes()
        said = self._said(answer.tenant, self._keys.epoch, answer.expires_ns)
        nonce = hmac.digest(self._key("nonce", answer.tenant), said + content, "sha256")[:_NONCE_BYTES]
        sealed = nonce + AESGCM(self._key("seal", answer.tenant)).encrypt(nonce, content, said)
        return Trace(answer.tenant, self._keys.epoch, answer.expires_ns, sealed)

    def _unseal(self, trace: Trace) -> _Answer:
        said = self._said(trace.tenant, trace.epoch, trace.expires_ns)
        nonce, sealed = trace.sealed[:_NONCE_BYTES], trace.sealed[_NONCE_BYTES:]
        content = AESGCM(self._key("seal", trace.tenant)).decrypt(nonce, sealed, said)
        return _Answer(trace.tenant, trace.expires_ns, array("I", content))

    @staticmethod
    def _said(tenant: str, epoch: str, expires_ns: int) -> bytes:
        return f"{len(tenant)} {tenant} {epoch} {expires_ns} ".encode()

    def _key(self, purpose: str, tenant: str) -> bytes:
        return hmac.digest(self._keys.detection, f"derived.local {purpose} {tenant}".encode(), "sha256")


def _holds_passage(data: bytes, known: _Known) -> bool:
    pieces = known.shingling.pieces(data.lower())
    numbers = list(map(crc32, pieces))
    common = known.shingles.intersection(numbers)
    if len(common) < _LEAST_PIECES:
        return False
    return _stand_together([at for at, number in enumerate(numbers) if number in common], pieces)


def _stand_together(shared: Iterable[int], pieces: Sequence[bytes]) -> bool:
    """`shared`: places of pieces whose shingles are remembered, in order."""
    together: set[bytes] = set()
    before = 0
    for at in shared:
        if at - before > _FARTHEST:
            together.clear()
        together.add(pieces[at])
        if len(together) >= _LEAST_PIECES and sum(map(len, together)) >= _LEAST_TOGETHER:
            return True
        before = at
    return False
