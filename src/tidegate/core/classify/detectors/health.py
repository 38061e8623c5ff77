"""Health data: identifiers of patients, insured and prescribers, and diagnoses beside a person.

An NHS number stands here and not under government: what it opens is a health record.
"""

# ruff: noqa: E501 - rows are tables: a pattern or a list of cues reads better in one line than in five

from tidegate.core.classify import validators as check
from tidegate.core.classify.rows import Cued, Row, Shaped

_SOME_DIGITS = 3

ROWS: tuple[Row, ...] = (
    Cued(
        label="phi.mrn",
        name="mrn",
        about="medical record number behind MRN, medical record, patient id, chart number",
        keywords=(
            "mrn",
            "medical record",
            "medical_record",
            "patient id*",
            "patient_id",
            "patientid",
            "patient no",
            "patient number",
            "chart number",
            "chart no",
            "hospital number",
            "medical rec*",
        ),
        pattern=(
            r"(?i)(?:mrn|medical[ _]rec(?:ord)?s?|patient[ _]?id|patient (?:no|number)|chart (?:no|number)|hospital number)"
            r"(?:[\s:#=.,\x22'\x1e_()-]|number|num|no|is|id|the|of|mrn|was)*?\b((?:mrn[-_ ]?)?[a-z]{0,4}[-_]?\d[0-9a-z-]{3,})\b"
        ),
        valid=lambda text: sum(c.isdigit() for c in text) >= 4 and len(text) <= 20,
        digits=True,
        reach=64,
        score=0.9,
    ),
    Cued(
        label="phi.mrn",
        name="mrn_token",
        about="a token that names itself: MRN-5530127",
        keywords=("mrn*",),
        pattern=r"(?i)(mrn[-_#]?\d{4,12})\b",
        digits=True,
        reach=24,
        score=0.9,
    ),
    Shaped(
        label="phi.uk_nhs",
        name="uk_nhs",
        about="NHS number (England, Wales, Isle of Man)",
        shapes={"000 000 0000": 0.55, "000-000-0000": 0.4, "0000000000": 0.15},
        valid=check.uk_nhs,
        cues=(" nhs", "national health"),
    ),
    Shaped(
        label="phi.us_mbi",
        name="us_mbi",
        about="US Medicare beneficiary identifier",
        shapes={"0AX0AX0AA00": 0.6, "0AX0-AX0-AA00": 0.9},
        valid=check.us_mbi,
        cues=(" medicare", " mbi", " beneficiary"),
    ),
    Shaped(
        label="phi.au_medicare",
        name="au_medicare",
        about="Australian Medicare number",
        shapes={"0000 00000 0": 0.7, "0000-00000-0": 0.7, "0000000000": 0.15},
        valid=check.au_medicare,
        cues=(" medicare",),
    ),
    Shaped(
        label="phi.npi",
        name="us_npi",
        about="US national provider identifier",
        shapes={"0000000000": 0.15, "0000-000-000": 0.3, "0000 000 000": 0.2},
        valid=check.us_npi,
        cues=(" npi", "national provider", " provider id", " provider number"),
    ),
    Shaped(
        label="phi.dea",
        name="us_dea",
        about="DEA registration number of a prescriber",
        shapes={"AA0000000": 0.4},
        valid=check.us_dea,
        cues=(" dea ", " prescriber", " controlled substance"),
    ),
    Cued(
        label="phi.insurance_id",
        name="insurance_id",
        about="health plan, member or policy number behind those words",
        keywords=(
            "member id",
            "member number",
            "member no",
            "member_id",
            "memberid",
            "insurance id",
            "insurance number",
            "insurance no",
            "insurance_id",
            "policy number",
            "policy no",
            "policy_number",
            "subscriber id",
            "subscriber number",
            "subscriber_id",
            "health plan",
            "group number",
            "medicaid",
            "krankenversichertennummer",
            "versichertennummer",
        ),
        pattern=r"(?i)[a-z_ ]+(?:[\s:#=.\x22'\x1e-]|is|id|number|no)*\b([a-z]{0,4}[- ]?\d[0-9a-z-]{4,})\b",
        valid=lambda text: sum(c.isdigit() for c in text) >= _SOME_DIGITS and 6 <= len(text) <= 20,
        digits=True,
        reach=64,
        score=0.75,
    ),
    Cued(
        label="phi.icd10",
        name="icd10",
        about="ICD-10 code behind ICD, diagnosis or dx; with its dot also beside a patient",
        keywords=("icd", "icd-10", "icd10", "diagnos*", "dx"),
        pattern=r"[^\n]*?\b([A-TV-Z]\d[0-9AB](?:\.[0-9A-TV-Z]{1,4})?)\b",
        digits=True,
        reach=64,
        score=0.8,
    ),
    Cued(
        label="phi.icd10",
        name="icd10_patient",
        about="ICD-10 code with its dot beside a patient",
        keywords=("patient*",),
        pattern=r"[^\n]*?\b([A-TV-Z]\d[0-9AB]\.[0-9A-TV-Z]{1,4})\b",
        digits=True,
        reach=96,
        score=0.7,
    ),
)
