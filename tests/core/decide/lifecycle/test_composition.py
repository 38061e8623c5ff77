"""Several policies made one: files, invariants, cases."""

import pytest

from tests.core.decide.facts import SCHEMA, invariant, rule
from tidegate.core.decide.lifecycle.cases import read_cases
from tidegate.core.decide.lifecycle.composition import Member, compose
from tidegate.core.decide.lifecycle.tested import run_cases
from tidegate.core.decide.policy import compile_policy
from tidegate.core.decide.prove import prove
from tidegate.core.values.errors import ConfigError

CASES = """\
# What goes, and what does not.

[[case]]
name = "a question goes"
target = { kind = "cloud" }
effect = "raw"

# -- the rest --

[[case]]
name = "a key does not"
labels = ["secret"]
target = { kind = "cloud" }
effect = "none"
rules = ["secrets"]
"""
SECRET = 'context.labels.contains("secret")'
CLOUD = 'resource.kind == "cloud"'
BASELINE = Member(
    name="baseline",
    rules={
        "ground.cedar": rule("true", name="all", effect="permit", action='action == Action::"send_raw"')
        + rule(SECRET, name="secrets")
    },
    invariants=invariant(SECRET, name="no-secrets"),
    cases=CASES,
)


def member(name, *conditions, never=None, instead=False, cases="# none\n"):
    rules = "".join(
        rule(one, name=f"{name}-{n}", effect="permit" if instead and not n else "forbid")
        for n, one in enumerate(conditions)
    )
    return Member(
        name=name,
        rules={f"{name}.cedar": rules},
        invariants=invariant(never or conditions[-1], name=f"{name}-never"),
        cases=cases,
        instead=instead,
    )


def composed(*members):
    files = compose(BASELINE, members, schema=SCHEMA)
    policy = compile_policy({name: text for name, text in files.items() if "/" not in name}, schema=SCHEMA)
    cases = read_cases({name: text for name, text in files.items() if "/" in name}, policy)
    return files, policy, run_cases(policy, cases)


def test_alone_the_baseline_is_as_it_is():
    assert compose(BASELINE, [], schema=SCHEMA) == {
        **BASELINE.rules,
        "invariants.toml": BASELINE.invariants,
        "tests/baseline.toml": CASES,
    }


def test_a_member_adds_a_file_its_invariants_and_its_cases():
    own = (
        '[[case]]\nname = "no phone"\nlabels = ["phi"]\ntarget = { kind = "local" }\neffect = "none"\nrules = ["h-0"]\n'
    )
    files, policy, tested = composed(member("h", 'context.labels.contains("phi")', cases=own))

    assert set(files) == {"ground.cedar", "h.cedar", "invariants.toml", "tests/baseline.toml", "tests/h.toml"}
    assert [one.id for one in policy.invariants] == ["no-secrets", "h-never"]
    assert files["tests/baseline.toml"] == CASES
    assert files["tests/h.toml"] == own
    assert tested.ok
    assert prove(policy).ok


def test_a_case_says_all_that_refuses_now_and_one_that_is_refused_now_is_left_out():
    files, _, tested = composed(member("nothing-out", CLOUD))

    assert tested.ok
    assert files["tests/baseline.toml"] == CASES.replace(
        '[[case]]\nname = "a question goes"\ntarget = { kind = "cloud" }\neffect = "raw"',
        '# Left out: "a question goes", which this policy refuses (nothing-out-0).',
    ).replace('rules = ["secrets"]', 'rules = ["nothing-out-0", "secrets"]')


def test_a_case_that_comes_out_weaker_says_how():
    only_redacted = Member(
        name="m",
        rules={
            "m.cedar": rule("true", name="m-tags", effect="permit", action='action == Action::"send_redacted"')
            + rule(CLOUD, name="m-raw", action='action == Action::"send_raw"')
        },
        invariants="",
        cases="",
    )
    files, _, _ = composed(only_redacted)

    assert '# Left out: "a question goes", which this policy makes redacted (m-tags).' in files["tests/baseline.toml"]


def test_a_rule_that_others_make_superfluous_stays_as_a_comment_and_its_invariant_stays():
    phi, mrn = 'context.labels.contains("phi")', 'context.labels.contains("phi.mrn")'
    files, policy, _ = composed(member("a", phi), member("b", mrn))

    assert [one.id for one in policy.rules] == ["a-0", "all", "secrets"]
    assert [one.id for one in policy.invariants] == ["no-secrets", "a-never", "b-never"]
    assert files["b.cedar"].splitlines()[1:] == [
        '// @id("b-0") @reason("A reason.")',
        "// forbid (principal, action, resource)",
        f"// when {{ {mrn} }};",
    ]
    assert prove(policy).redundant == ()
    without_a = {name: text for name, text in files.items() if "/" not in name and name != "a.cedar"}
    assert [one.id for one in prove(compile_policy(without_a, schema=SCHEMA)).invariants if not one.proved] == [
        "a-never",
        "b-never",
    ]


def test_rules_instead_of_the_baselines_leave_its_invariants():
    files, policy, tested = composed(
        member("shut", 'resource.kind == "local" && !context.labels.contains("secret")', instead=True, never=CLOUD)
    )

    assert "ground.cedar" not in files
    assert [one.id for one in policy.rules] == ["shut-0"]
    assert [one.id for one in policy.invariants] == ["no-secrets", "shut-never"]
    assert 'rules = ["default-deny"]' in files["tests/baseline.toml"]
    assert tested.ok


def test_two_members_may_not_use_one_id():
    with pytest.raises(ConfigError, match="already used"):
        composed(
            member("a", CLOUD), Member(name="z", rules={"z.cedar": rule(CLOUD, name="a-0")}, invariants="", cases="")
        )
