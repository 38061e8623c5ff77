"""What a request means, in the words that all dialects share."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from tidegate.core.dialects.anthropic_messages.texts import dump
from tidegate.core.dialects.neutral.chat import (
    Block,
    Chat,
    Choice,
    Format,
    Left,
    Media,
    Role,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)
from tidegate.core.dialects.neutral.features import Cannot, Feature
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.neutral.usual import declared, spoken, text_alone

# Without these the request would be another one. `inference_geo` says where it may be answered.
_ESSENTIAL = frozenset(("container", "mcp_servers", "thread", "fallbacks", "inference_geo", "compaction"))
_CHOICES: Mapping[str, Choice] = MappingProxyType({"auto": "auto", "any": "required", "tool": "named", "none": "none"})
_EFFORTS = {"xhigh": "high", "max": "high"}  # others end at high, and the receipt says that more was asked for
_ROLES: Mapping[str, Role] = MappingProxyType({"user": "user", "assistant": "assistant", "system": "system"})
_TEXT = ("text",)
_SHOWN = (Text, Media)
_CALL = frozenset(("type", "id", "name", "input"))
_TOOL = frozenset(("type", "name", "description", "input_schema", "strict"))
_RESULT = frozenset(("type", "tool_use_id", "content", "is_error"))
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
    return tuple(_content(top, "system", lost))


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
    blocks = _content(message, "content", lost)
    lost += message.left()
    if role is None:
        raise message.wrong("role", "user, assistant or system")
    yield from _apart(role, blocks)


def _apart(role: Role, blocks: Sequence[Block]) -> Iterator[Turn]:
    """Results of tools stand in a turn of their own, before what the user says beside them."""
    results = tuple([block for block in blocks if isinstance(block, ToolResult)])
    if results:
        yield Turn("tool", results)
    if len(results) < len(blocks) or not results:
        yield Turn(role, tuple([block for block in blocks if not isinstance(block, ToolResult)] if results else blocks))


def _usual_blocks(message: Any) -> Sequence[Block]:
    """Of a message that holds usual ones alone; none of any other."""
    if type(message) is not dict or len(message) != 2 or type(content := message.get("content")) is not list:
        return ()
    role = message.get("role")
    if type(role) is not str or role not in _ROLES:
        return ()
    blocks = [found for block in content if (found := text_alone(block, _TEXT) or _usual(block))]
    return blocks if len(blocks) == len(content) else ()


def _content(holder: Fields, key: str, lost: list[Left]) -> list[Block]:
    content = holder.raw(key)
    if isinstance(content, str):
        return [Text(content)] if content else []
    blocks: list[Block] = []
    for place, block in enumerate(holder.items(key)):
        if usual := text_alone(block, _TEXT) or _usual(block):
            blocks.append(usual)
        else:
            blocks += _block(Fields(block, key, holder, place), lost)
    return blocks


def _usual(block: object) -> ToolCall | ToolResult | None:
    """A call or a result in the fields that nearly all have; None for any other, and for a wrong one."""
    if type(block) is not dict or len(block) not in (3, 4):
        return None
    kind, content = block.get("type"), block.get("content")
    if kind == "tool_use" and block.keys() == _CALL:
        call_id, name, given = block["id"], block["name"], block["input"]
        if type(call_id) is str and type(name) is str and type(given) is dict:
            return ToolCall(call_id, name, dump(given).decode())
    elif kind == "tool_result" and type(content) is str and block.keys() <= _RESULT:
        call_id, failed = block.get("tool_use_id"), block.get("is_error", False)
        if type(call_id) is str and type(failed) is bool:
            return ToolResult(call_id, "", (Text(content),) if content else (), failed)
    return None


def _block(block: Fields, lost: list[Left]) -> Iterable[Block]:
    kind = block.text("type")
    read = _READERS.get(kind)
    if read is None:
        lost.append(Left(f"messages.content.{kind}", essential=True))
        return ()
    blocks = [*read(block, lost)]
    lost += block.left()
    return blocks


def _cache(block: Fields) -> str:
    control = block.object("cache_control")
    return (control.text("ttl") or "5m") if control else ""


def _text(block: Fields, _lost: list[Left]) -> Iterable[Block]:
    if not block.raw("citations"):
        block.ignore(("citations",))
    return (Text(block.text("text"), _cache(block)),)


def _thought(block: Fields, _lost: list[Left]) -> Iterable[Block]:
    return (Thinking(block.text("thinking"), block.text("signature")),)


def _sealed_thought(block: Fields, _lost: list[Left]) -> Iterable[Block]:
    return (Thinking("", sealed=block.text("data")),)


def _image(block: Fields, _lost: list[Left]) -> Iterator[Block]:
    yield _media("image", block, "")


def _document(block: Fields, lost: list[Left]) -> Iterator[Block]:
    """One that is text already is text to everybody; its title and context come before it."""
    source = block.object("source")
    if source is None:
        raise block.wrong("source", "an object")
    kind, title = source.text("type"), block.text("title")
    citations = block.object("citations")
    if citations and citations.truth("enabled"):
        lost.append(Left(block.path("citations")))
    if kind not in ("text", "content"):
        yield _media("file", block, title)
        return
    if before := "\n".join(said for said in (title, block.text("context")) if said):
        yield Text(before)
    if kind == "text":
        yield Text(source.text("data"), _cache(block))
    else:
        yield from _content(source, "content", lost)


def _media(kind: Any, block: Fields, title: str) -> Media:
    source = block.object("source")
    if source is None:
        raise block.wrong("source", "an object")
    form = source.text("type")
    media_type = source.text("media_type")
    if form == "base64":
        return Media(kind, media_type, data=source.text("data"), name=title)
    if form == "url":
        return Media(kind, media_type, url=source.text("url"), name=title)
    if form == "file":
        return Media(kind, media_type, file_id=source.text("file_id"), name=title)
    raise source.wrong("type", "base64, url or file (of a document also text or content)")


def _search_result(block: Fields, lost: list[Left]) -> Iterator[Block]:
    block.ignore(("citations",))
    yield Text("\n".join(said for said in (block.text("title"), block.text("source")) if said))
    yield from _content(block, "content", lost)


def _compaction(block: Fields, _lost: list[Left]) -> Iterator[Block]:
    """A summary in the place of what it sums up. What seals it is for its own provider."""
    block.ignore(("encrypted_content", "signature", "tool_changes"))
    yield Text(block.text("content"))


def _reference(block: Fields, _lost: list[Left]) -> Iterator[Block]:
    yield Text(block.text("tool_name"))


def _call(block: Fields, _lost: list[Left]) -> Iterable[Block]:
    block.ignore(("caller",))
    return (ToolCall(block.text("id"), block.text("name"), dump(block.tree("input") or {}).decode()),)


def _result(block: Fields, lost: list[Left]) -> Iterable[Block]:
    said = tuple([each for each in _content(block, "content", lost) if isinstance(each, _SHOWN)])
    return (ToolResult(block.text("tool_use_id"), "", said, failed=bool(block.truth("is_error"))),)


_READERS = {
    "text": _text,
    "thinking": _thought,
    "redacted_thinking": _sealed_thought,
    "image": _image,
    "document": _document,
    "search_result": _search_result,
    "compaction": _compaction,
    "tool_reference": _reference,
    "tool_use": _call,
    "tool_result": _result,
}
"""What other dialects have no word for is not here: tools that the provider ran, and files that lie there."""


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
