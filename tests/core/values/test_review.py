"""What a review is called by, and which of its states are open."""

from dataclasses import replace

import pytest

from tests.core.review.kit import ID, waiting
from tidegate.core.values.review import OPEN, State


def test_it_is_called_as_what_is_bound_is():
    assert waiting().id == waiting().binding.review == ID


@pytest.mark.parametrize("state", State)
def test_only_what_waits_or_is_approved_is_open(state):
    assert replace(waiting(), state=state).is_open == (state in OPEN) == (state in ("waiting", "approved"))
