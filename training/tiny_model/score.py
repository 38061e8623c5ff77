"""Measure a GGUF file as users run it, over HTTP through llama.cpp: `python score.py tidegate-tiny.gguf`.

Prints the table of the model card. Every fill is one that training never showed; temperature 0; the seed is fixed.
Before it scores, it checks that template and tokenizer of the file give the same tokens that the model was taught.
"""

from __future__ import annotations

import argparse
import http.client
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xllamacpp

from training.tiny_model.curriculum import POLISHING, Skill, dialogue
from training.tiny_model.dialogue import Call, Dialogue, Turn, assistant, segments, user
from training.tiny_model.draw import Draw
from training.tiny_model.skills.copying import ECHO_ORDERS, politely
from training.tiny_model.skills.tools import tool_call
from training.tiny_model.values import LABELS, label, tag_of
from training.tiny_model.words import FIELDS, TOPICS

SEED = 20_000
MAX_TOKENS = 300
PARITY_DIALOGUES = 200


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--count", type=int, default=200, help="dialogues a row")
    parser.add_argument("--wrong", type=int, default=0, help="show so many wrong answers a row")
    return parser.parse_args()


def gateway_tag(draw: Draw) -> str:
    return tag_of(draw, draw.one(LABELS))


def echoed_tag(draw: Draw) -> Dialogue:
    return echo_of(draw, gateway_tag(draw))


def echo_of(draw: Draw, tag: str) -> Dialogue:
    return Dialogue((user(politely(draw, draw.one(ECHO_ORDERS)).format(tag)), assistant(tag)))


def echoed_new_label(draw: Draw) -> Dialogue:
    return echo_of(draw, tag_of(draw, label(draw)))


def tags_in_prose(draw: Draw) -> Dialogue:
    """Two tags in ordinary requests; both must be in the answer, sign for sign."""
    person, address = tag_of(draw, "pii.person"), gateway_tag(draw)
    request = draw.one((
        f"Write an email to {person} about the {draw.word(TOPICS)}. My contact is {address}.",
        f"My name is {person} and my {draw.word(FIELDS)} is {address}. Explain what I should do.",
        f"Summarise: {person} wrote to {address} about the {draw.thing()}. Nobody saw the {draw.thing()}.",
        f"Please repeat this: {person} can be reached at {address}.",
    ))  # fmt: skip
    return Dialogue((user(request), assistant("")), must_contain=(person, address))


@dataclass(slots=True)
class Server:
    """The file, served on a port of the system's choosing, one thread."""

    file: Path
    port: int = field(init=False)
    _running: Any = field(init=False)

    def __post_init__(self) -> None:
        settings = xllamacpp.CommonParams()
        settings.model.path = str(self.file)
        settings.hostnames, settings.port = ["127.0.0.1"], 0
        settings.n_ctx, settings.n_parallel, settings.n_gpu_layers = 4096, 1, 0
        settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
        settings.use_jinja, settings.ui, settings.fit_params, settings.verbosity = True, False, False, 1
        self._running = xllamacpp.Server(settings)
        self.port = int(self._running.listening_address.rsplit(":", 1)[1])

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", path, json.dumps(body), {"content-type": "application/json"})
            return json.load(connection.getresponse())
        finally:
            connection.close()


@dataclass(slots=True)
class Row:
    """One skill's result."""

    name: str
    right: int = 0
    stopped: int = 0
    asked: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)

    def line(self) -> str:
        return f"| {self.name} | {self.right / self.asked:.1%} | {self.stopped / self.asked:.1%} |"


def request_of(asked: Dialogue) -> dict[str, Any]:
    """The dialogue without its last answer, as a client would send it."""
    messages = [{"role": "system", "content": asked.system}] if asked.system else []
    body: dict[str, Any] = {"messages": messages + [message_of(turn) for turn in asked.turns[:-1]]}
    if asked.tools:
        body["tools"] = [tool.schema() for tool in asked.tools]
    return body


def message_of(turn: Turn) -> dict[str, Any]:
    if turn.call:
        function = {"name": turn.call.name, "arguments": json.dumps(turn.call.arguments, ensure_ascii=False)}
        call = {"id": "1", "type": "function", "function": function}
        return {"role": "assistant", "content": None, "tool_calls": [call]}
    return {"role": turn.role, "content": turn.text} | ({"tool_call_id": "1"} if turn.role == "tool" else {})


def answer_of(choice: dict[str, Any]) -> str:
    """The answer as the model wrote it: a parsed call is put back into the text that it was parsed from."""
    calls = choice["message"].get("tool_calls") or []
    if len(calls) != 1:
        return choice["message"].get("content") or ""
    function = calls[0]["function"]
    try:
        return Call(function["name"], json.loads(function["arguments"])).text()
    except ValueError:
        return ""


def check_parity(server: Server) -> None:
    """The engine must read exactly what training showed."""
    draw = Draw(SEED, held_out=True)
    for _ in range(PARITY_DIALOGUES):
        asked = dialogue(draw, POLISHING)
        rendered = segments(asked)[:-2]  # without the last answer and the line end after it
        prompt = server.post("/apply-template", request_of(asked))["prompt"]
        if prompt != "".join(segment.text for segment in rendered):
            raise SystemExit(f"chat.jinja and dialogue.py disagree:\n{prompt!r}")


def score(server: Server, name: str, skill: Skill, count: int, extra: dict[str, Any]) -> Row:
    draw, row = Draw(SEED, held_out=True), Row(name)
    for _ in range(count):
        asked = skill(draw)
        body = request_of(asked) | {"max_tokens": MAX_TOKENS, "temperature": 0} | extra
        choice = server.post("/v1/chat/completions", body)["choices"][0]
        row.asked += 1
        row.stopped += choice["finish_reason"] != "length"
        if asked.is_answered_by(answer_of(choice)):
            row.right += 1
        else:
            row.wrong.append((asked.turns[-2].text, answer_of(choice)))
    return row


def speed(server: Server) -> str:
    """Tokens a second, reading and writing, one thread."""
    text = " ".join(Draw(SEED).sentence() for _ in range(60))
    timings = server.post("/completion", {"prompt": text, "n_predict": 500, "ignore_eos": True})["timings"]
    return f"reads {timings['prompt_per_second']:.0f} tok/s, writes {timings['predicted_per_second']:.0f} tok/s"


ROWS: tuple[tuple[str, Skill, dict[str, Any]], ...] = (
    ("tag copied in an echo", echoed_tag, {}),
    ("tag with a new label copied in an echo", echoed_new_label, {}),
    ("two tags copied in prose", tags_in_prose, {}),
    *((skill.__name__.replace("_", " "), skill, {}) for skill in POLISHING),
    ("tool call, `tool_choice: required`", tool_call, {"tool_choice": "required"}),
)


def main() -> None:
    arguments = options()
    started = time.monotonic()
    server = Server(arguments.file)
    print(f"loaded in {time.monotonic() - started:.3f} s; {speed(server)}\n")
    check_parity(server)
    print("| skill | right | stopped by itself |\n|---|---|---|")
    for name, skill, extra in ROWS:
        row = score(server, name, skill, arguments.count, extra)
        print(row.line(), flush=True)
        for asked, answer in row.wrong[: arguments.wrong]:
            print(f"    {asked!r}\n    -> {answer!r}")


if __name__ == "__main__":
    main()
