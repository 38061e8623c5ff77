"""The scoring is what it says, and figures once reached are kept. Targets stand in docs/accuracy.md, not here."""

import pytest

from bench.detect import phones, pii
from tests.core.classify.families import engine


@pytest.mark.parametrize(
    ("truth", "found", "tally"),
    [
        ([(0, 5)], [(0, 5)], (1, 1, 1, 1)),
        ([(0, 5)], [(4, 9)], (1, 1, 1, 1)),
        ([(0, 5)], [(5, 9)], (1, 1, 0, 0)),
        ([(0, 3), (4, 9)], [(0, 9)], (2, 1, 1, 2)),
        ([(0, 9)], [(0, 3), (4, 9)], (1, 2, 2, 1)),
        ([], [(0, 3)], (0, 1, 0, 0)),
    ],
)
def test_a_finding_counts_where_it_overlaps_a_value(truth, found, tally):
    assert pii.tally(truth, found) == tally


def test_both_halves_hold_every_template_once():
    texts = [f"template {n}" for n in range(400)]
    halves = [pii.half(text) for text in texts]
    assert halves == [pii.half(text) for text in texts]
    assert 120 < halves.count("dev") < 280


def test_what_is_found_in_sentences_is_not_lost_again():
    scores = pii.score(engine(), "dev")
    whole = pii.total(scores, "dev")
    assert whole.recall >= 0.96
    assert whole.precision >= 0.98


@pytest.mark.slow
def test_numbers_are_judged_as_their_plans_say():
    figures = phones.agreement()
    assert figures["valid"][1] >= 20_000
    assert figures["valid"][0] >= 0.99 * figures["valid"][1]
    assert figures["changed"][0] >= 0.95 * figures["changed"][1]
