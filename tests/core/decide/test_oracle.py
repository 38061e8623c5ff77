"""What Cedar's own engine is asked, and what counts as no answer. That it agrees: test_generate.py."""

from dataclasses import replace

import pytest

from tests.core.decide.facts import policy, request, rule, target
from tidegate.core.decide.oracle.cedar import NoAnswer, Opinion, Oracle
from tidegate.core.values.decision import Effect

PERMIT = rule("true", name="all", effect="permit")
FORBID = rule('context.labels.contains("phi")', name="no-phi") + rule("resource.baa", name="no-baa")


def test_an_opinion_is_the_strongest_permitted_effect_and_the_rules_behind_it():
    oracle = Oracle(policy(PERMIT + FORBID).rules)

    asked = [request(), request("phi")]
    assert oracle.decide(asked, target("cloud", baa=False)) == [
        Opinion(Effect.RAW, ("all",)),
        Opinion(Effect.NONE, ("no-phi",)),
    ]
    assert oracle.decide(asked, target("cloud")) == [
        Opinion(Effect.NONE, ("no-baa",)),
        Opinion(Effect.NONE, ("no-phi", "no-baa")),
    ]


def test_what_no_rule_permits_is_denied_by_default():
    assert Oracle(policy(FORBID).rules).decide([request()], target("local", baa=False)) == [
        Opinion(Effect.NONE, ("default-deny",))
    ]


@pytest.mark.parametrize(
    "condition",
    [
        # Read away by us, and read all the same by Cedar.
        'resource.region == resource.region || context.residency == "eu"',
        '(context.task == "x" || true) && principal.team == principal.team',
        'true || context.labels.contains("phi")',
        'context . labels . contains("phi") || true',
        'resource["region"] == "eu" || true',
    ],
)
def test_it_is_told_of_every_fact_that_the_texts_name(condition):
    oracle = Oracle(policy(rule(condition, name="it", effect="permit")).rules)

    assert oracle.decide([request()], target("cloud")) == [Opinion(Effect.RAW, ("it",))]


@pytest.mark.parametrize("text", ["context.nowhere", 'context.level.contains("x")', "resource.baa && 1 < resource.dpa"])
def test_an_evaluation_that_fails_is_no_answer(text):
    """Validated rules cannot fail so: these are none."""
    (sound,) = policy(PERMIT).rules
    broken = replace(sound, text=sound.text.replace("true", text))

    with pytest.raises(NoAnswer):
        Oracle([broken]).decide([request()], target("cloud"))


def test_an_engine_that_breaks_is_no_answer():
    oracle = Oracle(policy(PERMIT + FORBID).rules)

    with pytest.raises(NoAnswer, match="Error"):
        oracle.decide([request()], target("cloud", baa="\udcff"))
