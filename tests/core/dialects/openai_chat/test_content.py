"""What messages say, as blocks and back."""

import pytest

from tidegate.core.dialects.neutral.chat import Left, Media, Refused, Text, Thinking, ToolResult, Turn
from tidegate.core.dialects.openai_chat.content import written_content
from tidegate.core.dialects.openai_chat.request_reading import read_request
from tidegate.core.values.errors import BadRequest


def read(*messages):
    return read_request({"model": "auto", "messages": list(messages)})


MESSAGES = [
    ({"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
     Turn("user", (Text("a"), Text("b")))),
    ({"role": "user", "content": [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA", "detail": "low"}}]},
     Turn("user", (Media("image", "image/png", data="AA", detail="low"),))),
    ({"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "AA", "format": "wav"}}]},
     Turn("user", (Media("audio", "audio/wav", data="AA"),))),
    ({"role": "user", "content": [{"type": "file", "file": {"file_id": "f1"}}]},
     Turn("user", (Media("file", file_id="f1"),))),
    ({"role": "user", "content": [
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AA"}}]},
     Turn("user", (Media("file", "application/pdf", data="AA", name="a.pdf"),))),
]  # fmt: skip

WRITTEN = [
    ((), None),
    ((Text("a"),), "a"),
    ((Text("a"), Text("b")), [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]),
    ((Refused("no"),), [{"type": "refusal", "refusal": "no"}]),
    ((Thinking("hm"), Text("a")), "a"),
    ((Media("image", url="https://x"),), [{"type": "image_url", "image_url": {"url": "https://x"}}]),
    ((Media("audio", "audio/wav", data="AA"),),
     [{"type": "input_audio", "input_audio": {"data": "AA", "format": "wav"}}]),
    ((Media("file", file_id="f1"),), [{"type": "file", "file": {"file_id": "f1"}}]),
    ((Media("file", "application/pdf", data="AA", name="a.pdf"),),
     [{"type": "file", "file": {"file_data": "data:application/pdf;base64,AA", "filename": "a.pdf"}}]),
]  # fmt: skip


@pytest.mark.parametrize(("message", "turn"), MESSAGES)
def test_pieces_are_blocks(message, turn):
    assert read(message).turns == (turn,)


@pytest.mark.parametrize(("blocks", "content"), WRITTEN)
def test_blocks_are_written_as_the_shortest_that_says_them(blocks, content):
    assert written_content(blocks) == content


@pytest.mark.parametrize("content", [7, {}, [1], [{"type": "text", "text": 1}], [{"type": "image_url"}]])
def test_what_is_no_content_is_refused_by_its_path(content):
    with pytest.raises(BadRequest) as raised:
        read({"role": "user", "content": content})
    assert raised.value.param.startswith("messages[0].content")


def test_a_piece_that_nobody_knows_is_left_as_one_that_may_not_be_missing():
    found = read({"role": "user", "content": [{"type": "hologram", "hologram": {}}]})
    assert found.left == (Left("messages.content.hologram", essential=True),)


def test_what_a_result_holds_beside_text_is_read():
    content = [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "https://x"}}]
    found = read({"role": "tool", "tool_call_id": "c", "content": content}).turns[0].blocks
    assert found == (ToolResult("c", "", (Text("a"), Media("image", url="https://x"))),)
