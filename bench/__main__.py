"""`python -m bench [PART ...] [OPTION ...]`: runs the parts, all without words; options go to every part named.

`path` writes docs/performance.md; docs/figures.md holds the figures of the others.
"""

import importlib
import sys
from itertools import takewhile

PARTS = (
    *("path", "stages", "classify", "decide", "routing", "policies", "replay", "restore", "output", "ledger", "client"),
    *("swap", "start_up", "ways", "review", "crossing", "edges"),
)


def main(words: list[str]) -> int:
    named = list(takewhile(lambda word: not word.startswith("-"), words))
    unknown = [word for word in named if word not in PARTS]
    if unknown or (words and not named):
        print(f"There is no part {(unknown or words)[0]}. There are: {', '.join(PARTS)}.")
        return 2
    for part in named or PARTS:
        print(f"\n== {part}", flush=True)
        sys.argv[:] = [f"bench.{part}", *words[len(named) :]]
        importlib.import_module(f"bench.{part}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
