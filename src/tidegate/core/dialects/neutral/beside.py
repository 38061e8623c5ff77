"""Pictures and files that tools gave, said by the user for those whose results are text alone."""

from collections.abc import Iterator

from tidegate.core.dialects.neutral.chat import Block, Chat, Media, ToolResult, Turn


def media_beside_results(chat: Chat) -> Chat:
    """The same, where no result of a tool holds media any more: they begin the user's turn that follows."""
    return chat._replace(turns=tuple(_turns(chat.turns)))


def _turns(turns: tuple[Turn, ...]) -> Iterator[Turn]:
    waiting: list[Block] = []
    for turn in turns:
        taken = [media for block in turn.blocks if isinstance(block, ToolResult) for media in _media(block)]
        if waiting and not taken:
            # Results of one round stand together, in one turn or in several.
            if turn.role == "user":
                turn = turn._replace(blocks=(*waiting, *turn.blocks))  # noqa: PLW2901 - the turn as it goes on
                waiting = []
            elif turn.role != "tool":
                yield Turn("user", tuple(waiting))
                waiting = []
        waiting += taken
        yield turn._replace(blocks=tuple([_without(block) for block in turn.blocks])) if taken else turn
    if waiting:
        yield Turn("user", tuple(waiting))


def _media(result: ToolResult) -> list[Media]:
    return [block for block in result.blocks if isinstance(block, Media)]


def _without(block: Block) -> Block:
    if not isinstance(block, ToolResult):
        return block
    return block._replace(blocks=tuple([each for each in block.blocks if not isinstance(each, Media)]))
