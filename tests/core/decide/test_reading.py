import subprocess
import sys

import pytest

from tests.core.decide.facts import LOCAL, mistakes, policy, rule
from tidegate.core.decide.reading import MAX_RULES

HEAD = '@id("the-rule") @reason("A reason.")\n'


@pytest.mark.parametrize(
    ("cedar", "expected"),
    [
        (rule("context.nosuch"), "rules.cedar:3: attribute `nosuch` in context not found; context has labels, level"),
        (rule('resource.kindd == "cloud"'), "did you mean resource.kind?"),
        (rule('principal.teem == "care"'), "did you mean principal.team?"),
        (rule('resourse.kind == "cloud"'), "rules.cedar:1: Cedar cannot read the rule that begins here"),
        (rule("true", action='action == Action::"send"'), "the actions are send_raw, send_redacted, send_reviewed"),
        (rule('resource.contract == "yes"'), "the types Bool and String are not compatible"),
        (rule("resource.kind"), "expected Bool but saw String"),
        (rule("context.labels.contains(3)"), "the types Long and String are not compatible"),
        (rule("[].containsAll(context.labels)"), "ask whether a set is empty with .isEmpty()"),
        (
            '@reason("A reason.")\npermit (principal, action, resource);',
            "rules.cedar:1: this rule has no @id; give it one",
        ),
        ('@id @reason("A reason.")\npermit (principal, action, resource);', "this rule has no @id"),
        ('@id("a")\npermit (principal, action, resource);', "this rule has no @reason; say why"),
        ('@id("a") @reason("  ")\npermit (principal, action, resource);', "this rule has no @reason; say why"),
        ('@id("a") @reason("a\\nb")\npermit (principal, action, resource);', "control characters"),
        (
            '@id("A b") @reason("c")\npermit (principal, action, resource);',
            "lower-case letters, digits and single hyphens",
        ),
        ('@id("' + "a" * 65 + '") @reason("c")\npermit (principal, action, resource);', "at most 64"),
        ('@id("default-deny") @reason("c")\npermit (principal, action, resource);', "choose another id"),
        ('@id("evaluation-error") @reason("c")\npermit (principal, action, resource);', "choose another id"),
        ('@id("a") @id("b") @reason("c")\npermit (principal, action, resource);', "duplicate annotation: @id"),
        ('@id("a") @reson("c")\npermit (principal, action, resource);', "did you mean @reason?"),
        ('@id("a") @reason("c") @effect("d")\npermit (principal, action, resource);', "@effect means nothing"),
        (rule("true") + rule("true"), 'rules.cedar:4: the rule id "the-rule" is already used at rules.cedar:1'),
        (HEAD + "permit (principal == ?principal, action, resource);", "rules.cedar:2: templates are not supported"),
        (
            HEAD + 'permit (principal == Actor::"x", action, resource);',
            "rules.cedar:2: the head of this rule picks a principal",
        ),
        (HEAD + 'permit (principal, action, resource in Target::"x");', "the head of this rule picks a resource"),
        (
            HEAD + 'permit (principal is Actor in Actor::"x", action, resource);',
            "the head of this rule picks a principal",
        ),
        (HEAD + "permit (principal is Nobody, action, resource);", "unrecognized entity type"),
        (HEAD + "permit (principal, action resource);", "unexpected token `resource`"),
        (HEAD + "permit (principal, action, resource)", "this statement does not end"),
        (HEAD + 'permit (principal, action, resource) when { "\\q" == "a" };', "not a valid escape"),
        ("permit permit;", "Cedar cannot read the rule"),
        (";", "Cedar cannot read the rule"),
        ("", "rules.cedar:1: there are no rules, so nothing would be permitted; write one"),
        ("// only a comment", "there are no rules"),
        ("\x00", "this statement does not end"),
    ],
)
def test_a_bad_rule_is_answered_by_a_sentence_with_file_line_and_next_step(cedar, expected):
    said = mistakes(cedar)

    assert any(expected in sentence for sentence in said), said
    for sentence in said:
        file, line, rest = sentence.split(":", 2)
        assert file == "rules.cedar"
        assert int(line) >= 1
        assert "; " in rest


def test_all_mistakes_of_all_rules_are_told_at_once():
    said = mistakes(rule("context.nosuch", name="one") + LOCAL + rule('resource.kind like "x*"', name="two") + "permit")

    assert [sentence.split(":")[1] for sentence in said] == ["10", "3", "9"]


def test_two_thousand_rules_are_refused_and_the_limit_itself_is_read():
    many = "".join(rule(f'resource.region == "r{n}"', name=f"rule-{n}") for n in range(2000))
    fitting = "".join(rule(f'resource.region == "r{n}"', name=f"rule-{n}") for n in range(MAX_RULES))

    assert mistakes(many)[0].startswith(f"rules.cedar:1: 2000 rules, at most {MAX_RULES} can be proven")
    assert len(policy(fitting).rules) == MAX_RULES


def test_text_that_ends_cedars_own_parser_only_raises_here():
    """Without the check before it, this input ends the process, so it runs in one of its own."""
    script = (
        "from tests.core.decide.facts import mistakes, rule\n"
        "for deep in ('(' * 5000 + 'true' + ')' * 5000, '[' * 5000, 'true && ' * 3000 + 'true', '!' * 5000 + 'true'):\n"
        "    assert mistakes(rule(deep)), deep[:10]\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)

    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_rule_keeps_its_annotations_text_and_place():
    annotated = '@id("a-1") @reason("Why.") @owner("care") @ticket("T-1")'
    text = f"// before\n{annotated}\nforbid (principal is Actor, action, resource);\n"
    (read,) = policy(text).rules

    assert (read.id, read.reason, read.owner, read.ticket) == ("a-1", "Why.", "care", "T-1")
    assert (read.effect, read.actions) == ("forbid", ("send_raw", "send_redacted", "send_reviewed"))
    assert (read.file, read.line) == ("rules.cedar", 2)
    assert read.text == text.removeprefix("// before\n").rstrip("\n")


@pytest.mark.parametrize(
    ("head", "actions"),
    [
        ("action", ("send_raw", "send_redacted", "send_reviewed")),
        ('action == Action::"send_reviewed"', ("send_reviewed",)),
        ('action in [Action::"send_reviewed", Action::"send_raw"]', ("send_raw", "send_reviewed")),
        ('action in Action::"send_redacted"', ("send_redacted",)),
    ],
)
def test_a_head_names_the_actions_strongest_first(head, actions):
    assert policy(rule("true", action=head)).rules[0].actions == actions


def test_line_ends_of_any_kind_count_as_lines():
    for end in ("\n", "\r\n", "\r"):
        assert mistakes(rule("context.nosuch").replace("\n", end))[0].startswith("rules.cedar:3:")


def test_a_carriage_return_ends_a_comment_as_it_does_for_cedar():
    hidden = "// looks like a comment\r" + rule("true")

    assert [one.id for one in policy(hidden).rules] == ["the-rule"]
