"""Every order is a permutation of what is permitted; the same state and the same number give the same one."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dispatch.choice import EXPLORED, Runner, order
from tidegate.core.values.route import Route

STRATEGIES = ("ordered", "weighted", "fastest", "least-loaded")
LATENCIES = ("", "interactive", "normal", "patient")
NO_EXPLORING = 0.9

runners = st.builds(
    Runner,
    st.sampled_from("abcdef"),
    st.booleans(),
    st.sampled_from(("unknown", "warm", "loading", "cold")),
    st.one_of(st.just(-1.0), st.floats(0, 1e6)),
    st.one_of(st.just(-1.0), st.floats(0, 1e6)),
    st.integers(0, 10_000),
    st.integers(1, 512),
)
routes = st.builds(
    Route, strategy=st.sampled_from(STRATEGIES), weights=st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 100))
)
chances = st.floats(0, 1, exclude_max=True)


@given(st.lists(runners, min_size=1, max_size=8), routes, st.sampled_from(LATENCIES), chances)
def test_an_order_holds_each_permitted_target_once_and_nobody_else(those, route, latency, chance):
    found = order(those, route, latency, chance)
    assert sorted(found) == list(range(len(those)))
    assert found == order(those, route, latency, chance)


def names(those, strategy, latency="", chance=NO_EXPLORING, **weights):
    return "".join(those[at].name for at in order(those, Route(strategy=strategy, weights=weights), latency, chance))


A, B, C = Runner("a"), Runner("b"), Runner("c")


def test_without_a_strategy_the_configured_order_stays():
    assert names([C, A, B], "ordered") == "cab"


def test_who_rests_is_tried_last_under_every_strategy():
    for strategy in STRATEGIES:
        assert names([A._replace(resting=True), B, C], strategy)[-1] == "a", strategy


FASTEST = [
    ("the quickest first", [A._replace(expected_s=3), B._replace(expected_s=1), C._replace(expected_s=2)], "bca"),
    ("who was never timed first of all", [A._replace(expected_s=0.1), B], "ba"),
    ("a queue counts", [A._replace(expected_s=1, ahead=5), B._replace(expected_s=2)], "ba"),
    ("a queue counts by slots", [A._replace(expected_s=1, ahead=5, slots=8), B._replace(expected_s=2)], "ab"),
    ("a cold model counts", [A._replace(expected_s=1, warmth="cold"), B._replace(expected_s=2, warmth="warm")], "ba"),
    ("so does one that loads", [A._replace(expected_s=1, warmth="loading"), B._replace(expected_s=2)], "ba"),
]


@pytest.mark.parametrize(("those", "found"), [f[1:] for f in FASTEST], ids=[f[0] for f in FASTEST])
def test_fastest(those, found):
    assert names(those, "fastest") == found


def test_fastest_leaves_the_quick_ones_to_others_where_the_caller_is_patient():
    assert names([A._replace(expected_s=9), B._replace(expected_s=1)], "fastest", "patient") == "ab"


def test_fastest_tries_another_one_now_and_then():
    those = [A._replace(expected_s=1), B._replace(expected_s=2), C._replace(expected_s=3)]
    first = Counter(names(those, "fastest", chance=n / 1000)[0] for n in range(1000))
    assert first == {"a": 1000 * (1 - EXPLORED), "b": 25, "c": 25}


LOADED = [
    ("fewest first", [A._replace(ahead=3), B._replace(ahead=1), C._replace(ahead=2)], "bca"),
    ("by what each bears", [A._replace(ahead=3, slots=8), B._replace(ahead=1)], "ab"),
    ("alike: the configured order", [C, A, B], "cab"),
    ("a model that has to be loaded is as bad as a full one", [A._replace(warmth="cold"), B._replace(ahead=0)], "ba"),
]


@pytest.mark.parametrize(("those", "found"), [row[1:] for row in LOADED], ids=[row[0] for row in LOADED])
def test_least_loaded(those, found):
    assert names(those, "least-loaded") == found


def test_weights_are_shares_of_first_places():
    first = Counter(names([A, B, C], "weighted", chance=n / 1000, a=7, b=3, c=0)[0] for n in range(1000))
    assert first == {"a": 700, "b": 300}


def test_the_second_place_is_drawn_by_weight_too():
    second = Counter(names([A, B, C], "weighted", chance=n / 9999, a=1, b=2, c=1)[:2] for n in range(9999))
    assert second["ab"] == pytest.approx(2 * second["ac"], rel=0.01)


def test_who_has_no_weight_comes_last():
    assert {names([A, B], "weighted", chance=n / 100, a=0, b=1) for n in range(100)} == {"ba"}
    assert names([A, B], "weighted", a=0, b=0) == "ab"


BUDGETS = [
    ("a cold one behind a warm one, for who cannot wait", "interactive", A._replace(warmth="cold"), "ba"),
    ("also while it loads", "interactive", A._replace(warmth="loading"), "ba"),
    ("others can wait for it", "normal", A._replace(warmth="cold"), "ab"),
    ("nobody said how long: the configured order", "", A._replace(warmth="cold"), "ab"),
    ("too slow for who cannot wait", "interactive", A._replace(waits_s=2.5), "ba"),
    ("not too slow for others", "normal", A._replace(waits_s=2.5), "ab"),
    ("too slow for anybody", "normal", A._replace(waits_s=31), "ba"),
    ("quick, but with a queue before it", "interactive", A._replace(waits_s=0.5, ahead=20), "ba"),
    ("a patient one takes the first", "patient", A._replace(waits_s=100, warmth="cold"), "ab"),
]


@pytest.mark.parametrize(("latency", "first", "found"), [b[1:] for b in BUDGETS], ids=[b[0] for b in BUDGETS])
def test_a_callers_budget_decides_between_those_that_fit_and_those_that_do_not(latency, first, found):
    assert names([first, B._replace(warmth="warm", waits_s=0.2)], "ordered", latency) == found


def test_where_nobody_fits_the_order_stays():
    those = [A._replace(waits_s=9), B._replace(waits_s=8)]
    assert names(those, "ordered", "interactive") == "ab"
