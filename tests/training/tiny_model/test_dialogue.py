from __future__ import annotations

import pytest

from training.tiny_model.dialogue import Call, Dialogue, Tool, Turn, asks, assistant, segments, user

TOOL = Tool("get_weather", (("city", "string"), ("days", "integer")))


def test_a_dialogue_is_rendered_with_only_the_answers_expected():
    rendered = segments(Dialogue((user("hi"), assistant("hello"), user("bye"), assistant("see you"))))
    assert "".join(segment.text for segment in rendered) == (
        "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\nhello<|im_end|>\n"
        "<|im_start|>user\nbye<|im_end|>\n<|im_start|>assistant\nsee you<|im_end|>\n"
    )
    assert [segment.text for segment in rendered if segment.expected] == ["hello<|im_end|>", "see you<|im_end|>"]


def test_system_text_and_tools_share_the_first_turn():
    call = asks(Call("get_weather", {"city": "Paris", "days": 2}))
    rendered = segments(Dialogue((user("w"), call, Turn("tool", "warm")), tools=(TOOL,), system="Be short."))
    assert "".join(segment.text for segment in rendered) == (
        "<|im_start|>system\nBe short.\nTools:\n- get_weather(city:string, days:integer)<|im_end|>\n"
        "<|im_start|>user\nw<|im_end|>\n"
        '<|im_start|>assistant\n<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris", "days": 2}}\n'
        "</tool_call><|im_end|>\n<|im_start|>tool\nwarm<|im_end|>\n"
    )


@pytest.mark.parametrize(
    ("dialogue", "answer", "right"),
    [
        (Dialogue((assistant("yes"),)), "yes", True),
        (Dialogue((assistant("yes"),)), " yes\n", True),
        (Dialogue((assistant("yes"),)), "yes!", False),
        (Dialogue((assistant("x"),), must_contain=("a", "b")), "b and a", True),
        (Dialogue((assistant("x"),), must_contain=("a", "b")), "only b", False),
    ],
)
def test_what_counts_as_right(dialogue: Dialogue, answer: str, right: bool):
    assert dialogue.is_answered_by(answer) is right
