"""What becomes of a label that an answer bears."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from tidegate.core.values.errors import Refusal
from tidegate.core.values.labels import UNKNOWN, UNSCANNABLE, covers

Action = Literal["record", "mask", "block"]
ANY = "*"
ACTIONS: tuple[Action, ...] = get_args(Action)

PASSAGES = ("code", "customer.config", "derived", "injection")
"""Labels of whole passages: they have no bound, so a stream has let most of one go before it is known."""


@dataclass(frozen=True, slots=True)
class OutputRules:
    """`of_prefix`: label or prefix of labels (`*`: any) to what is done. The longest that covers a label rules; where
    none does, it is recorded and nothing more. Raises ValueError for an action that there is not.
    """

    of_prefix: Mapping[str, Action] = field(default_factory=dict)
    rewrites: bool = field(init=False, repr=False, compare=False)
    """Some answer may leave otherwise than it came."""
    _known: dict[str, Action] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for prefix, action in self.of_prefix.items():
            if action not in ACTIONS:
                raise ValueError(f"{prefix}: {action!r} is no output rule: write one of {', '.join(ACTIONS)}.")
        object.__setattr__(self, "rewrites", any(action != "record" for action in self.of_prefix.values()))

    def action(self, label: str) -> Action:
        known = self._known.get(label)
        if known is None:
            known = self._known[label] = self._look_up(label)
        return known

    def stops_stream(self, label: str) -> bool:
        """Blocked, or to be masked and too long for that in a stream."""
        action = self.action(label)
        return action == "block" or (action == "mask" and any(covers(each, label) for each in PASSAGES))

    def stops_at(self, label: str) -> bool:
        """Whether an answer ends for a label that no span bears, so that there is nothing to mask."""
        if label == UNKNOWN and not any(covers(prefix, UNKNOWN) for prefix in self.of_prefix):
            return self.rewrites  # nobody has looked: what was to be kept back may be in it
        if label in {UNKNOWN, UNSCANNABLE}:
            return self.action(label) != "record"
        return self.action(label) == "block"

    def _look_up(self, label: str) -> Action:
        prefixes = [prefix for prefix in self.of_prefix if covers(prefix, label)]
        return self.of_prefix[max(prefixes, key=len)] if prefixes else self.of_prefix.get(ANY, "record")


def blocked(label: str) -> Refusal:
    """Ends the answer: as its error where nothing has left, as the stream's last event otherwise."""
    return Refusal(
        "output_blocked",
        f"The answer held what an output rule keeps from leaving: {label}.",
        status=403,
        rule=f"output:{label}",
    )
