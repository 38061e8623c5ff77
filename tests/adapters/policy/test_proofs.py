import json

import pytest

from tests.core.decide.facts import SCHEMA, invariant, policy, rule
from tidegate.adapters.policy import proofs
from tidegate.adapters.policy.folder import read_baseline
from tidegate.adapters.policy.proofs import fitting_proof, keep, proof_is_cached, prover_digest
from tidegate.core.decide.policy import compile_policy
from tidegate.core.decide.prove import prove

CLOUD = rule('resource.kind == "cloud"', name="cloud", effect="permit")
LOCAL_ONLY = invariant('resource.kind == "local"')


def test_a_proof_that_was_kept_fits_the_same_policy_only():
    proven = policy(CLOUD, LOCAL_ONLY)
    kept = keep(prove(proven))

    assert fitting_proof(proven, kept) == prove(proven)
    assert fitting_proof(policy(CLOUD + "// changed\n", LOCAL_ONLY), kept) is None
    assert fitting_proof(policy(CLOUD, LOCAL_ONLY + "# changed\n"), kept) is None


def test_a_proof_by_another_prover_does_not_count(monkeypatch):
    proven = policy(CLOUD, LOCAL_ONLY)
    kept = keep(prove(proven))
    monkeypatch.setattr(proofs, "prover_digest", lambda: "another")

    assert fitting_proof(proven, kept) is None


@pytest.mark.parametrize("damage", ["", "[]", "{}", "null", "\x00", '{"prover": 1}'])
def test_a_damaged_proof_does_not_count(damage):
    assert fitting_proof(policy(CLOUD, LOCAL_ONLY), damage) is None


def test_a_proof_of_other_invariants_does_not_count():
    proven = policy(CLOUD, LOCAL_ONLY)
    kept = json.loads(keep(prove(proven)))
    kept["report"]["invariants"] = [{"id": "easier", "proved": True, "counterexample": None}]

    assert fitting_proof(proven, json.dumps(kept)) is None


def test_a_failure_is_never_kept():
    with pytest.raises(ValueError, match="only the proof of a policy that proved"):
        keep(prove(policy(CLOUD, invariant("true"))))


def test_the_baselines_proof_ships_and_no_other_policy_has_one():
    sources, schema = read_baseline()
    changed = {**sources, "data.cedar": sources["data.cedar"] + "// changed\n"}

    assert proof_is_cached(compile_policy(sources, schema=schema))
    assert not proof_is_cached(compile_policy(changed, schema=SCHEMA))


def test_the_prover_is_named_by_every_source_that_a_proof_rests_on():
    names = {name for _, name in proofs._rests_on()}

    assert len(prover_digest()) == 64
    assert {"encode.py", "prove.py", "space.py", "generate.py", "conditions.py", "labels.py", "facts.py"} <= names
    assert "tidegate.cedarschema" in names
