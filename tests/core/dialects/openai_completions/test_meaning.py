"""Events as completions, and back."""

import json

from openai.types import Completion

from tidegate.core.dialects import openai_completions as dialect
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.usage import Usage

ASKED = Asked("0190", "auto", 1790000000, {})
FOUND = [
    e.Began("x", "m"), e.Opened(0, "thinking"), e.Delta(0, "hm"), e.Closed(0), e.Opened(1, "text"), e.Delta(1, "Hi"),
    e.Closed(1), e.Opened(2, "tool", id="c", name="f"), e.Delta(2, "{}"), e.Closed(2), e.Opened(0, "text", 1),
    e.Delta(0, "Ho", 1), e.Closed(0, 1), e.Ended("length"), e.Ended("tool_calls", 1), e.Used(Usage(3, 4)),
]  # fmt: skip


def test_only_what_is_said_aloud_is_text():
    whole = json.loads(dialect.write_answer(FOUND, ASKED))
    Completion.model_validate(whole)
    assert [(each["index"], each["text"], each["finish_reason"]) for each in whole["choices"]] == [
        (0, "Hi", "length"),
        (1, "Ho", "stop"),
    ]
    assert whole["usage"] == {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}


def test_a_stream_says_the_same():
    writer = dialect.open_writer(ASKED)
    out = b"".join(writer.feed(event) for event in FOUND) + writer.close()
    assert out.endswith(b"data: [DONE]\n\n")
    reader = dialect.open_reader()
    again = [*reader.feed(out), *reader.close()]
    texts = {}
    for event in again:
        if isinstance(event, e.Delta):
            texts[event.choice] = texts.get(event.choice, "") + event.text
    assert texts == {0: "Hi", 1: "Ho"}
    assert [event.reason for event in again if isinstance(event, e.Ended)] == ["length", "stop"]
