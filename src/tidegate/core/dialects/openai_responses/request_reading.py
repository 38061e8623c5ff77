"""What a request means."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from tidegate.core.dialects.neutral.chat import (
    Block,
    Chat,
    Format,
    Left,
    Media,
    Refused,
    Role,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Turn,
)
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.dialects.neutral.media import of_url
from tidegate.core.dialects.neutral.usual import spoken, text_alone
from tidegate.core.dialects.openai_responses.items import TEXTS, kind_of
from tidegate.core.dialects.openai_responses.namespaces import joined
from tidegate.core.dialects.openai_responses.native import BY_CALL, arguments_of
from tidegate.core.dialects.openai_responses.tools import read_choice, read_tools

# Without these the request would be another one.
_ESSENTIAL = frozenset(("conversation", "previous_response_id", "prompt", "moderation"))
# What says how an answer travels, or where it is kept: who answers in another dialect has no such thing.
_IGNORED = ("model", "input", "stream_options", "truncation", "store", "service_tier", "prompt_cache_retention")
_ROLES: Mapping[str, Role] = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
# History of the provider's own tools that adds nothing to what the model said afterwards.
_BESIDE = frozenset(("web_search_call", "compaction_trigger"))
_PROSE = TEXTS - {"refusal"}
_SHOWN = (Text, Media)
_OF_ITEMS = ("type", "id", "status", "phase", "caller", "created_by", "async")
_CALL = frozenset(("type", "id", "status", "call_id", "name", "arguments"))
_OUTPUT = frozenset(("type", "id", "status", "call_id", "output"))
_LOGPROBS = "message.output_text.logprobs"


def read_request(document: Mapping[str, Any]) -> Chat:
    """Raises BadRequest with the field's path."""
    top = Fields(document)
    top.ignore(_IGNORED)
    lost: list[Left] = []
    reasoning, text = top.object("reasoning"), top.object("text")
    turns = _Turns(lost)
    turns.instructions(top.text("instructions"))
    turns.input(top)
    choice, named, allowed = read_choice(top, lost)
    include = top.texts("include")
    background = top.truth("background")
    lost += [Left("background", essential=True)] if background else []
    lost += [Left("include")] if set(include) - {_LOGPROBS} else []
    return Chat(
        turns=tuple(turns.done()),
        tools=tuple([tool for tool in read_tools(top, lost) if allowed is None or tool.name in allowed]),
        tool_choice=choice,
        tool_named=named,
        parallel_tools=top.truth("parallel_tool_calls"),
        format=_format(text),
        stream=bool(top.truth("stream")),
        stream_usage=True,
        max_tokens=top.whole("max_output_tokens"),
        temperature=top.number("temperature"),
        top_p=top.number("top_p"),
        logprobs=True if _LOGPROBS in include else None,
        top_logprobs=top.whole("top_logprobs") or None,
        effort=reasoning.text("effort") if reasoning else "",
        verbosity=text.text("verbosity") if text else "",
        user=top.text("user"),
        metadata=top.tree("metadata") or None,
        left=(*lost, *_left(reasoning), *_left(text), *top.left(_ESSENTIAL)),
    )


def _left(inner: Fields | None) -> Iterator[Left]:
    if inner is not None:
        yield from inner.left()


class _Turns:
    """Items to turns: what the model said, thought and called in a row is one turn."""

    def __init__(self, lost: list[Left]) -> None:
        self._lost = lost
        self._turns: list[Turn] = []
        self._said: list[Block] = []

    def instructions(self, text: str) -> None:
        if text:
            self._turns.append(Turn("system", (Text(text),)))

    def input(self, top: Fields) -> None:
        given = top.raw("input")
        if isinstance(given, str):
            self._turns.append(Turn("user", (Text(given),) if given else ()))
            return
        for place, item in enumerate(top.items("input")):
            if turn := spoken(item, _ROLES):
                self._spoken(turn)
            elif usual := _usual(item):
                self._add(usual)
            else:
                fields = Fields(item, "input", top, place)
                self._item(fields, kind_of(item))

    def done(self) -> list[Turn]:
        if self._said:
            self._turns.append(Turn("assistant", tuple(self._said)))
            self._said = []
        return self._turns

    def _item(self, item: Fields, kind: str) -> None:
        item.ignore(_OF_ITEMS)
        if kind == "message":
            self._message(item)
        elif kind == "reasoning":
            self._say(_thought(item))
        elif kind in ("function_call", "custom_tool_call"):
            self._say(_call(item, free=kind == "custom_tool_call"))
        elif kind in BY_CALL:
            native = BY_CALL[kind]
            held = {native.holder: item.raw(native.holder)}
            item.ignore(("environment", "max_output_length"))
            self._say(ToolCall(item.text("call_id"), native.name, arguments_of(native, held)))
        elif kind.endswith("_call_output"):
            self._result(kind, item)
        else:
            self._lost.append(Left(f"input.{kind}", essential=kind not in _BESIDE))
            return
        self._lost += item.left()

    def _message(self, item: Fields) -> None:
        role = _ROLES.get(item.text("role"))
        if role is None:
            raise item.wrong("role", f"one of {', '.join(_ROLES)}")
        self._spoken(Turn(role, tuple(_content(item, "content", self._lost))))

    def _spoken(self, turn: Turn) -> None:
        if turn.role != "assistant":
            self._turn(turn)
            return
        # Two messages in a row are two turns, unless calls stand between: those and their results belong together.
        if any(isinstance(block, Text) for block in self._said) and not any(
            isinstance(block, ToolCall) for block in self._said
        ):
            self.done()
        self._said += turn.blocks

    def _result(self, kind: str, item: Fields) -> None:
        item.ignore(("name", "namespace", "max_output_length"))
        if kind == "computer_call_output":
            self._lost.append(Left("input.computer_call_output", essential=True))
            item.ignore(("output", "acknowledged_safety_checks", "call_id"))
            return
        said = _content(item, "output", self._lost)
        blocks = tuple([block for block in said if isinstance(block, _SHOWN)])
        failed = kind == "apply_patch_call_output" and item.raw("status") == "failed"
        result = ToolResult(item.text("call_id") or item.text("id"), "", blocks, failed)
        self._turn(Turn("tool", (result,)))

    def _add(self, block: ToolCall | ToolResult) -> None:
        if isinstance(block, ToolCall):
            self._said.append(block)
        else:
            self._turn(Turn("tool", (block,)))

    def _say(self, block: Block) -> None:
        self._said.append(block)

    def _turn(self, turn: Turn) -> None:
        self.done()
        self._turns.append(turn)


def _usual(item: object) -> ToolCall | ToolResult | None:
    """A call or its output in the fields that nearly all have; None for any other, and for a wrong one."""
    if type(item) is not dict or type(call_id := item.get("call_id")) is not str:
        return None
    if item.get("type") == "function_call" and item.keys() <= _CALL:
        name, arguments = item.get("name"), item.get("arguments")
        if type(name) is str and type(arguments) is str:
            return ToolCall(call_id, name, arguments)
    elif item.get("type") == "function_call_output" and item.keys() <= _OUTPUT:
        output = item.get("output")
        if call_id and type(output) is str:
            return ToolResult(call_id, "", (Text(output),) if output else ())
    return None


def _thought(item: Fields) -> Thinking:
    pieces = [*item.objects("content")] or [*item.objects("summary")]
    item.ignore(("summary", "content"))
    return Thinking("\n\n".join(piece.text("text") for piece in pieces), sealed=item.text("encrypted_content"))


def _call(item: Fields, *, free: bool) -> ToolCall:
    name = joined(item.text("namespace"), item.text("name"))
    return ToolCall(item.text("call_id"), name, item.text("input" if free else "arguments"), free=free)


def _content(item: Fields, key: str, lost: list[Left]) -> list[Block]:
    content = item.raw(key)
    if isinstance(content, str):
        return [Text(content)] if content else []
    blocks: list[Block] = []
    for place, piece in enumerate(item.items(key)):
        if text := text_alone(piece, _PROSE):
            blocks.append(text)
        else:
            fields = Fields(piece, key, item, place)
            blocks.append(_piece(fields))
            lost += fields.left()
    return blocks


def _piece(piece: Fields) -> Block:
    kind = piece.text("type")
    piece.ignore(("annotations", "logprobs"))
    if kind == "refusal":
        return Refused(piece.text("refusal"))
    if kind in TEXTS:
        return Text(piece.text("text"))
    if kind == "input_image":
        image = of_url("image", piece.text("image_url"), detail=_detail(piece))
        return image._replace(file_id=piece.text("file_id"))
    if kind == "input_file":
        return _file(piece)
    if kind == "input_audio" and (audio := piece.object("input_audio")):
        return Media("audio", f"audio/{audio.text('format')}", data=audio.text("data"))
    if not kind and (piece.raw("stdout") is not None or piece.raw("stderr") is not None):
        outcome = piece.raw("outcome")
        told = {"stdout": piece.text("stdout"), "stderr": piece.text("stderr"), "outcome": outcome}
        piece.ignore(("created_by",))
        return Text(orjson.dumps(told).decode())
    raise piece.wrong("type", "input_text, output_text, input_image, input_file, input_audio or refusal")


def _detail(piece: Fields) -> str:
    found = piece.text("detail")
    return "" if found == "auto" else found


def _file(piece: Fields) -> Media:
    data = piece.text("file_data")
    found = of_url("file", data, name=piece.text("filename"), detail=_detail(piece))
    if found.url == data:  # base64 without its media type
        found = found._replace(url="", data=data)
    return found._replace(url=piece.text("file_url"), file_id=piece.text("file_id"))


def _format(text: Fields | None) -> Format | None:
    wanted = text.object("format") if text else None
    if wanted is None:
        return None
    kind = wanted.text("type")
    if kind == "json_schema":
        return Format(
            "schema", wanted.text("name"), wanted.tree("schema"), wanted.truth("strict"), wanted.text("description")
        )
    if kind not in ("text", "json_object"):
        raise wanted.wrong("type", "text, json_object or json_schema")
    return Format("json" if kind == "json_object" else "text")
