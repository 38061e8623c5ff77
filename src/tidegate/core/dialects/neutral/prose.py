"""What most of a conversation is: a role and a text, or a piece that is a text. Every dialect writes these alike."""

from collections.abc import Container, Mapping

from tidegate.core.dialects.neutral.chat import Role, Text, Turn


def spoken(message: object, roles: Mapping[str, Role]) -> Turn | None:
    """A message of a role and a text; None for one that holds anything else, or is wrong: let the dialect say how.

    `roles`: those that the dialect has for such messages.
    """
    if type(message) is dict and len(message) == 2:
        role, content = message.get("role"), message.get("content")
        if type(role) is str and type(content) is str and (speaker := roles.get(role)):
            return Turn(speaker, (Text(content),) if content else ())
    return None


def text_alone(piece: object, kinds: Container[str]) -> Text | None:
    """A piece of a message that is a text, likewise. `kinds`: how the dialect calls these."""
    if type(piece) is dict and len(piece) == 2:
        kind, text = piece.get("type"), piece.get("text")
        if type(kind) is str and kind in kinds and type(text) is str:
            return Text(text)
    return None
