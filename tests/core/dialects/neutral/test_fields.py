"""Objects of requests, read field by field."""

import pytest

from tidegate.core.dialects.neutral.chat import Left
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.values.errors import BadRequest

RIGHT = [
    ("text", "a", "a"),
    ("text", None, ""),
    ("number", 1.5, 1.5),
    ("number", 2, 2),
    ("whole", 3, 3),
    ("whole", 3.0, 3),
    ("whole", None, None),
    ("truth", False, False),
    ("tree", {"a": 1}, {"a": 1}),
    ("items", None, []),
    ("items", [1], [1]),
    ("texts", "a", ("a",)),
    ("texts", ["a", "b"], ("a", "b")),
    ("texts", None, ()),
]
WRONG = [
    ("text", 1),
    ("text", ["a"]),
    ("number", "1"),
    ("number", True),
    ("whole", 1.5),
    ("whole", 2**63),
    ("whole", -1e30),
    ("whole", True),
    ("truth", 1),
    ("tree", []),
    ("items", {}),
    ("texts", [1]),
    ("texts", {}),
    ("object", "x"),
]


@pytest.mark.parametrize(("kind", "value", "found"), RIGHT)
def test_a_field_of_its_type_is_read(kind, value, found):
    assert getattr(Fields({"f": value}), kind)("f") == found
    assert getattr(Fields({}), kind)("f") == getattr(Fields({"f": None}), kind)("f")


@pytest.mark.parametrize(("kind", "value"), WRONG)
def test_a_field_of_another_type_is_refused_by_its_path_and_without_its_value(kind, value):
    with pytest.raises(BadRequest) as raised:
        getattr(Fields({"f": value}, "messages[3]"), kind)("f")
    assert raised.value.param == "messages[3].f"
    assert raised.value.message.startswith("messages[3].f must be ")


def test_what_is_no_object_is_refused():
    with pytest.raises(BadRequest, match="The body must be an object"):
        Fields([])
    with pytest.raises(BadRequest, match=r"tools\[1\] must be an object"):
        list(Fields({"tools": [{}, 7]}).objects("tools"))


def test_what_nobody_asked_for_is_left_over_by_its_path():
    fields = Fields({"a": 1, "b": None, "c": 2, "d": 3}, "x")
    fields.whole("a")
    fields.ignore(["d"])
    assert list(fields.left({"c"})) == [Left("x.c", essential=True)]
    assert list(fields.left()) == [Left("x.c")]
