"""What is asked around a decision: all ways of a configuration at start, and Cedar about a share. CPU time.

python -m bench ways
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import cycle
from pathlib import Path

from bench.decide import requests, targets
from bench.stages import KEYS, TARGETS
from bench.wire import request
from tidegate.adapters.policy.folder import read_baseline
from tidegate.adapters.policy.library import composed_policy
from tidegate.config import Settings
from tidegate.config.ways import ways_of
from tidegate.core.decide.oracle.cedar import Oracle
from tidegate.core.decide.oracle.second import SecondOpinion
from tidegate.core.decide.policy import Policy, compile_policy
from tidegate.core.decide.ways import search, solver
from tidegate.core.decide.ways.survey import survey
from tidegate.core.dialects import openai_chat
from tidegate.core.identify.loopback import identify
from tidegate.core.values.facts import Circumstances, Moment
from tidegate.core.values.finding import Classification
from tidegate.judgement import Judge
from tidegate.policies import library_names

ROUNDS, TODAY = 7, date(2026, 11, 21)
AGREED = {"retention": "zero", "training": "never", "tier": "enterprise", "expires": "2099-01-01"}


def least_us(call: Callable[[], object], times: int) -> float:
    """Of one call; the least of some rounds, because others use the machine as well."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(times):
            call()
        best = min(best, (time.process_time() - began) / times * 1e6)
    return best


def configuration(clouds: int, workloads: int) -> Settings:
    """Every second cloud is in another region and every third without a contract; workloads name all models."""
    document = {
        "boundaries": {
            "here": {"kind": "local"},
            "eu": {"kind": "cloud", "region": "eu"},
            "us": {"kind": "cloud", "region": "us"},
        },
        "targets": {
            "local": {"provider": "ollama", "model": "m", "boundary": "here"},
            **{
                f"cloud-{n}": {
                    "provider": "openai-compatible",
                    "url": "https://ai.example/v1",
                    "model": "m",
                    "boundary": ("eu", "us")[n % 2],
                    "api_key": "env:KEY",
                    **({"contract": AGREED} if n % 3 else {}),
                }
                for n in range(clouds)
            },
        },
        "models": {"auto": [*(f"cloud-{n}" for n in range(clouds)), "local"], "local": ["local"]},
        "workloads": {f"w{n}": {"models": ["auto"], **({"task": f"t{n}"} if n % 2 else {})} for n in range(workloads)},
    }
    return Settings.from_document(document, folder=Path("/nowhere"), environ={})


def policy_of(names: Sequence[str]) -> Policy:
    sources = {name: text for name, text in composed_policy(names).items() if "/" not in name}
    return compile_policy(sources, schema=read_baseline().schema)


def tell_ways(policies: Mapping[str, Policy]) -> None:
    for clouds, workloads in ((1, 0), (6, 4), (100, 100)):
        ways = ways_of(configuration(clouds, workloads), TODAY)
        for name, policy in policies.items():
            took = least_us(partial(survey, policy, ways, search.example), 1) / 1000
            print(f"{len(ways):6} ways, {name:<13} search {took:8.1f} ms")
        if len(ways) < 1000:
            took = least_us(partial(survey, policies["baseline"], ways, solver.example), 1) / 1000
            print(f"{len(ways):6} ways, baseline      solver {took:8.1f} ms")


def tell_opinions(policies: Mapping[str, Policy]) -> None:
    asked, at = requests(), targets()
    for name, policy in policies.items():
        made = least_us(partial(Oracle, policy.rules), 10)
        one = least_us(partial(Oracle(policy.rules).decide, [asked[0]], at[3]), 100)
        print(f"Cedar, {name:<13} made {made / 1000:5.1f} ms, asked about one target {one:6.0f} µs")
    baseline = policies["baseline"]
    envelope = openai_chat.parse_request(request(0, "whole").split(b"\r\n\r\n", 1)[1])
    caller = identify({}, envelope, workloads={}, secret=KEYS.tags)
    found = Classification((), frozenset(), "public", ())
    around = Circumstances(Moment(TODAY, "saturday", "16"), "public", frozenset())

    def judged(second: SecondOpinion | None, *, judge: Judge | None = None) -> float:
        return least_us(
            lambda: (judge or Judge(baseline, second=second)).judge(envelope, caller, found, TARGETS, around), 2000
        )

    second = SecondOpinion(0.01, spread(), lambda doubt: print(doubt.sentence()))
    kept, doubtless = (Judge(baseline, second=one) for one in (second, None))
    print(f"a kept judgement: without {judged(None, judge=doubtless):.2f} µs, with {judged(None, judge=kept):.2f} µs")
    for share in (0.0, 0.01, 1.0):
        asks = SecondOpinion(share, spread(), lambda doubt: print(doubt.sentence()))
        print(f"one made anew, {len(TARGETS)} targets, share {share}: {judged(asks):.1f} µs")


def spread() -> Callable[[], float]:
    """Evenly spread instead of by chance, so that a share is met exactly."""
    drawn = cycle([place / 100 for place in range(100)])
    return lambda: next(drawn)


def main() -> None:
    together = [name for name in library_names() if name != "air-gapped"]
    policies = {"baseline": policy_of(()), "six together": policy_of(together)}
    tell_ways(policies)
    tell_opinions(policies)


if __name__ == "__main__":
    main()
