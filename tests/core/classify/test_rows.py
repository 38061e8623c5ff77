"""What every row of every table must keep to."""

import pytest

from tidegate.core.classify.detectors import ROWS
from tidegate.core.classify.rows import CERTAIN, CUE, REPORTED, Cued, Prefixed, Shaped

SHAPED = [row for row in ROWS if isinstance(row, Shaped)]
CUED = [row for row in ROWS if isinstance(row, Cued)]
PREFIXED = [row for row in ROWS if isinstance(row, Prefixed)]


def test_labels_are_dotted_lower_case_and_names_stand_for_one_label():
    labels = {}
    for row in ROWS:
        assert row.label == row.label.lower()
        assert row.label.replace(".", "").replace("_", "").isalnum()
        assert labels.setdefault(row.name, row.label) == row.label
        assert row.about
        assert "\n" not in row.about


@pytest.mark.parametrize("row", SHAPED, ids=lambda row: row.name)
def test_every_shape_can_be_reported_and_no_cue_is_dead(row):
    for shape, score in row.shapes.items():
        assert 0 < score <= CERTAIN
        assert score + (CUE if row.cues else 0) >= REPORTED, shape
        assert set(shape) <= set("0AX -./()+")
    assert all(cue == cue.lower() and cue.strip() for cue in row.cues)


@pytest.mark.parametrize("row", SHAPED, ids=lambda row: row.name)
def test_numeric_shapes_are_long_enough_for_the_pass_over_digits(row):
    assert all(shape.count("0") >= 7 for shape in row.shapes if "A" not in shape and "X" not in shape)


@pytest.mark.parametrize("row", CUED, ids=lambda row: row.name)
def test_keywords_are_lower_case_and_within_reach_of_their_value(row):
    assert all(keyword.encode() == keyword.encode().lower() for keyword in row.keywords)  # as texts are lowered
    assert 0 < row.reach <= 2048
    assert REPORTED <= row.score <= CERTAIN


@pytest.mark.parametrize("row", PREFIXED, ids=lambda row: f"{row.name}-{row.prefixes[0]}")
def test_prefixes_say_enough(row):
    assert all(len(prefix) >= 3 for prefix in row.prefixes)
    assert row.least >= 12
    assert row.least <= row.most
