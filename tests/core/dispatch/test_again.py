"""Who is worth another try, and from when on."""

import pytest

from tidegate.core.dispatch.again import Again
from tidegate.core.dispatch.breaker import FIRST_REST_S
from tidegate.core.dispatch.retries import BASE_S
from tidegate.core.dispatch.standing import Standing
from tidegate.core.dispatch.verdicts import Verdict
from tidegate.core.values.route import Route, Wanted

NOW = 100.0


def again(*, retries=1, wait_s=10.0, latency="", capabilities=()):
    wanted = Wanted("auto", ("t", "k"), latency, "chat", False, frozenset(capabilities))
    return Again(Route(retries=retries, wait_s=wait_s), wanted, NOW)


def local():
    """One inside that was there a moment ago."""
    standing = Standing("box", "local")
    standing.went_well(NOW)
    return standing


def cloud():
    return Standing("cloud", "cloud")


def test_of_nobody_nothing_is_due():
    assert again().next_at() is None


BROKEN = [
    ("a cloud that is gone", cloud, "connect", None),
    ("one inside that is gone", local, "connect", 0.125),
    ("a full pool inside", local, "crowded", 0.125),
    ("a cut answer", cloud, "cut", 0.125),
    ("one that took its whole time", cloud, "timeout", None),
    ("one that speaks no HTTP", cloud, "protocol", None),
]


@pytest.mark.parametrize(("standing", "kind", "after_s"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_what_broke_is_tried_again_where_that_may_help(standing, kind, after_s):
    one = again()
    one.broke(0, standing(), kind, NOW, 0.5)
    assert one.next_at() == (None if after_s is None else NOW + after_s)


TURNED_DOWN = [
    ("busy", Verdict.BUSY, {}, None, 0.125),
    ("busy, and says how long", Verdict.BUSY, {}, 3.0, 3.0),
    ("busy, and says not to", Verdict.BUSY, {"x-should-retry": "false"}, None, None),
    ("busy for longer than anybody waits", Verdict.BUSY, {}, 11.0, None),
    ("used up", Verdict.QUOTA, {}, None, None),
    ("its model loads", Verdict.LOADING, {}, None, BASE_S),
    ("ill", Verdict.ILL, {}, None, 0.125),
]


@pytest.mark.parametrize(
    ("verdict", "headers", "told_s", "after_s"), [t[1:] for t in TURNED_DOWN], ids=[t[0] for t in TURNED_DOWN]
)
def test_what_a_status_says_of_trying_again(verdict, headers, told_s, after_s):
    one = again()
    one.turned_down(0, verdict, headers, told_s, NOW, 0.5)
    assert one.next_at() == (None if after_s is None else NOW + after_s)
    assert one.told_s == told_s


def test_tries_are_counted_for_each_and_grow_apart():
    one = again(retries=2)
    for at, due in ((0, 0.25), (0, 0.5), (1, 0.25)):
        one.broke(at, cloud(), "cut", NOW, 1.0)
        assert one.take(NOW + due, range(2)) == [at]
    one.broke(0, cloud(), "cut", NOW, 1.0)
    assert one.next_at() is None


@pytest.mark.parametrize("harm", [Verdict.ILL, "cut", "timeout"])
def test_what_acts_or_is_kept_is_over_once_it_may_have_happened(harm):
    one = again(capabilities=["stored-responses"])
    if isinstance(harm, Verdict):
        one.turned_down(0, harm, {}, None, NOW, 0.5)
    else:
        one.broke(0, cloud(), harm, NOW, 0.5)
    assert one.spent
    assert one.next_at() is None


def test_the_shortest_time_that_was_asked_for_is_told():
    one = again()
    for seconds in (5.0, 2.0, None, 7.0):
        one.turned_down(0, Verdict.BUSY, {}, seconds, NOW, 0.5)
    assert one.told_s == 2.0


def test_one_that_rests_is_due_when_it_has_rested():
    standing, one = cloud(), again()
    standing.asked_to_rest(NOW, 4.0)
    one.turned_away(0, standing, standing.objection(NOW), NOW)
    assert one.next_at() == NOW + 4.0


@pytest.mark.parametrize(("standing", "due"), [(cloud, None), (local, NOW + FIRST_REST_S)], ids=["cloud", "inside"])
def test_whose_breaker_is_open_is_waited_for_only_inside(standing, due):
    one, at = again(), standing()
    at.failed(NOW, "connect", 0.0)
    one.turned_away(0, at, at.objection(NOW), NOW)
    assert one.next_at() == due


def test_nobody_is_waited_for_beyond_what_the_caller_has():
    standing, one = cloud(), again(latency="interactive")
    standing.asked_to_rest(NOW, 4.0)
    one.turned_away(0, standing, standing.objection(NOW), NOW)
    assert (one.next_at(), one.until) == (None, NOW + 2.0)


def test_those_that_are_due_come_in_the_order_of_the_first_round():
    one = again()
    for at in (0, 1, 2):
        one.broke(at, cloud(), "cut", NOW, 1.0)
    assert one.take(NOW + BASE_S, (2, 0, 1)) == [2, 0, 1]
    assert one.next_at() is None
