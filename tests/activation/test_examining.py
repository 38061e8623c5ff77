"""What is asked of a policy before it rules anew, and what it says of what becomes looser."""

import pytest

from tests.fakes import policies
from tests.fakes.policies import CASE, INSIDE, NO_PII, NO_SECRETS, OUTSIDE, SECRETS_STAY
from tidegate import activation
from tidegate.adapters.policy.bundles import read_bundle
from tidegate.core.decide.bundle.standing import Standing

OTHER = SECRETS_STAY.replace("secrets-stay", "nothing-private").replace(
    'resource.kind != "local"', 'resource.kind == "private"'
)
NEVER = NO_PII.replace("no-pii", "never").replace("context.labels", 'resource.kind == "local" && context.labels')
LEAKS = CASE.replace('"none"', '"raw"')
WAY = "models.auto[1] -> targets.outside"
NAME = "models.auto -> targets.outside (there)"
NEW_INSIDE = INSIDE.replace("resource.kind ==", '["local", "private"].contains(resource.kind) || resource.kind ==')


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


def test_what_is_closed_already_is_not_closed_again(house):
    shut = policies.write(house.place / "shut", INSIDE, NO_SECRETS)
    found = activation.examine(house.unsigned, shut, source="command")
    desk = activation.desk_of(house.unsigned)
    desk.keep(Standing().activated(found.opened.ruling))
    assert activation.closed_here(house.unsigned) == (NAME,)
    looser = policies.write(house.place / "looser", NEW_INSIDE, NO_SECRETS)
    found = activation.examine(house.unsigned, looser, source="command")
    assert (bool(found.looser), found.closing, found.needs_closer) == (True, (), False)


def test_letting_what_surrounds_it_go_counts_as_looser(house):
    house.rules(read_bundle(house.sign(revision=2, pinned=True)))
    found = activation.examine(house.settings, house.sign(revision=3), source="command")
    assert any("no longer part of the bundle" in one for one in found.looser)


def test_a_shadow_needs_neither_signature_nor_proof(house):
    policies.write(house.place / "unproven", INSIDE, OUTSIDE)
    bundle = activation.shadow_bundle(house.settings, house.place / "unproven")
    assert activation.desk_of(house.settings).get(bundle.manifest.digest).members == bundle.members
