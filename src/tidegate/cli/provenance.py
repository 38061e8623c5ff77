"""What speaks against a local target's being local: asked of its own server, for `tidegate doctor`."""

import contextlib
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from tidegate.cli.probe import Unanswered, list_at
from tidegate.core.dispatch.provenance import TAGS, Provenance, clouds_among, may_be_asked
from tidegate.core.values.target import Target

_SOME = 4


class Doubt(NamedTuple):
    """`certain`: it gets nothing. Else it is for people to look at."""

    certain: bool
    found: str
    next_step: str


def doubts(target: Target, models: Collection[str], shown: Mapping[str, str]) -> Iterator[Doubt]:
    """`models`: what its server lists. `shown`: headers of its credential."""
    if target.boundary.kind != "local":
        return
    known = Provenance()
    if may_be_asked(target):
        with contextlib.suppress(Unanswered):  # then its name still counts
            known.told(target, list_at(target.url + TAGS, shown, target.access.ca_file))
    if objection := known.objection(target):
        yield Doubt(True, f"it gets nothing: {objection}", "name a model that runs here, or a boundary of kind cloud")
    elif clouds := clouds_among(models):
        some = ", ".join(clouds[:_SOME])
        found = f"its boundary is local, and its server lists models that only clouds serve ({some})"
        yield Doubt(False, found, "if it hands requests on, name a boundary of kind cloud or private for it")
