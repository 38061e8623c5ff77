"""What the policies of the library cost: putting them together, proving them, deciding by them. CPU time.

python -m bench policies
"""

import statistics
import time
from collections.abc import Sequence

from bench.decide import decision_us
from tidegate.adapters.policy.folder import read_baseline
from tidegate.adapters.policy.library import composed_policy
from tidegate.core.decide.policy import compile_policy
from tidegate.core.decide.prove import prove
from tidegate.policies import library_names


def measured(names: Sequence[str], schema: str) -> str:
    """A line of the table; the least of three times for the proof, because others use the machine as well."""
    began = time.process_time()
    files = composed_policy(names)
    together = time.process_time() - began
    policy = compile_policy({name: text for name, text in files.items() if "/" not in name}, schema=schema)
    seconds = []
    for _ in range(3):
        began = time.process_time()
        report = prove(policy)
        seconds.append(time.process_time() - began)
    decided = statistics.median(decision_us(policy))
    quality = f"{report.coverage:.0%} pinned, {len(report.redundant)} redundant" if report.ok else "NOT PROVEN"
    return (
        f"{len(policy.rules):5} rules {len(policy.invariants):3} invariants"
        f"  together {together:5.2f} s  proof {min(seconds):5.2f} s  decision {decided:4.1f} µs  {quality}"
    )


def main() -> None:
    schema = read_baseline().schema
    prove(compile_policy(read_baseline().sources, schema=schema))  # z3's import belongs to nobody
    names = library_names()
    open_ones = [name for name in names if name != "air-gapped"]
    for chosen in ([], *([name] for name in names), ["hipaa", "eu"], open_ones, names):
        shown = ",".join(chosen) or "baseline"
        print(f"{shown if len(shown) < 22 else f'{len(chosen)} together':<22}{measured(chosen, schema)}")


if __name__ == "__main__":
    main()
