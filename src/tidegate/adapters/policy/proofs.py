"""Proofs that were made before: the baseline's ships in the package, so that start-up does not prove.

A kept proof counts only for the very texts that it was made of (the policy's digest) and for the very prover that made
it (the digest of every file that a decision or a proof depends on): a changed prover proves anew.
"""

import hashlib
import json
from functools import cache
from importlib.resources import files

from tidegate.core.decide.policy import Policy
from tidegate.core.decide.proof import ProofReport, proven_report

SHIPPED = "proof.json"

# What the meaning of a decision or of a proof rests on.
_STAGE = "tidegate.core.decide"
_BESIDE = (
    ("tidegate.core.values", "capabilities.py"),
    ("tidegate.core.values", "decision.py"),
    ("tidegate.core.values", "facts.py"),
    ("tidegate.core.values", "labels.py"),
    ("tidegate.core.values", "target.py"),
    ("tidegate.policies", "tidegate.cedarschema"),
)


@cache
def prover_digest() -> str:
    """SHA-256 (hex) over names and bytes of the sources that decide and prove."""
    told = hashlib.sha256(b"tidegate prover v1\n")
    for package, name in sorted(_rests_on()):
        content = files(package).joinpath(name).read_bytes().replace(b"\r\n", b"\n")
        for piece in (package.encode(), name.encode(), content):
            told.update(b"%d:" % len(piece) + piece)
    return told.hexdigest()


def proof_is_cached(policy: Policy) -> bool:
    """The package holds a proof of this very policy, made by this very prover."""
    return cached_proof(policy) is not None


def cached_proof(policy: Policy) -> ProofReport | None:
    """The shipped proof where it fits, else None; a damaged one does not fit."""
    shipped = files("tidegate.policies").joinpath("baseline", SHIPPED)
    try:
        return fitting_proof(policy, shipped.read_text("utf-8"))
    except OSError:
        return None


def fitting_proof(policy: Policy, kept: str) -> ProofReport | None:
    """The report in `kept` (made by `keep`) if it is about this policy by this prover, else None."""
    try:
        document = json.loads(kept)
        if document["prover"] != prover_digest() or document["report"]["policy"] != policy.digest:
            return None
        report = proven_report(document["report"])
    except (ValueError, KeyError, TypeError):
        return None
    return report if _same_invariants(policy, report) else None


def keep(report: ProofReport) -> str:
    """A text that `fitting_proof` accepts later. Raises ValueError for a policy that did not prove."""
    if not report.ok:
        raise ValueError("only the proof of a policy that proved is kept")
    return json.dumps({"prover": prover_digest(), "report": report.as_json()}, indent=2, sort_keys=True) + "\n"


def _same_invariants(policy: Policy, report: ProofReport) -> bool:
    return [one.id for one in policy.invariants] == [one.id for one in report.invariants]


def _rests_on() -> list[tuple[str, str]]:
    whole = [(_STAGE, one.name) for one in files(_STAGE).iterdir() if one.name.endswith(".py")]
    return [*whole, *_BESIDE]
