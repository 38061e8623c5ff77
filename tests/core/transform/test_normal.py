import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tidegate.core.transform.normal import normalise

ONE_VALUE = [
    (
        "pii.email",
        ["jane.doe@example.com", " Jane.Doe@Example.COM", "ｊane.doe@example.com", "jane.doe\u200b@example.com"],
    ),
    ("pii.person", ["Jane Doe", "JANE  DOE", "jane\u00a0doe", "Jane\nDoe"]),
    ("pii.phone", ["+1 (555) 010-0199", "+15550100199", "0015550100199", "+1.555.010.0199", "+\u0661555\u0660100199"]),
    ("pci.pan", ["5105 1051 0510 5100", "5105-1051-0510-5100", "5105105105105100"]),
    ("gov.us_ssn", ["457-55-" + "5462", "457 55 5462", "457555462", "457\u201155\u20115462"]),
    ("bank.iban", ["FR14 2004 1010 0505 0001 3M02 606", "fr1420041010050500013m02606"]),
    ("phi.mrn", ["MRN-5530127", "mrn 5530127"]),
    ("pii.address", ["12 Main St", "12  main st"]),
]
TWO_VALUES = [
    ("secret.password", "correcthorse", "CorrectHorse"),
    ("pii.email", "jane@example.com", "jane@example.org"),
    ("phi.mrn", "MRN-1", "MRN-2"),
    ("pii.phone", "555 0100", "555 0101"),
]


@pytest.mark.parametrize(("label", "spellings"), ONE_VALUE, ids=[label for label, _ in ONE_VALUE])
def test_spellings_of_one_value_have_one_normal_form(label, spellings):
    assert len({normalise(label, spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(("label", "one", "other"), TWO_VALUES)
def test_two_values_stay_two(label, one, other):
    assert normalise(label, one) != normalise(label, other)


def test_the_forms_are_for_ever_because_stored_fingerprints_depend_on_them():
    assert normalise("pii.email", "Jane@Example.com") == "jane@example.com"
    assert normalise("pii.phone", "+1 (555) 010-0199") == "15550100199"
    assert normalise("gov.us_ssn", "457-55-" + "5462") == "457555462"
    assert normalise("bank.iban", "FR14 2004") == "fr142004"
    assert normalise("secret.token", " aB ") == "aB"
    assert normalise("pii.person", "José  STRASSE") == normalise("pii.person", "josé straße") == "josé strasse"


LABELS = st.sampled_from(["pii.email", "pii.phone", "gov.us_ssn", "bank.iban", "secret.x", "pii.person", "unheard.of"])


@example("pii.phone", "0" * 12)
@given(LABELS, st.text(min_size=1))
def test_a_normal_form_is_its_own_and_never_empty(label, value):
    once = normalise(label, value)
    assert once
    assert normalise(label, once) == once
