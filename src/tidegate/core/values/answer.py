"""What is noted of an answer, whatever dialect it came in."""

import re
from dataclasses import dataclass, field

from tidegate.core.values.usage import NOT_SAID, Usage

MOST_REASONS = 128
_WORD = re.compile(r"[A-Za-z_]{1,40}", re.ASCII)


@dataclass(slots=True)
class AnswerNotes:
    """Filled while the answer passes. `complete`: it ended the way its dialect ends answers. `unscannable`: it holds
    sound, an image or something else that is no text.
    """

    response_model: str = ""
    response_id: str = ""
    finish_reasons: list[str] = field(default_factory=list)
    usage: Usage = NOT_SAID
    complete: bool = False
    error: str = ""
    unscannable: bool = False
    items: set[str] = field(default_factory=set)
    """Ids under which its provider may keep pieces of it."""
    lost: set[str] = field(default_factory=set)
    """What the client's dialect has no word for, by name."""

    relayed: str = ""
    """Where somebody else answered than the server that was asked, as far as it tells."""

    def finished(self, reason: str) -> None:
        """A choice has ended. What an upstream calls it is noted where it is a word, and not without end."""
        if len(self.finish_reasons) < MOST_REASONS:
            self.finish_reasons.append(reason if _WORD.fullmatch(reason) else "?")
