"""What most of a request is, and every dialect writes alike: a role and a text, a piece that is a text, a function.

Each is told in one look. What is anything else, or wrong, is None here: the dialect itself reads it, field by field.
"""

from collections.abc import Container, Mapping

from tidegate.core.dialects.neutral.chat import Role, Text, Tool, Turn


def spoken(message: object, roles: Mapping[str, Role]) -> Turn | None:
    """A message of a role and a text. `roles`: those that the dialect has for such messages."""
    if type(message) is dict and len(message) == 2:
        role, content = message.get("role"), message.get("content")
        if type(role) is str and type(content) is str and (speaker := roles.get(role)):
            return Turn(speaker, (Text(content),) if content else ())
    return None


def text_alone(piece: object, kinds: Container[str]) -> Text | None:
    """A piece of a message that is a text. `kinds`: how the dialect calls these."""
    if type(piece) is dict and len(piece) == 2:
        kind, text = piece.get("type"), piece.get("text")
        if type(kind) is str and kind in kinds and type(text) is str:
            return Text(text)
    return None


def declared(function: object, schema: str) -> Tool | None:
    """A tool's name, what it is for and its schema, which stands at `schema`. What else there is, is not looked at."""
    if type(function) is not dict:
        return None
    name, about = function.get("name"), function.get("description")
    tree, strict = function.get(schema), function.get("strict")
    if type(name) is str and type(about) is str and type(tree) is dict and (strict is None or type(strict) is bool):
        return Tool(name, about, tree, strict)
    return None
