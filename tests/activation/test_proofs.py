"""A proof is kept once for each policy, counts for that policy alone, and is not taken from whoever wrote anything."""

import pytest

from tests.fakes import policies
from tests.fakes.policies import INSIDE, NO_SECRETS, OUTSIDE
from tidegate import activation, app
from tidegate.activation import proofs
from tidegate.adapters.policy.bundles import read_bundle
from tidegate.core.values.errors import ConfigError


def compiled(house, name, *rules, **more):
    return read_bundle(policies.write(house.place / name, *rules, **more)).compiled()


@pytest.fixture
def policy(house):
    return compiled(house, "plain", INSIDE, OUTSIDE, NO_SECRETS)


def test_it_is_proven_once_and_kept_for_the_next_start(house, policy, monkeypatch):
    assert not activation.is_proven(house.settings, policy)
    activation.prove_once(house.settings, policy)
    assert activation.is_proven(house.settings, policy)
    monkeypatch.setattr(app, "prove_policy", lambda _: pytest.fail("it is proven already"))
    activation.prove_once(house.settings, policy)


def test_a_proof_of_another_policy_is_none(house, policy):
    activation.prove_once(house.settings, policy)
    other = compiled(house, "another", INSIDE, NO_SECRETS)
    proofs.proof_file(house.settings, policy).rename(proofs.proof_file(house.settings, other))
    assert not activation.is_proven(house.settings, other)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff\xfe", b'{"ok":true}'])
def test_what_is_no_proof_proves_nothing(house, policy, content):
    activation.keep_proof(house.settings, policy, "{}")
    proofs.proof_file(house.settings, policy).write_bytes(content)
    assert not activation.kept_proof(house.settings, policy)


def test_what_is_not_proven_is_told_and_nothing_is_kept(house):
    broken = compiled(house, "broken", INSIDE, OUTSIDE)
    with pytest.raises(ConfigError, match="secrets-stay"):
        activation.prove_once(house.settings, broken)
    assert not proofs.proof_file(house.settings, broken).exists()
