"""Which channel a streamed text goes through."""

import json

from tidegate.core.dialects.openai_chat import AnswerStream, pass_answer
from tidegate.core.values.answer import AnswerNotes


class Recorder:
    """Opens channels that change nothing, and remembers for which tool."""

    def __init__(self):
        self.opened = []

    def __call__(self, tool):
        self.opened.append(tool)
        return self

    def feed(self, text):
        return text

    def close(self):
        return ""


def event(delta):
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": delta}]}).encode() + b"\n\n"


def call(arguments, name=None):
    function = {"arguments": arguments, **({"name": name} if name else {})}
    return event({"tool_calls": [{"index": 0, "function": function}]})


def test_prose_has_no_tool_and_arguments_have_theirs():
    opened = Recorder()
    stream = AnswerStream(AnswerNotes(), opened)
    stream.feed(event({"role": "assistant", "content": "a"}) + call("{", "get_weather") + call("}"))
    assert opened.opened == ["", "get_weather"]


def test_arguments_of_a_call_whose_name_has_not_come_are_never_taken_for_prose():
    opened = Recorder()
    AnswerStream(AnswerNotes(), opened).feed(call("{") + call("}", "get_weather"))
    assert opened.opened == ["?"]


def test_a_whole_answer_s_nameless_call_is_no_prose_either():
    opened = Recorder()
    for function in ({"arguments": "{}"}, {"arguments": "{}", "name": ""}, {"arguments": "{}", "name": None}):
        message = {"role": "assistant", "tool_calls": [{"function": function}]}
        pass_answer(json.dumps({"choices": [{"message": message}]}).encode(), AnswerNotes(), opened)
    assert opened.opened == ["?", "?", "?"]
