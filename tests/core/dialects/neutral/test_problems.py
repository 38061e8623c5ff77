"""Errors of upstreams, by status."""

import pytest

from tidegate.core.dialects.neutral.problems import problem

STATUSES = [
    (400, "invalid"),
    (401, "authentication"),
    (403, "permission"),
    (404, "not_found"),
    (409, "invalid"),
    (413, "too_large"),
    (429, "rate_limit"),
    (500, "server"),
    (502, "server"),
    (503, "overloaded"),
    (504, "timeout"),
    (529, "overloaded"),
]


@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_a_status_says_what_kind_it_is(status, kind):
    found = problem(status, "")
    assert (found.kind, found.status, found.code) == (kind, status, f"upstream_{kind}")
    assert str(status) in found.message


def test_the_upstreams_own_words_count():
    assert problem(400, "m", code="c", param="p")[2:] == ("c", "m", "p")
