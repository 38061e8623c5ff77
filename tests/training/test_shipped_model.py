"""The file in the package: that it is what the recipe and the card say."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.runtimes.children import ENGINE, KEY, Child, running
from tidegate.models import tiny_model_path
from training.tiny_model.curriculum import POLISHING, dialogues
from training.tiny_model.dialogue import Dialogue, Turn, segments
from training.tiny_model.draw import Draw
from training.tiny_model.values import LABELS, tag_of

TEMPLATE = Path(__file__).parents[2] / "training/tiny_model/chat.jinja"
SIZE_LIMIT_BYTES = 8_000_000
GGUF_STRING = 8
SEED = 4


@pytest.fixture(scope="module")
def engine() -> Iterator[Child]:
    pytest.importorskip("xllamacpp", reason="the embedded engine is the extra `tidegate[embedded]`")
    order = {"model_path": str(tiny_model_path()), "host": "127.0.0.1", "port": 0, "api_key": KEY, "alias": "tiny"}
    with running(order, "-m", ENGINE) as child:
        yield child


@pytest.fixture(scope="module")
def card() -> str:
    return (resources.files("tidegate.models") / "MODEL_CARD.md").read_text(encoding="utf-8")


def gguf_text(content: bytes, key: str) -> str:
    """A text among a GGUF file's metadata: key, type (u32), length (u64), bytes; all little-endian."""
    at = content.index(key.encode()) + len(key)
    assert int.from_bytes(content[at : at + 4], "little") == GGUF_STRING
    length = int.from_bytes(content[at + 4 : at + 12], "little")
    return content[at + 12 : at + 12 + length].decode()


def share(card: str, skill: str) -> float:
    row = re.search(rf"^\| {re.escape(skill)} \| ([\d.]+)% \|", card, re.MULTILINE)
    assert row, f"the card has no row {skill!r}"
    return float(row[1]) / 100


def test_it_is_small():
    assert tiny_model_path().stat().st_size <= SIZE_LIMIT_BYTES


def test_its_chat_template_is_the_one_in_the_recipe():
    template = gguf_text(tiny_model_path().read_bytes(), "tokenizer.chat_template")
    assert template == TEMPLATE.read_text(encoding="utf-8")


def test_it_says_its_name_and_licence():
    content = tiny_model_path().read_bytes()
    assert gguf_text(content, "general.name") == "tidegate-tiny"
    assert gguf_text(content, "general.license") == "Apache-2.0"


def test_the_card_speaks_of_this_file(card: str):
    assert hashlib.sha256(tiny_model_path().read_bytes()).hexdigest() in card


@pytest.mark.parametrize(
    ("skill", "template"),
    [
        ("tag copied in an echo", "Repeat exactly: {}"),
        ("tag copied in an echo", "Please repeat {}"),
    ],
)
def test_tags_come_back_as_often_as_the_card_says(engine: Child, card: str, skill: str, template: str):
    draw = Draw(SEED)
    tags = [tag_of(draw, draw.one(LABELS)) for _ in range(20)]
    answers = [engine.chat(template.format(tag))["choices"][0]["message"]["content"] for tag in tags]
    right = sum(tag == answer for tag, answer in zip(tags, answers, strict=True))
    assert right >= round(share(card, skill) * len(tags)) - 1


def test_the_engine_reads_what_training_showed(engine: Child):
    for taught in islice(dialogues(Draw(SEED), POLISHING), 150):
        status, answer = engine.ask("POST", "/apply-template", request_of(taught))
        assert status == 200, answer
        assert json.loads(answer)["prompt"] == "".join(segment.text for segment in segments(taught)[:-2])


def request_of(taught: Dialogue) -> dict[str, Any]:
    system = [{"role": "system", "content": taught.system}] if taught.system else []
    tools = {"tools": [tool.schema() for tool in taught.tools]} if taught.tools else {}
    return {"messages": system + [message_of(turn) for turn in taught.turns[:-1]]} | tools


def message_of(turn: Turn) -> dict[str, Any]:
    if turn.call is None:
        return {"role": turn.role, "content": turn.text} | ({"tool_call_id": "c"} if turn.role == "tool" else {})
    arguments = json.dumps(turn.call.arguments, ensure_ascii=False)
    call = {"id": "c", "type": "function", "function": {"name": turn.call.name, "arguments": arguments}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}
