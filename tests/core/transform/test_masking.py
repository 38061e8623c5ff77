import pytest

from tidegate.core.transform.masking import masked

MASKS = [
    ("pci.pan", "4242 4242 4242 4242", False, "****4242"),
    ("pii.phone", "+1 415 867 5309", False, "****5309"),
    ("gov.us_ssn", "457-55-" + "5462", False, "****5462"),
    ("bank.iban", "DE89 3704 0044 0532 0130 00", False, "****3000"),
    ("pci.cvv", "123", False, "****"),
    ("gov.x", "1234567", False, "****"),
    ("pii.person", "Jane Doe-Longname", False, "****"),
    ("pii.email", "jane.doe@acme.test", False, "****"),
    ("secret.password", "correct horse battery", True, "****"),
    ("gov.us_ssn", "457-55-" + "5462", True, "****"),
]


@pytest.mark.parametrize(("label", "value", "secret", "expected"), MASKS)
def test_what_is_left_of_a_value(label, value, secret, expected):
    assert masked(label, value, secret=secret) == expected
