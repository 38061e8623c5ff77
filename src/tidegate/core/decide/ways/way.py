"""A way: by what path of the configuration something leaves, what that is, and where it leads."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from tidegate.core.decide.ways.terms import Leads, Terms

_PLACE = re.compile(r"\[\d+\](?= -> )")
_HOP = " -> "


class Carries(StrEnum):
    """What goes along a way. Of a request the policy is asked each time; of everything else, once and for all of it."""

    REQUEST = "a request"
    RAW = "content as it is"
    REDACTED = "content with its values replaced"
    EMBEDDINGS = "embeddings of content"
    NAMES = "names and counts"
    CREDENTIAL = "a credential"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """`path`: as the configuration is written (`models.auto[1] -> targets.claude`).

    `leads`: None where no boundary is declared for it. `contexts`: of a way for requests, who may take it; of any
    other, one, which says what it carries.
    """

    path: str
    carries: Carries
    leads: Leads | None
    contexts: tuple[Terms, ...] = ()

    @property
    def name(self) -> str:
        """The path and its boundary (`models.auto -> targets.claude (there)`). Places in a list are no part of it: who
        takes another candidate out has not made a new way.
        """
        path = _PLACE.sub("", self.path)
        return f"{path} ({self.leads.facts.boundary})" if self.leads else path


def is_among(name: str, names: Collection[str]) -> bool:
    """Whether it is one of those, or passes through one of them to the end."""
    return any(name == one or name.endswith(_HOP + one) for one in names)


def shortest(names: Iterable[str]) -> tuple[str, ...]:
    """Without those that pass through another one."""
    all_of = tuple(dict.fromkeys(names))
    return tuple(name for name in all_of if not any(name.endswith(_HOP + one) for one in all_of))
