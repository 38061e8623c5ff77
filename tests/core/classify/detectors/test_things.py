# ruff: noqa: E501 - tables of cases

import pytest

from tests.core.classify.families import Cases, assert_holds
from tidegate.core.classify.detectors.things import ROWS

CASES = {
    "vin": Cases(
        ("VIN: ‹1M8GDM9AXKP042788›", "chassis no ‹WVWZZZ1JZXW000001›", "vehicle identification number ‹1HGCM82633A004352›"),
        ("1M8GDM9AXKP042788", "VIN 1M8GDM9AXKP04278", "vin AAAAAAAAAAAAAAAAA"),
    ),
    "imei": Cases(
        ("IMEI ‹490154203237518›", "‹49-015420-323751-8›", "imei: ‹49 015420 323751 8›"),
        ("IMEI 490154203237519", "490154203237518 rows", "imei 000000000000000"),
    ),
    "imsi": Cases(
        ("IMSI ‹001010123456789›", "iccid: ‹8901010123456789012›", "SIM card number is ‹001010123456780›"),
        ("IMSI 12", "001010123456789", "imsi unknown"),
    ),
    "license_plate": Cases(
        ("licence plate: ‹AB12 CDE›", "Kennzeichen ‹B-XY 1234›", "number plate ‹7ABC123›"),
        ("licence plate readers", "a number plate in 2019", "kennzeichen fehlt"),
    ),
    "url_with_user_data": Cases(
        ("‹https://shop.example.com/o?email=jo%40example.com&id=7›", "‹https://x.example/a?id=1&phone=5550100›!", "‹https://www.linkedin.com/in/jane-example›."),
        ("https://x.example/a?id=1", "https://x.example/?email={email}", "GET /?q=name"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CASES))
def test_values_are_found_whole_and_others_are_left(name):
    assert_holds(CASES[name], next(row.label for row in ROWS if row.name == name))


def test_every_row_has_cases():
    assert set(CASES) == {row.name for row in ROWS}
    assert all(len(cases.found) >= 3 <= len(cases.ignored) for cases in CASES.values())
