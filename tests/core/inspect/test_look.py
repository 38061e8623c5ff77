"""What a request's own tags are taken for: for nothing that the answer says of anybody."""

import pytest

from tests.core.inspect.detecting import classification
from tidegate.core.inspect.look import look
from tidegate.core.values.envelope import Part, Position
from tidegate.core.values.finding import Finding

MINE = "\u27e6pii.email:k7f2q9m3\u27e7"
SECRET = "\u27e6secret.password:0123456789\u27e7"
FORGED = "\u27e6note:4111111111111111\u27e7"
CODE = "k7f2q9m3"


def seen(text, *values, own=(MINE, "made.up@mail.example"), loose=()):
    found = [Finding(f"l{n}", text.index(v), text.index(v) + len(v), 1.0, "test") for n, v in enumerate(values)]
    return look(lambda _: classification(found, loose), own, [Part(Position.ASSISTANT, (), text)])


@pytest.mark.parametrize(
    ("text", "value", "counts"),
    [
        (f"write to {MINE}", CODE, False),
        (f"write to {MINE}", MINE, False),
        (f"write to ({MINE}).", f"({MINE}).", False),
        (f"password: {SECRET}!", "0123456789\u27e7", False),
        (f"{MINE} {SECRET}", f"{MINE} {SECRET}", False),
        (f"{MINE} lives at No 7", f"{MINE} lives at No 7", True),
        (f"{MINE}{MINE}x", f"{MINE}{MINE}x", True),
        ("write to made.up@mail.example", "made.up@mail.example", False),
        (f"see {FORGED}", "4111111111111111", True),
        ("\u27e6 jane \u27e7", "jane", True),
        ("jane", "jane", True),
        (f"jane, {MINE}", "jane", True),
        (f"{MINE}, jane", "jane", True),
    ],
)
def test_a_tag_of_this_request_is_no_finding_and_all_else_is(text, value, counts):
    assert [f.label for f in seen(text, value).findings] == (["l0"] if counts else [])


def test_a_label_goes_with_its_findings_and_one_that_none_bears_stays():
    assert seen(f"{MINE} jane", CODE, loose=["unknown"]).labels == {"unknown"}
    assert seen(f"{MINE} jane", CODE, "jane").labels == {"l1"}


def test_whoever_fails_has_not_looked():
    def fails(_):
        raise RuntimeError("of a text")

    assert look(fails, (), [Part(Position.ASSISTANT, (), "x")]) == ((), {"unknown"})
