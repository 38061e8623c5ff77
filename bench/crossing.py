"""What crossing dialects costs: CPU time of a request more, and of each chunk of a stream.

python -m bench.crossing
"""

import json
import time
from collections.abc import Callable
from typing import Any

from tidegate.core.dialects import known
from tidegate.core.dialects.crossing import CrossedStream, cross_request
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.document import parse
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.answer import AnswerNotes

ROUNDS = 15
SENTENCE = "The gateway reads a paragraph of ordinary prose about rivers, bridges and the price of bread in spring. "
SPEAKERS = ["openai.chat", "openai.responses", "anthropic.messages", "ollama.chat"]
TARGETS = [*SPEAKERS, "gemini.generate", "bedrock.converse"]


def talk() -> dict[str, Any]:
    """Nine turns of prose."""
    said = [{"role": "user" if turn % 2 == 0 else "assistant", "content": SENTENCE * 2} for turn in range(9)]
    return {"messages": said}


def agent(tools: int, about: int, rounds: int, instructions: int, result: int) -> dict[str, Any]:
    """An agent's request: what it may call, and each call so far with a word before it and its result. Lengths are of
    sentences.
    """
    said: list[dict[str, Any]] = [{"role": "system", "content": SENTENCE * instructions}]
    said.append({"role": "user", "content": SENTENCE})
    for number in range(rounds):
        call = {
            "name": f"read_part_{number % tools}",
            "arguments": json.dumps({"place": f"src/{number}.py", "count": 1}),
        }
        called = [{"id": f"call_{number}", "type": "function", "function": call}]
        said.append({"role": "assistant", "content": SENTENCE, "tool_calls": called})
        said.append({"role": "tool", "tool_call_id": f"call_{number}", "content": SENTENCE * result})
    return {"messages": said, "tools": [tool(number, about) for number in range(tools)]}


def tool(number: int, about: int) -> dict[str, Any]:
    fields: dict[str, Any] = {
        name: {"type": "string", "description": SENTENCE} for name in ("place", "pattern", "reason")[: about + 1]
    }
    fields["count"] = {"type": "integer", "minimum": 1, "maximum": 50}
    schema = {"type": "object", "properties": fields, "required": ["place"], "additionalProperties": False}
    described = {"name": f"read_part_{number}", "description": SENTENCE * about, "parameters": schema}
    return {"type": "function", "function": described}


REQUESTS = {
    "a talk of nine turns": talk(),
    "an agent's, 16 messages and 6 tools": agent(6, 1, 7, 3, 2),
    "an agent's, 16 messages and 16 tools": agent(16, 14, 7, 60, 14),
}
ASKED = Asked("0190a0a0-0000-7000-8000-000000000000", "auto", 1_800_000_000, {"stream": True})
CHUNKS = 200


def best_us(work: Callable[[], object], calls: int) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time_ns()
        for _ in range(calls):
            work()
        best = min(best, (time.process_time_ns() - began) / calls)
    return best / 1000


def answer() -> list[e.Event]:
    said = [e.Delta(0, "word ") for _ in range(CHUNKS)]
    return [e.Began("id", "m"), e.Opened(0, "text"), *said, e.Closed(0), e.Ended("stop")]


def stream(dialect: str) -> list[bytes]:
    """A stream of that dialect, event by event, as its own writer makes it."""
    writer = known.SPOKEN[dialect].open_writer(ASKED)
    return [*(piece for event in answer() if (piece := writer.feed(event))), writer.close()]


def chunk_us(understood: str, spoken: str) -> float:
    pieces = stream(understood)

    def cross() -> None:
        crossed = CrossedStream(known.UNDERSTOOD[understood], known.SPOKEN[spoken], ASKED, AnswerNotes(), None)
        for piece in pieces:
            crossed.feed(piece)
        crossed.close()

    return best_us(cross, 5) / CHUNKS


def in_words_of(dialect: str, request: dict[str, Any]) -> bytes:
    """The request as a client of that dialect writes it, without white space."""
    asked = {"model": "auto", **request, "max_tokens": 200, "temperature": 0.5, "stream": True}
    return known.UNDERSTOOD[dialect].write_request(known.SPOKEN["openai.chat"].read_request(asked), "auto")


def request_us(body: bytes, spoken: str, understood: str) -> float:
    """What the crossing costs more than passing the body on, which has been parsed for either."""
    source, target, tree = known.SPOKEN[spoken], known.UNDERSTOOD[understood], parse(body)
    crossing = best_us(lambda: cross_request(body, source, target, "m", document=tree), 50)
    return crossing - best_us(lambda: source.with_model(body, "m"), 200)


def requests(name: str) -> None:
    bodies = {spoken: in_words_of(spoken, REQUESTS[name]) for spoken in SPEAKERS}
    print(f"{name}, {len(bodies['openai.chat']):,} bytes: CPU us more; rows: client, columns: target")
    print(f"{'':20}" + "".join(f"{target:>20}" for target in TARGETS))
    for spoken, body in bodies.items():
        costs = ["" if spoken == target else f"{request_us(body, spoken, target):.0f}" for target in TARGETS]
        print(f"{spoken:20}" + "".join(f"{cost:>20}" for cost in costs))
    print()


def main() -> None:
    for name in REQUESTS:
        requests(name)
    print("a chunk of a stream, CPU us; rows: target, columns: client")
    print(f"{'':20}" + "".join(f"{name:>20}" for name in SPEAKERS))
    for understood in SPEAKERS:
        costs = ["" if understood == name else f"{chunk_us(understood, name):.1f}" for name in SPEAKERS]
        print(f"{understood:20}" + "".join(f"{cost:>20}" for cost in costs))


if __name__ == "__main__":
    main()
