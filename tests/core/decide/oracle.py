"""Cedar's own engine asked about the baseline's whole quotient space, in shards: where does the function differ?

python -m tests.core.decide.oracle                # everything: most of an hour on one core
python -m tests.core.decide.oracle 7 4000         # the eighth of four thousand shards
python -m tests.core.decide.oracle 0-6 8          # seven eighths, shard after shard
"""

import sys
import time
from collections import Counter

from tests.core.decide.quotient import Quotient
from tidegate.adapters.policy.folder import read_baseline
from tidegate.core.decide.oracle.cedar import Oracle
from tidegate.core.decide.policy import Policy, compile_policy


def disagreements(policy: Policy, shard: int, shards: int) -> tuple[Counter[str], list[str]]:
    """How often each rule decided in one shard of the quotient space (`total()` a class or more each), and where Cedar
    and the generated function differ. The key "" counts the classes.
    """
    oracle, decided_by, found = Oracle(policy.rules), Counter[str](), list[str]()
    for requests, targets in Quotient([rule.condition for rule in policy.rules]).blocks():
        for place, target in enumerate(targets):
            mine = requests[(shard - place) % shards :: shards]
            if not mine:
                continue
            decided_by[""] += len(mine)
            for request, expected in zip(mine, oracle.decide(mine, target), strict=True):
                decided = policy.decide(request, [target]).targets[0]
                decided_by.update(expected.rules)
                if (decided.effect, decided.rules) != expected:
                    found.append(f"{request} {target}: {decided} instead of {expected}")
    return decided_by, found


def main() -> None:
    which, shards = sys.argv[1:] or ("0", "1")
    first, _, last = which.partition("-")
    sources, schema = read_baseline()
    policy = compile_policy(sources, schema=schema)
    decided_by, found = Counter[str](), list[str]()
    for shard in range(int(first), int(last or first) + 1):
        began = time.process_time()
        more, wrong = disagreements(policy, shard, int(shards))
        decided_by, found = decided_by + more, found + wrong
        took = time.process_time() - began
        _say(f"shard {shard} of {shards}: {more['']:,} classes, {len(wrong)} disagreements, {took:,.0f} s CPU")
    idle = [rule.id for rule in policy.rules if not decided_by[rule.id]]
    _say(f"{decided_by['']:,} classes compared with Cedar, {len(found)} disagreements; rules that decided none: {idle}")
    sys.exit("\n".join(found[:10]) if found or idle else 0)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a program that people run


if __name__ == "__main__":
    main()
