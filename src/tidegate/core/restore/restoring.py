"""All that is restored of one answer: a restorer for each content block and each tool call, and what they add up to."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from tidegate.core.restore.external import EXTERNAL_TOOLS, is_external
from tidegate.core.restore.issued import Issued
from tidegate.core.restore.restorer import Restorer
from tidegate.core.values.channel import Channel


class Counts(NamedTuple):
    restored: int
    suppressed: int
    left: int


class Restoring:
    """`structured`: the answer's prose is JSON, because the request asked for that (`response_format`).

    `external`: tools whose arguments stay as they are, as `external_tools` gives them. `withheld`: tags of secrets,
    which are counted where a model quotes them.
    """

    __slots__ = ("_external", "_issued", "_restorers", "_structured")

    def __init__(
        self,
        originals: Mapping[str, str],
        *,
        structured: bool = False,
        external: Collection[str] = EXTERNAL_TOOLS,
        withheld: Collection[str] = (),
    ) -> None:
        self._issued = Issued(originals, withheld)
        self._structured = structured
        self._external = external
        self._restorers: list[Restorer] = []

    def counts(self) -> Counts:
        return Counts(
            sum(each.restored for each in self._restorers),
            sum(each.suppressed for each in self._restorers),
            sum(each.left for each in self._restorers),
        )

    def open_channel(self, tool: str, *, free: bool = False, own: bool = False) -> Channel:
        restorer = Restorer(
            self._issued,
            json_escape=not (free or own) and (bool(tool) or self._structured),
            suppress=bool(tool) and is_external(tool, self._external),
            shown=not tool,
        )
        self._restorers.append(restorer)
        return restorer
