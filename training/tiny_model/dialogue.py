"""A dialogue, and how the model reads it. `chat.jinja` renders the same text from a request's messages."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

END_OF_TEXT, TURN_START, TURN_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
CALL_START, CALL_END = "<tool_call>", "</tool_call>"


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that the client offers: name and (argument, JSON type) pairs."""

    name: str
    arguments: tuple[tuple[str, str], ...]

    def line(self) -> str:
        inside = ", ".join(f"{name}:{kind}" for name, kind in self.arguments)
        return f"- {self.name}({inside})"

    def schema(self) -> dict[str, Any]:
        """As it stands in a request's `tools`."""
        properties = {name: {"type": kind} for name, kind in self.arguments}
        parameters = {"type": "object", "properties": properties, "required": [name for name, _ in self.arguments]}
        return {"type": "function", "function": {"name": self.name, "description": "", "parameters": parameters}}


@dataclass(frozen=True, slots=True)
class Call:
    """The model asks the client to run a tool."""

    name: str
    arguments: dict[str, Any]

    def text(self) -> str:
        body = json.dumps({"name": self.name, "arguments": self.arguments}, ensure_ascii=False)
        return f"{CALL_START}\n{body}\n{CALL_END}"


@dataclass(frozen=True, slots=True)
class Turn:
    role: str
    text: str
    call: Call | None = None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Turns that end with an assistant's answer.

    `must_contain` says what a right answer holds; when it is empty, the answer must equal the last turn.
    """

    turns: tuple[Turn, ...]
    tools: tuple[Tool, ...] = ()
    system: str = ""
    must_contain: tuple[str, ...] = ()

    def is_answered_by(self, answer: str) -> bool:
        if self.must_contain:
            return all(part in answer for part in self.must_contain)
        return answer.strip() == self.turns[-1].text

    def after(self, earlier: Dialogue) -> Dialogue:
        return replace(self, turns=earlier.turns + self.turns)


def user(text: str) -> Turn:
    return Turn("user", text)


def assistant(text: str) -> Turn:
    return Turn("assistant", text)


def asks(call: Call) -> Turn:
    return Turn("assistant", call.text(), call)


@dataclass(frozen=True, slots=True)
class Segment:
    """Text that is either given to the model or expected from it."""

    text: str
    expected: bool


def segments(dialogue: Dialogue) -> list[Segment]:
    """The whole text in order; only answers and the marks that end them are expected."""
    rendered: list[Segment] = []
    head = "\n".join(filter(None, [dialogue.system, tool_list(dialogue.tools)]))
    if head:
        rendered.append(Segment(f"{TURN_START}system\n{head}{TURN_END}\n", expected=False))
    for turn in dialogue.turns:
        if turn.role == "assistant":
            rendered += [
                Segment(f"{TURN_START}assistant\n", expected=False),
                Segment(turn.text + TURN_END, expected=True),
                Segment("\n", expected=False),
            ]
        else:
            rendered.append(Segment(f"{TURN_START}{turn.role}\n{turn.text}{TURN_END}\n", expected=False))
    return rendered


def tool_list(tools: tuple[Tool, ...]) -> str:
    return "\n".join(["Tools:", *(tool.line() for tool in tools)]) if tools else ""
