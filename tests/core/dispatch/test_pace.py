"""Averages that move with what is seen, and what they say of the next answer."""

import pytest

from tidegate.core.dispatch.pace import Pace


def test_nothing_is_known_at_first():
    assert (Pace().expected_s(stream=True), Pace().expected_s(stream=False), Pace().waits_s()) == (-1, -1, -1)


def test_the_first_one_is_taken_as_it_is_and_later_ones_move_it_by_a_fifth():
    pace = Pace()
    pace.streamed(1.0, 0.0, 0)
    pace.streamed(2.0, 0.0, 0)
    assert pace.first_s == pytest.approx(1.2)


def test_a_slow_phase_is_forgotten_within_some_answers():
    pace = Pace()
    pace.streamed(30.0, 0.0, 0)
    for _ in range(20):
        pace.streamed(0.5, 0.0, 0)
    assert pace.first_s < 1


def test_tokens_after_the_first_share_the_rest_of_the_time():
    pace = Pace()
    pace.streamed(1.0, 2.0, 101)
    assert pace.token_s == pytest.approx(0.02)


def test_where_the_provider_counts_no_tokens_speed_is_not_known():
    pace = Pace()
    pace.streamed(1.0, 2.0, -1)
    assert pace.token_s == -1
    assert pace.expected_s(stream=True) == 1.0


def test_whole_answers_and_streams_are_timed_apart():
    pace = Pace()
    pace.answered(4.0)
    pace.streamed(0.5, 1.0, 101)
    assert pace.expected_s(stream=False) == 4.0
    assert pace.expected_s(stream=True) == pytest.approx(0.5 + 64 * 0.01)
    assert pace.waits_s() == 0.5


def test_one_kind_stands_in_for_the_other():
    whole, streamed = Pace(), Pace()
    whole.answered(4.0)
    streamed.streamed(0.5, 1.0, 101)
    assert whole.expected_s(stream=True) == 4.0
    assert streamed.expected_s(stream=False) == pytest.approx(0.5 + 256 * 0.01)
