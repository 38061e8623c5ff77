"""What tools show is seen, also where their results are text alone."""

import pytest

from tidegate.core.dialects.neutral.beside import media_beside_results
from tidegate.core.dialects.neutral.chat import Chat, Media, Text, ToolCall, ToolResult, Turn

ONE, TWO = Media("image", "image/png", data="QQ=="), Media("file", "application/pdf", data="Qg==")
ASK, CALL = Turn("user", (Text("Look."),)), Turn("assistant", (ToolCall("a", "f", "{}"), ToolCall("b", "f", "{}")))
SAID = Turn("user", (Text("So?"),))


def gave(*blocks, name="a"):
    return ToolResult(name, "f", blocks)


CASES = [
    ("nothing to see", [ASK, CALL, Turn("tool", (gave(Text("x")),)), SAID], None),
    (
        "the last thing said",
        [ASK, CALL, Turn("tool", (gave(Text("x"), ONE),))],
        [ASK, CALL, Turn("tool", (gave(Text("x")),)), Turn("user", (ONE,))],
    ),
    (
        "before what the user says",
        [ASK, CALL, Turn("tool", (gave(ONE), gave(TWO, name="b"))), SAID],
        [ASK, CALL, Turn("tool", (gave(), gave(name="b"))), Turn("user", (ONE, TWO, Text("So?")))],
    ),
    (
        "after all results of the round",
        [ASK, CALL, Turn("tool", (gave(ONE),)), Turn("tool", (gave(Text("y"), name="b"),)), CALL],
        [ASK, CALL, Turn("tool", (gave(),)), Turn("tool", (gave(Text("y"), name="b"),)), Turn("user", (ONE,)), CALL],
    ),
    (
        "before the assistant goes on",
        [ASK, CALL, Turn("tool", (gave(ONE),)), CALL, Turn("tool", (gave(TWO),)), SAID],
        [ASK, CALL, Turn("tool", (gave(),)), Turn("user", (ONE,)), CALL, Turn("tool", (gave(),)),
         Turn("user", (TWO, Text("So?")))],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_media_begin_the_turn_that_follows(before, after):
    found = media_beside_results(Chat(turns=tuple(before)))
    assert list(found.turns) == (before if after is None else after)
    assert media_beside_results(found) == found
