"""A governed request beside nginx and a bare asyncio proxy, in one run. Writes docs/performance.md."""

import os
import platform
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from bench import stages
from bench.processes import free_port, gateway, group_cpu_us, group_rss_mb, load, nginx, running, wire

CASES = (
    ("whole", 32, 4000),
    ("whole", 1, 1000),
    ("stream", 8, 400),
    ("restored", 8, 400),
    ("restored", 1, 200),
)
ROUNDS = 3


def measure(port: int, leader: int) -> dict[tuple[str, int], dict[str, float]]:
    """The best of some rounds: the machine's other work only ever adds."""
    load(port, 500, 16, "whole")
    found = {}
    for kind, connections, count in CASES:
        best: dict[str, float] = {}
        for _ in range(ROUNDS):
            before = group_cpu_us(leader)
            result = load(port, count, connections, kind)
            result["cpu_us"] = (group_cpu_us(leader) - before) / result["n"]
            if result["bad"]:
                raise SystemExit(f"{result['bad']} of {kind} requests failed")
            if not best or result["cpu_us"] < best["cpu_us"]:
                best = result
        found[kind, connections] = best
    return found


def main() -> None:
    upstream = free_port()
    rows: dict[str, dict[tuple[str, int], dict[str, float]]] = {}
    with ExitStack() as stack:
        stack.enter_context(running(wire("upstream", upstream), upstream))
        bare = free_port()
        process = stack.enter_context(running(wire("proxy", bare, upstream), bare))
        rows["bare asyncio proxy"] = measure(bare, process.pid)
        if found := stack.enter_context(nginx(upstream)):
            rows["nginx `proxy_pass`"] = measure(found[0], found[1].pid)
        began = time.perf_counter()
        port, process = stack.enter_context(gateway(upstream))
        ready = time.perf_counter() - began
        rows["tidegate, all stages on, durable log"] = measure(port, process.pid)
        memory = group_rss_mb(process.pid)
    report = _report(rows, ready, memory)
    print(report)
    Path("docs/performance.md").write_text(report)


def _report(rows: dict[str, dict[tuple[str, int], dict[str, float]]], ready: float, memory: dict[str, float]) -> str:
    bare = rows["bare asyncio proxy"]
    ours = rows["tidegate, all stages on, durable log"]
    head = "| server | " + " | ".join(f"{kind} c{c}" for kind, c, _ in CASES) + " |\n|---|" + "---|" * len(CASES) + "\n"
    cpu = head + "".join(
        f"| {name} | " + " | ".join(f"{found[kind, c]['cpu_us']:.0f}" for kind, c, _ in CASES) + " |\n"
        for name, found in rows.items()
    )
    p50 = head + "".join(
        f"| {name} | " + " | ".join(f"{found[kind, c]['p50_us'] / 1000:.2f}" for kind, c, _ in CASES) + " |\n"
        for name, found in rows.items()
    )
    ratio = ours["whole", 32]["cpu_us"] / bare["whole", 32]["cpu_us"]
    targets = [
        ("governed request, CPU µs, c32", f"{ours['whole', 32]['cpu_us']:.0f}", "300"),
        ("governed request, CPU µs, c1", f"{ours['whole', 1]['cpu_us']:.0f}", "500"),
        ("… in units of the bare asyncio proxy, c32", f"{ratio:.1f}", "4.0"),
        ("added p50 at c1, ms", f"{(ours['whole', 1]['p50_us'] - bare['whole', 1]['p50_us']) / 1000:.2f}", "1.0"),
        ("60-chunk stream, restore on, CPU ms, c8", f"{ours['restored', 8]['cpu_us'] / 1000:.2f}", "6"),
        (
            "time to first byte added, p50 at c1, ms",
            f"{(ours['restored', 1]['first_p50_us'] - bare['restored', 1]['first_p50_us']) / 1000:.2f}",
            "1.5",
        ),
        ("memory of the data worker after load, MB", f"{memory.get('tidegate.worker', 0):.0f}", "150"),
        ("ready after start, s", f"{ready:.2f}", "1.0"),
    ]
    told = "".join(f"| {what} | {value} | {most} |\n" for what, value, most in targets)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {sys.platform}"
    return f"""# Performance of the path

Written by `make bench ARGS=path` ({machine}; best of {ROUNDS} rounds). A governed request: a 2 KB prompt with words of
its own, scanned by every detector, decided on, recorded durably before dispatch and after, sent, answered, settled.
CPU time is that of all processes of the server, divided by the requests. Absolute times move with the machine; compare
ratios. Figures of the other parts: [figures.md](figures.md).

| what | measured | at most |
|---|---|---|
{told}
## CPU time a request, µs

`whole`: one JSON answer. `stream`: 60 chunks. `restored`: 60 chunks to a cloud, with a pseudonym in prompt and answer
(the other two servers pass it on). `c`: connections at once.

{cpu}
## Median time a request, ms

{p50}
## Where the time goes

Each stage of such a request alone, in CPU µs (`make bench ARGS=stages`). The rest of a request is sockets (reading and
parsing twice, two writes), the event loop, and the log's two threads. A judgement is kept for requests whose facts are
alike, as all of these are; the row below it is what one costs whose facts nobody had before.

{stages.table()}
"""


if __name__ == "__main__":
    main()
