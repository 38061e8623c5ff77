"""Tools that a request offers and which of them is to be called, in the words that all dialects share."""

from collections.abc import Iterator

from tidegate.core.dialects.neutral.chat import Choice, Left, Tool
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.neutral.usual import declared
from tidegate.core.dialects.openai_responses.namespaces import joined
from tidegate.core.dialects.openai_responses.native import NATIVE

# Tools of the provider's own that agents offer by habit: without them a model does what it can. The others hold, or
# reach, what the request is about.
_SPARED = ("web_search", "image_generation", "tool_search")
_FUNCTION = frozenset(("type", "name", "description", "parameters", "strict"))
_IGNORED = ("allowed_callers", "defer_loading", "async", "output_schema")


def read_tools(top: Fields, lost: list[Left]) -> Iterator[Tool]:
    for place, tool in enumerate(top.items("tools")):
        usual = declared(tool, "parameters")
        if usual is not None and tool.keys() <= _FUNCTION and tool.get("type") == "function":
            yield usual
        else:
            yield from _others(Fields(tool, "tools", top, place), lost)


def _others(tool: Fields, lost: list[Left]) -> Iterator[Tool]:
    if tool.text("type") == "namespace":
        tool.ignore(("description",))
        each = [_tool(inner, tool.text("name"), lost) for inner in tool.objects("tools")]
    else:
        each = [_tool(tool, "", lost)]
    yield from (tool for tool in each if tool is not None)


def _tool(tool: Fields, namespace: str, lost: list[Left]) -> Tool | None:
    """None for one that the provider runs."""
    kind = tool.text("type")
    tool.ignore(_IGNORED)
    name, about = joined(namespace, tool.text("name")), tool.text("description")
    if kind == "function":
        read = Tool(name, about, tool.tree("parameters"), tool.truth("strict"))
    elif kind == "custom":
        syntax, grammar = _grammar(tool)
        read = Tool(name, about, free=True, syntax=syntax, grammar=grammar)
    elif kind in NATIVE and _runs_here(tool):
        native = NATIVE[kind]
        read = Tool(native.name, native.description, native.schema)
    else:
        lost.append(Left(f"tools.{kind}", essential=not kind.startswith(_SPARED)))
        return None
    lost += tool.left()
    return read


def _grammar(tool: Fields) -> tuple[str, str]:
    """(syntax, definition), empty for none."""
    form = tool.object("format")
    if form is None or form.text("type") != "grammar":
        return "", ""
    return form.text("syntax"), form.text("definition")


def _runs_here(tool: Fields) -> bool:
    around = tool.object("environment")
    return around is None or around.text("type") == "local"


def read_choice(top: Fields, lost: list[Left]) -> tuple[Choice | None, str, frozenset[str] | None]:
    """`allowed`: names of tools, where only some of those offered may be called."""
    choice = top.raw("tool_choice")
    for word in ("auto", "none", "required"):
        if choice == word:
            return word, "", None
    if choice is None:
        return None, "", None
    named = Fields(choice, top.path("tool_choice"))
    kind = named.text("type")
    if kind in ("function", "custom"):
        return "named", named.text("name"), None
    if kind in NATIVE:
        return "named", kind, None
    if kind == "allowed_tools":
        allowed = frozenset(tool.text("name") or tool.text("type") for tool in named.objects("tools"))
        return ("required" if named.text("mode") == "required" else "auto"), "", allowed
    lost.append(Left(f"tool_choice.{kind}", essential=True))
    return None, "", None
