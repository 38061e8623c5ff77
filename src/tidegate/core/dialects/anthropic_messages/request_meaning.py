"""What a request means, in the words that all dialects share."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from tidegate.core.dialects.anthropic_messages.content import read_content, usual_blocks
from tidegate.core.dialects.neutral.chat import (
    Block,
    Chat,
    Choice,
    Format,
    Left,
    Role,
    Tool,
    ToolResult,
    Turn,
)
from tidegate.core.dialects.neutral.features import Cannot, Feature
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.neutral.usual import declared, spoken

# Without these the request would be another one. `inference_geo` says where it may be answered.
_ESSENTIAL = frozenset(("container", "mcp_servers", "thread", "fallbacks", "inference_geo", "compaction"))
_CHOICES: Mapping[str, Choice] = MappingProxyType({"auto": "auto", "any": "required", "tool": "named", "none": "none"})
_EFFORTS = {"xhigh": "high", "max": "high"}  # others end at high, and the receipt says that more was asked for
_ROLES: Mapping[str, Role] = MappingProxyType({"user": "user", "assistant": "assistant", "system": "system"})
_TOOL = frozenset(("type", "name", "description", "input_schema", "strict"))
_PLACE = re.compile(r"\[\d+\]")


def read_request(document: Mapping[str, Any]) -> Chat:
    """Raises BadRequest with the field's path."""
    top = Fields(document)
    lost: list[Left] = []
    turns = [*_turns(top, lost)]
    choice, named, parallel = _tool_choice(top)
    thinks, thinking_tokens = _thinking(top, lost)
    config = top.object("output_config")
    effort = config.text("effort") if config else ""
    chat = Chat(
        turns=tuple(_in_order(_system(top, lost), turns, lost)),
        tools=tuple(_tools(top, lost)),
        tool_choice=choice,
        tool_named=named,
        parallel_tools=parallel,
        format=_format(config, top),
        stream=bool(top.truth("stream")),
        stream_usage=True,
        max_tokens=top.whole("max_tokens"),
        temperature=top.number("temperature"),
        top_p=top.number("top_p"),
        top_k=top.whole("top_k"),
        stop=top.texts("stop_sequences"),
        thinks=thinks,
        effort=_EFFORTS.get(effort, effort),
        thinking_tokens=thinking_tokens,
        user=_user(top, lost),
    )
    if effort in _EFFORTS:
        lost.append(Left(f"output_config.effort.{effort}"))
    top.ignore(("model", "stream"))
    lost += [*(config.left() if config else ()), *top.left(_ESSENTIAL)]
    return _with(chat, lost) if lost else chat


def _with(chat: Chat, lost: Iterable[Left]) -> Chat:
    """What was left, each name once and without places: a request has many blocks, and a receipt is short."""
    names: dict[str, bool] = {}
    for each in lost:
        name = _PLACE.sub("", each.name)
        names[name] = names.get(name, False) or each.essential
    return chat._replace(left=tuple([Left(name, essential) for name, essential in names.items()]))


def _system(top: Fields, lost: list[Left]) -> tuple[Block, ...]:
    return tuple(read_content(top, "system", lost))


def _in_order(system: tuple[Block, ...], turns: list[Turn], lost: list[Left]) -> Iterator[Turn]:
    """What the system says in the middle of a conversation joins what it says first: most models elsewhere are told
    nothing by it later on, and templates of many refuse it there.
    """
    later = [turn for turn in turns if turn.role == "system"]
    if later:
        lost.append(Left(f"{Feature.LATER_SYSTEM_TURNS}:{Cannot.CONVENTION}"))
    if blocks := (*system, *[block for turn in later for block in turn.blocks]):
        yield Turn("system", blocks)
    yield from (turn for turn in turns if turn.role != "system")


def _turns(messages: Fields, lost: list[Left]) -> Iterator[Turn]:
    for place, message in enumerate(messages.items("messages")):
        if turn := spoken(message, _ROLES):
            yield turn
        elif blocks := _usual_blocks(message):
            yield from _apart(_ROLES[message["role"]], blocks)
        else:
            yield from _turns_of(Fields(message, "messages", messages, place), lost)


def _turns_of(message: Fields, lost: list[Left]) -> Iterator[Turn]:
    role = _ROLES.get(message.text("role"))
    blocks = read_content(message, "content", lost)
    lost += message.left()
    if role is None:
        raise message.wrong("role", "user, assistant or system")
    yield from _apart(role, blocks)


def _apart(role: Role, blocks: Sequence[Block]) -> Sequence[Turn]:
    """Results of tools stand in a turn of their own, before what the user says beside them."""
    results = [block for block in blocks if isinstance(block, ToolResult)]
    if not results:
        return (Turn(role, tuple(blocks)),)
    said = [block for block in blocks if not isinstance(block, ToolResult)] if len(results) < len(blocks) else ()
    turn = Turn("tool", tuple(results))
    return (turn, Turn(role, tuple(said))) if said else (turn,)


def _usual_blocks(message: Any) -> Sequence[Block]:
    """Of a message that holds usual ones alone; none of any other."""
    if type(message) is not dict or len(message) != 2:
        return ()
    role = message.get("role")
    return usual_blocks(message.get("content")) if type(role) is str and role in _ROLES else ()


# -- settings --------------------------------------------------------------------------------------------------------


def _tools(top: Fields, lost: list[Left]) -> Iterator[Tool]:
    for place, tool in enumerate(top.items("tools")):
        usual = declared(tool, "input_schema")
        if usual is not None and tool.keys() <= _TOOL and tool.get("type", "custom") == "custom":
            yield usual
        else:
            yield from _tool(Fields(tool, "tools", top, place), lost)


def _tool(tool: Fields, lost: list[Left]) -> Iterator[Tool]:
    kind = tool.text("type")
    if kind not in ("", "custom"):
        # A tool of Anthropic's own, known to its models alone, whoever runs it.
        lost.append(Left(f"tools.{kind}", essential=kind.startswith("mcp")))
        return
    yield Tool(tool.text("name"), tool.text("description"), tool.tree("input_schema"), tool.truth("strict"))
    lost += tool.left()


def _tool_choice(top: Fields) -> tuple[Choice | None, str, bool | None]:
    """(choice, name, whether calls may come in parallel)"""
    choice = top.object("tool_choice")
    if choice is None:
        return None, "", None
    kind = choice.text("type")
    if kind not in _CHOICES:
        raise choice.wrong("type", "auto, any, tool or none")
    alone = choice.truth("disable_parallel_tool_use")
    return _CHOICES[kind], choice.text("name"), None if alone is None else not alone


def _thinking(top: Fields, lost: list[Left]) -> tuple[bool | None, int | None]:
    """(whether it is to think, tokens for it). Where the model is to decide by itself, nothing is said."""
    wanted = top.object("thinking")
    if wanted is None:
        return None, None
    kind = wanted.text("type")
    tokens = wanted.whole("budget_tokens")
    lost += wanted.left()
    if kind == "enabled":
        return True, tokens
    return (False if kind == "disabled" else None), None


def _format(config: Fields | None, top: Fields) -> Format | None:
    wanted = (config.object("format") if config else None) or top.object("output_format")
    top.ignore(("output_format",))
    if wanted is None:
        return None
    if wanted.text("type") != "json_schema":
        raise wanted.wrong("type", "json_schema")
    return Format("schema", "", wanted.tree("schema"), strict=True)


def _user(top: Fields, lost: list[Left]) -> str:
    metadata = top.object("metadata")
    if metadata is None:
        return ""
    user = metadata.text("user_id")
    lost += metadata.left()
    return user
