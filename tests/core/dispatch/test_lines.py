"""Whose turn it is: round the keys, in the order of coming within one."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dispatch.lines import Line

ANN, BEN, EVE = ("t", "ann"), ("t", "ben"), ("t", "eve")


def line(*joins, most=100):
    made = Line(most)
    for key, who in joins:
        made.join(key, who)
    return made


def drained(made):
    found = []
    while (who := made.next()) is not None:
        found.append(who)
    return found


def test_one_key_is_served_in_the_order_of_coming():
    assert drained(line((ANN, "a1"), (ANN, "a2"), (ANN, "a3"))) == ["a1", "a2", "a3"]


def test_keys_take_turns_however_much_one_of_them_sends():
    made = line((ANN, "a1"), (ANN, "a2"), (ANN, "a3"), (BEN, "b1"), (EVE, "e1"), (BEN, "b2"))
    assert drained(made) == ["a1", "b1", "e1", "a2", "b2", "a3"]


def test_the_same_key_of_another_tenant_is_another_one():
    assert drained(line((("t", "k"), 1), (("t", "k"), 2), (("u", "k"), 3))) == [1, 3, 2]


def test_a_full_line_turns_away_whoever_holds_most_places():
    made = line((ANN, "a1"), (ANN, "a2"), most=2)
    assert made.join(ANN, "a3") == "a3"
    assert len(made) == 2


def test_a_key_that_holds_fewer_places_takes_the_last_one_of_the_longest():
    made = line((ANN, "a1"), (ANN, "a2"), (ANN, "a3"), most=3)
    assert made.join(BEN, "b1") == "a3"
    assert made.join(BEN, "b2") == "b2"
    assert drained(made) == ["a1", "b1", "a2"]


def test_who_leaves_is_not_called():
    made = line((ANN, "a1"), (BEN, "b1"), (ANN, "a2"))
    assert made.leave(BEN, "b1")
    assert not made.leave(BEN, "b1")
    assert drained(made) == ["a1", "a2"]


def test_a_line_without_places_turns_everybody_away():
    assert line(most=0).join(ANN, "a1") == "a1"


@given(st.lists(st.tuples(st.sampled_from([ANN, BEN, EVE]), st.integers()), max_size=60), st.integers(0, 20))
def test_nobody_is_lost_called_twice_or_waits_behind_two_turns_of_another_key(joins, most):
    made, inside = Line(most), []
    for number, (key, _) in enumerate(joins):
        gone = made.join(key, number)
        inside.append((key, number))
        if gone is not None:
            inside = [one for one in inside if one[1] != gone]
        assert len(made) == len(inside) <= most
    keys = {number: key for key, number in inside}
    called = drained(made)
    assert sorted(called) == sorted(keys)
    for key in (ANN, BEN, EVE):
        own = [number for number in called if keys[number] == key]
        assert own == sorted(own)
        before = Counter(keys[number] for number in called[: called.index(own[0])]) if own else {}
        assert all(count == 1 for count in before.values())
