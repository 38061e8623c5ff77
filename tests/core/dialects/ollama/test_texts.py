"""Every text of an answer is found, and what is none is noted."""

import pytest

from tidegate.core.dialects.ollama import texts as t
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.usage import NOT_SAID, Usage

HOLDING = [
    ({"message": {"role": "assistant", "content": "a"}}, ["a"]),
    ({"message": {"content": "b", "thinking": "a"}}, ["a", "b"]),
    ({"message": {"content": "", "thinking": ""}}, []),
    ({"response": "b", "thinking": "a"}, ["b", "a"]),
    ({"message": {"content": "a", "novel": "b"}, "else": "c"}, ["a", "b", "c"]),
    ({"message": {"novel": {"x": ["a", {"y": "b"}]}}}, ["a", "b"]),
    ({"_debug_info": {"rendered_template": "a"}, "response": ""}, ["a"]),
    ({"model": "m", "created_at": "now", "done_reason": "stop", "response": "a"}, ["a"]),
    ({"logprobs": [{"token": "a"}], "context": [1], "response": "a"}, ["a"]),
]


@pytest.mark.parametrize(("tree", "found"), HOLDING)
def test_texts_are_found_wherever_they_stand(tree, found):
    assert [text.holder[text.key] for text in t.texts(tree, AnswerNotes())] == found


def test_a_call_is_its_tools_and_one_without_a_name_is_nobodys():
    calls = [{"function": {"name": "f", "arguments": {"x": 1}}}, {"function": {"arguments": {"x": 1}}}, "odd", {}]
    found = list(t.texts({"message": {"content": "", "tool_calls": calls}}, AnswerNotes()))
    assert [call.tool for call in found] == ["f", t.NAMELESS]


@pytest.mark.parametrize("tree", [{"response": "", "image": "AAAA"}, {"message": {"images": ["AAAA"]}}])
def test_a_picture_is_what_nobody_has_looked_at(tree):
    notes = AnswerNotes()
    assert list(t.texts(tree, notes)) == []
    assert notes.unscannable


def test_what_is_nested_too_deeply_is_not_looked_at_and_says_so():
    tree = inner = {}
    for _ in range(30):
        inner["x"] = inner = {}
    inner["x"] = "deep"
    notes = AnswerNotes()
    assert list(t.texts({"message": {"odd": tree}}, notes)) == []
    assert notes.unscannable


def test_the_last_line_is_noted():
    notes = AnswerNotes()
    t.note({"model": "m", "done": True, "done_reason": "length", "prompt_eval_count": 3, "eval_count": 4}, notes)
    assert (notes.response_model, notes.finish_reasons, notes.complete) == ("m", ["length"], True)
    assert notes.usage == Usage(input_tokens=3, output_tokens=4)


@pytest.mark.parametrize(
    ("tree", "relayed"),
    [({"remote_host": "https://ollama.com:443", "remote_model": "gpt-oss:120b"}, "https://ollama.com:443"),
     ({"remote_model": "gpt-oss:120b"}, "gpt-oss:120b"), ({"remote_host": ""}, ""), ({"remote_host": 1}, ""), ({}, "")],
)  # fmt: skip
def test_an_answer_that_was_given_elsewhere_says_where(tree, relayed):
    notes = AnswerNotes()
    t.note(tree, notes)
    assert notes.relayed == relayed


@pytest.mark.parametrize(
    "tree", [{}, {"eval_count": None}, {"eval_count": "3"}, {"eval_count": True}, {"eval_count": -1}]
)
def test_counts_that_nobody_told_are_not_made_up(tree):
    assert t.usage_of(tree) == NOT_SAID


def test_what_spells_the_answer_again_is_taken_out():
    tree = {"response": "a", "logprobs": [], "context": [1, 2]}
    assert t.without_probabilities(tree)
    assert tree == {"response": "a"}
    assert not t.without_probabilities(tree)
