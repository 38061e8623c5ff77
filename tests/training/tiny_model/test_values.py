from __future__ import annotations

import re

import pytest

from training.tiny_model.draw import Draw
from training.tiny_model.values import LABELS, raw_value, tag, tag_of

GATEWAY_TAG = re.compile(r"⟦[a-z_]+\.[a-z_]+:[0-9abcdefghjkmnpqrstvwxyz]{8,10}⟧")


@pytest.mark.parametrize("held_out", [False, True])
def test_most_tags_have_the_gateways_form(held_out: bool):
    draw = Draw(1, held_out=held_out)
    tags = [tag(draw) for _ in range(2000)]
    of_the_form = sum(bool(GATEWAY_TAG.fullmatch(each)) for each in tags)
    assert of_the_form / len(tags) >= 0.85


def test_all_of_the_gateways_labels_are_taught():
    draw = Draw(1)
    seen = {tag(draw)[1:].partition(":")[0] for _ in range(5000)}
    assert set(LABELS) <= seen


def test_scoring_can_use_labels_that_no_list_has():
    draw = Draw(1, held_out=True)
    assert not {tag(draw)[1:].partition(":")[0] for _ in range(1000)} & set(LABELS)


def test_a_tag_is_its_label_and_a_random_body():
    draw = Draw(1)
    assert len({tag_of(draw, "pii.email") for _ in range(1000)}) == 1000


def test_raw_values_hold_no_tags():
    draw = Draw(1)
    assert not any("⟦" in raw_value(draw) or "⟧" in raw_value(draw) for _ in range(1000))
