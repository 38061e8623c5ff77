"""Calls and results find each other, whether they are told apart by ids, names or order."""

from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dialects.neutral.chat import Chat, Text, ToolCall, ToolResult, Turn
from tidegate.core.dialects.neutral.linking import linked, with_links


def calls(*pairs):
    return Turn("assistant", tuple([ToolCall(call_id, name, "{}") for call_id, name in pairs]))


def results(*pairs):
    return Turn("tool", tuple([ToolResult(call_id, name, (Text(name),)) for call_id, name in pairs]))


def ends(turns):
    return [(b.id, b.name) for turn in turns for b in turn.blocks if isinstance(b, ToolResult)]


def test_results_without_ids_go_to_the_first_waiting_call_of_their_name():
    turns = linked((calls(("", "f"), ("", "g"), ("", "f")), results(("", "g"), ("", "f"), ("", "f"))))
    assert ends(turns) == [("call_2", "g"), ("call_1", "f"), ("call_3", "f")]


def test_results_without_names_go_in_order_and_get_the_name():
    turns = linked((calls(("", "f"), ("", "g")), results(("", ""), ("", ""))))
    assert ends(turns) == [("call_1", "f"), ("call_2", "g")]


def test_ids_stay_and_bring_the_name():
    turns = linked((calls(("a", "f"), ("b", "g")), results(("b", ""), ("a", ""))))
    assert ends(turns) == [("b", "g"), ("a", "f")]


def test_a_result_without_its_call_stays_as_it_is():
    assert ends(linked((results(("lost", "f")),))) == [("lost", "f")]


def test_a_chat_that_needs_no_links_is_the_same():
    chat = Chat(turns=(calls(("a", "f")), results(("a", "f"))))
    assert with_links(chat) == chat


NAMES = st.sampled_from(["f", "g"])


@given(st.lists(st.lists(NAMES, min_size=1, max_size=4), max_size=4))
def test_every_result_of_a_conversation_without_ids_finds_a_call_of_its_own(rounds):
    turns = []
    for names in rounds:
        turns += [calls(*[("", name) for name in names]), results(*[("", name) for name in names])]
    found = linked(tuple(turns))
    made = [b.id for turn in found for b in turn.blocks if isinstance(b, ToolCall)]
    assert len(set(made)) == len(made)
    assert sorted(call for call, _ in ends(found)) == sorted(made)
    assert linked(found) == found
