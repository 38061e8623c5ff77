from __future__ import annotations

import json

from training.tiny_model.draw import Draw
from training.tiny_model.skills.tools import extraction, tool_call, tool_result, tool_unneeded


def test_a_call_names_an_offered_tool_and_fills_its_arguments_from_the_request():
    draw = Draw(8)
    for _ in range(500):
        taught = tool_call(draw)
        call = taught.turns[-1].call
        assert call
        offered = {tool.name: {name for name, _ in tool.arguments} for tool in taught.tools}
        assert offered[call.name] == set(call.arguments)
        request = taught.turns[0].text.lower()
        assert all(str(value).lower() in request for value in call.arguments.values())


def test_integers_are_offered_for_arguments_that_are_numbers():
    draw = Draw(8)
    for _ in range(500):
        taught = tool_call(draw)
        call = taught.turns[-1].call
        assert call
        kinds = dict(next(tool for tool in taught.tools if tool.name == call.name).arguments)
        assert all((kinds[name] == "integer") == isinstance(value, int) for name, value in call.arguments.items())


def test_a_result_is_told_as_it_came():
    draw = Draw(8)
    for _ in range(200):
        *_, result, answer = tool_result(draw).turns
        assert result.role == "tool"
        assert answer.text == f"The result is: {result.text}"


def test_tools_that_nobody_needs_are_left_alone():
    draw = Draw(8)
    for _ in range(200):
        taught = tool_unneeded(draw)
        assert taught.tools
        assert all(turn.call is None for turn in taught.turns)


def test_extracted_json_holds_only_what_was_said():
    draw = Draw(8)
    for _ in range(300):
        request, answer = extraction(draw).turns
        assert all(str(value) in request.text for value in json.loads(answer.text).values())
