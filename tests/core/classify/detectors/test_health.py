import pytest

from tests.core.classify.families import Cases, assert_holds
from tidegate.core.classify.detectors.health import ROWS

CASES = {
    "medicine": Cases(
        (
            "The patient takes ‹metformin 500 mg twice›, as before",
            "my mother was prescribed ‹warfarin›.",
            "Mr Example: start ‹Lisinopril 10mg daily›",
            "She is taking ‹sertraline 50 mg›.",
        ),
        (
            "What are the side effects of ibuprofen and metformin?",
            "Metformin lowers blood glucose.",
            "metformin 500 mg tablets are white",
            "He wrote a paper. Metformin was taken by rats.",
        ),
    ),
    "illness": Cases(
        (
            "The patient was diagnosed with ‹HIV› in May",
            "my father has a history of ‹epilepsy›",
            "she tested positive for ‹hepatitis B›",
        ),
        ("What causes epilepsy?", "Asthma is common.", "a vaccine against hepatitis B", "The stroke of a pen"),
    ),
    "de_kvnr": Cases(
        ("Krankenversichertennummer ‹A123456780›", "KVNR: ‹T220001291›", "‹A 123 456 780›"),
        ("KVNR A123456781", "A123456780", "KVNR A12345678"),
    ),
    "mrn": Cases(
        (
            "patient MRN: ‹MRN-5530127›, HbA1c 9.1",
            "medical record number ‹00123456›",
            "patient id ‹A-99812›",
            "chart number: ‹7741-220›",
        ),
        ("an MRN is assigned", "medical records department, room 12", "5530127", "patient, 54 years"),
    ),
    "mrn_token": Cases(
        ("see ‹MRN-5530127› tomorrow", "‹MRN5530127›", "(‹mrn_884211›)"),
        ("MRN-12", "XMRN-5530127", "MRN- 5"),
    ),
    "uk_nhs": Cases(
        ("NHS number ‹943 476 5919›", "nhs no: ‹9434765919›", "‹943 476 5919›"),
        ("NHS number 943 476 5918", "call me on 943 476 5919", "9434765919"),
    ),
    "us_mbi": Cases(
        ("MBI ‹1EG4-TE5-MK73›", "Medicare ‹1EG4TE5MK73›", "‹1EG4-TE5-MK73›"),
        ("0EG4-TE5-MK73", "1SG4-TE5-MK73", "1EG4TE5MK73X"),
    ),
    "au_medicare": Cases(
        ("Medicare ‹2123 45670 1›", "‹2123-45670-1›", "medicare card ‹2123456701›"),
        ("2123 45671 1", "9123 45670 1", "2123456701 units"),
    ),
    "us_npi": Cases(
        ("NPI ‹1234567893›", "national provider identifier: ‹1234567893›", "npi=‹1234-567-893›"),
        ("NPI 1234567894", "1234567893", "NPI 3234567893"),
    ),
    "us_dea": Cases(
        ("DEA ‹AB1234563›", "prescriber ‹AB1234563›", "dea number: ‹AB1234563›"),
        ("DEA AB1234564", "AB1234563", "DEA QB1234563"),
    ),
    "insurance_id": Cases(
        ("member ID: ‹XYZ123456789›", "policy number ‹884-221-193›", "Subscriber id ‹W2200114›"),
        ("member id", "policy number 2", "XYZ123456789"),
    ),
    "icd10": Cases(
        ("diagnosis: ‹E11.9›", "ICD-10 ‹I10›", "dx ‹F32.1› since May"),
        ("E11.9", "diagnosed in May", "room B12 on floor 3"),
    ),
    "icd10_patient": Cases(
        ("the patient has ‹E11.9›", "Patient, 54: ‹J45.909›", "patients with ‹M54.5› only"),
        ("the patient in room B12", "E11.9", "patient age 54.5"),
    ),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_values_are_found_whole_and_others_are_left(name):
    assert_holds(CASES[name], next(row.label for row in ROWS if row.name == name))


def test_every_row_has_cases():
    assert set(CASES) == {row.name for row in ROWS}
    assert all(len(cases.found) >= 3 <= len(cases.ignored) for cases in CASES.values())
