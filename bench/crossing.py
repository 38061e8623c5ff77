"""What crossing dialects costs: CPU time of a request more, and of each chunk of a stream.

python -m bench.crossing
"""

import json
import time
from collections.abc import Callable

from tidegate.core.dialects import known
from tidegate.core.dialects.crossing import CrossedStream, cross_request
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import BadRequest

ROUNDS = 7
SENTENCE = "The gateway reads a paragraph of ordinary prose about rivers, bridges and the price of bread in spring. "
TALK = [{"role": "user" if turn % 2 == 0 else "assistant", "content": SENTENCE * 2} for turn in range(9)]
SCHEMA = {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]}
CHATS = {
    "openai.chat": {"model": "auto", "messages": TALK, "max_tokens": 200, "temperature": 0.5, "stream": True},
    "openai.responses": {"model": "auto", "input": TALK, "max_output_tokens": 200, "temperature": 0.5, "stream": True},
    "anthropic.messages": {"model": "auto", "messages": TALK, "max_tokens": 200, "temperature": 0.5, "stream": True},
    "ollama.chat": {"model": "auto", "messages": TALK, "options": {"num_predict": 200, "temperature": 0.5}},
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


def request_us(spoken: str, understood: str) -> float:
    body = json.dumps(CHATS[spoken]).encode()
    try:
        cross_request(body, known.SPOKEN[spoken], known.UNDERSTOOD[understood], "m")
    except BadRequest:
        return -1
    return best_us(lambda: cross_request(body, known.SPOKEN[spoken], known.UNDERSTOOD[understood], "m"), 200)


def main() -> None:
    targets = [*CHATS, "gemini.generate", "bedrock.converse"]
    size = len(json.dumps(CHATS["openai.chat"]))
    print(f"a request of {size:,} bytes, CPU us more; rows: client, columns: target")
    print(f"{'':20}" + "".join(f"{name:>20}" for name in targets))
    for spoken in CHATS:
        costs = ["" if spoken == name else f"{request_us(spoken, name):.0f}" for name in targets]
        print(f"{spoken:20}" + "".join(f"{cost:>20}" for cost in costs))
    print("\na chunk of a stream, CPU us; rows: target, columns: client")
    print(f"{'':20}" + "".join(f"{name:>20}" for name in CHATS))
    for understood in CHATS:
        costs = ["" if understood == name else f"{chunk_us(understood, name):.1f}" for name in CHATS]
        print(f"{understood:20}" + "".join(f"{cost:>20}" for cost in costs))


if __name__ == "__main__":
    main()
