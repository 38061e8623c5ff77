"""How one target stands after what happened to it."""

import pytest

from tidegate.core.dispatch.standing import LONGEST_REST_S, STALE_S, Standing
from tidegate.core.values.route import Load


def standing(kind="local", **more):
    return Standing("t", kind, **more)


def test_a_new_one_may_be_called():
    assert standing().objection(0) == ""


KINDS = [("connect", "breaker_open"), ("timeout", ""), ("cut", ""), ("protocol", ""), ("status", ""), ("crowded", "")]


@pytest.mark.parametrize(("kind", "objection"), KINDS)
def test_one_failure_keeps_others_away_only_where_nobody_is_there(kind, objection):
    one = standing()
    one.failed(0, kind, 0.0)
    assert one.objection(0.1) == objection


@pytest.mark.parametrize("kind", ["timeout", "cut", "protocol", "status"])
def test_several_failures_do(kind):
    one = standing()
    for _ in range(5):
        one.failed(0, kind, 0.0)
    assert one.objection(0.1) == "breaker_open"


def test_our_own_full_pool_is_no_failure_of_theirs():
    one = standing()
    for _ in range(50):
        one.failed(0, "crowded", 0.0)
    assert one.objection(0) == ""
    assert one.health(0) == "unknown"


def test_who_asks_to_rest_is_left_alone_for_that_long_and_no_longer_than_the_bound():
    one = standing()
    one.asked_to_rest(0, 5)
    assert (one.objection(4.9), one.objection(5)) == ("resting", "")
    one.asked_to_rest(0, 9999)
    assert one.ready_at(0) == LONGEST_REST_S
    assert one.health(1) == "unknown"


def test_an_answer_ends_a_rest():
    one = standing()
    one.asked_to_rest(0, 5)
    one.went_well(1)
    assert one.objection(1) == ""


RETURNS = [
    ("it answered a moment ago", "local", lambda one: one.went_well(0), 1, True),
    ("a private one too", "private", lambda one: one.went_well(0), 1, True),
    ("it answered long ago", "local", lambda one: one.went_well(0), 61, False),
    ("it never answered", "local", lambda one: None, 1, False),
    ("it loads its model", "local", lambda one: one.loads(0), 1, True),
    ("it said so of itself", "local", lambda one: one.told(Load("loading"), 0), 1, True),
    ("a cloud does not restart because we wait", "cloud", lambda one: one.went_well(0), 1, False),
]


@pytest.mark.parametrize(("kind", "before", "now", "found"), [r[1:] for r in RETURNS], ids=[r[0] for r in RETURNS])
def test_what_restarts_inside_is_worth_waiting_for(kind, before, now, found):
    one = standing(kind)
    before(one)
    assert one.may_come_back(now) is found


def test_loading_is_no_failure():
    one = standing()
    for _ in range(50):
        one.loads(0)
    assert one.objection(0) == ""
    assert one.runner(0, stream=False).warmth == "loading"


def test_an_answer_of_its_model_warms_it():
    one = standing()
    one.told(Load("cold"), 0)
    one.generated(1)
    assert one.runner(1, stream=False).warmth == "warm"


def test_a_choice_sees_the_longer_of_both_queues():
    one = standing(most=2)
    one.in_flight, one.waiting = 2, 3
    assert one.runner(0, stream=True).ahead == 5
    one.told(Load("warm", 4, 4, 8), 0)
    assert (one.runner(0, stream=True).ahead, one.runner(0, stream=True).slots) == (8, 8)


def test_what_was_told_long_ago_is_forgotten():
    one = standing()
    one.told(Load("cold", 4, 4, 8), 0)
    assert one.runner(STALE_S + 1, stream=True).ahead == 0
    assert one.runner(STALE_S + 1, stream=True).warmth == "unknown"


def test_a_question_answered_ends_no_rest_and_shows_that_it_is_there():
    one = standing()
    one.asked_to_rest(0, 5)
    one.was_seen(1)
    assert one.objection(1) == "resting"
    assert one.health(1) == "healthy"
    assert (one.is_unheard(10, 10), one.is_unheard(11, 10)) == (False, True)
