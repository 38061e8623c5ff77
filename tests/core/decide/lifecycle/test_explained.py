from hypothesis import given, settings

from tests.core.decide import drawn
from tests.core.decide.facts import policy
from tests.core.decide.lifecycle.kit import CAREFUL, facts
from tidegate.core.decide.lifecycle.explained import explain
from tidegate.core.values.decision import Effect


def test_each_action_says_what_spoke_for_and_against_it():
    reading = explain(CAREFUL, *facts(labels=["pii.email"]))
    told = {one.action: (one.permitted, one.permits, one.forbids) for one in reading.actions}
    assert (reading.decided.effect, reading.decided.rules) == (Effect.REDACTED, ("tags",))
    assert told["send_raw"] == (False, ("cloud",), ("no-pii",))
    assert told["send_redacted"] == (True, ("tags",), ())
    assert told["send_reviewed"] == (False, (), ())


def test_each_rule_says_whether_it_applies_and_which_tests_decided_that():
    rules = {one.rule.id: one for one in explain(CAREFUL, *facts(labels=["pii.email"])).rules}
    assert {name: one.holds for name, one in rules.items()} == {
        "local": False,
        "cloud": True,
        "tags": True,
        "no-pii": True,
    }
    kind, test = rules["no-pii"].tests
    assert (test.text, test.values, test.holds, test.decides) == (
        'context.labels.contains("pii")',
        ('["pii.email"]',),
        True,
        True,
    )
    assert (kind.text, kind.values) == ('resource.kind == "cloud"', ('"cloud"',))


def test_as_json_it_holds_the_rules_place_and_all_facts():
    told = explain(CAREFUL, *facts(labels=["pii.email"])).as_json()
    assert told["effect"] == "redacted"
    assert told["facts"]["labels"] == ["pii", "pii.email"]
    assert told["target_facts"]["kind"] == "cloud"
    assert {(one["id"], one["file"]) for one in told["read"]} >= {("no-pii", "rules.cedar")}


@settings(deadline=None)
@given(drawn.policies(), drawn.requests, drawn.targets)
def test_the_reading_comes_to_the_decision_that_the_compiled_function_makes(rules, request, target):
    reading = explain(policy(rules), request, target)
    permitted = [one for one in reading.actions if one.permitted]
    applying = {one.rule.id for one in reading.rules if one.holds}

    assert reading.decided.effect.value == (permitted[0].action.removeprefix("send_") if permitted else "none")
    assert {name for one in reading.actions for name in (*one.permits, *one.forbids)} <= applying
