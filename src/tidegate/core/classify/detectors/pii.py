"""Contact data of people. The code that rows call is in `phone.py`; e-mail, IP and MAC addresses are in `tokens.py`."""

# ruff: noqa: E501 - rows are tables: a pattern or a list of cues reads better in one line than in five

from collections.abc import Callable

from tidegate.core.classify import addresses, phone
from tidegate.core.classify import validators as check
from tidegate.core.classify.detectors.words import MONTHS, PLACE
from tidegate.core.classify.places import ENDINGS, FOLLOWING, LEADING, STREETS
from tidegate.core.classify.rows import BuiltIn, Called, Cued, Row, Shaped
from tidegate.core.classify.validators import is_date

_PHONES = {
    "us": "call me at (212) 555-0123",
    "bracketed": "office (212) 155-0123",
    "us_local": "phone 555-0123",
    "uk": "020 7946 0958",
    "fr": "01 99 00 12 34",
    "trunk": "Telefon 030/23125012",
    "br": "(11) 91234-5678",
    "in": "call me on 98765 43210",
    "cn": "138 1234 5678",
    "jp": "090-1234-5678",
}


def _phone(country: str, about: str, valid: Callable[[str], bool], shapes: dict[str, float]) -> Shaped:
    return Shaped(
        label=phone.LABEL,
        name=f"phone_{country}",
        about=about,
        shapes=shapes,
        valid=valid,
        cues=phone.CUES,
        example=_PHONES[country],
        peer="PHONE_NUMBER",
    )


def _date_of_birth(text: str) -> bool:
    """Some day of some year: the order of day and month is anybody's guess, words for months are taken as they are."""
    numbers = [int(n) for n in "".join(c if c.isdigit() else " " for c in text).split()]
    if len(numbers) < 3:
        return len(numbers) == 2
    first, second, third = numbers[:3]
    if first > 31:
        return is_date(second, third)
    return is_date(first, second) or is_date(second, first)


_STREET_WORDS = (
    *(word.decode() for word in sorted(STREETS | LEADING | FOLLOWING) if len(word.decode()) > 3),
    *(f"*{ending.decode()}" for ending in ENDINGS if len(ending) > 3), "*ntie", "*vej", "*weg", "rue ", "via ", "rua ", "ul.", "c/", "u.",
    "t\u00e9r", "\u0443\u043b.", "utca", "blvd",
    "* st.*", "* rd.*", "* ave.*", "* dr.*", "* ln.*", "av. ", "av ", "al. ", "pl. ", "* vei *", "* vej *", "* weg *", "* trg *", "* veg *", "* tie *", "* tee *", "* \u00fat *",
)  # fmt: skip
"""Short ones are left to the pass that sees a number before a capital: they stand in too many other words."""

_ADDRESS_CUES = (
    "address", "addresses", "anschrift", "adresse", "adress", "adres", "direcci\u00f3n", "domicilio", "indirizzo", "endere\u00e7o", "osoite",
    "lives at", "lives in", "lives on", "live at", "live in", "live on", "living at", "living in", "lived at", "lived in", "resides at",
    "resides in", "residing at", "located at", "located on", "located in", "situated at", "based at", "moved to", "moving to", "moved from",
    "ship to", "ship it to", "shipped to", "deliver to", "deliver it to", "delivered to", "delivery to", "return to", "sent to", "send to",
    "send it to", "mail it to", "mailed to", "arrived at", "meet at", "meet me at", "meet you at", "meeting at", "pick up at",
    "pick up from", "pick me up at", "drop off at", "dropped off at", "stop at", "office is at", "office is on", "house is at",
    "station is on", "shop is on", "wohnt in", "wohnhaft in", "habite au", "vive en", "abita in",
)  # fmt: skip
"""Words that an address follows. What follows must look like one."""

ROWS: tuple[Row, ...] = (
    BuiltIn(label="pii.email", name="email", example="Please mail the slides to t.nguyen@fabrikam.example tonight", peer="EMAIL_ADDRESS", about="e-mail address"),
    _phone(
        "us",
        "North American telephone number",
        phone.nanp,
        {
            "000-000-0000": 0.65,
            "(000) 000-0000": 0.85,
            "(000)000-0000": 0.85,
            "(000) 000 0000": 0.8,
            "(000)-000-0000": 0.8,
            "(000) 000.0000": 0.8,
            "000.000.0000": 0.6,
            "000 000 0000": 0.5,
            "000 000-0000": 0.65,
            "000/000-0000": 0.6,
            "0-000-000-0000": 0.75,
            "0 000 000 0000": 0.55,
            "0.000.000.0000": 0.6,
            "0 (000) 000-0000": 0.85,
            "0 000-000-0000": 0.7,
            "000-000-000-0000": 0.75,
            "0000000000": 0.2,
            "00000000000": 0.2,
        },
    ),
    _phone(
        "bracketed",
        "area code in brackets, whichever codes are in use",
        phone.bracketed,
        dict.fromkeys(("(000) 000-0000", "(000)000-0000", "(000) 000 0000", "(000)-000-0000", "(000) 000.0000", "(000).000.0000"), 0.6)
        | dict.fromkeys(("(00) 000-000", "(00) 000 000", "(00) 000 0000", "(000) 000 000", "(00) 0000-0000", "(0000) 000000", "(000) 000000000"), 0.5),
    ),
    _phone("us_local", "North American number without its area code", phone.nanp_local, {"000-0000": 0.2, "000 0000": 0.15}),
    _phone(
        "uk",
        "British telephone number",
        phone.united_kingdom,
        {
            "00000 000000": 0.6,
            "00000 000 000": 0.6,
            "0000 000 0000": 0.55,
            "000 0000 0000": 0.6,
            "(00000) 000000": 0.8,
            "(0000) 000 0000": 0.8,
            "(000) 0000 0000": 0.8,
            "00000000000": 0.5,
        },
    ),
    _phone(
        "fr",
        "French telephone number",
        phone.france,
        {"00 00 00 00 00": 0.75, "00.00.00.00.00": 0.75, "00-00-00-00-00": 0.7, "0000000000": 0.25},
    ),
    _phone(
        "trunk",
        "national number with its trunk 0 (Germany, Austria, Italy, Australia and others)",
        phone.trunk,
        {
            "0000/0000000": 0.6,
            "0000/00000000": 0.6,
            "000/0000000": 0.55,
            "000 000 0000": 0.3,
            "000/00000000": 0.55,
            "0000 0000000": 0.55,
            "0000 00000000": 0.55,
            "000 00000000": 0.5,
            "000 0000000": 0.5,
            "0000 000 000": 0.55,
            "(00) 0000 0000": 0.75,
            "00 0000 0000": 0.5,
            "00000000000": 0.5,
        },
    ),
    _phone("br", "Brazilian telephone number", phone.brazil, {"(00) 00000-0000": 0.85, "(00) 0000-0000": 0.7, "00 00000-0000": 0.6}),
    _phone("in", "Indian mobile number", phone.india_mobile, {"00000 00000": 0.45, "00000-00000": 0.45, "0000000000": 0.25}),
    _phone("cn", "Chinese mobile number", phone.china_mobile, {"000 0000 0000": 0.6, "000-0000-0000": 0.6, "00000000000": 0.4}),
    _phone("jp", "Japanese telephone number", phone.japan, {"000-0000-0000": 0.7, "000 0000 0000": 0.55}),
    BuiltIn(label=phone.LABEL, name="phone_international", example="+44 20 7946 0958", peer="PHONE_NUMBER", about="number behind a plus sign: an assigned country code, eight to fifteen digits"),
    BuiltIn(label=phone.LABEL, name="phone_loose", example="fax 416 60 039", peer="PHONE_NUMBER", about="seven to fifteen digits in any grouping, behind words such as phone, call, fax"),
    BuiltIn(label="pii.ip", name="ipv4", example="blocked 203.0.113.77", peer="IP_ADDRESS", about="public IPv4 address; private, loopback and link-local ones do not count"),
    BuiltIn(label="pii.ip", name="ipv6", example="2001:db8::8a2e:370:7334", peer="IP_ADDRESS", about="global IPv6 address"),
    BuiltIn(label="pii.mac", name="mac", example="00:1a:2b:3c:4d:5e", peer="MAC_ADDRESS", about="MAC address"),
    Cued(
        label="pii.dob",
        name="dob",
        example="born on 12 March 1985", peer="DATE_OF_BIRTH (Google)",
        about="date of birth: a date behind born, DOB, date of birth, birthday and the like",
        keywords=(
            "dob", "d.o.b", "born", "birth", "birthday", "birthdate", "date_of_birth", "birth_date", "dateofbirth", "geboren", "geburtsdatum", "geb.",
            "naissance", "n\u00e9 le", "n\u00e9e le", "nacimiento", "nascita", "nato il", "nata il", "nascimento", "geboortedatum", "f\u00f6delsedatum",
            "f\u00f8dselsdato", "f\u00f8dt", "f\u00f6dd", "syntym\u00e4aika", "urodzenia", "sz\u00fclet\u00e9si", "\u751f\u5e74\u6708\u65e5", "\u51fa\u751f", "\uc0dd\ub144\uc6d4\uc77c",
        ),
        pattern=(
            r"(?i)(?:d\.o\.b\.?)?(?:[^\n;.]|\.[^ \n]|\b(?:geb|dob|nat)\. )*?(?:\n[ \t]*)?\b(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}"
            rf"|\d{{1,2}}(?:st|nd|rd|th|\.)? (?:of |de )?(?:{MONTHS})[a-z\x80-\xff]*\.?,?(?: de)? \d{{4}}"
            rf"|(?:{MONTHS})[a-z]*\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
            r"|\d{4} ?\xe5\xb9\xb4 ?\d{1,2} ?\xe6\x9c\x88 ?\d{1,2} ?\xe6\x97\xa5)(?:T|\b|$)"
        ),
        valid=_date_of_birth,
        digits=True,
        reach=64,
        score=0.9,
    ),
    BuiltIn(label="pii.address", name="street_address", example="Ship it to 1600 Pennsylvania Avenue NW today", peer="STREET_ADDRESS (Google)", about="a number and the words of a street with its kind, in a dozen languages; then unit, place, state, postcode and country where they follow"),
    Called(
        label="pii.address",
        name="street_words",
        example="wohnt Hauptstraße 12, 10115 Berlin", peer="STREET_ADDRESS (Google)",
        about="the same where no capital tells it, or with the number behind the street: 12 mill lane, Hauptstraße 5, Calle Mayor 12",
        keywords=_STREET_WORDS,
        look=addresses.by_kind,
    ),
    Called(
        label="pii.address",
        name="unit_address",
        example="4021 Sundowner 12 Apt. 7", peer="STREET_ADDRESS (Google)",
        about="number and capitalised words, or words and number, before an apartment, suite, unit or floor",
        keywords=("apt", "apartment", "suite", "ste", "unit", "flat", "floor", "room", "piso", "appt", "studio"),
        look=addresses.by_unit,
    ),
    Called(
        label="pii.address",
        name="address_line",
        example="Address: 87 Harbour View 4", peer="STREET_ADDRESS (Google)",
        about="number and words in either order behind address, lives at, located on, ship to and the like",
        keywords=_ADDRESS_CUES,
        look=addresses.by_cue,
    ),
    Called(
        label="pii.address",
        name="corner",
        example="meet at the corner of Elm Street and Oak Avenue", peer="STREET_ADDRESS (Google)",
        about="the corner of one street and another",
        keywords=("corner of", "intersection of"),
        look=addresses.by_corner,
    ),
    BuiltIn(label="pii.address", name="town_state_postcode", example="near Houston, TX 77002.", peer="LOCATION (Google)", about="a town, the code of a state and a ZIP code"),
    Cued(
        label="pii.address",
        name="po_box",
        example="P.O. Box 1044", peer="STREET_ADDRESS (Google)",
        about="post office box, also of a military post office",
        keywords=("box", "postfach", "bo\u00eete postale", "apartado", "casilla", "postbus", "postboks"),
        pattern=(
            r"(?i)\b((?:(?:P\.? ?O\.? ?|Post Office |PSC \d{1,5},? |Unit \d{1,5},? |B\.?P\.? )Box"
            r"|Postfach|Bo\xc3\xaete Postale|Apartado(?: de Correos)?|Casilla|Postbus|Postboks) #?\d{1,6}\b"
            r"(?:[ ,\n]+(?:APO|FPO|DPO),? A[AEP] \d{5}(?:-\d{4})?|" + PLACE + "))"
        ),
        around=True,
        digits=True,
        reach=48,
        score=0.8,
    ),
    Cued(
        label="pii.address",
        name="military_post",
        example="USNS Example\nFPO AP 12345", peer="STREET_ADDRESS (Google)",
        about="ship or unit, and a military post office with its code",
        keywords=("apo", "fpo", "dpo"),
        pattern=r"(?i)\b((?:[A-Z][A-Za-z]*[ ,](?:[A-Z][A-Za-z-]*[\n ,]+)?)?(?:APO|FPO|DPO),? A[AEP] \d{5}(?:-\d{4})?)\b",
        around=True,
        digits=True,
        reach=48,
        score=0.8,
    ),
    Cued(
        label="pii.address",
        name="postcode",
        example="zip code is 62704", peer="DE_PLZ",
        about="postcode behind ZIP, postcode, postal code, PLZ, code postal and the like",
        keywords=(
            "zip", "zip code", "zipcode", "zip_code", "postcode", "post code", "postal code", "postal_code", "postalcode", "postleitzahl", "plz",
            "code postal", "c\u00f3digo postal", "codigo postal", "cep", "pincode", "pin code",
        ),
        pattern=(
            r"(?i)(?:zip|post|postal|plz|postleitzahl|code postal|c(?:\xc3\xb3|o)digo postal|cep|pin)[ _]?(?:code)?"
            r"(?:[\s:#=.,\x22'\x1e_()-]|is|the|code|number|postal|of|for|my|our)*?\b"
            r"(\d{5}(?:-\d{3,4})?|\d{6}|\d{4} ?[a-z]{2}|\d{4}|\d{2}-\d{3}|\d{3}-\d{4}|[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}|[a-z]\d[a-z] ?\d[a-z]\d)\b"
        ),
        digits=True,
        reach=40,
        score=0.7,
    ),
    Shaped(
        label="pii.address",
        name="uk_postcode",
        example="in SW1A 1AA.", peer="UK_POSTCODE",
        about="British postcode: its area exists, and its last letters are of those that are used",
        shapes=dict.fromkeys(("A0 0AA", "A00 0AA", "A0A 0AA", "AA0 0AA", "AA00 0AA", "AA0A 0AA"), 0.55),
        valid=check.uk_postcode,
    ),
)  # fmt: skip
