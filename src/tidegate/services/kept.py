"""Who made what a request refers to by its id: a response or an item that lies at a provider goes back there alone.

Known as long as this process runs, and no longer: what it does not know goes nowhere, because an id shown to another
provider is at best an error, and at worst somebody else's conversation.
"""

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b

from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.caller import Caller
from tidegate.core.values.capabilities import STORED_RESPONSES
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.errors import BadRequest
from tidegate.core.values.target import Target

MOST = 65_536
"""Ids that are remembered, in some 9 MB; the oldest goes first."""


class Kept:
    """Ids are those of one tenant and access key: nobody else's are found. What is kept of one is its digest, so that
    memory does not grow with what a provider calls its responses.
    """

    __slots__ = ("_makers",)

    def __init__(self) -> None:
        self._makers: OrderedDict[bytes, str] = OrderedDict()

    def note(self, caller: Caller, envelope: Envelope, target: str, notes: AnswerNotes) -> None:
        """What `target` may have kept of an answer, where the request asked for that."""
        if not target or STORED_RESPONSES not in envelope.capabilities:
            return
        for each in (notes.response_id, *notes.items):
            whose = _whose(caller, each)
            self._makers[whose] = target
            self._makers.move_to_end(whose)
        while len(self._makers) > MOST:
            self._makers.popitem(last=False)

    def only(self, candidates: Sequence[Target], envelope: Envelope, caller: Caller) -> Sequence[Target]:
        """Of the candidates those that made all that the request refers to. Where there is one candidate alone, nobody
        else can be meant. Raises BadRequest `unknown_reference`.
        """
        if not envelope.kept or len(candidates) == 1:
            return candidates
        makers = {self._makers.get(_whose(caller, each), "") for each in envelope.kept}
        found = [target for target in candidates if makers == {target.name}]
        if not found:
            raise BadRequest(
                "unknown_reference",
                "The request refers to something that lies at a provider, and this gateway does not know at which: "
                "it was made elsewhere, by several, or before the last start. Send the conversation along, or ask for "
                "a model that has one target.",
                param="previous_response_id",
            )
        return found


def _whose(caller: Caller, each: str) -> bytes:
    return blake2b(repr((caller.tenant, caller.key_id, each)).encode(), digest_size=16).digest()
