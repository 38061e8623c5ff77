"""What a change of policy costs the path, and what a shadow does: `python -m bench.swap`.

A swap is one assignment between two requests. A shadow costs a kept judgement one addition, and a new one another
decision. CPU time, the least of several rounds; the swap: wall time, median and most.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial

import orjson

from tests.given import AROUND, CALLER
from tidegate.adapters.policy.folder import read_baseline
from tidegate.core.decide.lifecycle.shadow import Shadow
from tidegate.core.decide.policy import Policy, compile_policy
from tidegate.core.dialects import openai_chat
from tidegate.core.values.finding import Classification
from tidegate.core.values.target import Boundary, Contract, Target
from tidegate.judgement import Judge

SWAPS, ROUNDS = 10_000, 9
CONTRACT = Contract(retention="zero", training="never", tier="enterprise", expires=date(2099, 1, 1))


def main() -> None:
    found = read_baseline()
    baseline = compile_policy(found.sources, schema=found.schema)
    other = compile_policy(
        {**found.sources, "data.cedar": found.sources["data.cedar"] + "// another one\n"}, schema=found.schema
    )
    swaps = _swaps(baseline, other)
    print(f"swap: {statistics.median(swaps):.2f} us median, {max(swaps):.0f} us most of {SWAPS:,}")
    for words, shadow in (("without a shadow", None), ("with a shadow", Shadow(other))):
        judge = Judge(baseline, shadow=shadow)
        kept = _least(partial(_judge, judge), 20_000)
        anew = _least(partial(_anew, baseline, shadow), 1_000)
        print(f"judgement {words}: kept {kept:.2f} us, anew {anew:.1f} us")


class _Ruled:
    """What `Gateway.rule_by` assigns to."""

    judge: Judge
    policy: Policy


def _swaps(first: Policy, second: Policy) -> list[float]:
    ruled, taken = _Ruled(), []
    ruled.judge = Judge(first)
    for number in range(SWAPS):
        policy = (first, second)[number % 2]
        began = time.perf_counter_ns()
        ruled.judge = ruled.judge.ruled_by(policy)
        ruled.policy = policy
        taken.append((time.perf_counter_ns() - began) / 1000)
    return taken


_BODY = orjson.dumps({"model": "auto", "messages": [{"role": "user", "content": "hello"}]})
_ENVELOPE = openai_chat.parse_request(_BODY)
_FOUND = Classification((), frozenset({"pii.email"}), "internal")
_TARGETS = [
    Target(name=name, provider="vllm", url="http://127.0.0.1:9", model="m", boundary=boundary, contract=contract)
    for name, boundary, contract in (
        ("cloud", Boundary("there", "cloud", "eu"), CONTRACT),
        ("inside", Boundary("here", "local"), None),
    )
]


def _judge(judge: Judge) -> None:
    judge.judge(_ENVELOPE, CALLER, _FOUND, _TARGETS, AROUND)


def _anew(policy: Policy, shadow: Shadow | None) -> None:
    _judge(Judge(policy, shadow=shadow))


def _least(work: Callable[[], None], times: int) -> float:
    """CPU microseconds a call."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time_ns()
        for _ in range(times):
            work()
        rounds.append((time.process_time_ns() - began) / times / 1000)
    return min(rounds)


if __name__ == "__main__":
    main()
