"""What rules, what ruled before it, and which revision may rule next: the state behind activation and rollback."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from tidegate.core.decide.ways.way import is_among

KEPT = 5
"""So many that ruled before stay at hand."""
WATCHED = "the watched policy"
"""What a refusal is about that no command asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A policy that rules, or has. `bundle` is its manifest's digest, `policy` the policy's own.

    `revision`: the manifest's, or, where nobody signed, a number counted up here. `source`: `command` (somebody
    activated it), `folder` (it was watched) or `configuration` (it is what [policy] path holds, or the baseline).
    `closed`: names of the configuration's ways that end with it, knowingly; `closed_by`: who accepted that, if asked.
    """

    bundle: str
    policy: str
    name: str
    revision: int
    source: str
    signed_by: str = ""
    created: str = ""
    valid_until: str = ""
    approver: str = ""
    since: str = ""
    closed: tuple[str, ...] = ()
    closed_by: str = ""

    def closing(self, before: "Ruling | None") -> tuple[str, ...]:
        """What it closes that the one before it has not closed already."""
        return tuple(name for name in self.closed if not is_among(name, before.closed if before else ()))

    def with_closed(self, names: tuple[str, ...], by: str) -> "Ruling":
        return replace(self, closed=names, closed_by=by if names else "")

    def title(self) -> str:
        """For people."""
        signed = f", signed by {self.signed_by}" if self.signed_by else ""
        return f"{self.name} revision {self.revision} (policy {self.policy[:12]}{signed})"


class Refused(NamedTuple):
    """The last thing that was refused, until something is activated."""

    what: str
    mistakes: tuple[str, ...]
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`before`: newest first, none twice, none that rules. `highest`: of all signed revisions that ever ruled here.
    `looked_at`: the newest content of a watched place that was taken or refused. `shadow`: a bundle's digest, or empty.
    """

    ruling: Ruling | None = None
    before: tuple[Ruling, ...] = ()
    highest: int = 0
    highest_bundle: str = ""
    counted: int = 0
    looked_at: str = ""
    shadow: str = ""
    shadow_name: str = ""
    refused: Refused | None = None

    def too_old(self, revision: int, bundle: str) -> str:
        """Why a signed bundle is not newer than what ruled before, or nothing."""
        if revision > self.highest or (revision == self.highest and bundle == self.highest_bundle):
            return ""
        if revision == self.highest:
            return f"revision {revision} has ruled here with other content; sign this one as {self.highest + 1}"
        return (
            f"its revision {revision} is older than {self.highest}, the highest that ever ruled here; to go back on "
            "purpose there is `tidegate policy rollback`"
        )

    def activated(self, ruling: Ruling) -> "Standing":
        """`ruling` rules. An unsigned one without a revision gets the next number."""
        if not ruling.signed_by and not ruling.revision:
            ruling = replace(ruling, revision=self.counted + 1)
        newer = bool(ruling.signed_by) and ruling.revision >= self.highest
        return replace(
            self,
            ruling=ruling,
            before=self._others(ruling),
            highest=ruling.revision if newer else self.highest,
            highest_bundle=ruling.bundle if newer else self.highest_bundle,
            counted=max(self.counted, ruling.revision),
            refused=None,
        )

    def rolled_back(self, ruling: Ruling) -> "Standing":
        """`ruling` rules again. What may be activated next stays as it was: it must be newer than all that ruled."""
        return replace(self, ruling=ruling, before=self._others(ruling), refused=None)

    def closed(self) -> tuple[str, ...]:
        """Ways that are closed knowingly."""
        return self.ruling.closed if self.ruling else ()

    def closing(self, names: tuple[str, ...]) -> "Standing":
        """What rules, with these ways closed and no others: what the configuration names no more is forgotten."""
        if self.ruling is None:
            return self
        return replace(self, ruling=self.ruling.with_closed(names, self.ruling.closed_by))

    def earlier(self, revision: int | None) -> Ruling | None:
        """What a rollback leads to: the one that ruled last before this one, or the one with that revision."""
        return next((one for one in self.before if revision is None or one.revision == revision), None)

    def bundles(self) -> set[str]:
        """Digests of all that is at hand."""
        known: Iterable[Ruling] = (*self.before, *([self.ruling] if self.ruling else ()))
        return {one.bundle for one in known} | ({self.shadow} if self.shadow else set())

    def _others(self, ruling: Ruling) -> tuple[Ruling, ...]:
        gone = () if self.ruling is None else (self.ruling,)
        return tuple(one for one in (*gone, *self.before) if one.bundle != ruling.bundle)[:KEPT]
