"""Proves the baseline and writes the proof that ships in the package: after a change of the baseline or of the prover.

python -m tests.policies.ship_proof
"""

import sys
import time
from pathlib import Path

import tidegate.policies
from tidegate.adapters.policy.folder import read_baseline
from tidegate.adapters.policy.proofs import SHIPPED, keep
from tidegate.core.decide.policy import compile_policy
from tidegate.core.decide.prove import prove


def main() -> None:
    sources, schema = read_baseline()
    began = time.monotonic()
    report = prove(compile_policy(sources, schema=schema))
    if not report.ok:
        sys.exit("\n".join(report.mistakes()))
    shipped = Path(tidegate.policies.__file__).parent / "baseline" / SHIPPED
    shipped.write_text(keep(report.lasting(time.monotonic() - began)), encoding="utf-8")
    print(f"{shipped}: {len(report.invariants)} invariants over {report.space} situations")  # noqa: T201 - a program


if __name__ == "__main__":
    main()
