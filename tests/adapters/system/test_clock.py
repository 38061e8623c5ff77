"""The machine's clock, which no earlier time than the log's last one leaves."""

import time

from tidegate.adapters.system.clock import SystemClock

A_YEAR_NS = 365 * 86_400 * 10**9


def test_a_clock_that_was_set_back_stands_at_the_log_s_last_time():
    floor = time.time_ns() + A_YEAR_NS
    clock = SystemClock(floor)
    assert (clock.now_ns(), clock.now_ns()) == (floor, floor)


def test_a_clock_that_is_right_tells_the_time():
    before = time.time_ns()
    told = SystemClock(before - A_YEAR_NS).now_ns()
    assert before <= told <= time.time_ns()


def test_a_clock_that_is_set_back_while_we_run_stands_still(monkeypatch):
    told = iter((A_YEAR_NS, 5, A_YEAR_NS + 1))
    monkeypatch.setattr(time, "time_ns", lambda: next(told))
    clock = SystemClock()
    assert [clock.now_ns() for _ in range(3)] == [A_YEAR_NS, A_YEAR_NS, A_YEAR_NS + 1]


def test_the_floor_does_not_bend_durations():
    clock = SystemClock(time.time_ns() + A_YEAR_NS)
    first = clock.monotonic_ns()
    assert first <= clock.monotonic_ns() < first + 60 * 10**9
