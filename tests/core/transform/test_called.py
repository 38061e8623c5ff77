import pytest

from tidegate.core.transform.called import parts

PEOPLE = [
    ("Jane Doe", ["Jane", "Doe"]),
    ("Dr. Jane Q. Doe", ["Jane", "Doe"]),
    ("Jane van der Doe-Roe", ["Jane", "Doe-Roe"]),
    ("Doe, Jane", ["Doe", "Jane"]),
    ("Will Doe", ["Doe"]),
    ("Jane", []),
    ("Jane doe", ["Jane"]),
    ("Jo Li", []),
    ("Invoice Number", []),
    ("One Two Three Four Five Six", []),
    ("Łukasz Żuk", ["Łukasz", "Żuk"]),
]


@pytest.mark.parametrize(("value", "expected"), PEOPLE)
def test_what_else_somebody_is_called(value, expected):
    assert list(parts(value)) == expected
