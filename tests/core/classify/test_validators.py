"""Official samples. Each with one place changed must fail: a check digit that accepts its neighbour is none."""

import string

import pytest

from tidegate.core.classify import validators

SAMPLES = [
    ("us_npi", "1234567893"),
    ("us_dea", "AB1234563"),
    ("ca_sin", "130692544"),
    ("mx_curp", "HEGG560427MVZRRL04"),
    ("uk_nhs", "9434765919"),
    ("ie_pps", "1234567T"),
    ("de_tax_id", "86095742719"),
    ("fr_nir", "255081416802538"),
    ("es_dni", "12345678Z"),
    ("es_nie", "X1234567L"),
    ("it_codice_fiscale", "RSSMRA85T10A562S"),
    ("pl_pesel", "44051401359"),
    ("be_national", "85073003328"),
    ("ch_ahv", "7569217076985"),
    ("se_personnummer", "8112189876"),
    ("no_fodselsnummer", "15076500565"),
    ("fi_hetu", "131052308T"),
    ("tr_kimlik", "10000000146"),
    ("in_aadhaar", "414885945266"),
    ("sg_nric", "S1234567D"),
    ("cn_resident", "11010519491231002X"),
    ("za_identity", "8001015009087"),
    ("br_cpf", "52998224725"),
    ("cl_rut", "123456785"),
    ("au_medicare", "2123456701"),
]


@pytest.mark.parametrize(("name", "sample"), SAMPLES)
def test_a_sample_passes_and_a_wrong_last_place_fails(name, sample):
    check = getattr(validators, name)
    place = 8 if name == "au_medicare" else -1
    others = string.digits if sample[place].isdigit() else string.ascii_uppercase
    assert check(sample)
    accepted = [c for c in others if check(sample[:place] + c + (sample[place + 1 :] if place != -1 else ""))]
    assert accepted == [sample[place]]


@pytest.mark.parametrize(
    ("month", "day", "known"),
    [(2, 29, True), (2, 30, False), (4, 31, False), (12, 31, True), (0, 1, False), (13, 1, False), (1, 0, False)],
)
def test_a_date_is_a_day_that_some_year_has(month, day, known):
    assert validators.is_date(month, day) is known


@pytest.mark.parametrize("digits", ["000123456", "666123456", "900123456", "123001234", "123450000", "078051120"])
def test_social_security_numbers_that_were_never_issued_fail(digits):
    assert not validators.us_ssn(digits)


def test_corsican_departments_are_read_as_numbers():
    number = "1840299076450" + "81"
    corsican = number[:5] + "2A" + number[7:]
    key = 97 - int((corsican[:5] + "19" + corsican[7:])[:13]) % 97
    assert validators.fr_nir(corsican[:13] + f"{key:02}")
    assert not validators.fr_nir(corsican[:13] + f"{(key + 1) % 97:02}")
