"""What policies and invariants are once they have been read."""

from dataclasses import dataclass
from typing import Literal

from tidegate.core.decide.expressions import Expression
from tidegate.core.values.decision import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One Cedar statement. `actions` are those it applies to, strongest first; `line` counts from 1 in `file`."""

    id: str
    reason: str
    effect: Literal["permit", "forbid"]
    actions: tuple[str, ...]
    condition: Expression
    file: str
    line: int
    text: str
    owner: str = ""
    ticket: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """No decision may ever have an effect of `never` where `when` holds."""

    id: str
    reason: str
    never: frozenset[Effect]
    when: Expression
    line: int
    text: str
