# ruff: noqa: E501 - tables of cases

import pytest

from tests.core.classify.families import engine
from tidegate.core.classify import phone


@pytest.mark.parametrize(
    ("digits", "known"),
    [("442079460958", True), ("12125550123", True), ("11125550123", False), ("2812345678", False), ("0123456789", False), ("4420794", False), ("79161234567", True), ("7916123456", False), ("1" * 11, False), ("4" * 16, False)],
)  # fmt: skip
def test_international_numbers_open_with_an_assigned_country_code(digits, known):
    assert phone.has_country_code(digits) is known


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (phone.nanp, ["2125550123", "12125550123"], ["1125550123", "2121550123", "9115550123", "2222222222"]),
        (phone.united_kingdom, ["02079460958", "07700900123"], ["12079460958", "04079460958", "0207"]),
        (phone.france, ["0123456789"], ["1123456789", "0023456789"]),
        (phone.brazil, ["11912345678", "1131234567"], ["10912345678", "11812345678", "1191234567"]),
        (phone.india_mobile, ["9876543210"], ["5876543210", "9999999999"]),
        (phone.china_mobile, ["13812345678"], ["12812345678", "23812345678"]),
        (phone.japan, ["09012345678"], ["01012345678", "09112345678"]),
    ],
)
def test_national_plans_say_which_numbers_exist(check, good, bad):
    assert all(map(check, good))
    assert not any(map(check, bad))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("call 212-555-0123 ext. 42", "212-555-0123 ext. 42"),
        ("call 212-555-0123x42", "212-555-0123x42"),
        ("call 212-555-0123 extra", "212-555-0123"),
        ("+44 20 7946 0958 ext 7 or", "+44 20 7946 0958 ext 7"),
    ],
)
def test_an_extension_belongs_to_its_number(text, number):
    assert [text[f.start : f.end] for f in engine().find(text)] == [number]


@pytest.mark.parametrize(
    "text",
    ["3.14159265", "1.234.567", "+15.2345678", "2019-2024", "v 1.2.3.4567890", "12:30:45", "1,234,567.89", "ISBN 978-0-306-40615-7", "0000-0000", "call number: 0-7653-1178-X", "phone model AB-1234567"],
)  # fmt: skip
def test_amounts_versions_years_and_codes_are_no_numbers_to_call(text):
    assert engine().find(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(212) 555-0123", "(212) 555-0123"),
        ("212.555.0123 x45", "212.555.0123 x45"),
        ("+49 (0)30 123456", "+49 (0)30 123456"),
        ("0044 20 7946 0958", "0044 20 7946 0958"),
        ("tel 020 7946 0958", "020 7946 0958"),
        ("+1-202-555-0136", "+1-202-555-0136"),
        ("my number is 555-0123", "555-0123"),
        ("Tel.: 030/23125012", "030/23125012"),
        ("call +1 (202) 555 0136", "+1 (202) 555 0136"),
    ],
)
def test_numbers_are_found_in_the_ways_people_write_them(text, number):
    assert [text[f.start : f.end] for f in engine().find(text) if f.label == phone.LABEL] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "Order 123-456-789 has shipped", "order number is 12345678", "invoice no. 2024-00017", "part number 555-0123", "2024-01-31 12:30:45,123 INFO",
        "51.507351, -0.127758", "commit 1234567", "ISBN 0-306-40615-2", "serial number 123 456 789", "version 10.0.19041.1", "tracking 9400 1000 0000 0000",
        "took 1234567 ms", "reference 0044-1234", "192.168.1.1 calling",
    ],
)  # fmt: skip
def test_orders_versions_references_and_places_are_no_numbers_to_call(text):
    assert [f for f in engine().find(text) if f.label == phone.LABEL] == []
