"""The published matrix: one table a dialect, a row a position, a column a family of labels."""

from tests.conformance.matrix import DIALECTS, OPAQUE, cells, streams_of
from tests.conformance.positions import POSITIONS, Lacks

HEAD = """# Conformance

Written by `make conformance`; do not edit. Every cell is a real request through the running gateway, between an
upstream that plays a local model and one that plays a cloud under contract; both record every byte and answer by
quoting what they got, as prose and as a tool call. A cell holds where the cloud's bytes have none of the planted
values, in no form, and the client gets its own values back.

`✓ n`: held, with n values planted. `→` before it: the value was replaced and the rest went to the cloud; without it the
request stayed inside, as the baseline policy says of that label.
"""


def page(tally, families, load):
    """`load`: the sentence on the run under load."""
    lines = [HEAD, load, ""]
    for dialect in DIALECTS:
        lines += [f"## {dialect.NAME}", ""]
        lines += ["| position | answer | " + " | ".join(family.name for family in families) + " |"]
        lines += ["|---" * (2 + len(families)) + "|"]
        for position in POSITIONS:
            if isinstance(lack := dialect.BUILD[position], Lacks):
                lines.append(f"| {position} | no such position: {lack} |" + " |" * len(families))
                continue
            lines += [_row(tally, families, dialect, position, stream) for stream in streams_of(dialect)]
        lines.append("")
    faults = [f"- {cell.name}: {fault}" for cell, faults in tally.wrong.items() for fault in faults]
    if faults:
        lines += ["## What did not hold", "", *faults, ""]
    return "\n".join(lines)


def _row(tally, families, dialect, position, stream):
    told = []
    for cell in cells(families):
        if (cell.dialect, cell.position, cell.stream) == (dialect, position, stream):
            arrow = "→ " if cell.family.leaves and position not in OPAQUE else ""
            held = "✗" if cell in tally.wrong else "✓"
            told.append(f"{arrow}{held} {tally.planted[cell]}")
    return f"| {position} | {'streamed' if stream else 'whole'} | {' | '.join(told)} |"
