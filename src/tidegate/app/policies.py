"""Policies for commands: read, proven, run through their cases, compared."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidegate.core.decide.lifecycle.difference import Difference
    from tidegate.core.decide.lifecycle.tested import CasesReport
    from tidegate.core.decide.policy import Policy
    from tidegate.core.decide.proof import ProofReport


def compiled_policy(path: Path | None) -> "Policy":
    """The policy of a folder, or the baseline. Raises ConfigError with every mistake."""
    from tidegate.adapters.policy.bundles import read_bundle
    from tidegate.adapters.policy.folder import read_baseline, read_policy
    from tidegate.core.decide.preferences.policy import compile_whole

    if path and path.is_file():
        return read_bundle(path).compiled()
    found = read_policy(path) if path else read_baseline()
    return compile_whole(found.sources, schema=found.schema)


def prove_policy(policy: "Policy") -> "ProofReport":
    """Proves anew, whatever has been proven before. Takes up to some seconds."""
    from tidegate.core.decide.prove import prove

    began = time.monotonic()
    report = prove(policy)
    return report.lasting(time.monotonic() - began)


def keep_proof(report: "ProofReport") -> str:
    """A text from which a later start knows that this policy was proven. Raises ValueError if it was not."""
    from tidegate.adapters.policy.proofs import keep

    return keep(report)


def is_proven(policy: "Policy") -> bool:
    """Whether a proof of this very policy by this very prover is kept."""
    from tidegate.adapters.policy.proofs import proof_is_cached

    return proof_is_cached(policy)


def baseline_files() -> dict[str, str]:
    """The baseline as files to start a policy of one's own from, the published schema beside them."""
    from tidegate.adapters.policy.folder import SCHEMA, read_baseline

    found = read_baseline()
    return {**found.sources, SCHEMA: found.schema}


def policy_files(names: Sequence[str] = ()) -> dict[str, str]:
    """The baseline and the named policies as files of one, with cases and schema, by their paths in its folder.

    Raises ConfigError for names that there is no policy by.
    """
    from tidegate.adapters.policy.folder import SCHEMA, read_baseline
    from tidegate.adapters.policy.library import composed_policy

    return {**composed_policy(names), SCHEMA: read_baseline().schema}


def run_cases(policy: "Policy", folder: Path | None) -> "tuple[CasesReport, float]":
    """Runs the cases beside a policy (None: the baseline's), and says how many seconds it took. Raises ConfigError."""
    from tidegate.adapters.policy.folder import case_files
    from tidegate.core.decide.lifecycle.cases import read_cases
    from tidegate.core.decide.lifecycle.orders import read_orders
    from tidegate.core.decide.lifecycle.tested import run_cases

    began = time.monotonic()
    files = case_files(folder)
    report = run_cases(policy, read_cases(files, policy), read_orders(files, policy))
    return report, time.monotonic() - began


def compare_policies(old: "Policy", new: "Policy") -> "Difference":
    """Over every request that could come. Takes up to some seconds."""
    from tidegate.core.decide.lifecycle.difference import difference

    began = time.monotonic()
    report = difference(old, new)
    return report.lasting(time.monotonic() - began)
