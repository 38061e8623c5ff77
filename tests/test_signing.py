"""What is signed has kept its cases and its invariants before."""

import pytest

from tests.fakes import policies
from tests.fakes.policies import CASE, INSIDE, NO_SECRETS, OUTSIDE
from tidegate import signing
from tidegate.adapters.policy.bundles import read_bundle
from tidegate.core.decide.bundle.manifest import signed_by
from tidegate.core.values.errors import ConfigError


@pytest.fixture
def house(tmp_path):
    policies.write(tmp_path / "house")
    signer = signing.signing_key(None, tmp_path / "house.key", "")

    def sign(folder="house", out="one.tar", revision=1, pinned=False, **more):
        settings = policies.settings(tmp_path)
        return signing.sign_policy(
            settings, tmp_path / folder, signer, tmp_path / out, revision=revision, pinned=pinned, **more
        )

    return tmp_path, signer, sign


def test_a_bundle_is_signed_by_the_key_and_says_what_it_was_told(house):
    place, signer, sign = house
    written = sign(revision=7, name="Our House", valid_until="2090-01-01T00:00:00Z", approver="Ada")
    read = read_bundle(place / "one.tar")
    assert read.manifest == written.manifest
    told = read.manifest
    assert (told.name, told.revision, told.valid_until, told.approver) == (
        "Our-House", 7, "2090-01-01T00:00:00Z", "Ada",
    )  # fmt: skip
    assert signed_by(told, read.signature, [signer.verifier]) == signer.verifier
    assert signing.signing_key(place / "house.key", None, "").verifier == signer.verifier


def test_a_pinned_bundle_holds_what_surrounds_it_and_signing_again_without_lets_it_go(house):
    place, _, sign = house
    assert "surroundings.json" in sign(pinned=True).members
    assert "surroundings.json" not in sign(folder="one.tar", out="two.tar", revision=2).members
    assert read_bundle(place / "two.tar").manifest.revision == 2


@pytest.mark.parametrize(
    ("rules", "cases", "more", "why"),
    [
        ((INSIDE, OUTSIDE), CASE.replace('"none"', '"raw"'), {}, "does not hold"),
        ((INSIDE, OUTSIDE, NO_SECRETS), CASE.replace('"none"', '"raw"'), {}, "expected raw"),
        ((INSIDE, OUTSIDE, NO_SECRETS), CASE, {"revision": 0}, "from 1 on"),
        ((INSIDE, OUTSIDE, NO_SECRETS), CASE, {"approver": "A\nB"}, "approver"),
        ((INSIDE, OUTSIDE, NO_SECRETS), CASE, {"valid_until": "soon"}, "valid_until"),
    ],
)
def test_what_should_not_be_signed_is_not(house, rules, cases, more, why):
    place, _, sign = house
    policies.write(place / "wrong", *rules, cases=cases)
    with pytest.raises(ConfigError, match=why):
        sign("wrong", **more)
    assert not (place / "one.tar").exists()
