"""Proofs of policies: made once for each, and kept beside the store."""

import secrets
from pathlib import Path

from tidegate import app
from tidegate.adapters.policy.proofs import fitting_proof
from tidegate.config import Settings
from tidegate.core.decide.policy import Policy
from tidegate.core.values.errors import ConfigError


def is_proven(settings: Settings, policy: Policy) -> bool:
    return app.is_proven(policy) or kept_proof(settings, policy)


def prove_once(settings: Settings, policy: Policy) -> None:
    """Proves unless a proof is kept; keeps it then. Raises ConfigError with what is not proven."""
    if app.is_proven(policy) or kept_proof(settings, policy):
        return
    report = app.prove_policy(policy)
    if not report.ok:
        raise ConfigError(report.mistakes())
    keep_proof(settings, policy, app.keep_proof(report))


def kept_proof(settings: Settings, policy: Policy) -> bool:
    """Whether a proof of this very policy by this very prover was kept beside the store."""
    try:
        return fitting_proof(policy, proof_file(settings, policy).read_text("utf-8")) is not None
    except (OSError, UnicodeDecodeError):
        return False


def keep_proof(settings: Settings, policy: Policy, proof: str) -> None:
    kept = proof_file(settings, policy)
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = kept.with_suffix(f".{secrets.token_hex(4)}.new")
    fresh.write_text(proof, "utf-8")
    fresh.replace(kept)


def proof_file(settings: Settings, policy: Policy) -> Path:
    return settings.own_folder / "proofs" / f"{policy.digest}.json"
