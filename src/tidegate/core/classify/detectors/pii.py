"""Contact data of people. The code that rows call is in `phone.py`; e-mail, IP and MAC addresses are in `tokens.py`."""

# ruff: noqa: E501 - rows are tables: a pattern or a list of cues reads better in one line than in five

from collections.abc import Callable

from tidegate.core.classify import phone
from tidegate.core.classify.detectors.words import MONTHS, PLACE
from tidegate.core.classify.rows import BuiltIn, Cued, Row, Shaped
from tidegate.core.classify.validators import is_date


def _phone(country: str, about: str, valid: Callable[[str], bool], shapes: dict[str, float]) -> Shaped:
    return Shaped(label=phone.LABEL, name=f"phone_{country}", about=about, shapes=shapes, valid=valid, cues=phone.CUES)


def _date_of_birth(text: str) -> bool:
    """Some day of some year: the order of day and month is anybody's guess, words for months are taken as they are."""
    numbers = [int(n) for n in "".join(c if c.isdigit() else " " for c in text).split()]
    if len(numbers) < 3:
        return len(numbers) == 2
    first, second, third = numbers[:3]
    if first > 31:
        return is_date(second, third)
    return is_date(first, second) or is_date(second, first)


_STREETS = (
    "street", "avenue", "boulevard", "road", "lane", "drive", "court", "terrace", "parkway", "highway", "crescent", "close",
    "square", "trail", "broadway", " st", " ave", " blvd", " rd", " ln", " dr", " ct", " pkwy", " hwy",
)  # fmt: skip

_WORD = r"[A-Z\xc3-\xf4][A-Za-z\x80-\xff'.-]+"
_LEAD = r"[^\n:]*?[: \n]+(?:[a-z']+ ){0,3}"
_NUMBER_FIRST = (
    rf"\d{{1,5}}[A-Za-z]? (?:\d{{1,4}} )?(?:{_WORD}[ ,]+){{1,4}}\d{{1,4}}[A-Za-z]?\b{PLACE}"
    rf"|\d{{1,5}}[A-Za-z]? (?:{_WORD} ){{1,3}}{_WORD}{PLACE}"
)

ROWS: tuple[Row, ...] = (
    BuiltIn(label="pii.email", name="email", about="e-mail address"),
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
    BuiltIn(label=phone.LABEL, name="phone_international", about="number behind a plus sign: an assigned country code, eight to fifteen digits"),
    BuiltIn(label=phone.LABEL, name="phone_loose", about="seven to fifteen digits in any grouping, behind words such as phone, call, fax"),
    BuiltIn(label="pii.ip", name="ipv4", about="public IPv4 address; private, loopback and link-local ones do not count"),
    BuiltIn(label="pii.ip", name="ipv6", about="global IPv6 address"),
    BuiltIn(label="pii.mac", name="mac", about="MAC address"),
    Cued(
        label="pii.dob",
        name="dob",
        about="date of birth: a date behind born, DOB, date of birth, birthday and the like",
        keywords=(
            "dob", "d.o.b", "born", "birth", "birthday", "geboren", "geburtsdatum", "naissance", "n\u00e9 le", "n\u00e9e le",
            "nacimiento", "nascita", "nato il", "nata il", "birthdate", "date_of_birth", "birth_date", "dateofbirth",
        ),
        pattern=(
            r"(?i)[^\n;]*?\b(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}"
            rf"|\d{{1,2}}(?:st|nd|rd|th|\.)? (?:of )?(?:{MONTHS})[a-z]*\.?,? \d{{4}}"
            rf"|(?:{MONTHS})[a-z]*\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})\b"
        ),
        valid=_date_of_birth,
        digits=True,
        reach=64,
        score=0.9,
    ),
    Cued(
        label="pii.address",
        name="street_address",
        about="house number, up to four words and a kind of street, then unit, place and postcode where they follow",
        keywords=_STREETS,
        pattern=(
            r"\b(\d{1,5}[A-Za-z]?(?:-\d{1,4})?,? (?:(?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\.? )?"
            r"(?:[A-Z\x80-\xff][A-Za-z\x80-\xff'.-]*|\d{1,3}(?:st|nd|rd|th)) (?:(?:[A-Z\x80-\xff][A-Za-z\x80-\xff'.-]*|of|de|la|the) ){0,3}"
            r"(?:Street|Avenue|Boulevard|Road|Lane|Drive|Court|Terrace|Parkway|Highway|Crescent|Close|Square|Trail|Way|Place"
            r"|Broadway|St|Ave|Blvd|Rd|Ln|Dr|Ct|Pl|Ter|Pkwy|Hwy|Sq)\b\.?"
            r"(?:[ ,\n]*(?:(?i:apt|apartment|suite|ste|unit|floor|fl|flat|room)\.? ?#?|#)[A-Za-z0-9-]{1,6})?" + PLACE + ")"
        ),
        around=True,
        digits=True,
        reach=72,
        score=0.75,
    ),
    Cued(
        label="pii.address",
        name="strasse",
        about="German, Dutch and Scandinavian street with its number behind it",
        keywords=("*stra\u00dfe", "*strasse", "*str.", "*platz", "*allee", "*gasse", "*straat", "*gatan"),
        pattern=(
            r"\b([A-Z\x80-\xff][A-Za-z\x80-\xff-]*(?: [A-Z][A-Za-z\x80-\xff-]*)?[ -]?"
            r"(?:[Ss]tra(?:\xc3\x9f|ss)e|[Ss]tr\.|[Pp]latz|[Aa]llee|[Gg]asse|straat|gatan) \d{1,4} ?[a-z]?"
            r"(?:,? \d{4,5} [A-Z\x80-\xff][A-Za-z\x80-\xff-]+)?)\b"
        ),
        around=True,
        digits=True,
        reach=48,
        score=0.75,
    ),
    Cued(
        label="pii.address",
        name="unit_address",
        about="house number, one to five capitalised words, then an apartment, suite or unit",
        keywords=("apt", "apartment", "suite", "ste ", "ste.", "ste#", "unit", "flat"),
        pattern=(
            r"\b(\d{1,5}[A-Za-z]? (?:[A-Z\x80-\xff][A-Za-z\x80-\xff'.-]*[ ,]+){1,5}(?:\d{1,4}[.,]?)?[ ,\n]*"
            r"(?i:apt|apartment|suite|ste|unit|flat)\.? ?#?[A-Za-z0-9-]{1,6}" + PLACE + ")"
        ),
        around=True,
        digits=True,
        reach=72,
        score=0.75,
    ),
    Cued(
        label="pii.address",
        name="po_box",
        about="post office box, also of a military post office",
        keywords=("box",),
        pattern=(
            r"\b((?:P\. ?O\. ?|PO |Post Office |PSC \d{1,5},? |Unit \d{1,5},? |Postfach |B\.?P\.? )[Bb]ox \d{1,6}"
            r"(?:[ ,\n]+(?:APO|FPO|DPO) A[AEP] \d{5}(?:-\d{4})?" + PLACE + "|" + PLACE + "))"
        ),
        around=True,
        digits=True,
        reach=48,
        score=0.8,
    ),
    Cued(
        label="pii.address",
        name="address_line",
        about="a number and capitalised words behind address, ship to and the like",
        keywords=(
            "address", "addresses", "address is", "ship to", "deliver to", "delivered to", "return to", "sent to", "anschrift", "adresse",
        ),
        pattern=_LEAD + "(" + _NUMBER_FIRST + ")",
        digits=True,
        reach=120,
        score=0.7,
    ),
    Cued(
        label="pii.address",
        name="dwelling",
        about="a number and capitalised words, in either order, behind lives at, located at, meet me at",
        keywords=(
            "lives at", "live at", "living at", "lived at", "lives in", "live in", "lived in", "located at", "located on", "residing at",
            "resides at", "office is at", "meet you at", "meet me at", "arrived at", "moved to", "wohnt in", "drops you off at",
        ),
        pattern=_LEAD + "(" + _NUMBER_FIRST + "|" + rf"(?:{_WORD} ){{1,4}}\d{{1,4}}[A-Za-z]?\b" + PLACE + ")",
        digits=True,
        reach=120,
        score=0.7,
    ),
    Cued(
        label="pii.address",
        name="rue",
        about="French, Spanish and Italian street: number and kind in front, or kind, name and number",
        keywords=("rue ", "avenue ", "boulevard ", "calle ", "avenida ", "via ", "piazza ", "plaza ", "rua ", "c/ ", "ul. "),
        pattern=(
            r"\b(\d{1,4}(?: ?bis| ?ter)?,? (?i:rue|avenue|boulevard|place|chemin|impasse|all\xc3\xa9e) (?:[A-Za-z\x80-\xff'-]+ ?){1,6}(?:,? \d{5} [A-Z\x80-\xff][A-Za-z\x80-\xff-]+)?"
            r"|(?:Calle|Avenida|Via|Viale|Piazza|Plaza|Rua|C/|ul\.) (?:[A-Za-z\x80-\xff'.-]+ ){1,5}(?:n\xc2\xba ?)?\d{1,4}[A-Za-z]?(?:,? \d{5} [A-Z\x80-\xff][A-Za-z\x80-\xff-]+)?)"
        ),
        around=True,
        digits=True,
        reach=64,
        score=0.75,
    ),
)  # fmt: skip
