"""Every way of a configuration held against a policy.

A way for requests is asked about request by request while the gateway runs; here it is only asked whether it leads
anywhere at all. Where no contract could open it, naming it is a mistake. Where a contract is missing or over, it is
idle: contracts end by themselves, and a gateway that would not start the day after would take local service down too.
Where somebody has closed it knowingly, by a policy, it is closed: nobody has to rewrite a file before sending ends.
Whatever goes a way without being asked about must be permitted whatever it holds, today.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tidegate.core.decide.expressions import Expression
from tidegate.core.decide.lifecycle.words import situation
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.ways.questions import Questions
from tidegate.core.decide.ways.search import Example, Undecided
from tidegate.core.decide.ways.terms import Leads
from tidegate.core.decide.ways.way import Carries, Way, is_among
from tidegate.core.values.decision import Effect, TargetDecision
from tidegate.core.values.errors import ConfigError

Ask = Callable[[Expression], Example | None]
"""Facts for which an expression holds, or None. Raises Undecided."""

_ENOUGH = {
    Carries.RAW: (Effect.RAW,),
    Carries.EMBEDDINGS: (Effect.RAW,),
    Carries.REDACTED: (Effect.RAW, Effect.REDACTED),
}
"""What has to be permitted for what is carried unasked. Much of a text can be read from its embedding."""


class Verdict(StrEnum):
    OPEN = "open"
    IDLE = "idle"
    CLOSED = "closed"
    DEAD = "dead"
    REFUSED = "refused"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`rules`: what stands in the way, with `reason`, its first one's. `example`: of content that may not go there."""

    way: Way
    verdict: Verdict
    rules: tuple[str, ...] = ()
    reason: str = ""
    example: str = ""

    @property
    def is_mistake(self) -> bool:
        """The configuration must not be used with it. A way for requests that nobody could decide is asked again by
        each of them; one that nobody asks about must be decided here.
        """
        return self.verdict in (Verdict.DEAD, Verdict.REFUSED) or (
            self.verdict is Verdict.UNDECIDED and self.way.carries is not Carries.REQUEST
        )

    def sentence(self) -> str:
        return f"{self.way.path}: {self._what()}"

    def _what(self) -> str:
        why = f"{', '.join(self.rules)}: {self.reason}" if self.reason else ", ".join(self.rules)
        match self.verdict:
            case Verdict.OPEN:
                return "open"
            case Verdict.IDLE:
                return f"gets nothing today ({why})"
            case Verdict.CLOSED:
                return f"gets nothing: the policy that was activated closes it ({why})"
            case Verdict.DEAD:
                return f"policy lets no request go this way, whatever contract there were ({why}); take it out"
            case Verdict.UNDECIDED:
                return "whether policy permits it could not be decided; simplify the rules that it depends on"
        return self._refused(why)

    def _refused(self, why: str) -> str:
        if self.way.leads is None:
            return "it names no boundary, so nobody can say what may go there; declare one and name it"
        return (
            f"{self.way.carries} goes this way without being asked about, and policy does not permit {self.example} "
            f"({why}); take it out, or let it carry less"
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "path": self.way.path,
            "carries": self.way.carries.value,
            "verdict": self.verdict.value,
            "rules": list(self.rules),
            "sentence": self.sentence(),
        }


def survey(policy: Policy, ways: Iterable[Way], ask: Ask) -> list[Found]:
    """What becomes of each way, in order.

    Raises ConfigError where an answer and the policy's function disagree, which would be a defect of tidegate.
    """
    return _Survey(policy, ask).all_of(ways)


def knowingly(found: Iterable[Found], closed: Collection[str] | None) -> list[Found]:
    """Dead ways that may be dead are closed. `closed`: their names (see `Way.name`); None: whichever they are."""
    return [
        replace(one, verdict=Verdict.CLOSED)
        if one.verdict is Verdict.DEAD and (closed is None or is_among(one.way.name, closed))
        else one
        for one in found
    ]


def mistakes_of(found: Iterable[Found]) -> list[str]:
    return [one.sentence() for one in found if one.is_mistake]


class _Survey:
    def __init__(self, policy: Policy, ask: Ask) -> None:
        self._policy, self._ask = policy, ask
        self._questions = Questions(policy.rules)
        # Ways alike are many: what became of one holds for all with the same ends.
        self._passed: dict[Expression, Example | None] = {}

    def all_of(self, ways: Iterable[Way]) -> list[Found]:
        return [self._one(way) for way in ways]

    def _one(self, way: Way) -> Found:
        if way.carries in (Carries.NAMES, Carries.CREDENTIAL) or way.leads is None:
            return Found(way=way, verdict=Verdict.REFUSED if way.leads is None else Verdict.OPEN)
        try:
            if way.carries is Carries.REQUEST:
                return self._requests(way, way.leads)
            return self._standing(way, way.leads, _ENOUGH[way.carries])
        except Undecided:
            return Found(way=way, verdict=Verdict.UNDECIDED)

    def _requests(self, way: Way, leads: Leads) -> Found:
        if self._passing(self._questions.ends(way.contexts, leads.today)):
            return Found(way=way, verdict=Verdict.OPEN)
        best = self._questions.ends(way.contexts, leads.ever)
        some = self._passing(best)
        if some is not None:
            return self._because(way, Verdict.IDLE, some._replace(target=leads.facts_for(some.request)))
        plain = self._ask(best)
        if plain is None:  # somebody may always ask, and a contract may always be made
            raise _defect()
        return self._because(way, Verdict.DEAD, plain)

    def _passing(self, ends: Expression) -> Example | None:
        """A request that has an effect within `ends`."""
        if ends not in self._passed:
            self._passed[ends] = self._first_passing(ends)
        return self._passed[ends]

    def _first_passing(self, ends: Expression) -> Example | None:
        given_up = False
        for question in self._questions.passes(ends):
            try:
                found = self._ask(question)
            except Undecided:
                given_up = True
                continue
            if found is not None:
                self._check(self._decided(found).effect is not Effect.NONE)
                return found
        if given_up:
            raise Undecided
        return None

    def _standing(self, way: Way, leads: Leads, enough: Collection[Effect]) -> Found:
        ends = self._questions.ends(way.contexts, leads.today)
        found = self._ask(self._questions.is_kept_back(ends, enough))
        if found is None:
            return Found(way=way, verdict=Verdict.OPEN)
        self._check(self._decided(found).effect not in enough)
        return self._because(way, Verdict.REFUSED, found, situation(found.request, found.target))

    def _decided(self, example: Example) -> TargetDecision:
        return self._policy.decide(example.request, [example.target]).targets[0]

    def _check(self, agreed: bool) -> None:  # noqa: FBT001 - the one thing it is about
        """Whatever is found is decided once more by the function that runs."""
        if not agreed:
            raise _defect()

    def _because(self, way: Way, verdict: Verdict, example: Example, shown: str = "") -> Found:
        rules = self._decided(example).rules
        return Found(way=way, verdict=verdict, rules=rules, reason=self._policy.reason(rules[0]), example=shown)


def _defect() -> ConfigError:
    return ConfigError(["a way and the compiled policy disagree; this is a defect of tidegate: report it"])
