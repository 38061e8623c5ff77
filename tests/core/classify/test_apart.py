"""Values that somebody has taken apart, and neighbours that only look like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.classify.families import engine, findings_of
from tidegate.core.classify.apart import may_go_on
from tidegate.core.values.envelope import Part, Position

SSN = "457-55-5462"
PAN = "5105 1051 0510 5100"
AWS = "AKIA" + "R5TWLXKJ2QD7NEFA"
EMAIL = "t.nguyen@fabrikam.example"
IBAN = "FR1420041010050500013M02606"
LABELS = {
    SSN: "gov.us_ssn",
    PAN: "pci.pan",
    AWS: "secret.aws_access_key",
    EMAIL: "pii.email",
    IBAN: "bank.iban",
}


@pytest.mark.parametrize("value", [SSN, PAN.replace(" ", ""), AWS, EMAIL, IBAN])
@pytest.mark.parametrize("separator", [" ", "\n", "  ", "\r\n"])
def test_a_value_spelled_out_is_found(value, separator):
    spelled = separator.join(value)
    label = LABELS.get(value, "pci.pan")
    assert findings_of(f"It is\n{spelled}\nthere.", label) == [spelled]


@pytest.mark.parametrize("separator", ["-", ".", "_", ", ", ","])
def test_digits_spelled_out_are_found_whatever_separates_them(separator):
    spelled = separator.join(PAN.replace(" ", ""))
    assert findings_of(f"It is {spelled}, yes", "pci.pan") == [spelled]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("pay with 5105 1051\n0510 5100 now", PAN),
        ("pay with 5105 10\n51 0510 5100 now", PAN),
        ("> pay with 5105 1051\n> 0510 5100 now", PAN),
        ("pay with 5105 1051\r\n  0510 5100 now", PAN),
        ("the number is 457-55-\n5462.", SSN),
        ("the number is 457\n-55-5462.", SSN),
        (f"the key {AWS[:9]}\n{AWS[9:]}", AWS),
        (f"the key {AWS[:14]}\\n{AWS[14:]}", AWS),
        ("write to t.nguyen@\nfabrikam.example", EMAIL),
        ("write to t.nguyen@fab\nrikam.example", EMAIL),
        (f"account {IBAN[:10]}\n{IBAN[10:]}", IBAN),
        ("account FR14 2004 1010\n0505 0001 3M02 606", IBAN),
    ],
)
def test_a_value_broken_over_lines_is_found_whole(text, value):
    (found,) = findings_of(text, LABELS[value])
    whole = "".join(c for c in found if c not in " \r\n>").replace("\\n", "")
    assert whole == value.replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "4111\n1111\n2222\n3333\n4444\n5555\n6666\n7777\n8888\n9999",
        "  457\t\n  458\tdef f(x):\n  459\t    return x",
        "id,total\n1042,17\n1043,55\n1044,5462\n",
        "call_0457\n55\n5462",
        "In 2019\n1500 people came, in 2020\n1700.",
        "alice@shop.example\nbob@shop.example",
        "do not reach full accuracy\n@pytest.mark.xfail\ndef test_it():",
        "token_1\nnext_token_2",
        "the end of 12\nABC-1234-5678-9012 begins",
        "1 0 0 1 0 1 1 0\n0 1 1 0 1 0 0 1\n1 1 0 0 1 1 0 0",
        "a b c d e f g h i j k l m n o p",
        "- a\n- b\n- c\n- d\n- e\n- f\n- g\n- h\n- i",
    ],
)
def test_columns_lists_and_numbered_lines_are_left_apart(text):
    parts = (Part(Position.USER, (), text),)
    together = engine().classify(parts)
    assert together.failed == ()
    found = {text[f.start : f.end] for f in together.findings if f.label != "code.source"}
    assert found <= {"alice@shop.example", "bob@shop.example"}


@given(st.sampled_from([SSN, PAN, IBAN]), st.data())
def test_a_value_may_be_broken_anywhere_between_digits(value, data):
    places = [n for n in range(1, len(value)) if value[n - 1].isdigit() and value[n].isdigit()]
    at = data.draw(st.sampled_from(places))
    assert findings_of(f"see {value[:at]}\n{value[at:]} there", LABELS[value])


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (b"my card is 5105 1051", b"0510 5100", True),
        (b"write to t.nguyen@", b"fabrikam.example", True),
        (AWS[:9].encode(), AWS[9:].encode(), True),
        (b"That is all.", b"And so it goes", False),
        (b"call_0012", b"17 files", False),
        (b"read_file", b"path", False),
    ],
)
def test_what_may_go_on(left, right, expected):
    assert may_go_on(left, right) is expected


@pytest.mark.parametrize("row", ["4111\n", "4,111.50\n", "jo@\n", "AB1CD2EF3G\n", "10-11\r\n"])
@pytest.mark.parametrize("rows", [7, 13, 40, 400])
def test_what_stands_behind_a_column_is_put_together_as_if_there_was_none(row, rows):
    column = row * rows
    for hidden, value in (
        (f"pay with {PAN[:9]}\n{PAN[10:]} now", f"{PAN[:9]}\n{PAN[10:]}"),
        ("\n".join(SSN), "\n".join(SSN)),
    ):
        filler = "and so on " * 4
        text = f"{column}{filler}\n{hidden}\n{filler}\n{column}"
        label = "pci.pan" if PAN[:9] in value else "gov.us_ssn"
        assert findings_of(text, label) == [value], hidden


def test_what_interrupts_a_column_is_found():
    column = "4111\n" * 40
    for inside in (
        "\\u0034\\u0035\\u0037-55-5462",
        "see c3NuIGlzIDQ1Ny01NS01NDYy!",
        "4 5 7 - 5 5 - 5 4 6 2",
        "\n".join(SSN),
    ):
        text = f"{column}{inside}\n{column}"
        assert findings_of(text, "gov.us_ssn") == [inside.strip("se !")]
