"""What a client may say of reviews in its headers."""

import pytest

from tests.core.review.kit import ID
from tidegate.core.review.asking import asking
from tidegate.core.values.errors import BadRequest
from tidegate.core.values.review import Asking


@pytest.mark.parametrize(
    ("headers", "means"),
    [
        ({}, Asking("", 0)),
        ({"x-tidegate-review": ID}, Asking(ID, 0)),
        ({"x-tidegate-review-wait": "30"}, Asking("", 30)),
        ({"x-tidegate-review": ID, "x-tidegate-review-wait": "0"}, Asking(ID, 0)),
        ({"x-tidegate-review-wait": "86400"}, Asking("", 86_400)),
    ],
)
def test_what_is_said_is_read(headers, means):
    assert asking(headers) == means


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("x-tidegate-review", "mine"),
        ("x-tidegate-review", ID.upper()),
        ("x-tidegate-review", f"{ID}, {ID}"),
        ("x-tidegate-review-wait", ""),
        ("x-tidegate-review-wait", "-1"),
        ("x-tidegate-review-wait", "1.5"),
        ("x-tidegate-review-wait", "٣"),
        ("x-tidegate-review-wait", "86401"),
        ("x-tidegate-review-wait", "9" * 5000),
    ],
)
def test_what_says_nothing_is_refused_by_name(header, value):
    with pytest.raises(BadRequest) as refused:
        asking({header: value})
    assert (refused.value.code, refused.value.param) == ("invalid_header", header)
    assert value == "" or value not in refused.value.message
