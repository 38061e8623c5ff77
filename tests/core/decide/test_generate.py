import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.decide import drawn
from tests.core.decide.facts import policy, request, rule, target
from tests.core.decide.oracle import disagreements
from tidegate.adapters.policy.folder import read_baseline
from tidegate.core.decide.oracle.cedar import Oracle
from tidegate.core.decide.policy import compile_policy
from tidegate.core.decide.vocabulary import DEFAULT_DENY, EVALUATION_ERROR
from tidegate.core.values.decision import Effect, TargetDecision

ALL_ACTIONS = rule("true", name="all", effect="permit")


@settings(max_examples=400, deadline=None)
@given(
    drawn.policies(), st.lists(drawn.requests, min_size=1, max_size=4), st.lists(drawn.targets, min_size=1, max_size=4)
)
def test_any_policy_decides_as_cedar_does(text, requests, targets):
    compiled = policy(text)
    oracle = Oracle(compiled.rules)

    for asked in requests:
        decided = compiled.decide(asked, targets).targets
        assert [(one.effect, one.rules) for one in decided] == [oracle.decide([asked], one)[0] for one in targets]


@settings(max_examples=200, deadline=None)
@given(drawn.policies(), drawn.requests, drawn.targets)
def test_the_plain_reading_of_the_rules_agrees_with_the_function(text, asked, at):
    compiled = policy(text)
    outcomes = compiled.explain(asked, at)
    decided = compiled.decide(asked, [at]).targets[0]

    permitted = next((one for one in outcomes if one.permitted), None)
    if permitted:
        assert (decided.effect, decided.rules) == (Effect(permitted.action.removeprefix("send_")), permitted.permits)
    else:
        forbids = [one.id for one in compiled.rules if any(one.id in outcome.forbids for outcome in outcomes)]
        assert (decided.effect, decided.rules) == (Effect.NONE, tuple(forbids) or (DEFAULT_DENY,))


def test_the_baseline_decides_as_cedar_does_on_a_shard_of_everything():
    """Another shard each time, named at the head of the run: `python -m tests.core.decide.oracle` compares them all."""
    shard = int(os.environ["TIDEGATE_ORACLE_SHARD"])
    sources, schema = read_baseline()

    decided_by, found = disagreements(compile_policy(sources, schema=schema), shard, 4000)

    assert decided_by[""] > 2000
    assert not found, f"shard {shard} of 4000: {found[0]}"


@pytest.mark.parametrize(
    ("rules", "effect", "deciders"),
    [
        (ALL_ACTIONS, Effect.RAW, ("all",)),
        (ALL_ACTIONS + rule("true", name="also", effect="permit"), Effect.RAW, ("all", "also")),
        (ALL_ACTIONS + rule("true", action='action == Action::"send_raw"'), Effect.REDACTED, ("all",)),
        (
            ALL_ACTIONS + rule("true", action='action in [Action::"send_raw", Action::"send_redacted"]'),
            Effect.REVIEWED,
            ("all",),
        ),
        (ALL_ACTIONS + rule("true"), Effect.NONE, ("the-rule",)),
        (rule("true"), Effect.NONE, ("the-rule",)),
        (rule("false", effect="permit"), Effect.NONE, (DEFAULT_DENY,)),
        (
            rule("true", name="weak", effect="permit", action='action == Action::"send_reviewed"'),
            Effect.REVIEWED,
            ("weak",),
        ),
    ],
)
def test_the_strongest_permitted_action_wins_and_forbids_override(rules, effect, deciders):
    assert policy(rules).decide(request(), [target("cloud")]).targets == (
        TargetDecision("a-cloud", "some-cloud", effect, deciders),
    )


def test_targets_are_answered_in_their_order():
    wanted = [target("cloud"), target("local"), target("private"), target("cloud", target="again")]

    assert [one.target for one in policy(ALL_ACTIONS).decide(request(), wanted).targets] == [
        one.target for one in wanted
    ]
    assert policy(ALL_ACTIONS).decide(request(), []).targets == ()


# With Python's own truth, None or "" would pass a negated test: so anything but the type of the fact is an error.
BAD_TARGETS = [
    target("cloud", baa="yes"),
    target("cloud", baa=None),
    target("cloud", baa=1),
    target(None),
    target("cloud", region=b"eu"),
    target("cloud", target=7),
    object(),
    None,
]
READS_ALL = ALL_ACTIONS + rule('!resource.baa && resource.kind == "local" && resource.region == context.residency')


@pytest.mark.parametrize("bad", BAD_TARGETS)
def test_a_target_whose_facts_cannot_be_read_gets_nothing_and_the_others_theirs(bad):
    decided = policy(READS_ALL).decide(request(), [target("cloud"), bad, target("private")]).targets

    assert [one.effect for one in decided] == [Effect.RAW, Effect.NONE, Effect.RAW]
    assert decided[1].rules == (EVALUATION_ERROR,)


BAD_REQUESTS = [
    request("pii.email", labels=frozenset({"pii.email"})),
    request("pii.email", level="public"),
    request(level="restricted"),
    request(labels={"pii"}, level="confidential"),
    request(labels=None),
    request(level=None),
    request(labels=frozenset({1})),
    request(residency=None),
    None,
]


@pytest.mark.parametrize("bad", BAD_REQUESTS)
def test_a_request_whose_facts_contradict_each_other_gets_nothing_anywhere(bad):
    decided = policy(READS_ALL).decide(bad, [target("local"), target("cloud")]).targets

    assert [(one.effect, one.rules) for one in decided] == [(Effect.NONE, (EVALUATION_ERROR,))] * 2


def test_strings_of_a_policy_stay_strings_in_the_function():
    nasty = '\\"); raise SystemExit(\\"\\n{x}%s'
    compiled = policy(ALL_ACTIONS + rule(f'resource.tier == "{nasty}"'))

    assert compiled.decide(request(), [target("cloud")]).targets[0].effect is Effect.RAW
    assert (
        compiled.decide(request(), [target("cloud", tier='"); raise SystemExit("\n{x}%s')]).targets[0].effect
        is Effect.NONE
    )
