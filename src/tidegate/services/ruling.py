"""Which policy rules: takes what commands lay down and what a watched place holds, and has the gateway rule by it.

Everything that happens to the policy is in the log before it takes effect, and kept on disk before it does. What is
refused changes nothing: the policy that rules goes on, and the log and `tidegate doctor` say what was wrong. A swap
itself is one assignment between two requests; those under way keep the policy that they were decided by.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

from tidegate.core.decide.bundle.manifest import Window, outside_of
from tidegate.core.decide.bundle.standing import WATCHED, Refused, Ruling, Standing
from tidegate.core.decide.lifecycle.shadow import Shadow
from tidegate.core.decide.oracle.second import Doubt
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.vocabulary import EXPIRED, IN_DOUBT, RESERVED
from tidegate.core.ledger.entries import rfc3339
from tidegate.core.settle import policy_record as told
from tidegate.core.values.errors import ConfigError, LedgerError

_log = logging.getLogger(__name__)

LOOKED_EVERY_S = 1.0
_UNDERSTOOD = (
    "it closes ways of the configuration ({}) and lets more through elsewhere than {}; whoever accepts that gives a "
    "name: tidegate policy activate --approve-closing NAME"
)


class Act(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def wanted(self) -> Mapping[str, Any]: ...


class Found(Protocol):
    """A policy that may rule, as far as it itself goes."""

    @property
    def policy(self) -> Policy: ...

    @property
    def ruling(self) -> Ruling: ...


class Ready(NamedTuple):
    """A policy at hand, and the ways of the configuration that it closes."""

    policy: Policy
    closed: tuple[str, ...]


class Ruled(Protocol):
    """Whose requests it is about."""

    def rule_by(self, policy: Policy) -> None: ...

    def shadow_by(self, shadow: Shadow | None) -> None: ...


class Office(Protocol):
    """What is kept on disk. Everything here blocks but `examine`, and raises ConfigError with what is wrong."""

    def acts(self) -> Sequence[Act]: ...

    def done(self, name: str) -> None: ...

    def keep(self, standing: Standing) -> None: ...

    def tell(self, now: Mapping[str, Any]) -> None: ...

    def open(self, bundle: str, now: str, standing: Standing | None = None) -> Found:
        """A kept bundle, proven. `standing`: given where it must be newer than all that ruled."""
        ...

    def read(self, bundle: str) -> Policy:
        """A kept bundle that need not be proven: it decides nothing."""
        ...

    def watched(self) -> str:
        """Differs whenever the watched place holds something else; empty where none is watched."""
        ...

    async def examine(self) -> Mapping[str, Any]:
        """What the watched place holds, examined in a process of its own: the order to activate it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """`record`: the entry is durable when it returns. `now_ns`: the deciding clock."""

    record: Callable[[bytes], Awaitable[int]]
    new_id: Callable[[], str]
    now_ns: Callable[[], int]


class RulingPolicy:
    """`standing.ruling` rules when this begins; `opening`: a record of how that came to be, if it is news."""

    def __init__(
        self,
        standing: Standing,
        policy: Policy,
        office: Office,
        effects: Effects,
        *,
        opening: bool = False,
        every_s: float = LOOKED_EVERY_S,
    ) -> None:
        assert standing.ruling is not None  # something always rules
        self.standing, self._office, self._effects, self._every_s = standing, office, effects, every_s
        self._compiled = {standing.ruling.bundle: Ready(policy, standing.ruling.closed)}
        self._opening, self._expired, self._newest = opening, False, ""
        self._seen = ""
        self._doubt: Doubt | None = None
        self._untold: list[Doubt] = []
        self._shadow: Shadow | None = None
        self._last_told: Mapping[str, Any] = {}
        self._looking: asyncio.Task[None] | None = None
        self._preparing: asyncio.Task[None] | None = None
        self._examining: tuple[str, asyncio.Task[Mapping[str, Any]]] | None = None
        self._ruled: Ruled

    @property
    def ruling(self) -> Ruling:
        assert self.standing.ruling is not None
        return self.standing.ruling

    def is_in_force(self, digest: str) -> bool:
        """Whether the policy of that digest rules, its time is not over, and nobody doubts it."""
        return self.ruling.policy == digest and not self._expired and self._doubt is None

    @property
    def limited(self) -> str:
        """Why only local targets are served; empty where others may be."""
        if self._doubt is not None:
            return f"{RESERVED[IN_DOUBT]} {self._doubt.sentence()}."
        return RESERVED[EXPIRED] if self._expired else ""

    def doubt(self, found: Doubt) -> None:
        """Only local targets are served when it returns; the log hears of it with the next look."""
        if self._doubt is not None:
            return
        self._doubt = found
        self._untold.append(found)
        self._ruled.rule_by(self._compiled[self.ruling.bundle].policy.only_local(IN_DOUBT))
        _log.critical(
            "only local targets are served from now on, until a policy is activated: %s: %s; this is a defect of "
            "tidegate or of Cedar: report it",
            self.ruling.title(),
            found.sentence(),
        )

    async def begin(self, ruled: Ruled) -> None:
        """Does what was laid down while nobody was here, then goes on looking beside the path."""
        self._ruled = ruled
        await self._once(self._start)
        await self._once(self._look)
        # Beside the looking: who wants to go back must not wait until all that one may go back to is compiled.
        self._preparing = asyncio.ensure_future(self._once(self._prepare))
        self._looking = asyncio.ensure_future(self._look_again())

    async def aclose(self) -> None:
        examining = self._examining[1] if self._examining else None
        tasks = [task for task in (self._looking, self._preparing, examining) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            await self._once(self._look)

    async def _once(self, work: Callable[[], Awaitable[None]]) -> None:
        """Whatever fails is tried again a second later: acts stay where they are until they are done."""
        try:
            await work()
        except (ConfigError, LedgerError, OSError) as error:
            _log.error("the policy that rules is unchanged, because: %s", error)
        except Exception as error:  # noqa: BLE001 - whoever looks after the policy must not stop looking
            _log.error("defect %s while looking after the policy", type(error).__name__)

    async def _start(self) -> None:
        await asyncio.to_thread(self._office.keep, self.standing)
        if self._opening:
            await self._record(told.ACTIVATED, self.ruling)
            self._opening = False
        if self.standing.shadow:
            await self._shadow_by(self.standing.shadow)

    async def _prepare(self) -> None:
        """Compiles what one may go back to, so that going back takes no time."""
        for one in self.standing.before:
            try:
                found = await asyncio.to_thread(self._office.open, one.bundle, self._now())
            except ConfigError as error:
                _log.warning("one cannot go back to %s: %s", one.title(), error)
                continue
            self._compiled[one.bundle] = Ready(found.policy, found.ruling.closed)

    async def _look(self) -> None:
        await self._tell_doubts()
        for act in await asyncio.to_thread(self._office.acts):
            await self._do(act)
            await asyncio.to_thread(self._office.done, act.name)
        await self._expire()
        await self._watch()
        await self._tell_differences()
        await self._tell()

    # -- what commands lay down ----------------------------------------------------------------------------------------

    async def _do(self, act: Act) -> None:
        ways = {"activate": self._activate, "roll_back": self._roll_back, "refused": self._note, "shadow": self._shade}
        way = ways.get(str(act.wanted.get("act")))
        if way is None:
            _log.error("something that is no order lay among the orders; it is dropped")
            return
        try:
            await way(act.wanted)
        except ConfigError as error:
            await self._refuse(_word(act.wanted, "what"), error.mistakes, _word(act.wanted, "actor"))

    async def _activate(self, wanted: Mapping[str, Any], looked_at: str = "") -> None:
        bundle, looser = _word(wanted, "bundle"), _sentences(wanted, "looser")
        if bundle == self.ruling.bundle and self._doubt is None:
            await self._keep(replace(self.standing, looked_at=looked_at or self.standing.looked_at, refused=None))
            return
        if wanted.get("against") != self.ruling.bundle:
            raise ConfigError(
                ["another policy has come to rule meanwhile; activate it again, to be compared with that"]
            )
        source = _word(wanted, "source") or "command"
        found = await asyncio.to_thread(self._office.open, bundle, self._now(), self.standing)
        approver = _word(wanted, "approver") or found.ruling.approver
        if looser and not approver and (source == "command" or found.ruling.signed_by):
            raise ConfigError(
                [f"it lets more through than {self.ruling.title()}, and nobody has approved that: {looser[0]}"]
            )
        closer = _word(wanted, "closed_by")
        if looser and not closer and (closing := found.ruling.closing(self.ruling)):
            raise ConfigError([_UNDERSTOOD.format(", ".join(closing), self.ruling.title())])
        ruling = replace(found.ruling, source=source, approver=approver, since=self._now())
        standing = self.standing.activated(ruling.with_closed(ruling.closed, closer or self.ruling.closed_by))
        if looked_at:
            standing = replace(standing, looked_at=looked_at)
        await self._swap(told.ACTIVATED, standing, found.policy, looser=looser, actor=_word(wanted, "actor"))

    async def _roll_back(self, wanted: Mapping[str, Any]) -> None:
        revision = wanted.get("revision")
        earlier = self.standing.earlier(revision if isinstance(revision, int) else None)
        if earlier is None:
            kept = ", ".join(str(one.revision) for one in self.standing.before) or "none"
            raise ConfigError([f"there is no revision {revision or 'before this one'} to go back to; at hand: {kept}"])
        if why := outside_of(Window(earlier.created, earlier.valid_until), self._now()):
            raise ConfigError([f"{earlier.title()}: {why}"])
        ready = self._compiled.get(earlier.bundle)
        if ready is None:
            found = await asyncio.to_thread(self._office.open, earlier.bundle, self._now())
            ready = Ready(found.policy, found.ruling.closed)
        approver = _word(wanted, "approver")
        ruling = replace(earlier, source="command", approver=approver, since=self._now())
        ruling = ruling.with_closed(ready.closed, approver)
        words = {name: _word(wanted, name) for name in ("actor", "reason")}
        await self._swap(told.ROLLED_BACK, self.standing.rolled_back(ruling), ready.policy, **words)

    async def _swap(self, act: str, standing: Standing, policy: Policy, **words: Any) -> None:
        """Recorded, then kept, then in effect: a stop in between is made good at the next start."""
        assert standing.ruling is not None
        closing = standing.ruling.closing(self.ruling)
        await self._record(act, standing.ruling, before=self.ruling.policy, **words)
        await asyncio.to_thread(self._office.keep, standing)
        self.standing, self._expired, self._doubt = standing, False, None
        self._ruled.rule_by(policy)
        self._compiled[standing.ruling.bundle] = Ready(policy, standing.ruling.closed)
        known = standing.bundles()
        self._compiled = {bundle: one for bundle, one in self._compiled.items() if bundle in known}
        _log.warning("from now on rules %s", standing.ruling.title())
        if closing:
            _log.warning("it closes ways of the configuration, which get nothing from now on: %s", ", ".join(closing))

    async def _note(self, wanted: Mapping[str, Any]) -> None:
        """A command has refused something by itself."""
        await self._refuse(_word(wanted, "what"), _sentences(wanted, "mistakes"), _word(wanted, "actor"))

    async def _refuse(self, what: str, mistakes: Sequence[str], actor: str = "", looked_at: str = "") -> None:
        await self._record(told.REFUSED, None, reason=what, refused=mistakes, actor=actor)
        standing = replace(self.standing, refused=Refused(what, tuple(mistakes), self._now()))
        if looked_at:
            standing = replace(standing, looked_at=looked_at)
        await self._keep(standing)
        _log.error("a policy was refused, %s goes on ruling: %s", self.ruling.title(), "; ".join(mistakes))

    # -- what happens by itself ----------------------------------------------------------------------------------------

    async def _expire(self) -> None:
        """A policy whose time is over serves local targets only, until another one is activated."""
        why = outside_of(Window("", self.ruling.valid_until), self._now())
        if not why or self._expired:
            return
        await self._record(told.EXPIRED, self.ruling, reason=why)
        self._expired = True
        self._ruled.rule_by(self._compiled[self.ruling.bundle].policy.only_local(EXPIRED))
        _log.critical("only local targets are served from now on: %s %s", self.ruling.title(), why)

    async def _watch(self) -> None:
        """Content counts once it has stayed the same for two looks: nobody writes all files of a folder at once.

        Examining it may take minutes, and orders are done meanwhile. What has changed by then is looked at again.
        """
        content = await asyncio.to_thread(self._office.watched)
        settled, self._seen = content == self._seen, content
        if self._examining is None and content and settled and content != self.standing.looked_at:
            self._examining = content, asyncio.ensure_future(self._office.examine())
            await asyncio.sleep(0)
        if self._examining is not None and self._examining[1].done():
            (about, examined), self._examining = self._examining, None
            if about == content:
                await self._take(content, examined)
            else:
                examined.exception()  # whatever it was, it is about something that is there no more

    async def _take(self, content: str, examined: "asyncio.Task[Mapping[str, Any]]") -> None:
        try:
            wanted = examined.result()
            if wanted.get("against") != self.ruling.bundle:
                return
            await self._activate({**wanted, "source": "folder"}, looked_at=content)
        except ConfigError as error:
            await self._refuse(WATCHED, error.mistakes, looked_at=content)

    async def _tell_doubts(self) -> None:
        while self._untold:
            found = self._untold[0]
            words = {"policy": found.policy, "reason": found.sentence(), "difference": found.as_json()}
            await self._record(told.IN_DOUBT, self.ruling, **words)
            self._untold.pop(0)

    # -- the shadow ----------------------------------------------------------------------------------------------------

    async def _shade(self, wanted: Mapping[str, Any]) -> None:
        bundle, name = _word(wanted, "bundle"), _word(wanted, "name")
        if bundle:
            await self._shadow_by(bundle)
        else:
            self._shadow = None
            self._ruled.shadow_by(None)
        await self._effects.record(
            told.policy_act(
                request_id=self._effects.new_id(),
                ts=self._now(),
                act=told.SHADOWED if bundle else told.SHADOW_ENDED,
                policy=self._shadow.policy.digest if self._shadow else "",
                before=self.ruling.policy,
                bundle=bundle,
                name=name,
                actor=_word(wanted, "actor"),
            )
        )
        await self._keep(replace(self.standing, shadow=bundle, shadow_name=name))

    async def _shadow_by(self, bundle: str) -> None:
        policy = await asyncio.to_thread(self._office.read, bundle)
        self._shadow = Shadow(policy)
        self._ruled.shadow_by(self._shadow)

    async def _tell_differences(self) -> None:
        """Each kind once, with its plainest words; how often, the counts say."""
        for kind in self._shadow.news() if self._shadow else ():
            assert self._shadow is not None
            await self._effects.record(
                told.policy_act(
                    request_id=self._effects.new_id(),
                    ts=self._now(),
                    act=told.SHADOW_DIFFERS,
                    policy=self._shadow.policy.digest,
                    before=self.ruling.policy,
                    bundle=self.standing.shadow,
                    name=self.standing.shadow_name,
                    difference=kind.as_json(),
                )
            )

    # -- what is told --------------------------------------------------------------------------------------------------

    async def _tell(self) -> None:
        now = {
            "ruling": None if self._expired else self.ruling.bundle,
            "policy": self.ruling.policy,
            "title": self.ruling.title(),
            "expired": self._expired,
            "in_doubt": self._doubt.sentence() if self._doubt else "",
            "shadow": {"name": self.standing.shadow_name, **self._shadow.as_json()} if self._shadow else None,
        }
        if now != self._last_told:
            await asyncio.to_thread(self._office.tell, now)
            self._last_told = now

    async def _record(self, act: str, ruling: Ruling | None, **words: Any) -> None:
        about = {}
        if ruling is not None:
            names = (
                *("bundle", "policy", "name", "revision", "signed_by", "source", "approver"),
                *("closed", "closed_by"),
            )
            about = {name: getattr(ruling, name) for name in names}
        entry = told.policy_act(request_id=self._effects.new_id(), ts=self._now(), act=act, **{**about, **words})
        await self._effects.record(entry)

    async def _keep(self, standing: Standing) -> None:
        await asyncio.to_thread(self._office.keep, standing)
        self.standing = standing

    def _now(self) -> str:
        """Never earlier than it ever was: a clock that is set back makes nothing valid again."""
        self._newest = max(self._newest, rfc3339(self._effects.now_ns()))
        return self._newest


def _word(wanted: Mapping[str, Any], name: str) -> str:
    """Orders come from files: whatever else stands there is nothing."""
    found = wanted.get(name)
    return found if isinstance(found, str) else ""


def _sentences(wanted: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = wanted.get(name)
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list | tuple) else ()
