"""Tools that take any text, said as functions with one string for those who know functions alone; and back."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral.chat import Block, Chat, Tool, ToolCall, ToolResult

FIELD = "input"
"""The one property of such a function."""

_BEGINS = re.compile(r'\s*\{\s*"' + FIELD + r'"\s*:\s*"')
_HIGH, _UNIT = r"\\u[dD][89abAB][0-9a-fA-F]{2}", r"\\u[0-9a-fA-F]{4}"
_PIECE = re.compile(rf'(?:[^"\\]+|\\["\\/bfnrt]|{_HIGH}{_UNIT}|(?!{_HIGH}){_UNIT}|{_HIGH}(?=[^\\]|\\[^u]))+')
_CONTROL = re.compile(r"[\x00-\x1f]")


def as_functions(chat: Chat) -> Chat:
    """The same, where no tool takes free text any more."""
    turns = tuple([turn._replace(blocks=tuple([_as_function(block) for block in turn.blocks])) for turn in chat.turns])
    return chat._replace(turns=turns, tools=tuple([_tool(tool) if tool.free else tool for tool in chat.tools]))


def _tool(tool: Tool) -> Tool:
    about = [tool.description] if tool.description else []
    if tool.grammar:
        about.append(f"`{FIELD}` is text in this grammar ({tool.syntax}):\n{tool.grammar}")
    schema = {
        "type": "object",
        "properties": {FIELD: {"type": "string", "description": "The tool's whole input, as text."}},
        "required": [FIELD],
        "additionalProperties": False,
    }
    return Tool(tool.name, "\n\n".join(about), schema)


def _as_function(block: Block) -> Block:
    if isinstance(block, ToolCall) and block.free:
        return block._replace(arguments=orjson.dumps({FIELD: block.arguments}).decode(), free=False)
    if isinstance(block, ToolResult) and block.free:
        return block._replace(free=False)
    return block


def free_names(document: Mapping[str, Any]) -> frozenset[str]:
    """The tools of a request that take free text, as OpenAI's dialects write them."""
    tools = document.get("tools")
    found: set[str] = set()
    for tool in tools if isinstance(tools, list) else ():
        if isinstance(tool, dict) and tool.get("type") == "custom" and "input_schema" not in tool:
            inner = tool.get("custom")
            name = (inner if isinstance(inner, dict) else tool).get("name")
            if isinstance(name, str):
                found.add(name)
    return frozenset(found)


class FreeInputs:
    """Events in which functions that stand for such tools are those tools again. Their text comes as it is decoded."""

    __slots__ = ("_names", "_open")

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._open: dict[tuple[int, int], _Decoding] = {}

    def feed(self, events: Iterable[e.Event]) -> Iterable[e.Event]:
        return self._passed(events) if self._names else events

    def _passed(self, events: Iterable[e.Event]) -> Iterator[e.Event]:
        for event in events:
            if isinstance(event, e.Opened) and event.kind == "tool" and not event.free and event.name in self._names:
                self._open[event.choice, event.block] = _Decoding()
                yield event._replace(free=True)
            elif isinstance(event, e.Delta) and (decoding := self._open.get((event.choice, event.block))):
                if text := decoding.feed(event.text):
                    yield event._replace(text=text)
            elif isinstance(event, e.Closed) and (decoding := self._open.pop((event.choice, event.block), None)):
                if rest := decoding.close():
                    yield e.Delta(event.block, rest, event.choice)
                yield event
            else:
                yield event


class _Decoding:
    """Arguments to the text in them. What is not written as agreed waits for its end, and is then read as well as it
    can be: its only string, or itself.
    """

    __slots__ = ("_begun", "_ended", "_text")

    def __init__(self) -> None:
        self._text = ""
        self._begun = self._ended = False

    def feed(self, text: str) -> str:
        if self._ended:
            return ""
        self._text += text
        if not self._begun:
            begun = _BEGINS.match(self._text)
            if begun is None:
                return ""
            self._begun, self._text = True, self._text[begun.end() :]
        return self._decoded()

    def close(self) -> str:
        """What was held; of a string that nobody ended, what of it stands there."""
        if not self._begun:
            return _only_string(self._text)
        return "" if self._ended else _unquoted(self._text)

    def _decoded(self) -> str:
        piece = _PIECE.match(self._text)
        at = piece.end() if piece else 0
        raw, self._text = self._text[:at], self._text[at:]
        self._ended = self._text.startswith('"')
        return _unquoted(raw)


def _unquoted(raw: str) -> str:
    if "\\" not in raw:
        return raw
    # Models write line breaks into strings as they are, which JSON forbids.
    plain = _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", raw)
    try:
        return str(loads(f'"{plain}"'))
    except orjson.JSONDecodeError:  # half of a pair that has no other half
        return raw


def _only_string(text: str) -> str:
    try:
        found = loads(text)
    except orjson.JSONDecodeError:
        return text
    if not isinstance(found, dict):
        return text
    if isinstance(found.get(FIELD), str):
        return str(found[FIELD])
    strings = [value for value in found.values() if isinstance(value, str)]
    return strings[0] if len(found) == len(strings) == 1 else text
