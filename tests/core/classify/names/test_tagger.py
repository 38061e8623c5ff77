"""Four sums for the price of one: the packed weights say what the plain ones say."""

from random import Random

import pytest

from tidegate.core.classify.names.features import COUNT, ROWS
from tidegate.core.classify.names.tagger import BIAS, LOCATION, MAGIC, OUTSIDE, PERSON, Tagger, pack


@pytest.fixture(scope="module")
def weights():
    draw = Random(5)
    return [tuple(draw.uniform(-3, 3) for _ in range(4)) for _ in range(ROWS)]


def test_the_likeliest_kind_has_the_greatest_sum(weights):
    tagger = Tagger(pack(weights, 128))
    draw = Random(6)
    for _ in range(300):
        rows = draw.choices(range(ROWS), k=COUNT)
        sums = [sum(weights[row][kind] for row in rows) for kind in range(4)]
        kind, likelihood = tagger.judge(rows)
        assert sums[kind] > max(sums) - 0.2
        assert 0.2 < likelihood <= 1


def test_the_heaviest_weights_do_not_run_into_each_other():
    heavy = [(9.0, -9.0, 9.0, -9.0)] * ROWS
    assert Tagger(pack(heavy, 128)).judge([0] * COUNT) == (OUTSIDE, 1.0)
    kind, likelihood = Tagger(pack([(-9.0, 9.0, -9.0, -9.0)] * ROWS, 128)).judge([1] * COUNT)
    assert (kind, round(likelihood, 6)) == (PERSON, 1.0)
    assert Tagger(pack([(-1.0, -9.0, 9.0, -9.0)] * ROWS, 128)).judge([2] * COUNT)[0] == LOCATION


def test_no_evidence_is_no_name():
    assert Tagger(pack([(0.0,) * 4] * ROWS, 128)).judge([7] * COUNT) == (OUTSIDE, 1.0)


def test_sums_fit_their_sixteen_bits():
    assert COUNT * (2 * BIAS - 1) < 1 << 16


@pytest.mark.parametrize("weights", [b"", MAGIC, MAGIC + bytes(8 * ROWS), b"X" * (len(MAGIC) + 4 + 8 * ROWS)])
def test_other_files_are_refused(weights):
    with pytest.raises(ValueError, match="no weights"):
        Tagger(weights)


def test_too_few_rows_are_refused():
    with pytest.raises(ValueError, match="are wanted"):
        pack([(0.0,) * 4] * 3, 128)
