"""A breaker opens on what is the target's own doing, rests longer each time, and is tried by one at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dispatch.breaker import (
    CONSECUTIVE,
    FIRST_REST_S,
    FORGOTTEN_S,
    LEAST,
    LONGEST_REST_S,
    STEADY_S,
    WINDOW,
    Breaker,
)


def opened(now=0.0):
    breaker = Breaker()
    breaker.failed(now, 0.0, at_once=True)
    return breaker


def test_a_new_one_is_closed_and_nothing_is_known():
    breaker = Breaker()
    assert (breaker.state(0), breaker.admits(0), breaker.health(0)) == ("closed", True, "unknown")


def test_failures_in_a_row_open_it():
    breaker = Breaker()
    for _ in range(CONSECUTIVE - 1):
        breaker.failed(0, 0.0)
    assert breaker.state(0) == "closed"
    breaker.failed(0, 0.0)
    assert (breaker.state(0), breaker.admits(0)) == ("open", False)


def test_a_success_in_between_starts_the_row_again():
    breaker = Breaker()
    for _ in range(CONSECUTIVE - 1):
        breaker.failed(0, 0.0)
    breaker.succeeded(0)
    breaker.failed(0, 0.0)
    assert breaker.state(0) == "closed"


def test_half_of_many_failing_opens_it_though_no_row_is_long():
    breaker = Breaker()
    for turn in range(LEAST):
        breaker.failed(0, 0.0) if turn % 2 else breaker.succeeded(0)
    assert breaker.state(0) == "open"


def test_a_third_of_many_failing_leaves_it_closed():
    breaker = Breaker()
    for turn in range(3 * WINDOW):
        breaker.succeeded(0) if turn % 3 else breaker.failed(0, 0.0)
    assert breaker.state(0) == "closed"


def test_nobody_there_opens_it_at_once():
    assert opened().state(0) == "open"


def test_after_its_rest_one_request_is_let_through_and_only_one():
    breaker = opened()
    assert not breaker.admits(FIRST_REST_S - 0.01)
    assert (breaker.state(FIRST_REST_S), breaker.admits(FIRST_REST_S)) == ("half-open", True)
    breaker.entered()
    assert not breaker.admits(FIRST_REST_S)
    breaker.succeeded(FIRST_REST_S)
    assert (breaker.state(FIRST_REST_S), breaker.admits(FIRST_REST_S)) == ("closed", True)


def test_a_trial_whose_client_left_frees_its_place():
    breaker = opened()
    breaker.entered()
    breaker.left()
    assert breaker.admits(FIRST_REST_S)


def test_each_rest_is_twice_as_long_up_to_a_bound():
    breaker, now, rests = opened(), 0.0, []
    for _ in range(8):
        rests.append(breaker.retry_at(now) - now)
        now = breaker.retry_at(now)
        breaker.entered()
        breaker.failed(now, 0.0)
    assert rests == [1, 2, 4, 8, 16, LONGEST_REST_S, LONGEST_REST_S, LONGEST_REST_S]


def test_chance_shortens_a_rest_by_up_to_half():
    breaker = Breaker()
    breaker.failed(0, 0.5, at_once=True)
    assert breaker.retry_at(0) == FIRST_REST_S * 0.75


def test_late_failures_of_requests_from_before_do_not_lengthen_a_rest():
    breaker = opened()
    breaker.failed(0.5, 0.0, at_once=True)
    assert breaker.retry_at(0.5) == FIRST_REST_S


def test_flapping_keeps_the_rests_growing_and_a_steady_time_forgets_them():
    breaker = opened()
    breaker.entered()
    breaker.succeeded(1)
    breaker.failed(2, 0.0, at_once=True)
    assert breaker.retry_at(2) == 4
    breaker.entered()
    breaker.succeeded(4)
    breaker.succeeded(4 + STEADY_S)
    breaker.failed(20, 0.0, at_once=True)
    assert breaker.retry_at(20) == 21


HEALTHS = [
    ("just opened", 0.0, "failing"),
    ("its rest is over and nobody has tried", FIRST_REST_S + 1, "failing"),
    ("nobody has tried for long", FIRST_REST_S + FORGOTTEN_S + 1, "unknown"),
]


@pytest.mark.parametrize(("now", "health"), [h[1:] for h in HEALTHS], ids=[h[0] for h in HEALTHS])
def test_health_of_an_open_one(now, health):
    assert opened().health(now) == health


def test_one_that_has_closed_again_is_failing_until_it_has_been_well_for_a_while():
    breaker = opened()
    breaker.entered()
    breaker.succeeded(5)
    assert breaker.health(5 + STEADY_S - 1) == "failing"
    assert breaker.health(5 + STEADY_S) == "healthy"


def test_single_failures_do_not_move_the_health():
    breaker = Breaker()
    breaker.failed(0, 0.0)
    assert breaker.health(0) == "unknown"
    breaker.succeeded(0)
    breaker.failed(0, 0.0)
    assert breaker.health(0) == "healthy"


@given(st.lists(st.tuples(st.sampled_from(["ok", "bad", "gone", "left"]), st.floats(0, 40), st.floats(0, 0.999))))
def test_whatever_happens_it_lets_somebody_through_again_within_the_longest_rest(steps):
    breaker, now = Breaker(), 0.0
    for what, after, chance in steps:
        now += after
        if not breaker.admits(now):
            continue
        breaker.entered()
        if what == "ok":
            breaker.succeeded(now)
        elif what == "left":
            breaker.left()
        else:
            breaker.failed(now, chance, at_once=what == "gone")
        assert breaker.admits(now + LONGEST_REST_S)
        assert now <= breaker.retry_at(now) <= now + LONGEST_REST_S


def test_one_that_answers_questions_again_is_closed_once_it_has_rested_if_nobody_was_there():
    breaker = opened()
    breaker.seen(0.5)
    assert breaker.state(0.5) == "open"
    breaker.seen(FIRST_REST_S)
    assert breaker.state(FIRST_REST_S) == "closed"


def test_while_somebody_asks_beside_all_requests_none_of_them_has_to_find_out():
    breaker = opened()
    breaker.watch(FIRST_REST_S, 5)
    assert not breaker.admits(FIRST_REST_S + 4)
    assert breaker.may_be_asked(FIRST_REST_S + 4)
    breaker.seen(FIRST_REST_S + 4)
    assert breaker.admits(FIRST_REST_S + 4)


def test_when_nobody_asks_any_more_a_request_may_find_out():
    breaker = opened()
    breaker.watch(FIRST_REST_S, 5)
    assert breaker.admits(FIRST_REST_S + 5)


def test_who_is_well_or_fails_by_its_answers_needs_no_watching():
    breaker = Breaker()
    for _ in range(CONSECUTIVE):
        assert not breaker.is_gone
        breaker.failed(0, 0.0)
    assert not breaker.is_gone
    breaker.watch(0, 5)
    assert breaker.admits(FIRST_REST_S)


def test_one_whose_answers_failed_is_closed_by_an_answer_alone():
    breaker = Breaker()
    for _ in range(CONSECUTIVE):
        breaker.failed(0, 0.0)
    assert not breaker.may_be_asked(FIRST_REST_S)
    breaker.seen(FIRST_REST_S)
    assert breaker.state(FIRST_REST_S) == "half-open"


def test_questions_answered_do_not_make_up_for_requests_that_failed():
    breaker = Breaker()
    for _ in range(CONSECUTIVE):
        breaker.seen(0)
        breaker.failed(0, 0.0)
    assert breaker.state(0) == "open"
