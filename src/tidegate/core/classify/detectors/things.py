"""Things that lead to whoever owns them: vehicles, telephones, pages on the web that carry a person's data."""

# ruff: noqa: E501 - rows are tables: a pattern or a list of cues reads better in one line than in five

from tidegate.core.classify import links
from tidegate.core.classify import validators as check
from tidegate.core.classify.checksums import luhn
from tidegate.core.classify.rows import Called, Cued, Row, Shaped
from tidegate.core.classify.validators import varied

ROWS: tuple[Row, ...] = (
    Cued(
        label="pii.vin",
        name="vin",
        about="vehicle identification number behind VIN, chassis, vehicle identification, Fahrgestellnummer",
        keywords=("vin", "vin#", "chassis", "vehicle identification", "vehicle id", "fahrgestellnummer", "fahrgestell-nr", "vehicle_vin", "bastidor", "telaio"),
        pattern=r"(?i)[^\n]*?\b([A-HJ-NPR-Z0-9]{17})\b",
        valid=check.vin,
        digits=True,
        reach=56,
        example="VIN 1M8GDM9AXKP042788",
        peer="VEHICLE_IDENTIFICATION_NUMBER (Google)",
    ),
    Shaped(
        label="pii.imei",
        name="imei",
        about="identity of a mobile telephone: Luhn, near the word",
        shapes={"000000000000000": 0.1, "00-000000-000000-0": 0.6, "00 000000 000000 0": 0.4, "000000-00-000000-0": 0.6},
        valid=lambda digits: varied(digits) and luhn(digits),
        cues=(" imei", " handset", " device identity"),
        example="IMEI 49-015420-323751-8",
        peer="IMEI_HARDWARE_ID (Google)",
    ),
    Cued(
        label="pii.imsi",
        name="imsi",
        about="identity of a mobile subscriber or of a SIM card behind those words",
        keywords=("imsi", "iccid", "sim card number", "sim number"),
        pattern=r"(?i)(?:imsi|iccid|sim card number|sim number)(?:[\s:#=.\x22'\x1e_-]|is|no|number)*(\d{14,15}|89\d{16,18})\b",
        valid=varied,
        digits=True,
        reach=48,
        example="IMSI 001010123456789",
        peer="IMSI_ID (Google)",
    ),
    Cued(
        label="pii.license_plate",
        name="license_plate",
        about="registration of a vehicle behind licence plate, number plate, registration number, Kennzeichen and the like",
        keywords=(
            "license plate", "licence plate", "number plate", "plate number", "registration plate", "vehicle registration", "car registration",
            "kennzeichen", "immatriculation", "matr\u00edcula", "targa", "kenteken", "license_plate", "licence_plate",
        ),
        pattern=r"(?i)[a-z\x80-\xff _]+?(?:[\s:#=\x22'\x1e_()-]|is|was|no|number|nr|the)*?\b(?-i:([A-Z\xc3]{1,3}[A-Z0-9\x80-\xbf]{0,2}[ -]?[A-Z0-9]{1,4}(?:[ -][A-Z0-9]{1,4})?|\d{1,4}[ -]?[A-Z]{1,3}(?:[ -]?\d{1,4})?))\b",
        valid=lambda text: 4 <= len(text) <= 11 and any(c.isdigit() for c in text) and any(c.isalpha() for c in text),
        digits=True,
        reach=64,
        score=0.7,
        example="licence plate: AB12 CDE",
        peer="UK_VEHICLE_REGISTRATION (Presidio)",
    ),
    Called(
        label="pii.url",
        name="url_with_user_data",
        about="a link that carries a person's data: e-mail, name, telephone, user or session in its query, or a profile",
        keywords=links.KEYWORDS,
        look=links.link,
        example="https://shop.example.com/o?email=jo%40example.com&id=7",
        peer="URL",
    ),
)  # fmt: skip
