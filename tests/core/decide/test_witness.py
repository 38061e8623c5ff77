import dataclasses

import pytest

from tests.core.decide.facts import invariant, policy, rule
from tidegate.core.decide.prove import prove
from tidegate.core.values.decision import Effect
from tidegate.core.values.errors import ConfigError

ALL = rule("true", name="all", effect="permit")


def shown(when: str, rules: str = ALL):
    (failed,) = prove(policy(rules, invariant(when))).invariants
    return failed.counterexample


@pytest.mark.parametrize(
    ("when", "labels", "sentence"),
    [
        ("true", set(), "a request with no label (level public) goes raw to a cloud target"),
        ('context.labels.containsAny(["pii.email", "phi"])', {"phi"}, "a request with phi (level restricted)"),
        ('context.labels.contains("pii.email")', {"pii", "pii.email"}, "a request with pii.email (level internal)"),
        ('context.level == "restricted"', {"code"}, "a request with code (level restricted)"),
        ('!["pii"].containsAll(context.labels)', {"other"}, "a request with other (level restricted)"),
        ('context.residency != ""', set(), "(level public, residency other)"),
        ('!["local", "private", "cloud"].contains(resource.kind)', set(), "a target of an unheard-of kind"),
        ('resource.kind == "private"', set(), "goes raw to a private target, permitted by all"),
    ],
)
def test_a_counterexample_reads_as_the_plainest_request_that_breaks_the_invariant(when, labels, sentence):
    found = shown(when)

    assert found.request.labels == labels
    assert sentence in found.sentence()


def test_unnamed_strings_that_must_differ_have_different_names():
    found = shown(
        "context.residency != resource.region && context.residency != resource.tier && resource.tier != resource.region"
    )

    assert len({found.request.residency, found.target.tier, found.target.region}) == 3


def test_a_value_that_another_fact_is_compared_with_is_not_borrowed():
    found = shown('context.residency != "" && resource.tier == "pro" && resource.region != "eu"')

    assert found.request.residency == "other"
    assert found.target.region == ""


def test_an_unnamed_role_is_shown_as_one():
    assert shown('!["admin"].containsAll(principal.roles)').request.roles == {"other"}


def test_the_facts_of_a_counterexample_are_decided_the_same_way_again():
    rules = ALL + rule("resource.baa", name="no-baa", action='action == Action::"send_raw"')
    found = shown("resource.baa", rules)

    decided = policy(rules).decide(found.request, [found.target]).targets[0]
    assert (decided.effect, decided.rules) == (found.effect, found.rules) == (Effect.REDACTED, ("all",))


def test_a_proof_that_is_about_another_policy_than_the_function_is_a_defect_and_says_so():
    broken = policy(ALL, invariant("true"))
    denying = dataclasses.replace(
        broken, _function=lambda request, targets: policy(rule("true")).decide(request, targets).targets
    )

    with pytest.raises(ConfigError, match="the proof of never and the compiled policy disagree; this is a defect"):
        prove(denying)
