"""`python -m bench [PART ...]`: runs the parts (all without words) and writes docs/performance.md for the path."""

import importlib
import sys

PARTS = ("path", "classify", "decide", "restore", "ledger", "client", "start")


def main(words: list[str]) -> int:
    unknown = [word for word in words if word not in PARTS]
    if unknown:
        print(f"There is no part {unknown[0]}. There are: {', '.join(PARTS)}.")
        return 2
    for part in words or PARTS:
        print(f"\n== {part}", flush=True)
        importlib.import_module(f"bench.{part}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
