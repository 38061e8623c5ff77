"""Telephone numbers that no fixed grouping describes.

Groupings that a country uses are rows in `detectors/pii.py`; here are the validators of those rows, numbers behind a
plus sign, and whatever people write after "call me at".
"""

# ruff: noqa: E501 - a list of cues reads better in few lines

from tidegate.core.classify.context import has_cue, just_before
from tidegate.core.classify.patterns import DIGITS
from tidegate.core.classify.plans import LENGTHS
from tidegate.core.classify.rows import CUE, REPORTED, Hit
from tidegate.core.classify.validators import varied

LABEL = "pii.phone"
GROUPED = 0.6
"""What a grouping is worth that says telephone whatever the words before it say."""
PLAIN_CUES = (
    " phone", "telephone", " tel ", " tele ", " mobile", " cell ", " cellphone", " cellular", " fax", " dial", " whatsapp", " sms ",
    " text me", " text him", " text her", " call me", " call him", " call her", " call us", " call at", " call on", " calling ",
    " hotline", " landline", " voicemail", " pager", " callback", " handy", " telefon", " t\u00e9l\u00e9phone", " portable", " m\u00f3vil",
    " celular", " mobil", " rufnummer", " telefoon", " telefone", " tel\u00e9fono", " tlf", " telem\u00f3vel", " puhelin", " cellulare",
    " my number ", " reach me at", " reach him at", " reach her at", " reach us at", " mob ", " ph ", " phone number", " can text ", " please text", " please contact", " contact me", " contact him", " contact her", " contact us",
)  # fmt: skip
CUES = (
    *PLAIN_CUES, " call ", " ring ", " reach", " contact", " office", " desk", " answering at", " registered", " messages to", " ext ",
    " signal ", " text ", " number is ", " number ",
)  # fmt: skip
"""Words that say what a number is; of these `PLAIN_CUES` alone are enough for digits that nobody has grouped."""
OTHERS = (
    " order", " invoice", " ticket", " tracking", " serial", " part no", " part number", " isbn", " issn", " sku", " case ", " version",
    " build ", " model", " item ", " batch", " lot ", " ref ", " reference", " document", " receipt", " transaction", " id ", " ids ",
    " article", " doi", " error", " code ", " asin", " upc", " ean ", " gtin", " coordinates", " latitude", " longitude", " lat ",
    " lon ", " commit", " revision", " rev ", " account", " acct", " konto", " policy", " member", " patient", " claim",
)  # fmt: skip
"""Words right before a number that say that it is another one."""
ANY_CUES = tuple(cue.encode() for cue in CUES)
_OTHERS = tuple(cue.encode() for cue in OTHERS)
BEFORE_EXTENSION = frozenset(b" xXeE")
_JUST_BEFORE_BYTES = 26
_PLAIN_CUES = tuple(cue.encode() for cue in PLAIN_CUES)


def nanp(digits: str) -> bool:
    """North American Numbering Plan: area and exchange start with 2-9 and are no N11 code; 1 or 001 may stand before."""
    number = digits[-10:]
    exists = number[0] > "1" and number[3] > "1" and number[1:3] != "11"
    return exists and (len(digits) == 10 or digits[:-10] in {"1", "001"}) and varied(number)


def bracketed(digits: str) -> bool:
    """An area code in brackets says telephone, whichever codes are in use: people make such numbers up."""
    return varied(digits)


def nanp_local(digits: str) -> bool:
    return digits[0] in "23456789" and digits[1:3] != "11" and varied(digits)


def united_kingdom(digits: str) -> bool:
    """Ofcom, National Telephone Numbering Plan: 01, 02, 03, 05, 07, 08 and 09, ten or eleven digits with the 0."""
    return digits[0] == "0" and digits[1] in "1235789" and len(digits) in {10, 11} and varied(digits[2:])


def france(digits: str) -> bool:
    """Arcep: ten digits, 01 to 09, in pairs."""
    return digits[0] == "0" and digits[1] != "0" and varied(digits[1:])


def trunk(digits: str) -> bool:
    """A national number with its trunk 0, as most of the world writes it."""
    return digits[0] == "0" and digits[1] != "0" and varied(digits[1:])


def brazil(digits: str) -> bool:
    """Anatel: area code without zeros, mobile numbers of nine digits start with 9, landlines with 2 to 5."""
    if "0" in digits[:2]:
        return False
    return digits[2] == "9" if len(digits) == 11 else digits[2] in "2345"


def india_mobile(digits: str) -> bool:
    """Department of Telecommunications: mobile numbers have ten digits and start with 6 to 9."""
    return digits[0] in "6789" and varied(digits)


def china_mobile(digits: str) -> bool:
    """MIIT: mobile numbers have eleven digits, 13 to 19."""
    return digits[0] == "1" and digits[1] in "3456789" and varied(digits[2:])


def japan(digits: str) -> bool:
    """MIC: mobile 070, 080, 090; IP telephony 050."""
    return digits[0] == "0" and digits[1] in "5789" and digits[2] == "0"


def has_country_code(digits: str) -> bool:
    """ITU-T E.164: an assigned calling code, and as many digits behind it as its plan has; a trunk 0 may stand between."""
    if not 8 <= len(digits) <= 16 or digits[0] == "0" or not varied(digits):
        return False
    if digits[0] == "1":
        return len(digits) == 11 and digits[1] in "23456789"
    code = next((digits[:size] for size in (1, 2, 3) if digits[:size] in LENGTHS), "")
    if not code:
        return False
    size = len(digits) - len(code)
    return size in LENGTHS[code] or (digits[len(code)] == "0" and size - 1 in LENGTHS[code])


def international(data: bytes, atoms: list[tuple[int, int]], at: int) -> tuple[int, Hit | None]:
    """The number that opens with a plus sign at `atoms[at]`, and how many atoms it takes: as many as fifteen digits
    allow.
    """
    start = atoms[at][0]
    if start and data[start - 1 : start].isalnum():
        return 1, None
    best: tuple[int, Hit | None] = (1, None)
    for used, (low, high) in enumerate(atoms[at : at + 8], 1):
        digits = _digits(data, start, high)
        if len(digits) > 16 or (used > 1 and data[low] == 0x2B):
            break
        if has_country_code(digits) and not _is_decimal(data[start:high]):
            best = used, Hit(start, with_extension(data, high), LABEL, 0.85, "phone_international")
    return best


def loose(data: bytes, lower: bytes, start: int, end: int, digits: str, near: bytes) -> Hit | None:
    """A whole run of digits and separators that is no known grouping; `near`: the words around it, if any is a cue."""
    if data[start] == 0x2B or data[start : start + 2] == b"(+":
        if has_country_code(digits) and not _is_decimal(data[start:end]):
            return Hit(start, with_extension(data, end), LABEL, 0.85, "phone_international")
        return None
    if not 7 <= len(digits) <= 15:
        return None
    text = data[start:end]
    score = _alone(text, digits)
    if near and has_cue(near, ANY_CUES if len(text) > len(digits) else _PLAIN_CUES):
        score += CUE
    if score < REPORTED or not varied(digits) or _is_piece(data, start, end) or _is_other_notation(text):
        return None
    if is_another(lower, start):
        return None
    return Hit(start, with_extension(data, end), LABEL, min(score, 0.95), "phone_loose")


def is_another(lower: bytes, start: int) -> bool:
    """The words right before a number say that it is an order, a version, a document, and no word there says phone."""
    before = just_before(lower, start, _JUST_BEFORE_BYTES)
    return has_cue(before, _OTHERS) and not has_cue(before, _PLAIN_CUES)


def _alone(text: bytes, digits: str) -> float:
    """What a grouping is worth without a cue."""
    if digits.startswith("00") and has_country_code(digits[2:]):
        return 0.6
    grouped = len(text) > len(digits) and b"." not in text
    if grouped and 9 <= len(digits) <= 11 and trunk(digits):
        return 0.5
    return 0.15 if grouped else 0.1


def _is_amount(text: bytes) -> bool:
    """1.234.567: thousands, not groups of a number that is dialled."""
    head, *groups = text.split(b".")
    return bool(groups) and 1 <= len(head) <= 3 and head.isdigit() and all(len(g) == 3 and g.isdigit() for g in groups)


def _is_other_notation(text: bytes) -> bool:
    """Amounts, years, columns of a table, four numbers with dots between them."""
    dotted = text.count(b".") == 3 and not text.translate(None, b".0123456789")
    return dotted or b"  " in text or text.count(b"/") > 1 or _is_amount(text) or _are_years(text)


def _is_piece(data: bytes, start: int, end: int) -> bool:
    return data[start - 1 : start] == b"#" or _goes_on(data, start, end)


def _goes_on(data: bytes, start: int, end: int) -> bool:
    """A piece of a dashed code: an ISBN, a serial number; not a word behind a dash, as in 555 0123-office."""
    tail = data[end + 1 : end + 4]
    behind = data[end : end + 1] == b"-" and tail[:1].isalnum() and not (len(tail) == 3 and tail.isalpha())
    return behind or (data[max(0, start - 1) : start] == b"-" and data[max(0, start - 2) : start - 1].isalnum())


def _are_years(text: bytes) -> bool:
    first, dash, second = text.partition(b"-")
    return (
        bool(dash) and len(first) == len(second) == 4 and first[:2] in {b"19", b"20"} and second[:2] in {b"19", b"20"}
    )


def _is_decimal(text: bytes) -> bool:
    return text.count(b".") == 1 and text.translate(None, b"+0123456789") == b"."


def _digits(data: bytes, start: int, end: int) -> str:
    return "".join(chr(b) for b in data[start:end] if b in DIGITS)


def with_extension(data: bytes, end: int) -> int:
    """`x123`, `ext. 123` behind a number belong to it."""
    if end >= len(data) or data[end] not in BEFORE_EXTENSION:
        return end
    tail = data[end : end + 14]
    rest = tail.lstrip(b" ").lower()
    if not rest.startswith((b"x", b"ext")):
        return end
    for word in (b"extension", b"ext", b"x"):
        if rest.startswith(word):
            rest = rest[len(word) :].lstrip(b". :")
            size = len(rest) - len(rest.lstrip(DIGITS))
            return end + len(tail) - len(rest) + size if 1 <= size <= 6 else end
    return end
