import pytest

from tidegate.core.decide.lifecycle.tally import Move, Moved, ReplayReport, Sums, most_first


def outcome(*, tokens=(10, 5), duration=2000, cost=-1):
    return {
        "usage": {"input_tokens": tokens[0], "output_tokens": tokens[1]},
        "duration_us": duration,
        "cost_micro": cost,
    }


def summed(*outcomes):
    sums = Sums(exchanges=len(outcomes))
    for one in outcomes:
        sums.add(one)
    return sums


def test_what_an_outcome_does_not_say_counts_nowhere():
    sums = summed(outcome(), outcome(tokens=(-1, -1)), outcome(duration=-1), {}, outcome(cost=7))
    assert (sums.exchanges, sums.metered, sums.timed, sums.priced) == (5, 3, 3, 1)
    assert (sums.input_tokens, sums.output_tokens, sums.duration_us, sums.cost_micro) == (30, 15, 6000, 7)


def test_a_move_is_told_with_what_the_other_target_took_for_its_own():
    moved = Moved(
        move=Move("c", "l"),
        sums=summed(outcome(tokens=(100, 50), duration=3000), outcome(tokens=(100, 50), duration=5000)),
        there=summed(outcome(tokens=(10, 5), duration=8000, cost=30)),
    )
    assert moved.as_json() == {
        "from": "c",
        "to": "l",
        "exchanges": 2,
        "input_tokens": 200,
        "output_tokens": 100,
        "metered": 2,
        "mean_ms": 4.0,
        "expected_mean_ms": 8.0,
        "cost_micro": None,
        "expected_cost_micro": 600,
    }


def test_nothing_is_expected_of_a_target_that_answered_nobody():
    moved = Moved(move=Move("c", ""), sums=summed(outcome()), there=Sums())
    told = moved.as_json()
    assert (told["to"], told["expected_mean_ms"], told["expected_cost_micro"]) == (None, None, None)


def test_the_coverage_line_names_what_is_left_out_and_what_was_missing():
    report = ReplayReport(
        policy="p", recorded_policies={}, exchanges=1000, replayed=990, left_out={"for a reason": 10},
        missing={"context.x": 7}, with_missing=7, buckets={"looser": 3}, refused=0, admitted=0, changes={}, moved=(),
        requests={},
    )  # fmt: skip
    assert report.coverage() == (
        "replayed 990 of 1,000 exchanges (99.0%); left out: 10 for a reason; 7 lack facts that the policy reads, "
        "taken as what lets the least through: context.x"
    )
    assert report.as_json()["coverage"]["share"] == pytest.approx(0.99)
    assert report.looser == 3


def test_nothing_recorded_is_all_replayed():
    report = ReplayReport(
        policy="p", recorded_policies={}, exchanges=0, replayed=0, left_out={}, missing={}, with_missing=0, buckets={},
        refused=0, admitted=0, changes={}, moved=(), requests={},
    )  # fmt: skip
    assert report.coverage() == "replayed 0 of 0 exchanges (100.0%)"


def test_the_most_stand_first():
    from collections import Counter

    assert list(most_first(Counter(a=1, b=3, c=2))) == ["b", "c", "a"]
