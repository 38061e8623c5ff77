"""A way: by what path of the configuration something leaves, what that is, and where it leads."""

from dataclasses import dataclass
from enum import StrEnum

from tidegate.core.decide.ways.terms import Leads, Terms


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
