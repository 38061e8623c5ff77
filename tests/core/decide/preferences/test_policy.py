"""Rules permit and preferences order: the digest covers both, the proof is about the rules alone."""

from dataclasses import fields

import pytest

from tests.core.decide.facts import LOCAL, SCHEMA, request, rule, target
from tests.core.decide.preferences.kit import rule as preference
from tidegate.core.decide.policy import Policy, compile_policy
from tidegate.core.decide.preferences.policy import PreferringPolicy, compile_whole, ordered, preferences_of
from tidegate.core.values.errors import ConfigError

CLOUD = rule('resource.kind == "cloud"', name="cloud", effect="permit", action='action == Action::"send_raw"')
RULES = {"rules.cedar": LOCAL + CLOUD}
FIRST = preference('first = { kind = "cloud" }', name="clouds-first", reason="Clouds are quicker.")


def whole(preferences=FIRST, rules=RULES):
    return compile_whole({**rules, "preferences.toml": preferences}, schema=SCHEMA)


def test_a_policy_without_the_file_is_the_policy_that_it_was():
    policy = compile_whole(RULES, schema=SCHEMA)
    assert policy.digest == compile_policy(RULES, schema=SCHEMA).digest
    assert not isinstance(policy, PreferringPolicy)
    assert preferences_of(policy).rules == ()


def test_the_digest_covers_the_preferences_byte_for_byte_but_not_how_lines_end():
    digests = {
        whole().digest,
        whole(FIRST + "# more\n").digest,
        whole("").digest,
        compile_whole(RULES, schema=SCHEMA).digest,
    }
    assert len(digests) == 4
    assert whole(FIRST.replace("\n", "\r\n")).digest == whole().digest
    assert whole(rules={"rules.cedar": LOCAL + CLOUD + "\n"}).digest != whole().digest


def test_what_is_proven_of_is_the_same():
    plain, preferring = compile_policy(RULES, schema=SCHEMA), whole()
    same = {one.name for one in fields(Policy)} - {"digest", "_function"}
    assert all(getattr(plain, name) == getattr(preferring, name) for name in same)
    asked, at = request(), [target("local"), target("cloud")]
    assert plain.decide(asked, at).targets == preferring.decide(asked, at).targets
    assert preferring.decide(asked, at).policy == preferring.digest


def test_the_permitted_are_tried_in_the_preferred_order_and_others_never():
    policy, asked, at = whole(), request(), [target("local"), target("private"), target("cloud")]
    assert ordered(policy, asked, at, policy.decide(asked, at)).names == ("a-cloud", "a-local")
    guarded = policy.only_local()
    assert ordered(guarded, asked, at, guarded.decide(asked, at)).names == ("a-local",)
    assert preferences_of(guarded).rules == preferences_of(policy).rules


def test_facts_that_cannot_be_read_leave_nothing():
    policy = whole()
    assert ordered(policy, None, [target("cloud")], policy.decide(None, [target("cloud")])).permitted == ()


def test_a_reason_is_the_rule_s_or_the_preference_s():
    policy = whole()
    assert policy.reason("clouds-first") == "Clouds are quicker."
    assert policy.reason("cloud") == "A reason."
    assert policy.reason("default-deny")
    assert policy.reason("nobody-s") == ""


def test_a_preference_may_not_have_the_id_of_a_rule():
    with pytest.raises(ConfigError) as refused:
        whole(FIRST.replace("clouds-first", "cloud"))
    assert refused.value.mistakes == (
        'preferences.toml:1: the id "cloud" is already used at rules.cedar:4; choose another one',
    )


def test_mistakes_of_all_documents_are_told_at_once():
    with pytest.raises(ConfigError) as refused:
        whole(FIRST.replace("first =", "frist ="), {"rules.cedar": LOCAL.replace("permit (", "permt (")})
    assert [one.split(":")[0] for one in refused.value.mistakes] == ["rules.cedar", *["preferences.toml"] * 2]
