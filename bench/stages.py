"""Where the path's CPU goes: each stage alone, on the same 2 KB requests, in one process without sockets.

A stage alone runs with warm caches, so the sum is less than what the stage costs among the others; compare shares.
"""

import time
from collections.abc import Callable
from datetime import date

from bench.wire import ANSWER, request
from tidegate.app import compiled_policy
from tidegate.core.classify.engine import Engine
from tidegate.core.dialects import openai_chat
from tidegate.core.dispatch import egress, seal
from tidegate.core.identify.facts import looked
from tidegate.core.identify.loopback import identify
from tidegate.core.settle.exchange import Exchange
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.facts import Circumstances, Moment
from tidegate.core.values.keys import Keys
from tidegate.core.values.target import Boundary, Contract, Target
from tidegate.judgement import Judge

COUNT = 3000
KEYS = Keys(epoch="e", commitments=b"c" * 32, fingerprints=b"f" * 32, tags=b"t" * 32, detection=b"d" * 32)
CONTRACT = Contract(retention="zero", training="never", tier="enterprise", region="eu", expires=date(2099, 1, 1))
TARGETS = (
    Target(
        name="outside",
        provider="openai",
        url="https://x/v1",
        model="m",
        boundary=Boundary("there", "cloud", "eu"),
        contract=CONTRACT,
    ),
    Target(name="inside", provider="ollama", url="http://y/v1", model="m", boundary=Boundary("here", "local")),
)


def _best_us(call: Callable[[int], object]) -> float:
    """CPU time of one call, the best of some rounds."""
    best = float("inf")
    for _ in range(7):
        began = time.process_time()
        for number in range(COUNT):
            call(number)
        best = min(best, (time.process_time() - began) / COUNT * 1e6)
    return best


def measure() -> list[tuple[str, float]]:
    """(stage, CPU microseconds) in the order of the path."""
    bodies = [request(number, "whole").split(b"\r\n\r\n", 1)[1] for number in range(COUNT)]
    envelopes = [openai_chat.parse_request(body) for body in bodies]
    engine, judge = Engine(), Judge(compiled_policy(None))
    found = [engine.classify(envelope.parts) for envelope in envelopes]
    caller = identify({}, envelopes[0], workloads={}, secret=KEYS.tags)
    ran = looked(engine.labels, (), ())
    around = Circumstances(Moment(date(2026, 11, 21), "saturday", "16"), "public", ran)
    judged = judge.judge(envelopes[0], caller, found[0], TARGETS, around)
    outgoing = egress.Outgoing(openai_chat.with_model(bodies[0], "m"), dialect="openai.chat")
    permit = egress.permit("r", 0, TARGETS[0], envelopes[0], outgoing)
    headers = (*permit.headers, ("host", "x"), ("content-length", "2048"), ("authorization", "Bearer x"))
    answer = ANSWER.split(b"\r\n\r\n", 1)[1]

    def exchange() -> Exchange:
        return Exchange("0190" * 9, "/v1/chat/completions", 1_780_000_000_000_000_000, 0)

    settled = exchange()
    settled.intent = 0

    def commit(_number: int) -> None:
        settled.answer_commitment().update(answer)

    return [
        ("dialect: body → envelope", _best_us(lambda n: openai_chat.parse_request(bodies[n]))),
        ("identify", _best_us(lambda n: identify({}, envelopes[n], workloads={}, secret=KEYS.tags))),
        ("classify: every detector", _best_us(lambda n: engine.classify(envelopes[n].parts))),
        ("decide (kept judgement)", _best_us(lambda n: judge.judge(envelopes[n], caller, found[n], TARGETS, around))),
        (
            "decide (made anew)",
            _best_us(lambda n: Judge(judge.policy).judge(envelopes[n], caller, found[n], TARGETS, around)),
        ),
        (
            "intent record, commitment included",
            _best_us(lambda n: exchange().intent_record(envelopes[n], caller, found[n], judged.told, KEYS)),
        ),
        ("transform: the model's name", _best_us(lambda n: openai_chat.with_model(bodies[n], "m"))),
        ("dispatch: permit", _best_us(lambda _: egress.permit("r", 0, TARGETS[0], envelopes[0], outgoing))),
        (
            "dispatch: seal",
            _best_us(
                lambda _: seal.check(
                    permit, method="POST", url=permit.url, headers=headers, body=outgoing.body, address="127.0.0.1"
                )
            ),
        ),
        ("restore: answer read and noted", _best_us(lambda _: openai_chat.pass_answer(answer, AnswerNotes(), None))),
        ("settle: answer's commitment", _best_us(commit)),
        ("settle: outcome record", _best_us(lambda _: settled.outcome_record(1_780_000_000_000_000_000, 5))),
    ]


def table() -> str:
    rows = "".join(f"| {stage} | {us:.1f} |\n" for stage, us in measure())
    return f"| stage | CPU µs |\n|---|---|\n{rows}"


def main() -> None:
    print(table())


if __name__ == "__main__":
    main()
