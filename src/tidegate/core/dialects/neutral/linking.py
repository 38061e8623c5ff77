"""Tool calls and their results, linked: some dialects tell them by ids, some by names, some by their order."""

from collections.abc import Iterator
from dataclasses import replace

from tidegate.core.dialects.neutral.chat import Block, Chat, ToolCall, ToolResult, Turn


def linked(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The same turns, where each call has an id, and each result its call's id and name as far as there is a call."""
    linker = _Linker()
    return tuple([turn._replace(blocks=tuple(linker.blocks(turn))) for turn in turns])


def with_links(chat: Chat) -> Chat:
    turns = linked(chat.turns)
    return chat if turns == chat.turns else replace(chat, turns=turns)


class _Linker:
    def __init__(self) -> None:
        self._count = 0
        self._waiting: list[ToolCall] = []
        self._names: dict[str, str] = {}

    def blocks(self, turn: Turn) -> Iterator[Block]:
        for block in turn.blocks:
            if isinstance(block, ToolCall):
                yield self._call(block)
            elif isinstance(block, ToolResult):
                yield self._result(block)
            else:
                yield block

    def _call(self, call: ToolCall) -> ToolCall:
        self._count += 1
        if not call.id:
            call = call._replace(id=f"call_{self._count}")
        self._waiting.append(call)
        self._names[call.id] = call.name
        return call

    def _result(self, result: ToolResult) -> ToolResult:
        found = next((call for call in self._waiting if self._belongs(call, result)), None)
        if found is None:
            return result._replace(name=result.name or self._names.get(result.id, ""))
        self._waiting.remove(found)
        return result._replace(id=found.id, name=result.name or found.name, free=found.free)

    @staticmethod
    def _belongs(call: ToolCall, result: ToolResult) -> bool:
        return call.id == result.id if result.id else not result.name or call.name == result.name
