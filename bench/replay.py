"""How long recorded traffic takes to be decided again by another policy.

python bench/replay.py [--exchanges 200000] [--actors 500] [--folder PATH]

Writes a log with the gateway's own records (an intent and an outcome an exchange, the facts drawn anew for each), then
reads it as `tidegate policy replay` does. With an actor for every exchange nothing repeats: that is the worst case. A
million exchanges take 2.5 GB below the folder while it runs.
"""

import argparse
import asyncio
import dataclasses
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path

from bench.decide import LABEL_SETS
from bench.ledger import opened
from tidegate.adapters.policy.folder import read_baseline
from tidegate.adapters.stores.tlog.reading import entries
from tidegate.core.decide.lifecycle.facts import request_of, target_of
from tidegate.core.decide.lifecycle.replay import Replay
from tidegate.core.decide.policy import Policy, compile_policy
from tidegate.core.ledger.entries import OPENS, Bearing
from tidegate.core.settle.record import Outcome, intent, outcome, timestamp, told
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.caller import Caller
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.finding import Classification
from tidegate.core.values.usage import Usage

BATCH = 2_000
STRICTER = """
@id("workload-stays-inside") @reason("A rule that the recorded traffic did not meet.")
forbid (principal, action, resource)
when { resource.name == "claude" && context.workload == "support" && context.tools_offered };
"""


# The facts that matter here; all others are ordinary.
KINDS = [
    {"labels": frozenset(labels), "residency": residency, "tools_offered": tools, "workload": "support"}
    for labels, residency, tools in product(LABEL_SETS, ("", "eu"), (False, True))
]
TERMS = {"contract": True, "retention": "zero", "training": "never", "tier": "enterprise"}
TARGETS = [
    {"target": "claude", "boundary": "cloud-eu", "kind": "cloud", "region": "eu", **TERMS},
    {"target": "gpt", "boundary": "cloud-us", "kind": "cloud", "region": "us", **TERMS},
    {"target": "cheap", "boundary": "cloud-us", "kind": "cloud", "region": "us", **TERMS, "retention": "30d"},
    {"target": "vpc", "boundary": "colo", "kind": "private", "region": "eu"},
    {"target": "llama", "boundary": "on-prem", "kind": "local"},
    {"target": "qwen", "boundary": "on-prem", "kind": "local"},
]


def policy(more: str = "", without: str = "") -> Policy:
    sources, schema = read_baseline()
    texts = {name: "".join(one + ";" for one in text.split(";")[:-1] if not without or f'@id("{without}")' not in one)
             if name.endswith(".cedar") else text for name, text in sources.items()}  # fmt: skip
    return compile_policy({**texts, "more.cedar": more} if more else texts, schema=schema)


def records(count: int, actors: int) -> Iterator[tuple[bytes, bytes, str]]:
    """(intent, outcome, request id); the outcome lacks the index of its intent, which is the only 0 there."""
    decider, candidates = policy(), [target_of(target) for target in TARGETS]
    drawn = random.Random(7)  # the same log each time
    kinds = [request_of(kind) for kind in KINDS]
    kept: dict[tuple[int, int], tuple] = {}
    for number in range(count):
        kind, actor = drawn.randrange(len(kinds)), drawn.randrange(actors) if actors < count else number
        made = kept.get((kind, actor))
        if made is None:
            facts = dataclasses.replace(kinds[kind], actor=f"key-{actor}")
            decision = decider.decide(facts, candidates)
            served = decision.permitted[0]
            made = (told(facts, candidates, decision), facts, served)
            if actors < count:
                kept[kind, actor] = made
        what, facts, served = made
        caller = Caller(**{name: getattr(facts, name, "5" * 64) for name in Caller._fields})
        envelope = Envelope(
            **dict.fromkeys(Envelope._fields)
            | {"dialect": facts.dialect, "operation": facts.operation, "body": b"", "original_model": "auto",
               "stream": False, "unscannable": (), "rest": frozenset()}
        )  # fmt: skip
        request_id, ts = f"{number:036d}", timestamp(time.time_ns())
        begin = intent(
            request_id=request_id, ts=ts, caller=caller, envelope=envelope,
            classification=Classification((), facts.labels, facts.level), told=what,
            prompt_commit="b" * 64, epoch="e1",
        )  # fmt: skip
        end = Outcome(
            "completed", 200, notes=AnswerNotes(usage=Usage(drawn.randrange(2000), drawn.randrange(500))),
            target=served.target, boundary=served.boundary,
        )  # fmt: skip
        closing = outcome(
            request_id=request_id, ts=ts, tenant="default", intent_index=0, outcome=end,
            duration_us=drawn.randrange(2_000_000),
        )  # fmt: skip
        yield begin, closing, request_id


async def write(folder: Path, count: int, actors: int) -> None:
    log = opened(folder)
    made = records(count, actors)
    while batch := list(islice(made, BATCH)):
        begun, waiting = [], None
        for begin, _, request_id in batch:
            begun.append(log.size)
            waiting = log.append(begin, bearing(begin, request_id, OPENS))
        await waiting
        for index, (_, closing, request_id) in zip(begun, batch, strict=True):
            end = closing.replace(b'"intent":0', b'"intent":%d' % index)
            waiting = log.append(end, bearing(end, request_id, index))
        await waiting
    await log.close()


def bearing(entry: bytes, request_id: str, does: int) -> Bearing:
    place = entry.rfind(b'"ts":"') + 6
    return request_id, does, entry[place : place + 30].decode()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--exchanges", type=int, default=200_000)
    parser.add_argument("--actors", type=int, default=500, help="as many as exchanges: nothing repeats")
    parser.add_argument("--folder", type=Path, help="where the log goes while it is needed (default: the usual one)")
    given, _ = parser.parse_known_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as temporary:
        folder = Path(temporary) / "w0"
        began = time.perf_counter()
        asyncio.run(write(folder, given.exchanges, given.actors))
        print(
            f"{given.exchanges:,} exchanges of {given.actors:,} actors, written in {time.perf_counter() - began:.1f} s"
        )
        for name, new in (("the same policy", policy()), ("another policy", policy(STRICTER, "secrets-stay-inside"))):
            began, cpu = time.perf_counter(), time.process_time()
            replay = Replay(new)
            replay.read(entries(folder))
            report = replay.report()
            took, cpu = time.perf_counter() - began, time.process_time() - cpu
            print(
                f"{name}: {took:.2f} s wall, {cpu:.2f} s CPU, {cpu / given.exchanges * 1e6:.1f} us an exchange, "
                f"{dict(report.buckets)}; {report.coverage()}"
            )
            print(memory())


def memory() -> str:
    return f"most memory so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB"


if __name__ == "__main__":
    main()
