"""Whose policy it is, and whether it may rule still: each way in which a bundle can fail has its sentence."""

import pytest

from tests.activation.house import NOW, changed
from tests.fakes import policies
from tests.fakes.policies import INSIDE, NO_PII, NO_SECRETS, OUTSIDE
from tidegate import activation
from tidegate.activation import Newly, examining
from tidegate.adapters.policy.bundles import read_bundle
from tidegate.core.decide.bundle.standing import Standing
from tidegate.core.values.errors import ConfigError


def test_a_signed_bundle_passes_and_is_kept_with_its_proof(house):
    found = activation.examine(house.settings, house.sign(), source="command")
    ruling = found.opened.ruling
    assert (ruling.revision, ruling.signed_by, ruling.name, found.cases) == (2, "house", "open", 1)
    assert activation.desk_of(house.settings).get(ruling.bundle).members == found.opened.bundle.members
    assert activation.is_proven(house.settings, found.opened.policy)


def test_a_bundle_whose_signature_was_stripped_is_refused_where_keys_are_trusted(house):
    assert "nobody has signed this policy" in house.refused(changed(house.sign(), "signature", lambda _: b""))
    assert "nobody has signed this policy" in house.refused(changed(house.sign(revision=3), "signature", None))
    assert "nobody has signed this policy" in house.refused(house.open)


def test_a_stripped_manifest_leaves_an_unsigned_folder(house):
    copy = changed(house.sign(), "manifest.json", None)
    assert "there is no manifest.json in it" in house.refused(copy)
    (copy / "signature").unlink()
    assert "nobody has signed this policy" in house.refused(copy)


@pytest.mark.parametrize("name", ["rules.cedar", "invariants.toml", "tests/first.toml"])
def test_a_changed_byte_is_told_with_its_file(house, name):
    copy = changed(house.sign(), name, lambda content: content[:-1] + b" ")
    assert f"{copy}: {name}: at least one byte is not as it was" in house.refused(copy)


def test_a_changed_manifest_is_no_longer_what_was_signed(house):
    copy = changed(house.sign(), "manifest.json", lambda content: content.replace(b'"revision":2', b'"revision":3'))
    assert "not the signature of house over this manifest" in house.refused(copy)


def test_a_key_that_is_not_trusted_is_nobody(house):
    assert "a key that [policy] trust does not name" in house.refused(house.sign(key=house.stranger))


def test_an_older_revision_than_ever_ruled_is_refused(house):
    house.rules(read_bundle(house.sign(revision=5)))
    assert "its revision 4 is older than 5" in house.refused(house.sign(revision=4))
    policies.write(house.place / "strict", INSIDE, OUTSIDE, NO_SECRETS, NO_PII)
    assert "has ruled here with other content" in house.refused(house.sign("strict", revision=5))
    assert activation.examine(house.settings, house.sign("strict", revision=6), source="command").looser == ()


def test_an_expired_bundle_is_refused(house):
    assert "it was valid until 2020-01-01T00:00:00Z" in house.refused(house.sign(valid_until="2020-01-01T00:00:00Z"))


def test_a_bundle_from_the_future_is_refused(house, monkeypatch):
    bundle = house.sign()
    monkeypatch.setattr(examining, "deciding_now", lambda *_: "2020-01-01T00:00:00.000000000Z")
    assert "correct whichever clock is wrong" in house.refused(bundle)


def test_the_baseline_needs_no_signature_to_begin_with_but_to_be_activated(house):
    found = activation.opened(house.settings, activation.baseline(), source="configuration")
    assert found.ruling.signed_by == ""
    with pytest.raises(ConfigError, match="nobody has signed"):
        activation.opened(house.settings, activation.baseline(), source="command", newly=Newly(Standing(), NOW))


def test_a_key_that_is_none_is_told(house):
    key = house.key.verifier.vkey()
    settings = policies.settings(house.place, trust=["other" + key[5:]])
    with pytest.raises(ConfigError, match="copy the key as"):
        activation.trusted(settings)
