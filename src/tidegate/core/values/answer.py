"""What is noted of an answer, whatever dialect it came in."""

from dataclasses import dataclass, field

from tidegate.core.values.usage import NOT_SAID, Usage


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
