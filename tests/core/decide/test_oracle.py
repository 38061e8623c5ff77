"""What Cedar's own engine is asked, and what becomes of a decision that it does not share.

That it agrees with the compiled policy wherever it is asked: test_generate.py.
"""

from dataclasses import replace

import pytest

from tests.core.decide.facts import LOCAL, policy, request, rule, target
from tidegate.core.decide.oracle.cedar import NoAnswer, Opinion, Oracle
from tidegate.core.decide.oracle.second import SecondOpinion, is_withheld
from tidegate.core.decide.policy import closed_policy
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


# -- a share of decisions --------------------------------------------------------------------------------------------

OPEN = policy(LOCAL + rule('resource.kind == "cloud"', name="cloud", effect="permit"))
STRICT = policy(LOCAL)
TARGETS = [target("local"), target("cloud")]


class Hears:
    """Asked about every decision; `chance` is what comes out each time."""

    def __init__(self, share=1.0, chance=0.5, oracle=None):
        self.doubts, self.chance, self.made = [], chance, 0
        self.oracle = oracle or (lambda asked: Oracle(asked.rules))
        self.second = SecondOpinion(share, lambda: self.chance, self.doubts.append, self.make)

    def make(self, asked):
        self.made += 1
        return self.oracle(asked)

    def of(self, compiled, asked=None, targets=TARGETS):
        asked = asked or request()
        decision = compiled.decide(asked, targets)
        return decision, self.second.of(compiled, asked, targets, decision)


def test_a_decision_that_cedar_shares_is_given_back_as_it_is():
    hears = Hears()
    for compiled in (OPEN, STRICT, OPEN):
        for asked in (request(), request("phi"), request("pii.email", residency="eu")):
            decision, found = hears.of(compiled, asked)
            assert found is decision
    assert (hears.doubts, hears.made) == ([], 3)  # once a policy, and again when it comes back


@pytest.mark.parametrize(
    ("share", "chance", "asked"), [(0.0, 0.0, 0), (0.01, 0.01, 0), (0.01, 0.0099, 1), (1.0, 0.999, 1), (1.0, 0.0, 1)]
)
def test_the_share_is_what_it_says(share, chance, asked):
    hears = Hears(share, chance)
    hears.of(OPEN)
    assert hears.made == asked


def test_what_cedar_does_not_share_lets_nothing_through_and_is_told():
    """The rules of another policy stand for an engine, or a reading of a rule, that is wrong."""
    hears = Hears(oracle=lambda _: Oracle(STRICT.rules))
    decision, found = hears.of(OPEN, request("phi"))

    assert [(one.effect, one.rules) for one in found.targets] == [(Effect.NONE, ("decision-in-doubt",))] * 2
    assert (found.policy, is_withheld(found), is_withheld(decision)) == (OPEN.digest, True, False)
    (doubt,) = hears.doubts
    assert doubt.sentence() == "Cedar's own engine says none by default-deny, the compiled policy raw by cloud"
    told = doubt.as_json()
    assert (told["decided"], told["cedar"]) == (
        {"effect": "raw", "rules": ["cloud"]},
        {"effect": "none", "rules": ["default-deny"]},
    )
    assert (told["facts"]["labels"], told["targets"][0]["kind"]) == (["phi"], "cloud")


def test_being_stricter_than_cedar_is_a_doubt_as_well():
    hears = Hears(oracle=lambda _: Oracle(OPEN.rules))
    assert is_withheld(hears.of(STRICT)[1])


def test_other_rules_behind_the_same_effect_are_a_doubt_as_well():
    renamed = policy(LOCAL.replace('"local")', '"here")', 1))
    assert is_withheld(Hears(oracle=lambda _: Oracle(renamed.rules)).of(STRICT)[1])


@pytest.mark.parametrize("broken", ["made", "asked"])
def test_no_answer_is_a_doubt(broken):
    class Mute:
        def decide(self, requests, at):
            raise NoAnswer("evaluation error")

    def unmade(compiled):
        raise ValueError("a rule that it will not take")

    hears = Hears(oracle=unmade if broken == "made" else lambda _: Mute())
    assert is_withheld(hears.of(OPEN)[1])
    (doubt,) = hears.doubts
    why = "ValueError" if broken == "made" else "evaluation error"
    assert doubt.sentence() == f"Cedar's own engine gave no answer ({why}) where the compiled policy says raw by local"
    assert doubt.as_json()["cedar"] is None


@pytest.mark.parametrize(
    ("compiled", "asked"),
    [
        (closed_policy(), request()),
        (OPEN.only_local(), request()),
        (OPEN.only_local("policy-expired"), request()),
        (OPEN.only_local("decision-in-doubt"), request()),
        (
            OPEN,
            replace(request("phi"), level="public"),
        ),  # facts that contradict each other are denied, and Cedar is not asked
    ],
)
def test_what_the_gateway_refuses_beside_the_rules_is_nobody_s_doubt(compiled, asked):
    hears = Hears()
    decision, found = hears.of(compiled, asked)
    assert found is decision
    assert hears.doubts == []


def test_a_target_that_may_see_it_all_the_same_is_asked_about():
    """While only local targets are served, what those get is still decided by rules."""
    hears = Hears(oracle=lambda _: Oracle(policy(rule("true", name="never")).rules))
    assert is_withheld(hears.of(OPEN.only_local())[1])
