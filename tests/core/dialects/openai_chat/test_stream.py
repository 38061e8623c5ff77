"""Which channel a streamed text goes through."""

import json

import pytest

from tidegate.core.dialects.openai_chat import AnswerStream, pass_answer
from tidegate.core.dialects.openai_chat.stream import MOST_CHANNELS
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import UpstreamError


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


class Held:
    """Holds back the last two characters, and all in capitals."""

    def __init__(self, _tool=""):
        self.held = ""

    def feed(self, text):
        text = self.held + text
        self.held = text[-2:]
        return text[:-2].upper()

    def close(self):
        held, self.held = self.held, ""
        return held.upper()


def end(reason="stop", delta=None, index=0):
    choice = {"index": index, "delta": delta or {}, "finish_reason": reason}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


def deltas(out):
    return [
        choice["delta"]
        for line in out.decode().splitlines()
        if line.startswith("data: {")
        for choice in json.loads(line[6:])["choices"]
    ]


def passed(*events, opens=Held):
    stream = AnswerStream(AnswerNotes(), opens)
    return deltas(b"".join(map(stream.feed, events)) + stream.close()), stream.notes


def piece(*path):
    """`path` ends with the text; numbers are the index of a list's only element."""
    value = path[-1]
    for step in reversed(path[:-1]):
        value = {step: value} if isinstance(step, str) else [{"index": step, "type": "t", **value}]
    return value


PLACES = [
    ("content",),
    ("reasoning_content",),
    ("reasoning",),
    ("refusal",),
    ("audio", "transcript"),
    ("function_call", "arguments"),
    ("tool_calls", 0, "function", "arguments"),
    ("tool_calls", 3, "custom", "input"),
    ("reasoning_details", 0, "text"),
    ("content", 0, "thinking", 1, "text"),
]


@pytest.mark.parametrize("path", PLACES)
def test_a_text_goes_on_from_piece_to_piece_and_its_rest_comes_in_their_shape(path):
    out, _ = passed(event(piece(*path, "abc")), event(piece(*path, "def")), end())
    assert out == [piece(*path, "A"), piece(*path, "BCD"), piece(*path, "EF"), {}]


@pytest.mark.parametrize("path", PLACES)
def test_a_last_piece_takes_the_rest_with_it(path):
    out, _ = passed(event(piece(*path, "abc")), end(delta=piece(*path, "def")))
    assert out == [piece(*path, "A"), piece(*path, "BCDEF")]


def test_pieces_without_numbers_go_on_by_their_place():
    chunk = {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "abc"}]}]}
    out, _ = passed(event(chunk), event(chunk), end())
    texts = [delta["content"][0]["thinking"][0] for delta in out[:-1]]
    assert texts == [{"type": "text", "text": text} for text in ("A", "BCA", "BC")]


def test_annotations_come_whole_and_none_waits_for_the_next():
    note = {"annotations": [{"type": "url_citation", "url_citation": {"title": "abc", "url": "u"}}]}
    out, _ = passed(event(note), event(note), end())
    assert [delta["annotations"][0]["url_citation"]["title"] for delta in out[:-1]] == ["ABC", "ABC"]


def test_calls_without_numbers_that_come_whole_do_not_run_into_each_other():
    def whole(number):
        function = {"name": f"tool{number}", "arguments": '{"a":1}'}
        return event({"tool_calls": [{"id": f"call{number}", "type": "function", "function": function}]})

    out, _ = passed(whole(1), whole(2), end("tool_calls"))
    assert [delta["tool_calls"][0]["function"]["arguments"] for delta in out[:-1]] == ['{"A":1}'] * 2


def test_choices_are_told_apart():
    def of(index, text):
        return b"data: " + json.dumps({"choices": [{"index": index, "delta": {"content": text}}]}).encode() + b"\n\n"

    out = AnswerStream(AnswerNotes(), Held)
    raw = out.feed(of(0, "abc") + of(1, "uvw") + of(0, "d") + end(index=1) + end(index=0)) + out.close()
    texts = {0: "", 1: ""}
    for line in raw.decode().splitlines():
        if line:
            choice = json.loads(line[6:])["choices"][0]
            texts[choice["index"]] += choice["delta"].get("content", "")
    assert texts == {0: "ABCD", 1: "UVW"}


def test_a_name_that_came_first_is_that_of_what_follows_in_every_kind_of_call():
    opened = Recorder()
    stream = AnswerStream(AnswerNotes(), opened)
    stream.feed(event({"function_call": {"name": "old", "arguments": ""}}))
    stream.feed(event({"tool_calls": [{"index": 1, "custom": {"name": "shell"}}]}))
    stream.feed(event({"tool_calls": [{"index": 1, "custom": {"input": "ls"}}]}))
    assert opened.opened == ["old", "shell"]


def test_sound_in_a_stream_is_noted():
    assert passed(event({"audio": {"id": "a", "data": "UklG"}}), end())[1].unscannable
    assert not passed(event({"audio": {"id": "a", "transcript": "hi"}}), end())[1].unscannable


@pytest.mark.parametrize("keep", [True, False])
def test_probabilities_leave_only_where_that_does_no_harm(keep):
    raw = b'data: {"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a"}]}}]}\n\n'
    out = AnswerStream(AnswerNotes(), Recorder(), keep_logprobs=keep).feed(raw)
    assert out == (raw if keep else raw.replace(b'{"content":[{"token":"a"}]}', b"null"))


def test_an_answer_of_texts_without_end_is_cut_off():
    stream = AnswerStream(AnswerNotes(), Recorder())
    with pytest.raises(UpstreamError, match=str(MOST_CHANNELS)):
        for number in range(MOST_CHANNELS + 1):
            stream.feed(event({"tool_calls": [{"index": number, "function": {"arguments": "x"}}]}))
