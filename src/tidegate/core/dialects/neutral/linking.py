"""Tool calls and their results, linked: some dialects tell them by ids, some by names, some by their order."""

from operator import is_

from tidegate.core.dialects.neutral.chat import Block, Chat, ToolCall, ToolResult, Turn

_LINKED = (ToolCall, ToolResult)


def linked(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The same turns, where each call has an id, and each result its call's id and name as far as there is a call."""
    linker = _Linker()
    return tuple([linker.turn(turn) for turn in turns])


def with_links(chat: Chat) -> Chat:
    return chat._replace(turns=linked(chat.turns))


class _Linker:
    __slots__ = ("_count", "_names", "_waiting")

    def __init__(self) -> None:
        self._count = 0
        self._waiting: list[ToolCall] = []
        self._names: dict[str, str] = {}

    def turn(self, turn: Turn) -> Turn:
        """The very same where it changes nothing."""
        role, blocks, name = turn
        found = [self._block(block) if isinstance(block, _LINKED) else block for block in blocks]
        return turn if all(map(is_, found, blocks)) else Turn(role, tuple(found), name)

    def _block(self, block: ToolCall | ToolResult) -> Block:
        return self._call(block) if isinstance(block, ToolCall) else self._result(block)

    def _call(self, call: ToolCall) -> ToolCall:
        self._count += 1
        if not call.id:
            call = call._replace(id=f"call_{self._count}")
        self._waiting.append(call)
        self._names[call.id] = call.name
        return call

    def _result(self, result: ToolResult) -> ToolResult:
        call_id, name, blocks, failed, _ = result
        for place, call in enumerate(self._waiting):
            if call.id == call_id if call_id else not name or call.name == name:
                del self._waiting[place]
                return ToolResult(call.id, name or call.name, blocks, failed, call.free)
        return result if name else result._replace(name=self._names.get(call_id, ""))
