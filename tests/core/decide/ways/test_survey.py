"""Ways against policies, held against trying every class of requests."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.decide import drawn
from tests.core.decide.facts import policy, rule, target
from tests.core.decide.quotient import Quotient
from tidegate.core.decide.expressions import OneOf, both, either, holds
from tidegate.core.decide.vocabulary import ATTRIBUTES, Side
from tidegate.core.decide.ways import search, solver, survey, terms
from tidegate.core.decide.ways.search import Undecided, example
from tidegate.core.decide.ways.survey import Found, Verdict, knowingly, mistakes_of
from tidegate.core.decide.ways.way import Carries, Way
from tidegate.core.values.decision import Effect
from tidegate.core.values.errors import ConfigError
from tidegate.core.values.workload import Workload

PERMIT = rule("true", name="all", effect="permit")
REGION, RESIDENCY = ATTRIBUTES["resource.region"], ATTRIBUTES["context.residency"]

contexts = st.sampled_from(
    [
        (terms.nobody(),),
        (terms.working("care", Workload(residency="eu")),),
        (terms.nobody(), terms.working("care", Workload(residency="in", consent=frozenset(("research",))))),
    ]
)
ends = st.builds(
    lambda facts, agreed, stated, approval: terms.leads(
        dataclasses.replace(
            facts,
            approval=approval,
            **({} if facts.contract else {"retention": "unknown", "training": "unknown", "tier": "unknown"}),
        ),
        agreed=frozenset(agreed),
        region_stated=stated,
    ),
    drawn.targets,
    st.sets(st.sampled_from(["batch", "files"])),
    st.booleans(),
    st.sampled_from(["unknown", "approved"]),
)
carried = st.sampled_from([Carries.RAW, Carries.REDACTED, Carries.EMBEDDINGS])


def one(compiled, way, ask=example):
    return survey.survey(compiled, [way], ask)[0]


def everything(compiled, *declared):
    """Each class of requests and targets that the rules and what is declared can tell apart."""
    conditions = [each.condition for each in compiled.rules]
    for requests, targets in Quotient([*conditions, *declared]).blocks():
        for at in targets:
            for asked in requests:
                if all(holds(each, asked, at) for each in declared):
                    yield asked, at


def effects(compiled, way, ends_there):
    read = terms.read_by(compiled.rules)
    who = either(terms.told(context, read) for context in way.contexts)
    there = both(condition for attribute, condition in ends_there.items() if attribute in read)
    return {compiled.decide(asked, [at]).targets[0].effect for asked, at in everything(compiled, who, there)}


@settings(max_examples=120, deadline=None)
@given(drawn.policies(max_rules=4), ends, contexts)
def test_a_way_for_requests_is_dead_exactly_where_no_request_gets_through(text, leads, who):
    compiled = policy(text)
    way = Way(path="a way", carries=Carries.REQUEST, leads=leads, contexts=who)

    passes_today = effects(compiled, way, leads.today) - {Effect.NONE}
    passes_ever = effects(compiled, way, leads.ever) - {Effect.NONE}
    found = one(compiled, way)
    expected = Verdict.OPEN if passes_today else Verdict.IDLE if passes_ever else Verdict.DEAD
    assert found.verdict is expected
    assert (found.rules == ()) is (expected is Verdict.OPEN)


@settings(max_examples=250, deadline=None)
@given(drawn.policies(max_rules=4), ends, carried)
def test_a_way_that_nobody_asks_about_is_refused_exactly_where_some_content_may_not_go(text, leads, carries):
    compiled = policy(text)
    way = Way(path="a way", carries=carries, leads=leads, contexts=(terms.content(),))

    enough = {Effect.RAW, Effect.REDACTED} if carries is Carries.REDACTED else {Effect.RAW}
    refused = bool(effects(compiled, way, leads.today) - enough)
    assert one(compiled, way).verdict is (Verdict.REFUSED if refused else Verdict.OPEN)


@settings(max_examples=40, deadline=None)
@given(drawn.policies(max_rules=4), ends, contexts, st.one_of(carried, st.just(Carries.REQUEST)))
def test_the_solver_finds_the_same(text, leads, who, carries):
    compiled = policy(text)
    way = Way(
        path="a way",
        carries=carries,
        leads=leads,
        contexts=who if carries is Carries.REQUEST else (terms.content(),),
    )

    assert one(compiled, way).verdict is one(compiled, way, solver.example).verdict


CLOUD = terms.leads(target("cloud"))
CLOSED_END = terms.leads(target("cloud", boundary="b"))


@pytest.mark.parametrize(("carries", "is_mistake"), [(Carries.REQUEST, False), (Carries.RAW, True)])
def test_what_nobody_could_decide_counts_against_what_goes_unasked(carries, is_mistake):
    def gives_up(question):
        raise Undecided

    way = Way(path="a way", carries=carries, leads=CLOUD, contexts=(terms.content(),))
    found = one(policy(PERMIT), way, gives_up)

    assert (found.verdict, found.is_mistake) == (Verdict.UNDECIDED, is_mistake)
    assert bool(mistakes_of([found])) is is_mistake


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize(
    ("closed", "may"),
    [
        (None, True),
        (("models.auto -> targets.claude (b)",), True),
        (("models.b -> targets.claude (b)",), False),
        ((), False),
    ],
)
def test_only_a_dead_way_is_closed_and_only_one_that_somebody_closed(verdict, closed, may):
    way = Way(path="models.auto[3] -> targets.claude", carries=Carries.REQUEST, leads=CLOSED_END)
    (found,) = knowingly([Found(way=way, verdict=verdict, rules=("no",), reason="No.")], closed)

    assert found.verdict is (Verdict.CLOSED if may and verdict is Verdict.DEAD else verdict)
    if found.verdict is Verdict.CLOSED:
        assert mistakes_of([found]) == []
        assert found.sentence() == f"{way.path}: gets nothing: the policy that was activated closes it (no: No.)"


def test_an_answer_for_one_action_is_enough():
    """A solver that gives up on one question may still know of a request that passes by another action."""
    asked = []

    def forgets_the_first(question):
        asked.append(question)
        if len(asked) == 1:
            raise Undecided
        return example(question)

    way = Way(path="a way", carries=Carries.REQUEST, leads=CLOUD, contexts=(terms.nobody(),))
    assert one(policy(PERMIT), way, forgets_the_first).verdict is Verdict.OPEN


def test_ways_alike_are_asked_about_once():
    asked = []

    def counts(question):
        asked.append(question)
        return example(question)

    way = Way(path="a way", carries=Carries.REQUEST, leads=CLOUD, contexts=(terms.nobody(),))
    survey.survey(policy(PERMIT), [way, dataclasses.replace(way, path="another")] * 10, counts)
    assert len(asked) == len(set(asked)) == 1


@pytest.mark.parametrize("carries", [Carries.REQUEST, Carries.RAW])
def test_an_answer_that_the_policy_does_not_share_is_a_defect(carries):
    """Facts that decide otherwise than whoever found them says: nobody may go on from there."""
    wrong = example(OneOf(ATTRIBUTES["resource.kind"], frozenset(("local" if carries is Carries.RAW else "cloud",))))
    local = policy(rule('resource.kind == "local"', name="local", effect="permit"))
    way = Way(path="a way", carries=carries, leads=CLOUD, contexts=(terms.content(),))

    with pytest.raises(ConfigError, match="a defect of tidegate"):
        one(local, way, lambda question: wrong)


def test_what_is_declared_of_a_target_bounds_what_it_can_be():
    facts = target(
        "cloud", contract=False, retention="unknown", training="unknown", tier="unknown", baa=False, dpa=False
    )
    leads = terms.leads(facts)
    stated = {one for one in ATTRIBUTES.values() if one.side is Side.TARGET}

    assert holds(both(leads.today.values()), *ordinary(facts))
    assert holds(both(leads.ever.values()), *ordinary(facts))
    assert {*leads.ever} < {*leads.today} < stated
    agreed = dataclasses.replace(facts, contract=True, retention="zero", baa=True)
    assert not holds(both(leads.today.values()), *ordinary(agreed))
    assert holds(both(leads.ever.values()), *ordinary(agreed))
    assert not holds(both(leads.ever.values()), *ordinary(dataclasses.replace(agreed, region="us")))


def ordinary(facts):
    from tests.core.decide.facts import request

    return request(), facts


def test_a_rather_large_policy_is_surveyed_without_a_solver():
    forbids = "".join(
        rule(f'context.labels.contains("l{place}") && resource.tier == "t{place}"', name=f"no-{place}")
        for place in range(400)
    )
    way = Way(path="a way", carries=Carries.REQUEST, leads=terms.leads(target("cloud")), contexts=(terms.nobody(),))

    assert one(policy(PERMIT + forbids), way).verdict is Verdict.OPEN
    assert search.MOST_TRIED > 0
