import pytest

from tests.core.decide.facts import policy, request, rule, target
from tidegate.core.decide.expressions import TRUE, OneOf, holds
from tidegate.core.decide.vocabulary import ATTRIBUTES
from tidegate.core.decide.ways import terms
from tidegate.core.decide.ways.questions import Questions
from tidegate.core.values.decision import Effect
from tidegate.core.values.workload import Workload

RAW = 'action == Action::"send_raw"'
RULES = policy(
    rule("true", name="raw", effect="permit", action=RAW)
    + rule('context.labels.contains("pii")', name="not-raw", action=RAW)
    + rule(
        'context.labels.contains("pii")', name="redacted", effect="permit", action='action == Action::"send_redacted"'
    )
    + rule('context.labels.contains("phi")', name="never")
).rules
QUESTIONS = Questions(RULES)


@pytest.mark.parametrize(
    ("labels", "raw", "redacted", "reviewed"),
    [((), True, False, False), (("pii",), False, True, False), (("phi",), False, False, False)],
)
def test_a_request_passes_by_the_action_that_is_permitted_for_it(labels, raw, redacted, reviewed):
    answers = [holds(one, request(*labels), target("cloud")) for one in QUESTIONS.passes(TRUE)]

    assert answers == [raw, redacted, reviewed]


@pytest.mark.parametrize(
    ("labels", "enough", "kept_back"),
    [
        ((), (Effect.RAW,), False),
        (("pii",), (Effect.RAW,), True),
        (("pii",), (Effect.RAW, Effect.REDACTED), False),
        (("phi",), (Effect.RAW, Effect.REDACTED), True),
    ],
)
def test_content_is_kept_back_where_nothing_that_is_enough_is_permitted(labels, enough, kept_back):
    assert holds(QUESTIONS.is_kept_back(TRUE, enough), request(*labels), target("cloud")) is kept_back


def test_only_what_rules_read_is_said_of_the_ends():
    contexts, cloud = (terms.nobody(),), terms.leads(target("cloud")).today
    assert QUESTIONS.ends(contexts, cloud) == TRUE

    about_kind = Questions(policy(rule('["local", "cloud"].contains(resource.kind)', name="a", effect="permit")).rules)
    assert about_kind.ends(contexts, cloud) == OneOf(ATTRIBUTES["resource.kind"], frozenset(("cloud",)))


def test_names_that_no_rule_knows_are_one_question():
    about_workloads = Questions(policy(rule('context.workload == "care"', name="a", effect="permit")).rules)
    asked = [
        about_workloads.ends((terms.working(name, Workload()),), terms.leads(target("cloud")).today)
        for name in ("care", "sales", "support", "")
    ]

    assert asked[0] != asked[1] == asked[2] == asked[3]


@pytest.mark.parametrize("rules", ["context.residency == resource.region", 'context.residency == "eu"'])
def test_names_that_are_compared_stay_what_they_are(rules):
    """Two regions that no rule names may still be the same one."""
    questions = Questions(policy(rule(rules, name="a", effect="permit")).rules)
    stays = (terms.working("w", Workload(residency="in")),)

    here, elsewhere = (questions.ends(stays, terms.leads(target("cloud", region=at)).today) for at in ("in", "us"))
    assert (here == elsewhere) is ("resource" not in rules)
