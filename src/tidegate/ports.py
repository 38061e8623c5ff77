"""What the path needs from outside. Docstrings state durability, concurrency and who retries."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from tidegate.core.classify.derived import Derived
from tidegate.core.ledger.entries import Bearing
from tidegate.core.settle.record import Outcome
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.caller import Caller
from tidegate.core.values.decision import Effect, TargetDecision
from tidegate.core.values.envelope import Envelope, Part
from tidegate.core.values.errors import Refusal
from tidegate.core.values.facts import Health
from tidegate.core.values.finding import Detected
from tidegate.core.values.labels import Level
from tidegate.core.values.owed import Owed
from tidegate.core.values.permit import Permit
from tidegate.core.values.prints import Print
from tidegate.core.values.review import KeptReview, Question
from tidegate.core.values.route import Wanted
from tidegate.core.values.session import Seen, SessionKey
from tidegate.core.values.target import Target
from tidegate.core.values.trace import Trace
from tidegate.core.values.wish import Wish


class Clock(Protocol):
    def now_ns(self) -> int:
        """Nanoseconds since the epoch, UTC; never earlier than the last checkpoint of the log."""
        ...

    def monotonic_ns(self) -> int:
        """For durations only."""
        ...


class Entropy(Protocol):
    def uuid7(self) -> str:
        """A fresh UUIDv7 in its usual 36-character form."""
        ...

    def chance(self) -> float:
        """Uniform in [0, 1)."""
        ...


class Downstream(Protocol):
    """One request and the way back to whoever sent it. When the client leaves, the task that serves it is cancelled."""

    method: str
    path: str
    """Without the query."""
    headers: Mapping[str, str]
    """Names in lower case; repeated ones joined by a comma."""
    started: bool
    """The response's head is on its way: from here on only the body can tell of an error."""

    async def body(self, limit_bytes: int) -> bytes:
        """The whole request body. Raises BadRequest: 413 beyond the limit, 415 for what is no plain JSON."""
        ...

    async def respond(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Head and whole body."""
        ...

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        """The head of a streamed response."""
        ...

    async def write(self, chunk: bytes) -> None:
        """A piece of a streamed body; returns when the client has room for more."""
        ...

    async def finish(self) -> None: ...


class Answer(Protocol):
    """An upstream's response, its head already read. Whoever got it closes it, also after an error."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case; of a repeated header the last one."""

    async def read(self, limit_bytes: int) -> bytes:
        """The whole body. Raises UpstreamError: `too_large` beyond the limit, `cut`, `timeout`."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives, never buffered whole; the upstream is read no faster than this is consumed."""
        ...

    async def aclose(self) -> None:
        """Gives the connection back if the body was read to its end, else drops it, which cancels it. Idempotent."""
        ...


class Detector(Protocol):
    """A detector that needs a library or a process of its own. It looks beside the engine, under its own deadline."""

    name: str
    labels: frozenset[str]

    async def find(self, parts: Sequence[Part]) -> Detected:
        """Never raises. Whatever goes wrong, lateness included, is `failed`: this detector has not looked.

        Offsets count characters of each part's text. Concurrent calls are fine; those beyond what the library bears
        wait, and waiting counts towards the deadline.
        """
        ...

    def close(self) -> None:
        """Gives threads back. A call that is still running may go on to its end; nobody hears of it."""
        ...


class LocalAnswers(Protocol):
    """What is remembered of answers that may not leave, so that they are known again where somebody pastes them."""

    @property
    def derived(self) -> Derived:
        """To be asked from any thread."""
        ...

    async def ready(self) -> bool:
        """Waits until all that was kept is known; False: it cannot be known, so any text may be derived."""
        ...

    def remember(self, tenant: str, texts: Sequence[str], besides: Sequence[str] = ()) -> None:
        """Once an answer is on its way. `besides`: texts of the request that many requests share. Never raises."""
        ...

    async def aclose(self) -> None: ...


class Sessions(Protocol):
    """The strictest level that each session has held."""

    async def level(self, caller: Caller, *, has_history: bool) -> Level:
        """Of the session's earlier requests. Never raises: where nobody can know, a history reads as the strictest."""
        ...

    async def note(self, caller: Caller, level: Level) -> None:
        """What the request itself holds, durable when it returns. Raises StoreError."""
        ...

    async def aclose(self) -> None: ...


class Kept(Protocol):
    """Who made what a request refers to by its id. Nothing of it outlives the process."""

    def only(self, candidates: Sequence[Target], envelope: Envelope, caller: Caller) -> Sequence[Target]:
        """Those that made all that the request refers to. Raises BadRequest `unknown_reference`."""
        ...

    def note(self, caller: Caller, envelope: Envelope, target: str, notes: AnswerNotes) -> None:
        """What `target` may have kept of an answer, where the request asked for that."""
        ...


class Wishes(Protocol):
    """What people have said of the data about them, and where that of a tenant, a caller or a key must stay."""

    async def apply(self, caller: Caller) -> Caller:
        """The same with as much less consent, and with the residency that all of them ask for. Never raises."""
        ...

    async def aclose(self) -> None: ...


class Reviews(Protocol):
    """Where requests wait that policy lets pass only once a person has approved them."""

    async def wait(self, question: Question) -> str:
        """The review that the question names, or under which it is held from now on; empty where nobody can review.

        Returns once reviewers have decided, or the client waits no longer. Raises Refusal, StoreError, LedgerError.
        """
        ...

    async def use(self, review: str, question: Question) -> Mapping[str, Effect] | Refusal:
        """What the approved targets may see, for this one use; or why none. Durable, its record too, when it returns.

        Raises StoreError or LedgerError: then the approval may be spent, and nothing may be sent.
        """
        ...


class Provider(Protocol):
    """Speaks to one target. Concurrent calls are fine. Follows no redirect, reads no proxy variable, and retries only
    where a kept connection turns out to have been closed before the request could reach anybody.
    """

    async def send(self, permit: Permit, body: bytes) -> Answer:
        """Checks the egress seal, writes, reads the response's head.

        Raises SealBroken (nothing was written) or UpstreamError (`connect`, `crowded`, `timeout`, `protocol`, `cut`).
        """
        ...

    async def aclose(self) -> None: ...


Send = Callable[[Target, TargetDecision], Awaitable[Answer]]
"""One attempt at one permitted target: with a permit of its own. Raises as `Provider.send` does, or BadRequest where
the request cannot be said to that target; then nothing was sent.
"""


class Routed(NamedTuple):
    target: Target
    answer: Answer


class Routing(Protocol):
    """Chooses among permitted targets, and waits where waiting helps: for a turn, a rest, a model that loads. Nobody
    outside the permitted set is asked. Concurrent calls are fine, and are what it learns from.
    """

    @property
    def health(self) -> frozenset[tuple[str, Health]]:
        """Of targets of which something is known; the same object until something changes, which is rarely."""
        ...

    async def first_answer(
        self, wanted: Wanted, permitted: Sequence[tuple[Target, TargetDecision]], send: Send, outcome: Outcome
    ) -> Routed:
        """Each attempt, also one that was left out, is noted in `outcome.attempts`. Retries are bounded, and happen
        only before a byte of an answer has been passed on, and only where what is repeated is harmless.

        Raises Refusal when none answered, its headers saying when to come back; SealBroken at once.
        """
        ...


class Ledger(Protocol):
    """The append-only log of one worker. Appends are ordered as called, whoever awaits what."""

    @property
    def size(self) -> int:
        """Entries appended so far, durable or not: the index that the next append gets."""
        ...

    def append(self, entry: bytes, bearing: Bearing | None = None, *, linger: bool = False) -> Awaitable[int]:
        """Resolves to the entry's index once it is on disk (fdatasync), grouped with its neighbours.

        Must be called from the event loop's thread. Raises LedgerError at once, or through the awaitable, when the log
        cannot be written; the log then stays closed for writing until a probe succeeds, and nobody has been told yes.
        `bearing`: what the entry says of itself, from whoever made it; without it the entry is read again.
        `linger`: nobody waits for this one (an outcome), so it may wait some milliseconds for a group to join; the
        awaitable may be dropped, and awaiting it ends the wait.
        """
        ...


class Anchor(NamedTuple):
    """The head of a log, kept where whoever rewrites the log does not write."""

    origin: str
    size: int
    root: bytes
    note: str


class Store(Protocol):
    """Queryable state. Every method is durable when it returns; callers wait, the event loop does not."""

    async def anchor(self, head: Anchor) -> None:
        """Keeps the newest head of each origin; an older one never replaces a newer."""
        ...

    async def remember(self, tenant: str, prints: Sequence[Print]) -> None:
        """Joins the side index in one transaction, grouped with its neighbours."""
        ...

    async def leave(self, trace: Trace) -> int:
        """Keeps the trace of an answer that must stay inside, until it expires; its number."""
        ...

    async def new_traces(self, after: int, now_ns: int) -> Sequence[tuple[int, Trace]]:
        """Those that have not expired, by their numbers, in order, beyond `after`. Of two that are left at the same
        time the later number may be seen first.
        """
        ...

    async def traces(self, now_ns: int) -> Sequence[Trace]:
        """Those that have not expired, oldest first."""
        ...

    async def purge(self, now_ns: int) -> int:
        """Erases the traces that have expired; how many that were."""
        ...

    async def knows_since_ns(self) -> int:
        """From when on it was told everything: 0 where that is from the beginning. A store that is younger than a log
        was emptied, or took the place of another: then it is when it was made, in nanoseconds since the epoch.
        """
        ...

    async def session(self, key: SessionKey) -> Seen | None:
        """What a session has held; None where nothing is known of it."""
        ...

    async def keep_session(self, key: SessionKey, seen: Seen) -> None:
        """The stricter of both levels and the later of both times stay, whoever else writes."""
        ...

    async def forget_sessions(self, before_ns: int) -> int:
        """Those that were last kept then or before; how many that were."""
        ...

    async def wishes(self, tenant: str, abouts: Sequence[str]) -> Mapping[str, Sequence[Wish]]:
        """What was said, in force or not, by whom it is about; those of whom nothing was said may be missing. `abouts`
        as `core.values.wish.about` gives them.
        """
        ...

    async def keep_wish(self, tenant: str, about: str, wish: Wish, owed: Sequence[Owed] = ()) -> None:
        """In place of what was said of the same purpose or region before. `owed`: kept in the same step."""
        ...

    async def forget_wishes(self, tenant: str, about: str, owed: Sequence[Owed] = ()) -> int:
        """Erases all that was said, from the files as well; how many wishes that were. `owed`: kept in the same step,
        if there were any.
        """
        ...

    async def hold_review(
        self, row: KeptReview, most: int, now_ns: int, owed: Sequence[Owed] = ()
    ) -> KeptReview | None:
        """Keeps it, and with it what is owed. If one that is the same is open, that is the answer instead, and nothing
        is owed; None where `most` are open.
        """
        ...

    async def review(self, review_id: str) -> KeptReview | None: ...

    async def reviews(self, *, only_open: bool = False) -> Sequence[KeptReview]:
        """Oldest first."""
        ...

    async def change_review(self, row: KeptReview, owed: Sequence[Owed] = ()) -> bool:
        """In place of the turn before `row.turn`, and with it what is owed. False: another turn is there; nothing has
        changed. What is no longer in it is erased from the files as well.
        """
        ...

    async def forget_reviews(self, before_ns: int) -> int:
        """Those that ended then or before; how many that were."""
        ...

    async def debts(self) -> Sequence[Owed]:
        """All that is owed, in the order in which it came to be."""
        ...

    async def settle_debts(self, numbers: Sequence[int]) -> None: ...

    async def aclose(self) -> None: ...
