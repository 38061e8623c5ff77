"""What looking at answers costs: CPU time beyond passing them on, and of remembering what must stay inside.

python -m bench.output
"""

import json
import time
from collections.abc import Callable
from functools import partial
from random import Random

from bench.classify import prose
from tidegate.core.classify import Engine
from tidegate.core.classify.derived import Derived
from tidegate.core.dialects.openai_chat import AnswerStream, pass_answer
from tidegate.core.inspect import Inspecting, OutputRules
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.envelope import Part, Position
from tidegate.core.values.finding import Classification
from tidegate.core.values.keys import Keys

ROUNDS = 15
KEYS = Keys(epoch="bench", commitments=b"c" * 32, fingerprints=b"f" * 32, tags=b"t" * 32, detection=b"d" * 32)
NOTHING = Classification((), frozenset(), "public")
MASK = OutputRules({"pii": "mask", "secret": "mask"})
VALUE = "jane.doe@shop.example"


def best_us(call: Callable[[], object], calls: int) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time_ns()
        for _ in range(calls):
            call()
        best = min(best, (time.process_time_ns() - began) / calls)
    return best / 1000


def whole(text: str) -> bytes:
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return json.dumps({"id": "c", "object": "chat.completion", "model": "m", "choices": [choice]}).encode()


def streamed(text: str, chunks: int) -> list[bytes]:
    """Events of a few words each, as models send them, and the end."""
    size = -(-len(text) // chunks)
    deltas = [({"content": text[at : at + size]}, None) for at in range(0, len(text), size)]
    shape = {"id": "c", "object": "chat.completion.chunk", "model": "m"}
    events = [
        {**shape, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}
        for delta, reason in (*deltas, ({}, "stop"))
    ]
    return [b"data: " + json.dumps(event).encode() + b"\n\n" for event in events] + [b"data: [DONE]\n\n"]


class Answers:
    """Passes one answer, looked at by `rules` or, without any, not at all. The engine keeps nothing in mind."""

    def __init__(self) -> None:
        self._engine = Engine(kept_bytes=0)

    def whole(self, body: bytes, rules: OutputRules | None) -> None:
        if rules is None:
            pass_answer(body, AnswerNotes(), None)
            return
        inspecting = Inspecting(self._engine.classify, rules, whole=True)
        pass_answer(body, AnswerNotes(), inspecting.open_channel, keep_logprobs=not rules.rewrites)
        inspecting.finish()

    def stream(self, chunks: list[bytes], rules: OutputRules | None) -> None:
        inspecting = Inspecting(self._engine.classify, rules or OutputRules())
        opens = None if rules is None else inspecting.open_channel
        stream = AnswerStream(AnswerNotes(), opens, keep_logprobs=not inspecting.rules.rewrites)
        for chunk in chunks:
            stream.feed(chunk)
        stream.close()
        inspecting.finish()


def answers() -> list[tuple[str, float, float, float]]:
    passing = Answers()
    rows = []
    for size, calls in ((2_048, 100), (20_480, 10)):
        body = whole(prose(size).replace("the mayor", VALUE, 1))
        costs = [best_us(partial(passing.whole, body, rules), calls) for rules in (None, OutputRules(), MASK)]
        rows.append((f"whole, {size // 1024} KB", *costs))
    for size, chunks in ((240, 60), (2_048, 500)):
        events = streamed(prose(size).replace("the mayor", VALUE, 1), chunks)
        costs = [best_us(partial(passing.stream, events, rules), 20) for rules in (None, OutputRules(), MASK)]
        rows.append((f"stream, {size} characters in {chunks} events", *costs))
    return rows


def remembering() -> list[tuple[str, float]]:
    derived, draw = Derived(KEYS), Random(1)
    words = sorted({word for size in range(1000, 60_000, 7000) for word in prose(size).split()})
    invented = ["".join(draw.choices("etaoinshrdlucmfwyp", k=draw.randint(2, 11))) for _ in range(20_000)]
    parts = [Part(Position.USER, (), prose(20_480))]
    rows = [("mark 20 KB, nothing remembered", best_us(lambda: derived.mark(NOTHING, parts, "default"), 1000))]
    while derived.shingles < 100_000:
        derived.learn("default", [" ".join(draw.choices(invented + words, k=350))], expires_ns=1)
    rows.append(
        (f"mark 20 KB, {derived.shingles:,} shingles", best_us(lambda: derived.mark(NOTHING, parts, "default"), 5))
    )
    rows.append(("learn 2 KB", best_us(lambda: derived.learn("bench", [prose(2_048)], expires_ns=1), 20)))
    return rows


def main() -> None:
    print(f"{'us':<42}{'passed':>9}{'noted':>9}{'masked':>9}")
    for name, passed, noted, masked in answers():
        print(f"{name:<42}{passed:>9.1f}{noted:>9.1f}{masked:>9.1f}")
    for name, cost in remembering():
        print(f"{name:<42}{cost:>9.1f}")


if __name__ == "__main__":
    main()
