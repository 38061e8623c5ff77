import pytest

from tests.core.decide.facts import LOCAL, SCHEMA, invariant, mistakes, policy, request, rule, target
from tidegate.core.decide.policy import closed_policy, compile_policy
from tidegate.core.decide.vocabulary import NO_POLICY, NOT_PROVEN, RESERVED
from tidegate.core.values.decision import Effect
from tidegate.core.values.errors import ConfigError

OPEN = rule("true", name="open", effect="permit")


def test_a_digest_names_these_texts_under_these_names():
    sources = {"a.cedar": LOCAL, "invariants.toml": invariant("true")}
    digest = compile_policy(sources, schema=SCHEMA).digest
    others = [
        {**sources, "a.cedar": LOCAL + "// a comment\n"},
        {**sources, "invariants.toml": invariant("false")},
        {"b.cedar": LOCAL, "invariants.toml": invariant("true")},
        {"a.cedar": LOCAL},
        {**sources, "b.cedar": "// nothing\n"},
    ]

    assert len(digest) == 64
    assert digest == compile_policy(dict(reversed(sources.items())), schema=SCHEMA).digest
    assert digest == compile_policy({n: t.replace("\n", "\r\n") for n, t in sources.items()}, schema=SCHEMA).digest
    assert len({digest, *(compile_policy(other, schema=SCHEMA).digest for other in others)}) == 6


def test_a_decision_carries_the_digest():
    compiled = policy(OPEN)

    assert compiled.decide(request(), []).policy == compiled.digest


def test_rules_of_several_files_are_one_policy_in_order_of_names():
    compiled = compile_policy({"b.cedar": rule("true", name="second"), "a.cedar": LOCAL}, schema=SCHEMA)

    assert [(one.file, one.id) for one in compiled.rules] == [("a.cedar", "local"), ("b.cedar", "second")]


def test_an_id_is_unique_over_all_files():
    with pytest.raises(ConfigError) as told:
        compile_policy({"a.cedar": LOCAL, "b.cedar": LOCAL}, schema=SCHEMA)

    assert told.value.mistakes == ('b.cedar:2: the rule id "local" is already used at a.cedar:2; choose another one',)


def test_a_rule_and_an_invariant_may_share_an_id():
    assert mistakes(rule("true", name="same", effect="permit"), invariant("true", name="same")) == ()


def test_a_file_of_another_kind_is_refused():
    with pytest.raises(ConfigError, match=r"notes\.txt:1: this file is no part of a policy"):
        compile_policy({"a.cedar": LOCAL, "notes.txt": ""}, schema=SCHEMA)


@pytest.mark.parametrize("sources", [{}, {"a.cedar": ""}, {"invariants.toml": invariant("true")}])
def test_a_policy_without_rules_is_refused(sources):
    with pytest.raises(ConfigError, match="there are no rules, so nothing would be permitted"):
        compile_policy(sources, schema=SCHEMA)


def test_an_unproven_policy_serves_local_targets_as_it_says_and_no_others():
    compiled = policy(OPEN + rule('context.labels.contains("pii")', name="no-pii"))
    guarded = compiled.only_local()
    decided = guarded.decide(request(), [target("local"), target("private"), target("cloud"), target("orbital")])

    assert [(one.effect, one.rules) for one in decided.targets] == [
        (Effect.RAW, ("open",)),
        *[(Effect.NONE, (NOT_PROVEN,))] * 3,
    ]
    assert guarded.decide(request("pii"), [target("local")]).targets[0].rules == ("no-pii",)
    assert guarded.decide(request("pii"), [target("cloud")]).targets[0].rules == ("no-pii",)
    assert decided.policy == compiled.digest
    assert guarded.decide(None, [None, target("local")]).permitted == ()


def test_without_a_usable_policy_only_local_targets_are_served():
    decided = closed_policy().decide(request("unknown"), [target("local"), target("private"), target("cloud")])

    assert [(one.effect, one.rules) for one in decided.targets] == [
        (Effect.RAW, (NO_POLICY,)),
        (Effect.NONE, (NO_POLICY,)),
        (Effect.NONE, (NO_POLICY,)),
    ]
    assert len(decided.policy) == 64


def test_every_rule_id_of_a_decision_has_a_reason():
    compiled = policy(OPEN)

    assert compiled.reason("open") == "A reason."
    assert all(compiled.reason(name) == reason for name, reason in RESERVED.items())
    assert compiled.reason("nobody") == ""


def test_an_explanation_shows_each_action_with_the_rules_that_hold():
    compiled = policy(OPEN + rule("resource.baa", name="no-raw", action='action == Action::"send_raw"'))
    raw, redacted, reviewed = compiled.explain(request(), target("cloud"))

    assert (raw.action, raw.permitted, raw.permits, raw.forbids) == ("send_raw", False, ("open",), ("no-raw",))
    assert (redacted.permitted, redacted.forbids) == (True, ())
    assert reviewed.action == "send_reviewed"
