"""`make conformance`: every cell many times over, then all of them under load, and the page that says so."""

import sys
from itertools import cycle, islice
from pathlib import Path

from tests.conformance.matrix import bench, cells, run
from tests.conformance.report import page

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"
ROUNDS = 5
LOAD = 10_000
AT_ONCE = 32


def main():
    with bench() as (gateway, outside, families):
        every = cells(families)
        tally = run(gateway, outside, every * ROUNDS)
        streamed = [cell for cell in every if cell.stream and not cell.family.name.startswith("code.")]
        loaded = run(gateway, outside, list(islice(cycle(streamed), LOAD)), at_once=AT_ONCE, seed=2)
    planted, leaked = sum(loaded.planted.values()), sum(map(len, loaded.wrong.values()))
    load = (
        f"Under load: {planted:,} values planted in {LOAD:,} streamed requests, {AT_ONCE} at once "
        f"({loaded.outside:,} answered by the cloud, {loaded.inside:,} inside): **{leaked} leaked or lost**."
    )
    tally.wrong.update(loaded.wrong)
    PAGE.write_text(page(tally, families, load), "utf-8")
    print(load.replace("**", ""))
    print(f"{len(every) - len(set(tally.wrong) & set(every))} of {len(every)} cells hold; wrote {PAGE.name}")
    for cell, faults in tally.wrong.items():
        print(f"  {cell.name}: {faults[0]}")
    return bool(tally.wrong)


if __name__ == "__main__":
    sys.exit(main())
