"""What is asked of a policy before it rules: each way in which one can fail has its sentence, and nothing is kept."""

import json

import pytest

from tests.fakes import policies
from tests.fakes.policies import CASE, INSIDE, NO_PII, NO_SECRETS, OUTSIDE, SECRETS_STAY
from tidegate import activation, signing
from tidegate.activation import Newly
from tidegate.adapters.policy.bundles import Bundle, make_signing_key, read_bundle, write_bundle
from tidegate.core.decide.bundle.manifest import manifest_of
from tidegate.core.decide.bundle.standing import Standing
from tidegate.core.values.errors import ConfigError

OTHER = SECRETS_STAY.replace("secrets-stay", "nothing-private").replace(
    'resource.kind != "local"', 'resource.kind == "private"'
)
NEVER = NO_PII.replace("no-pii", "never").replace("context.labels", 'resource.kind == "local" && context.labels')
LEAKS = CASE.replace('"none"', '"raw"')
NOW = "2090-01-01T00:00:00.000000000Z"


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


class House:
    """A gateway's settings that trust one key, whose policy is `open`, and what is signed for it."""

    def __init__(self, place):
        self.place = place
        self.key = make_signing_key(place / "key", "house")
        self.stranger = make_signing_key(place / "other", "stranger")
        self.open = policies.write(place / "open")
        self.unsigned = policies.settings(place, path=str(self.open))
        self.settings = policies.settings(place, trust=[self.key.verifier.vkey()])

    def sign(self, name="open", revision=2, key=None, pinned=False, **more):
        out = self.place / f"{name}-{revision}.tar"
        signing.sign_policy(
            self.unsigned, self.place / name, key or self.key, out, revision=revision, pinned=pinned, **more
        )
        return out

    def rules(self, bundle, revision=0):
        """Has it rule, as a gateway would keep it."""
        desk = activation.desk_of(self.settings)
        found = activation.opened(self.settings, bundle, source="command", newly=Newly(Standing(), NOW))
        desk.put(bundle)
        desk.keep((desk.standing() or Standing()).activated(found.ruling))

    def refused(self, path, settings=None):
        with pytest.raises(ConfigError) as caught:
            activation.examine(settings or self.settings, path, source="command")
        return str(caught.value)


def changed(path, name, change):
    """A copy of the bundle as a folder, one file of it changed, or removed."""
    bundle = read_bundle(path)
    copy = path.with_suffix("")
    write_bundle(copy, bundle)
    if change is None:
        (copy / name).unlink()
    else:
        (copy / name).write_bytes(change((copy / name).read_bytes()))
    return copy


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


def test_a_clock_that_was_set_back_judges_no_validity(house, monkeypatch):
    bundle = house.sign(valid_until="2090-01-01T00:00:00Z")
    later = 4_000_000_000_000_000_000  # the log was written in 2096
    monkeypatch.setattr(activation, "newest_entry_ns", lambda _: later)
    assert "it was set back, so no validity can be judged" in house.refused(bundle)
    assert activation.deciding_now(house.settings, read_bundle(house.open)).startswith("2096-")


def test_a_bundle_from_the_future_is_refused(house, monkeypatch):
    bundle = house.sign()
    monkeypatch.setattr(activation, "deciding_now", lambda *_: "2020-01-01T00:00:00.000000000Z")
    assert "correct whichever clock is wrong" in house.refused(bundle)


@pytest.mark.parametrize(
    ("rules", "more", "why"),
    [
        ((INSIDE.replace("resource.kind", "resource.knid"),), {}, "knid"),
        ((INSIDE.replace("};", "}"),), {}, "rules.cedar:"),
        ((INSIDE, OUTSIDE), {"cases": LEAKS}, "the invariant secrets-stay does not hold"),
        ((INSIDE, OUTSIDE, NO_SECRETS), {"cases": LEAKS}, "a key stays: expected raw, found none"),
        ((INSIDE, OUTSIDE, NO_SECRETS, "permit (principal, action, resource);"), {}, "@id"),
        ((INSIDE, INSIDE), {}, "already used at"),
        # conditions that could fail while they are evaluated
        ((INSIDE.replace("resource.kind ==", "context.nosuch && resource.kind =="),), {}, "rules.cedar:2: attribute"),
        ((INSIDE.replace("resource.kind ==", "1 + 9223372036854775807 > 0 && resource.kind =="),), {}, "`>`"),
        (
            (INSIDE.replace("resource.kind ==", 'decimal("x") == decimal("1.0") && resource.kind =='),),
            {},
            "rules.cedar:2",
        ),
        # a rule that contradicts itself, and rules without end
        ((INSIDE, OUTSIDE, NO_SECRETS, NEVER), {}, "rules.cedar:10: the rule never can never apply: its condition"),
        (("permit (principal, action, resource);" * 10_000,), {}, "rules.cedar:1: 10000 rules, at most 500"),
        ((NO_PII * 10_000,), {}, "rules.cedar:1: this file has more than 1048576 bytes; split it"),
        ((INSIDE,), {"invariants": SECRETS_STAY.replace("never", "nevre")}, "invariants.toml:"),
    ],
)
def test_what_is_wrong_with_the_policy_itself_is_told_with_its_place(house, rules, more, why):
    policies.write(house.place / "wrong", *rules, **more)
    assert why in house.refused(house.place / "wrong", house.unsigned)
    assert activation.desk_of(house.unsigned).standing() is None


def test_what_becomes_looser_is_told_in_sentences(house):
    policies.write(house.place / "looser", INSIDE, OUTSIDE, invariants=OTHER, cases=LEAKS)
    found = activation.examine(house.unsigned, house.place / "looser", source="command")
    assert any("secret" in one and "sent raw after" in one for one in found.looser)
    assert any("the invariant secrets-stay promised" in one for one in found.looser)
    assert found.against == activation.configured(house.unsigned).manifest.digest


WAY = "models.auto[1] -> targets.outside"
NAME = "models.auto -> targets.outside (there)"
NEW_INSIDE = INSIDE.replace("resource.kind ==", '["local", "private"].contains(resource.kind) || resource.kind ==')


@pytest.mark.parametrize(
    ("rules", "closes", "needs_closer"),
    [
        ((INSIDE, OUTSIDE, NO_SECRETS), False, False),
        ((INSIDE, OUTSIDE, NO_SECRETS, NO_PII), False, False),
        ((INSIDE, NO_SECRETS), True, False),
        ((NEW_INSIDE, NO_SECRETS), True, True),
        ((NEW_INSIDE, OUTSIDE, NO_SECRETS), False, False),
    ],
)
def test_a_policy_may_close_what_the_configuration_names_and_says_what(house, rules, closes, needs_closer):
    policies.write(house.place / "next", *rules)
    found = activation.examine(house.unsigned, house.place / "next", source="command")
    assert bool(found.closing) is closes
    assert all(one.startswith(f"{WAY}: gets nothing: ") for one in found.closing)
    assert (found.opened.ruling.closed, found.needs_closer) == ((NAME,) if closes else (), needs_closer)


@pytest.mark.parametrize(
    ("closed", "taken"),
    [(None, True), ((NAME,), True), ((), False), (("models.other -> targets.outside (there)",), False)],
)
def test_only_what_was_closed_knowingly_is_no_mistake(house, closed, taken):
    bundle = read_bundle(policies.write(house.place / "shut", INSIDE, NO_SECRETS))
    if taken:
        found = activation.opened(house.unsigned, bundle, source="command", closed=closed)
        assert (found.ruling.closed, len(found.idle)) == ((NAME,), 1)
    else:
        with pytest.raises(ConfigError, match="policy lets no request go this way"):
            activation.opened(house.unsigned, bundle, source="command", closed=closed)


def test_what_is_closed_already_is_not_closed_again(house):
    shut = policies.write(house.place / "shut", INSIDE, NO_SECRETS)
    found = activation.examine(house.unsigned, shut, source="command")
    desk = activation.desk_of(house.unsigned)
    desk.keep(Standing().activated(found.opened.ruling))
    assert activation.closed_here(house.unsigned) == (NAME,)
    looser = policies.write(house.place / "looser", NEW_INSIDE, NO_SECRETS)
    found = activation.examine(house.unsigned, looser, source="command")
    assert (bool(found.looser), found.closing, found.needs_closer) == (True, (), False)


def test_what_surrounds_it_must_promise_no_more_than_the_bundle_has(house):
    bundle = house.sign(pinned=True)
    assert activation.examine(house.settings, bundle, source="command").opened.ruling.revision == 2
    document = json.loads(json.dumps(dict(house.settings.document)))
    document["boundaries"]["there"]["kind"] = "local"
    elsewhere = type(house.settings).from_document(document)
    assert "boundaries.there.kind: local here, cloud in the bundle" in house.refused(bundle, elsewhere)
    document = json.loads(json.dumps(dict(house.settings.document)))
    document["targets"]["outside"]["contract"]["expires"] = "2099-01-02"
    assert "targets.outside.contract.expires" in house.refused(bundle, type(house.settings).from_document(document))


def test_letting_what_surrounds_it_go_counts_as_looser(house):
    house.rules(read_bundle(house.sign(revision=2, pinned=True)))
    found = activation.examine(house.settings, house.sign(revision=3), source="command")
    assert any("no longer part of the bundle" in one for one in found.looser)


def test_surroundings_that_nobody_wrote_so_are_refused(house):
    members = {**read_bundle(house.open).members, "surroundings.json": b"{}"}
    bundle = Bundle(manifest_of(members, name="open"), members, "", "open")
    with pytest.raises(ConfigError, match=r"surroundings\.json"):
        activation.opened(house.unsigned, bundle, source="command")


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


def test_refusals_are_noted_for_the_log_up_to_a_bound(house, monkeypatch):
    monkeypatch.setattr(activation, "MOST_REFUSALS", 2)
    for _ in range(5):
        activation.note_refusal(house.settings, "a bundle", ["no"], "ada")
    acts = [one.wanted for one in activation.desk_of(house.settings).acts()]
    assert acts == [{"act": "refused", "what": "a bundle", "mistakes": ["no"], "actor": "ada"}] * 2


def test_a_shadow_needs_neither_signature_nor_proof(house):
    policies.write(house.place / "unproven", INSIDE, OUTSIDE)
    bundle = activation.shadow_bundle(house.settings, house.place / "unproven")
    assert activation.desk_of(house.settings).get(bundle.manifest.digest).members == bundle.members
